"""For which months a manager owes a short report, when it is asked for, and until when it can be corrected.

Source: docs/domain.md, "Mandates" (stage 3); the numbers are settings (`report_asked_after_days`, `report_missing_working_days`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.dates import ONE_DAY, FreeDay, add_days, add_months, add_working_days, next_working_day
from app.core.errors import N_, RuleViolation

ASKED_WITHIN_DAYS = 21
"""Older months are not asked for any more: whoever begins with Lotse in mid-mandate is not flooded. Staff may enter them."""

NEWEST_WITHIN_DAYS = 62
"""The newest month is asked for this long: a machine that was off for a month still asks once."""

HALVES = Decimal("0.5")


@dataclass(frozen=True)
class Month:
    """A manager's part of a calendar month: `first_on` is the month's first day, `last_on` the last day worked for, inclusive.

    `asked_on` is the working day on which the report is asked for.
    """

    first_on: date
    last_on: date
    asked_on: date


def months_of(
    starts_on: date, ends_on: date, asked_after_days: int = 1, region: str = "DE", free_days: Collection[FreeDay] = ()
) -> list[Month]:
    """Return each calendar month that the spell (both days inclusive) touches, once, oldest first."""
    months, first_on = [], starts_on.replace(day=1)
    while first_on <= ends_on:
        following = add_months(first_on, 1)
        last_on = min(following - ONE_DAY, ends_on)
        asked_on = next_working_day(add_days(last_on, asked_after_days), region, free_days)
        months.append(Month(first_on, last_on, asked_on))
        first_on = following
    return months


def months_due(
    starts_on: date,
    ends_on: date,
    today: date,
    asked_after_days: int = 1,
    region: str = "DE",
    free_days: Collection[FreeDay] = (),
) -> list[Month]:
    """Return the months of a spell that are to have been asked for by `today`: over, or the spell is, and the day has come.

    The first working day, `asked_after_days` or more after the last day. Region and free days are the firm's.
    """
    if starts_on > today:
        return []
    months = months_of(starts_on, min(ends_on, today), asked_after_days, region, free_days)
    # What `today` cut off is no end: such a month is asked for after today in any case.
    return [month for month in months if month.asked_on <= today]


def to_ask(months: Iterable[Month], today: date) -> list[Month]:
    """Return the months that are still asked for on `today`: those whose day came `ASKED_WITHIN_DAYS` ago at most, and the
    newest whose day has come, up to `NEWEST_WITHIN_DAYS` later. Oldest first.
    """
    come = sorted((month for month in months if month.asked_on <= today), key=lambda month: month.first_on)
    return [
        month
        for month in come
        if today <= add_days(month.asked_on, NEWEST_WITHIN_DAYS if month is come[-1] else ASKED_WITHIN_DAYS)
    ]


def is_missing(asked_on: date, today: date, working_days: int, region: str, free_days: Collection[FreeDay] = ()) -> bool:
    """Say whether a report that has not come in counts as missing: `working_days` after it was asked for are over."""
    return today > add_working_days(asked_on, working_days, region, free_days)


def corrected_until(first_on: date) -> date:
    """Return the last day, inclusive, on which the manager can correct a report: of the month after it."""
    return add_months(first_on, 2) - ONE_DAY


def check_days(days: Decimal, first_on: date) -> None:
    """Raise RuleViolation at "days" for less than none, for more than the month has, and for other parts than halves."""
    most = (add_months(first_on, 1) - first_on).days
    if not 0 <= days <= most:
        raise RuleViolation(N_("This month has %(most)s days."), field="days", most=most)
    if days % HALVES:
        raise RuleViolation(N_("Please count in whole and half days."), field="days")


def check_month(first_on: date, starts_on: date, ends_on: date, today: date) -> None:
    """Raise RuleViolation for a month in which the spell (inclusive) has no day that has come."""
    if not starts_on.replace(day=1) <= first_on <= min(ends_on, today):
        raise RuleViolation(N_("In this month the manager was not on the mandate."))
