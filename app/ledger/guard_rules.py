"""Whether a contact may be asked on a day: the fatigue guard, over all mandates, colleagues and channels.

A ledger has one line for each request, on the day it went out, whatever it led to. A request *agreed* in a contract
(quality and closing talks) stands in it and starts the days of rest for others, but only a pause after a "no", "not
before" and "never" hold it back, and it does not count towards the budget of a year.

Source: docs/domain.md, "Asking so that people say yes".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

from app.core.dates import add_days, add_months

BUDGET_MONTHS = 12
Line = tuple[int, bool, int | None]
"""A request as `play` takes it: ordinal of its day, whether agreed, ordinal of the day of a "no"."""


class Hold(enum.StrEnum):
    """Why a request is held back."""

    NEVER = "never"
    NOT_BEFORE = "not_before"
    AFTER_NO = "after_no"
    REST = "rest"
    BUDGET = "budget"


@dataclass(frozen=True)
class Numbers:
    """The numbers of the guard; the firm can set each (same names)."""

    ask_rest_days: int = 21  # asked on day 0, next on this day
    asks_a_year: int = 8
    ask_pause_after_no_days: int = 14

    @classmethod
    def of(cls, settings: object) -> Self:
        """Return the numbers as they stand in `settings`, which has an attribute of the same name for each."""
        return cls(**{name: getattr(settings, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Asked:
    """One line of the ledger: the day it went out, whether a contract agrees on it, the day of a "no" if that was the answer."""

    asked_on: date
    is_agreed: bool = False
    said_no_on: date | None = None


@dataclass(frozen=True)
class Wishes:
    """What the contact said about being asked: not before a day (exclusive), or never."""

    not_before: date | None = None
    never: bool = False


@dataclass(frozen=True)
class Reason:
    """One reason to hold back. `until` is the first day on which it holds no longer; None: for good."""

    hold: Hold
    until: date | None


@dataclass(frozen=True)
class Decision:
    """What the guard says; without reasons one may ask."""

    reasons: tuple[Reason, ...] = ()

    @property
    def may_ask(self) -> bool:
        return not self.reasons

    def holds(self) -> set[str]:
        """The reasons as they are stored."""
        return {one.hold.value for one in self.reasons}

    @property
    def until(self) -> date | None:
        """The first day on which one may ask as things stand; None where one may now, or never."""
        ends = [one.until for one in self.reasons if one.until is not None]
        return max(ends) if ends and len(ends) == len(self.reasons) else None

    @property
    def reason(self) -> Reason | None:
        """The reason that holds longest, for one sentence."""
        return max(self.reasons, key=lambda one: (one.until is None, one.until or date.min), default=None)


def decide(day: date, *, is_agreed: bool, ledger: Iterable[Asked], wishes: Wishes, numbers: Numbers | None = None) -> Decision:
    """Return whether a contact with this ledger may be asked on `day`, else why not and until when.

    `ledger` may hold lines of later days (a clock that was put back): they hold back as well. Each reason alone ends on
    its `until`, so with an unchanged ledger the request is possible on `Decision.until`.
    """
    numbers = numbers or Numbers()
    if wishes.never:
        return Decision((Reason(Hold.NEVER, None),))
    lines = sorted(ledger, key=lambda one: one.asked_on)
    ends = {
        Hold.NOT_BEFORE: wishes.not_before,
        Hold.AFTER_NO: _after_no(lines, numbers),
    }
    if not is_agreed:
        ends |= {Hold.REST: _rested(lines, numbers), Hold.BUDGET: _within_budget(lines, numbers)}
    return Decision(tuple(Reason(hold, end) for hold, end in ends.items() if end is not None and day < end))


def _after_no(lines: Sequence[Asked], numbers: Numbers) -> date | None:
    said = [one.said_no_on for one in lines if one.said_no_on is not None]
    return add_days(max(said), numbers.ask_pause_after_no_days) if said else None


def _rested(lines: Sequence[Asked], numbers: Numbers) -> date | None:
    return add_days(lines[-1].asked_on, numbers.ask_rest_days) if lines else None


def _within_budget(lines: Sequence[Asked], numbers: Numbers) -> date | None:
    """Return the day on which fewer than the budget count: a request counts until the same day a year later (exclusive)."""
    counted = [one.asked_on for one in lines if not one.is_agreed]
    if len(counted) < numbers.asks_a_year:
        return None
    return add_months(counted[-numbers.asks_a_year], BUDGET_MONTHS)


def asked_within_budget(day: date, ledger: Iterable[Asked]) -> int:
    """Return how many requests count towards the budget on `day`, for "4 of 8 in 12 months"."""
    return sum(not one.is_agreed and one.asked_on <= day < add_months(one.asked_on, BUDGET_MONTHS) for one in ledger)


def held_back(ledger: Iterable[Asked], numbers: Numbers, since: date) -> tuple[int, int]:
    """Return how many requests of one contact from `since` on there were, and how many these numbers would have held back.

    Played anew in the order of days: what is held back does not go out and starts no rest; its "no" was never said.
    "Not before" and "never" are left aside: they are wishes of today.
    """
    lines = [
        (one.asked_on.toordinal(), one.is_agreed, None if one.said_no_on is None else one.said_no_on.toordinal())
        for one in sorted(ledger, key=lambda line: line.asked_on)
    ]
    return play(lines, numbers, since.toordinal())


def play(lines: Iterable[Line], numbers: Numbers, since: int) -> tuple[int, int]:
    """Do what `held_back` says with days as numbers, sorted by the day asked.

    The same as asking `decide` each time, but each request is looked at once, and dates are made of those that may fill the
    budget alone: hundreds of thousands are played when an administrator tries numbers.
    """
    rest, budget, pause = numbers.ask_rest_days, numbers.asks_a_year, numbers.ask_pause_after_no_days
    count = held = 0
    last: int | None = None
    free: list[int] = []
    noes: list[int] = []
    for day, is_agreed, said_no in lines:
        is_held = bool(noes) and any(no <= day < no + pause for no in noes)
        if not is_held and not is_agreed:
            too_soon = last is not None and day - last < rest
            is_held = too_soon or (len(free) >= budget and day < _year_after(free[-budget]))
        if not is_held:
            last = day
            if not is_agreed:
                free.append(day)
            if said_no is not None:
                noes.append(said_no)
        if day >= since:
            count += 1
            held += is_held
    return count, held


@cache
def _year_after(day: int) -> int:
    return add_months(date.fromordinal(day), BUDGET_MONTHS).toordinal()
