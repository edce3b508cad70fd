"""Naming the successor and planning how the manager phases out. Source: docs/domain.md, "Mandates" (exit countdown)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mandates import exit_rules
from app.mandates.course_models import PhasingMonth
from app.mandates.models import Mandate
from app.mandates.rules import check_live
from app.timeline import record


def phasing_of(mandate_id: int) -> Sequence[PhasingMonth]:
    """Return the months in which the manager phases out, by month; one statement."""
    wanted = sa.select(PhasingMonth).where(PhasingMonth.mandate_id == mandate_id)
    return db.session.scalars(wanted.order_by(PhasingMonth.month)).all()


def name_successor(mandate: Mandate, name: str | None, *, actor: Any, at: datetime) -> None:
    """Name the successor; nobody with an empty name. The day stands on the timeline."""
    check_live(mandate.is_live)
    was, mandate.successor = mandate.successor, name or None
    if was == mandate.successor:
        return
    mandate.changed_at = at
    if mandate.successor:
        record("mandates.successor_named", mandate, actor=actor, at=at, name=mandate.successor)
    else:
        record("mandates.successor_left", mandate, actor=actor, at=at, name=was)


def plan_phasing(mandate: Mandate, days: Mapping[date, Decimal | None], *, actor: Any, at: datetime) -> None:
    """Write the days per week of each month in `days` (by its first day); None takes a month out, others stay.

    Raises RuleViolation at the month's field (`field_of`) for what are no days of a week, and for a mandate without a term.
    """
    check_live(mandate.is_live)
    if mandate.starts_on is None or mandate.ends_on is None:
        raise RuleViolation(N_("The contract with its first and last day is not signed."))
    present = {row.month: row for row in phasing_of(mandate.id)}
    before = {month: row.days_per_week for month, row in present.items()}
    after = dict(before)
    for month, count in days.items():
        if count is None:
            after.pop(month, None)
        else:
            exit_rules.check_days(count, field_of(month))
            after[month] = count
    if after == before:
        return
    for month, row in present.items():
        if month not in after:
            db.session.delete(row)
    for month, count in after.items():
        if month in present:
            present[month].days_per_week = count
        else:
            db.session.add(PhasingMonth(mandate_id=mandate.id, month=month, days_per_week=count))
    mandate.changed_at = at
    record("mandates.phasing_planned", mandate, actor=actor, at=at)


def field_of(month: date) -> str:
    """Return the name of the form's field for a month: "days_2026_05"."""
    return f"days_{month:%Y_%m}"


def drop_outside(mandate: Mandate) -> None:
    """Drop the months of phasing out that have no day in the term, as when its end moved; one statement where none are."""
    if mandate.starts_on is None or mandate.ends_on is None:
        return
    rows = {row.month: row for row in phasing_of(mandate.id)}
    for month in exit_rules.outside(rows, mandate.starts_on, mandate.ends_on):
        db.session.delete(rows[month])
