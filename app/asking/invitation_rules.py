"""Which times are proposed to somebody who is asked for a talk.

Source: docs/domain.md, "Asking so that people say yes".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from app.core.dates import FreeDay, add_days, first_working_day_after, local_instant, next_working_day
from app.core.errors import RuleViolation

HOW_MANY = 3
HOURS = (time(10, 0), time(14, 0), time(9, 0), time(16, 0))  # tried in turn, by the contact's clock
Busy = tuple[datetime, datetime]


def is_free(starts_at: datetime, minutes: int, busy: Collection[Busy]) -> bool:
    """Whether an appointment of so many minutes overlaps none of the spans; ends are exclusive."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return all(ends_at <= begins or starts_at >= ends for begins, ends in busy)


def proposed_times(
    first_day: date, *, zone: str, region: str, free_days: Collection[FreeDay], minutes: int, busy: Sequence[Busy]
) -> list[datetime]:
    """Return `HOW_MANY` instants, one a working day of the contact's region, from `first_day` on, at varied hours.

    A day on which our colleague has no time at any of the hours is left out.
    """
    found: list[datetime] = []
    day = next_working_day(first_day, region, free_days)
    last_day = add_days(first_day, 60)
    while len(found) < HOW_MANY and day <= last_day:
        turn = len(found)
        for hour in (*HOURS[turn:], *HOURS[:turn]):
            starts_at = _instant(day, hour, zone)
            if starts_at is not None and is_free(starts_at, minutes, busy):
                found.append(starts_at)
                break
        day = first_working_day_after(day, region, free_days)
    return found


def _instant(day: date, hour: time, zone: str) -> datetime | None:
    try:
        return local_instant(day, hour, zone)
    except RuleViolation:  # an hour that a night of spring lacks
        return None
