"""What happens by itself after a client was asked for a written reference: one reminder of what nobody answered."""

from __future__ import annotations

from datetime import datetime

from app.core.dates import add_days, add_working_days, local_day
from app.db import db
from app.references import written_actions, written_queries
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.hours import is_office_hour
from app.settings.queries import firm


def remind(at: datetime) -> Outcome:
    """Remind once of each request that nobody answered for as many working days as with talks."""
    if not is_office_hour(at):
        return Outcome()
    today, days = local_day(at, firm().zone), firm().ask_remind_working_days
    rows = written_queries.unanswered(add_days(today, -days + 1))
    due = [row.id for row in rows if add_working_days(row.asked_on, days, row.region, firm().free_month_days) <= today]
    db.session.rollback()
    return rounds.each(due, lambda number: written_actions.remind_of(number, at=at), "remind of references")
