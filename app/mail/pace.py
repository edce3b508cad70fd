"""At most so many letters in a minute, over all processes on all hosts: a setting of the firm, for mail servers that want it.

What is counted is what was begun within the last minute, in the attempts themselves; nothing else is kept.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.mail.models import LetterAttempt
from app.mail.rules import pace_ends

ATTEMPT = sa.inspect(LetterAttempt).local_table
# These never reached the mail server.
NOT_SENT = ("not_ready", "not_wanted")
_LOCK = 0x10755  # any number, the same for all who claim


def held_until(most: int, now: datetime) -> datetime | None:
    """Return when the next letter may go by the limit of `most` a minute (0: none); None where one may go now."""
    if not most:
        return None
    counts = sa.or_(ATTEMPT.c.outcome.is_(None), ATTEMPT.c.outcome.not_in(NOT_SENT))
    nth = sa.select(ATTEMPT.c.at).where(counts).order_by(ATTEMPT.c.id.desc()).limit(1).offset(most - 1)
    return pace_ends(db.session.scalar(nth), now)


def may_go(most: int, now: datetime) -> bool:
    """Say in a unit of work whether one more letter may go; nobody else is told so until that unit of work has ended."""
    if not most:
        return True
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    return held_until(most, now) is None
