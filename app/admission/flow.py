"""Who comes into the queue of admission and leaves it: one row each, without a person, for the pace."""

from __future__ import annotations

from datetime import datetime

from app.admission.models import AdmissionMove
from app.admission.queue_rules import change
from app.core.dates import local_day
from app.db import db
from app.managers.rules import State
from app.settings.queries import firm


def note(was: str | None, now: str, *, at: datetime) -> None:
    """Count who came into the queue or left it by a change of state; `was` is None for somebody new."""
    step = change(State(was) if was else None, State(now))
    if step:
        db.session.add(AdmissionMove(moved_on=local_day(at, firm().zone), came=step > 0))
