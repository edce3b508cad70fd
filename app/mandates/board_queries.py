"""The live mandates by stage, for the board: the first of each stage by their last day, in one statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.clients.models import Client
from app.db import db
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.mandates.queries import ROW
from app.mandates.rules import Stage

SHOWN = 25  # of each stage; the list has the others


def by_stage(owner_id: int | None = None) -> dict[Stage, list[Any]]:
    """Return rows as the list has them, neither lost nor closed, one more than SHOWN where there are more.

    Ordered by the last day, those without one by their number. `owner_id` narrows to one colleague's.
    """
    first = sa.union_all(*[sa.select(_numbers(stage, owner_id).subquery()) for stage in Stage]).subquery()
    rows = db.session.execute(
        sa.select(*ROW, Mandate.place)
        .join(first, first.c.id == Mandate.id)
        .join(Client, Client.id == Mandate.client_id)
        .outerjoin(Manager, Manager.id == Mandate.manager_id)
        .order_by(Mandate.stage, Mandate.ends_on, Mandate.id)
    )
    found: dict[Stage, list[Any]] = {stage: [] for stage in Stage}
    for row in rows:
        found[Stage(row.stage)].append(row)
    return found


def _numbers(stage: Stage, owner_id: int | None) -> sa.Select[Any]:
    live = (Mandate.stage == stage, Mandate.lost_on.is_(None), Mandate.closed_on.is_(None))
    wanted = sa.select(Mandate.id).where(*live)
    if owner_id is not None:
        wanted = wanted.where(Mandate.owner_id == owner_id)
    return wanted.order_by(Mandate.ends_on, Mandate.id).limit(SHOWN + 1)
