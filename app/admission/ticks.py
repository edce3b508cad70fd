"""What ends by itself: registrations that nobody confirmed, and those who have withdrawn."""

from __future__ import annotations

from datetime import datetime

from app.admission import queries
from app.core.dates import local_day
from app.db import db
from app.managers.models import Manager
from app.managers.rules import State
from app.privacy.actions import erase
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.queries import firm


def purge(at: datetime) -> Outcome:
    """Erase the unconfirmed registrations whose day has come, each in a transaction of its own."""
    return _each(State.REGISTERED, at, "purge")


def erase_withdrawn(at: datetime) -> Outcome:
    """Erase who has withdrawn and whose days are over, each in a transaction of its own; they get the notice."""
    return _each(State.WITHDRAWN, at, "erase withdrawn")


def _each(state: State, at: datetime, what: str) -> Outcome:
    today = local_day(at, firm().zone)

    def act(number: int) -> bool:
        manager = db.session.get(Manager, number)
        if manager is None or manager.state != state:
            return False  # confirmed or erased a moment ago
        erase(manager, actor=None, at=at, is_theirs=state is State.WITHDRAWN)
        return True

    return rounds.each(queries.ending(state, today), act, what)
