"""Reading accounts."""

from __future__ import annotations

import time
from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app

from app.db import db
from app.users.models import Absence, User

_NAMES = "lotse.user_names"
FRESH_SECONDS = 5.0


def names() -> dict[int, str]:
    """Return every colleague's short name by number; one statement at most every FRESH_SECONDS."""
    cached = current_app.extensions.get(_NAMES)
    if cached and time.monotonic() - cached[0] < FRESH_SECONDS:
        return cached[1]
    users = db.session.execute(sa.select(User.id, User.first_name, User.particle, User.last_name))
    now = {row.id: " ".join(filter(None, (f"{row.first_name[0]}." if row.first_name else "", row.particle, row.last_name))) for row in users}
    current_app.extensions[_NAMES] = (time.monotonic(), now)
    return now


def forget_names() -> None:
    """Have the names read again."""
    current_app.extensions.pop(_NAMES, None)


def active() -> Sequence[User]:
    """Return the colleagues who can sign in, by name."""
    return db.session.scalars(sa.select(User).where(User.active).order_by(User.sort_name, User.id)).all()


def choices() -> list[tuple[str, str]]:
    """Return (number, name) of the active colleagues, for a select field."""
    return [(str(user.id), user.name) for user in active()]


def absence_on(user_id: int, day: object) -> Absence | None:
    """Return the colleague's absence on `day`, if any."""
    return db.session.scalar(
        sa.select(Absence).where(Absence.user_id == user_id, Absence.starts_on <= day, day <= Absence.ends_on).limit(1)
    )
