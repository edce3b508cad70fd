"""What happens by itself while mandates run."""

from __future__ import annotations

from datetime import datetime

from app.core.dates import local_day
from app.db import db
from app.mandates import report_letters, report_queries, spell_actions, status_actions
from app.mandates.models import Mandate
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.hours import is_office_hour
from app.settings.queries import firm

PLANNED_AT_ONCE = 500  # mandates in one round of an hour


def ask_reports(at: datetime) -> Outcome:
    """Ask managers for the short report of a month that is over, each once; on working days between the hours of the digest.

    A day that was missed is made up for on the next: what is due is read from what was asked.
    """
    if not is_office_hour(at):
        return Outcome()
    due = sorted(report_queries.to_ask(local_day(at, firm().zone)))
    db.session.rollback()
    return rounds.each(due, lambda number: report_letters.ask_what_is_due(number, at=at), "ask for reports")


def take_over(at: datetime) -> Outcome:
    """Put managers on the mandates that they take over from today on; a day that was missed is made up for."""
    today = local_day(at, firm().zone)
    due = spell_actions.to_carry_out(today)
    db.session.rollback()

    def carry_out(number: int) -> bool:
        mandate = db.session.get(Mandate, number, with_for_update=True, populate_existing=True)
        return mandate is not None and spell_actions.carry_out(mandate, at=at, today=today)

    return rounds.each(due, carry_out, "take over")


def plan_status_checks(at: datetime) -> Outcome:
    """Plan the status checks of mandates that have none: from before there were any, or brought along by an import."""
    due = status_actions.without_checks(local_day(at, firm().zone), PLANNED_AT_ONCE)
    db.session.rollback()

    def plan(number: int) -> bool:
        mandate = db.session.get(Mandate, number)
        return mandate is not None and status_actions.plan_checks(mandate, at=at) > 0

    return rounds.in_groups(due, plan, "plan status checks")
