"""The live mandates by stage, for the board: the first of each stage by their last day, in one statement."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.db.rows import Rows, rows_of
from app.mandates import queries
from app.mandates.models import Mandate
from app.mandates.rules import Stage

SHOWN = 25  # of each stage; the list has the others
_OWNER: sa.BindParameter[int] = sa.bindparam("owner_id", type_=sa.Integer)


def live(owner_id: int | None = None) -> Rows:
    """Return rows as the list has them, by stage, neither lost nor closed, SHOWN of a stage at most.

    Ordered by the last day, those without one by their number. `owner_id` narrows to one colleague's.
    """
    return rows_of(_select(owner_id is not None), {} if owner_id is None else {"owner_id": owner_id})


def counts(owner_id: int | None = None) -> dict[int, int]:
    """Return how many live mandates there are in each stage that has any; one statement."""
    given = {} if owner_id is None else {"owner_id": owner_id}
    return {row[0]: row[1] for row in db.session.connection().execute(_counts(owner_id is not None), given)}


@cache
def _select(owned: bool) -> sa.Select[*tuple[Any, ...]]:
    first = sa.union_all(*[sa.select(_numbers(stage, owned).subquery()) for stage in Stage]).subquery()
    return queries.rows().join(first, first.c.id == Mandate.id).order_by(Mandate.stage, Mandate.ends_on, Mandate.id)


@cache
def _counts(owned: bool) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Mandate.stage, sa.func.count()).where(*_live(owned)).group_by(Mandate.stage)


def _live(owned: bool) -> list[sa.ColumnElement[bool]]:
    live: list[sa.ColumnElement[bool]] = [Mandate.lost_on.is_(None), Mandate.closed_on.is_(None)]
    return [*live, Mandate.owner_id == _OWNER] if owned else live


def _numbers(stage: Stage, owned: bool) -> sa.Select[Any]:
    wanted = sa.select(Mandate.id).where(Mandate.stage == int(stage), *_live(owned))
    return wanted.order_by(Mandate.ends_on, Mandate.id).limit(SHOWN)
