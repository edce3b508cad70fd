"""The last weeks of a mandate: the exit countdown, and how the manager phases out.

Source: docs/domain.md, "Mandates" (exit countdown).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.core.dates import add_months
from app.core.errors import N_, RuleViolation

MOST_DAYS = Decimal(7)


class Point(enum.StrEnum):
    """One question of the countdown, in the order in which it is asked."""

    SUCCESSOR = "successor"
    HANDOVER = "handover"
    PHASING_OUT = "phasing_out"
    CLOSING_TALK = "closing_talk"


@dataclass(frozen=True)
class Facts:
    """What decides the questions. `items` and `undated` count: `undated` are open without a day."""

    has_successor: bool = False
    items: int = 0
    undated: int = 0
    has_phasing: bool = False
    closing_is_arranged: bool = False


def countdown(facts: Facts) -> dict[Point, bool]:
    """Return each question, and whether it is answered.

    The handover is scheduled where something is listed and each item is settled or has a day; the closing talk counts
    once it is arranged, held, declined, or called off for a reason.
    """
    return {
        Point.SUCCESSOR: facts.has_successor,
        Point.HANDOVER: facts.items > 0 and facts.undated == 0,
        Point.PHASING_OUT: facts.has_phasing,
        Point.CLOSING_TALK: facts.closing_is_arranged,
    }


def phasing_months(starts_on: date, ends_on: date) -> tuple[date, ...]:
    """Return the first days of the months that the last quarter of the term touches (both days inclusive).

    With L days from `starts_on` to `ends_on` the last quarter are the last ⌈L/4⌉ days.
    """
    length = (ends_on - starts_on).days + 1
    month = (ends_on - timedelta(days=(length + 3) // 4 - 1)).replace(day=1)
    found = []
    while month <= ends_on:
        found.append(month)
        month = add_months(month, 1)
    return tuple(found)


def outside(months: Iterable[date], starts_on: date, ends_on: date) -> tuple[date, ...]:
    """Return those of the months (their first days) that have no day within the term."""
    return tuple(month for month in months if month > ends_on or month < starts_on.replace(day=1))


def above(days: Mapping[date, Decimal], agreed: Mapping[date, Decimal | None]) -> tuple[date, ...]:
    """Return the months with more days per week than agreed for that month, by day; where nothing is agreed, none."""
    return tuple(month for month, count in sorted(days.items()) if (most := agreed.get(month)) is not None and count > most)


def check_days(days: Decimal, field: str) -> None:
    """Raise RuleViolation for what are no days of a week: from 0 to 7, in halves."""
    if not 0 <= days <= MOST_DAYS or days * 2 % 1:
        raise RuleViolation(N_("Please enter days per week from 0 to 7, in whole or half days."), field=field)
