"""Deleting registrations that nobody confirmed in time."""

from __future__ import annotations

from datetime import datetime

from app.admission import queries
from app.admission.registration_actions import disown
from app.core.dates import local_day
from app.db import db
from app.managers.models import Manager
from app.managers.rules import State
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.queries import firm


def purge(at: datetime) -> Outcome:
    """Delete the unconfirmed registrations whose day has come, each in a transaction of its own."""
    return rounds.each(queries.to_purge(local_day(at, firm().zone)), lambda number: _purge(number, at), "purge")


def _purge(manager_id: int, at: datetime) -> bool:
    manager = db.session.get(Manager, manager_id)
    if manager is None or manager.state != State.REGISTERED:
        return False  # confirmed a moment ago
    disown(manager, at=at)  # the contents of its files go with the next sweep
    return True
