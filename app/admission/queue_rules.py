"""The queue: who is in it, at what pace it is cleared, and when it will be empty.

Source: docs/domain.md, "The queue of admission".
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.managers.rules import State

WEEKS, WEEK = 8, 7
FURTHEST_DAYS = 3_650  # beyond that a date would pretend to know what nobody knows
WAITING = (
    State.REGISTERED,
    State.CONFIRMED,
    State.IN_REVIEW,
    State.FOLLOW_UP_1,
    State.FOLLOW_UP_2,
    State.FOLLOW_UP_3,
    State.INTERVIEW,
)
"""Everyone not yet admitted."""


class Trend(enum.StrEnum):
    """What becomes of the queue at the pace of the last weeks."""

    EMPTY = "empty"  # nobody waits
    UNKNOWN = "unknown"  # nobody came or left in these weeks
    SHRINKS = "shrinks"
    STAYS = "stays"  # as many come as leave, or all but
    GROWS = "grows"


@dataclass(frozen=True)
class Week:
    """Seven days that begin on `starts_on`: how many left the queue, and how many came into it."""

    starts_on: date
    cleared: int
    new: int


@dataclass(frozen=True)
class Outlook:
    """`cleared` and `new` are means per week; `empty_on` stands where the queue shrinks, and only there."""

    trend: Trend
    cleared: float
    new: float
    empty_on: date | None = None


def change(was: State | None, now: State) -> int:
    """Return 1 for who comes into the queue, -1 for who leaves it, 0 for who stays in or out; `was` None: nobody before."""
    return int(now in WAITING) - int(was in WAITING)


def first_day(today: date) -> date:
    """Return the first of the days that the pace is worked out from; today is the last."""
    return today - timedelta(days=WEEKS * WEEK - 1)


def weeks(moves: Mapping[tuple[date, bool], int], today: date) -> list[Week]:
    """Return the last eight spans of seven days, oldest first; the newest ends today, inclusive.

    `moves` says how many came (True) or left (False) on each day; days outside these weeks count for nothing.
    """
    first = first_day(today)
    counts = [[0, 0] for _number in range(WEEKS)]
    for (on, came), number in moves.items():
        if first <= on <= today:
            counts[(on - first).days // WEEK][came] += number
    return [Week(first + timedelta(days=at * WEEK), left, came) for at, (left, came) in enumerate(counts)]


def outlook(waiting: int, found: list[Week], today: date) -> Outlook:
    """Return how the queue goes on at the pace of these weeks: cleared less new.

    The day it will be empty is the first on which that pace has cleared everybody who waits, rounded up to whole days.
    """
    cleared, new = sum(week.cleared for week in found), sum(week.new for week in found)
    trend, empty_on = _trend(waiting, cleared, new), None
    if trend is Trend.SHRINKS:
        days = -(-waiting * len(found) * WEEK // (cleared - new))
        if days > FURTHEST_DAYS:
            trend = Trend.STAYS
        else:
            empty_on = today + timedelta(days=days)
    return Outlook(trend, cleared / len(found), new / len(found), empty_on)


def _trend(waiting: int, cleared: int, new: int) -> Trend:
    if waiting == 0:
        return Trend.EMPTY
    if cleared == new == 0:
        return Trend.UNKNOWN
    if cleared == new:
        return Trend.STAYS
    return Trend.SHRINKS if cleared > new else Trend.GROWS
