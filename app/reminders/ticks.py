"""Work done on a schedule: digests in the morning, a word to participants the day before, housekeeping."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from app.db import db, unit_of_work
from app.db.unit_of_work import forget_form_posts
from app.files.ticks import sweep
from app.reminders import digest, heart, participants, rounds
from app.reminders.models import Told
from app.reminders.rounds import Outcome
from app.users import sessions
from app.users.models import User
from app.web import throttle

log = structlog.get_logger()
KEEP_FORM_POSTS = timedelta(days=7)
KEEP_TOLD = timedelta(days=400)
KEEP_SESSIONS = timedelta(days=90)  # long over by then; who signed in when stays in the audit trail


def send_digests(at: datetime) -> Outcome:
    """Queue the digest of everybody whose morning it is and who was not told yet today."""
    users = db.session.scalars(sa.select(User).where(User.active, User.digest).order_by(User.id)).all()
    waiting = [user for user in users if digest.is_due(user, at)]
    if not waiting:
        return Outcome()
    days = {digest.occurrence(user, at) for user in waiting}
    told = set(
        db.session.execute(sa.select(Told.recipient, Told.occurrence).where(Told.rule == digest.RULE, Told.occurrence.in_(days)))
    )
    missing = [user.id for user in waiting if (f"user {user.id}", digest.occurrence(user, at)) not in told]
    return rounds.each(missing, lambda number: _tell(number, at), "digest")


def _tell(user_id: int, at: datetime) -> bool:
    user = db.session.get(User, user_id)
    return user is not None and digest.tell(user, at)


def tell_participants(at: datetime) -> Outcome:
    """Queue the reminder to people outside for the talks of their tomorrow, and to colleagues two hours ahead."""
    return participants.tell_all(at)


def housekeeping(at: datetime) -> Outcome:
    """Forget what nobody needs: keys of old forms, old runs, what was told long ago, old tries and sessions, contents without a row."""
    with unit_of_work():
        gone = forget_form_posts(at - KEEP_FORM_POSTS)
        gone += rounds.forget_old_runs(at - rounds.KEEP_RUNS) + heart.forget_before(at - rounds.KEEP_RUNS)
        told = db.session.execute(sa.delete(Told).where(Told.at < at - KEEP_TOLD))
        gone += int(told.rowcount)  # type: ignore[attr-defined]
        gone += throttle.forget_before(at) + sessions.forget_before(at - KEEP_SESSIONS)
    return Outcome(gone + sweep())
