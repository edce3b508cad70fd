"""The manager's short report of a month: kept as the manager sends it in, or as a colleague takes it down by phone.

Source: docs/domain.md, "Mandates" (stage 3).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.mandates import report_queries, report_rules
from app.mandates.course_models import ManagerReport
from app.mandates.evaluation_actions import check_open
from app.mandates.models import Mandate
from app.timeline import record


class Written(NamedTuple):
    """What a report says: days worked in whole and half ones, what was done, what stood in the way."""

    days: Decimal
    tasks: str
    obstacles: str | None = None


def send_in(report: ManagerReport, written: Written, *, at: datetime, today: date) -> bool:
    """Keep what the manager sends behind the link; say whether it said something new.

    Raises RuleViolation for a mandate that is over, days that cannot be, and a correction that comes too late.
    """
    mandate = db.session.get_one(Mandate, report.mandate_id)
    check_open(mandate)
    if report.sent_in_at is not None and today > report_rules.corrected_until(report.month):
        raise RuleViolation(N_("This report can no longer be corrected. If something is wrong, simply reply to our mail."))
    return _keep(mandate, report, written, None, at)


def enter(mandate: Mandate, manager: Manager, first_on: date, written: Written, *, actor: Any, at: datetime, today: date) -> None:
    """Keep a report that a colleague took down; `first_on` is the first day of its month.

    Raises RuleViolation for a mandate that is over, a month in which the manager was not on it, and days that cannot be.
    """
    check_open(mandate)
    assert mandate.ends_on is not None
    spells = [spell for spell in mandate.spells if spell.manager_id == manager.id]
    if not spells:
        raise RuleViolation(N_("In this month the manager was not on the mandate."))
    first, last = min(spell.starts_on for spell in spells), max(spell.ends_on or mandate.ends_on for spell in spells)
    report_rules.check_month(first_on, first, last, today)
    report = report_queries.report_of(mandate.id, manager.id, first_on)
    if report is None:
        report = ManagerReport(mandate_id=mandate.id, manager_id=manager.id, month=first_on)
        db.session.add(report)
    mandate.changed_at = at  # of two who enter the same month at once the second one is told
    _keep(mandate, report, written, actor, at)


def _keep(mandate: Mandate, report: ManagerReport, written: Written, actor: Any, at: datetime) -> bool:
    report_rules.check_days(written.days, report.month)
    is_first = report.sent_in_at is None
    if not is_first and (report.days, report.tasks, report.obstacles) == written:
        return False  # the same again, as by a second click
    report.days, report.tasks, report.obstacles = written
    report.sent_in_at, report.recorded_by_id = at, getattr(actor, "id", None)
    manager = db.session.get_one(Manager, report.manager_id)
    kind = "mandates.report_came" if is_first else "mandates.report_corrected"
    record(kind, mandate, actor=actor, at=at, manager=manager.name, month_on=report.month)
    return True
