"""Which short reports are owed, and what has come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core.dates import local_day
from app.db import db
from app.managers.models import Manager
from app.managers.rules import GONE
from app.mandates import report_rules
from app.mandates.candidate_models import ManagerSpell
from app.mandates.course_models import ManagerReport
from app.mandates.models import Mandate
from app.mandates.report_rules import Month
from app.settings.queries import firm

LONGEST_MONTH = 31
_LIVE = (Mandate.signed_on.is_not(None), Mandate.closed_on.is_(None), Mandate.lost_on.is_(None))


@dataclass(frozen=True)
class Owed:
    """A manager's month on a mandate; `report` is None where nothing was asked or entered. `is_missing`: asked for in vain."""

    manager: Manager
    month: Month
    report: ManagerReport | None
    is_missing: bool

    @property
    def has_come(self) -> bool:
        return self.report is not None and self.report.sent_in_at is not None


def _last_day() -> Any:
    """The last day of a spell, which for who is on it is that of the mandate."""
    return sa.func.coalesce(ManagerSpell.ends_on, Mandate.ends_on)


def to_ask(today: date, mandate_id: int | None = None) -> dict[int, list[tuple[int, Month]]]:
    """Return manager and month of each report that is to be asked for on `today`, by mandate or of one; two statements.

    Asked are who is or was on a signed mandate that is neither closed nor lost, and has not left us; by a colleague where
    no mail address is known.
    """
    settings = firm()
    since = today - timedelta(days=report_rules.NEWEST_WITHIN_DAYS + settings.report_asked_after_days + LONGEST_MONTH)
    spells = db.session.execute(
        sa.select(
            ManagerSpell.id,
            ManagerSpell.mandate_id,
            ManagerSpell.manager_id,
            ManagerSpell.starts_on,
            _last_day().label("last_on"),
        )
        .join(Mandate, Mandate.id == ManagerSpell.mandate_id)
        .join(Manager, Manager.id == ManagerSpell.manager_id)
        .where(
            *_LIVE,
            ManagerSpell.starts_on <= today,
            _last_day() >= since,
            Manager.state.not_in(sorted(GONE)),
            *([] if mandate_id is None else [Mandate.id == mandate_id]),
        )
    ).all()  # in no order: the few live mandates lead to their spells, not all spells to their mandates
    wanted: dict[tuple[int, int, date], Month] = {}
    months = cache(lambda starts_on, last_on: _months(starts_on, last_on, today))  # most spells began before and go on
    for spell in sorted(spells, key=lambda spell: (spell.mandate_id, spell.id)):
        for month in months(max(spell.starts_on, since), min(spell.last_on, today)):
            wanted[spell.mandate_id, spell.manager_id, month.first_on] = month
    report = ManagerReport
    present = (
        sa.select(report.mandate_id, report.manager_id, report.month)
        .join(Mandate, Mandate.id == report.mandate_id)
        .where(*_LIVE, report.month >= since.replace(day=1), *([] if mandate_id is None else [Mandate.id == mandate_id]))
    )
    there = {(row.mandate_id, row.manager_id, row.month) for row in db.session.execute(present)}
    found: dict[int, list[tuple[int, Month]]] = defaultdict(list)
    for (mandate_id, manager_id, first_on), month in wanted.items():
        if (mandate_id, manager_id, first_on) not in there:
            found[mandate_id].append((manager_id, month))
    return found


def _months(starts_on: date, last_on: date, today: date) -> list[Month]:
    settings = firm()
    given = (settings.report_asked_after_days, settings.region, settings.free_month_days)
    return report_rules.to_ask(report_rules.months_due(starts_on, last_on, today, *given), today)


def of_mandate(mandate: Mandate, today: date) -> list[Owed]:
    """Return every month that has begun of all who were on it, newest first; two statements."""
    if mandate.signed_on is None or mandate.ends_on is None:
        return []
    spells = db.session.execute(
        sa.select(ManagerSpell, Manager)
        .join(Manager, Manager.id == ManagerSpell.manager_id)
        .where(ManagerSpell.mandate_id == mandate.id, ManagerSpell.starts_on <= today)
        .order_by(ManagerSpell.id)
    ).all()
    kept = {(report.manager_id, report.month): report for report in reports_of(mandate.id)}
    settings, owed = firm(), {}
    for spell, manager in spells:
        last_on = spell.ends_on or mandate.ends_on
        for month in report_rules.months_of(
            spell.starts_on, last_on, settings.report_asked_after_days, settings.region, settings.free_month_days
        ):
            if month.first_on <= today:
                report = kept.get((manager.id, month.first_on))
                owed[manager.id, month.first_on] = Owed(manager, month, report, _is_missing(report, today))
    return sorted(owed.values(), key=lambda one: (one.month.first_on, one.month.last_on), reverse=True)


def _is_missing(report: ManagerReport | None, today: date) -> bool:
    if report is None or report.asked_at is None or report.sent_in_at is not None:
        return False
    settings = firm()
    asked_on = local_day(report.asked_at, settings.zone)
    return report_rules.is_missing(
        asked_on, today, settings.report_missing_working_days, settings.region, settings.free_month_days
    )


def reports_of(mandate_id: int) -> Sequence[ManagerReport]:
    """Return what was asked for or entered, newest month first; one statement."""
    wanted = sa.select(ManagerReport).where(ManagerReport.mandate_id == mandate_id)
    return db.session.scalars(wanted.order_by(ManagerReport.month.desc(), ManagerReport.id.desc())).all()


def report_of(mandate_id: int, manager_id: int, first_on: date) -> ManagerReport | None:
    """Return the one report of this manager and month."""
    one = ManagerReport
    return db.session.scalar(
        sa.select(one).where(one.mandate_id == mandate_id, one.manager_id == manager_id, one.month == first_on)
    )


def behind(link_id: int) -> ManagerReport | None:
    """Return the report that this link asks for."""
    return db.session.scalar(sa.select(ManagerReport).where(ManagerReport.link_id == link_id))
