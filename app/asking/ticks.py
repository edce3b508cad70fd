"""What happens by itself after somebody was asked: one reminder of what nobody answered."""

from __future__ import annotations

from datetime import datetime

from app.asking import invitation_actions, invitation_queries, market_actions
from app.core.dates import add_days, add_working_days, local_day
from app.db import db, unit_of_work
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.hours import is_office_hour
from app.settings.queries import firm


def remind(at: datetime) -> Outcome:
    """Remind once of each request by mail that nobody answered for some working days of the contact's region."""
    if not is_office_hour(at):
        return Outcome()
    today, days = local_day(at, firm().zone), firm().ask_remind_working_days
    rows = invitation_queries.unanswered(add_days(today, -days + 1))
    due = [row.id for row in rows if add_working_days(row.asked_on, days, row.region, firm().free_month_days) <= today]
    db.session.rollback()
    return rounds.each(due, lambda number: invitation_actions.remind_of(number, at=at), "remind of requests")


def close_batches(at: datetime) -> Outcome:
    """Close the batches of market briefs that are full. Of two schedulers one writes: a mandate is in one batch at most."""
    with unit_of_work():
        return Outcome(market_actions.close(local_day(at, firm().zone)))
