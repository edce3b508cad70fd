"""The live mandates by stage, for the board: the first of each stage by their last day, in one statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.mandates import queries
from app.mandates.models import Mandate
from app.mandates.rules import Stage

SHOWN = 25  # of each stage; the list has the others


def by_stage(owner_id: int | None = None) -> dict[Stage, list[Any]]:
    """Return rows as the list has them, neither lost nor closed, SHOWN of a stage at most.

    Ordered by the last day, those without one by their number. `owner_id` narrows to one colleague's.
    """
    first = sa.union_all(*[sa.select(_numbers(stage, owner_id).subquery()) for stage in Stage]).subquery()
    rows = db.session.execute(
        queries.rows().join(first, first.c.id == Mandate.id).order_by(Mandate.stage, Mandate.ends_on, Mandate.id)
    )
    found: dict[Stage, list[Any]] = {stage: [] for stage in Stage}
    for row in rows:
        found[Stage(row.stage)].append(row)
    return found


def counts(owner_id: int | None = None) -> dict[int, int]:
    """Return how many live mandates there are in each stage that has any; one statement."""
    wanted = sa.select(Mandate.stage, sa.func.count()).where(*_live(owner_id)).group_by(Mandate.stage)
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _live(owner_id: int | None) -> list[sa.ColumnElement[bool]]:
    live: list[sa.ColumnElement[bool]] = [Mandate.lost_on.is_(None), Mandate.closed_on.is_(None)]
    return live if owner_id is None else [*live, Mandate.owner_id == owner_id]


def _numbers(stage: Stage, owner_id: int | None) -> sa.Select[Any]:
    wanted = sa.select(Mandate.id).where(Mandate.stage == stage, *_live(owner_id))
    return wanted.order_by(Mandate.ends_on, Mandate.id).limit(SHOWN)
