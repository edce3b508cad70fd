"""Users made from rows of the table, for what every request asks.

The ORM takes three times as long for such a row as the row's statement; only these two statements are worth the trouble.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from app.db import db
from app.users.models import Absence, User

# What is secret is read where it is asked for: no page shows it.
SHOWN = tuple(column.key for column in User.__table__.columns if "secret" not in column.info)
_ID = SHOWN.index("id")


def as_loaded(row: Sequence[Any]) -> User:
    """Return the user whose columns SHOWN begin the row, as the ORM would have loaded it."""
    here: User | None = db.session.identity_map.get(identity_key(User, row[_ID]))
    if here is not None:
        state: Any = sa.inspect(here)
        if state.expired:
            here.__dict__.update(zip(SHOWN, row, strict=False))
            state.expired_attributes.difference_update(SHOWN)
        return here
    user = User()
    user.__dict__.update(zip(SHOWN, row, strict=False))
    make_transient_to_detached(user)
    db.session.add(user)
    return user


def present(user_id: int, day: date) -> tuple[User, date | None] | None:
    """Return the colleague as the table has it now and the last day of an absence on `day`; None for an unknown number.

    One statement.
    """
    row = db.session.connection().execute(_one(), {"number": user_id, "day": day}).first()
    return (as_loaded(row), row[-1]) if row else None


@cache
def _one() -> sa.Select[*tuple[Any, ...]]:
    user = User.__table__.c
    away = sa.select(Absence.ends_on).where(Absence.user_id == user.id, Absence.covers(sa.bindparam("day", type_=sa.Date)))
    return sa.select(*[user[name] for name in SHOWN], away.limit(1).scalar_subquery()).where(user.id == sa.bindparam("number"))
