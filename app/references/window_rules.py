"""When to ask a client for a written reference: when the love is greatest, in the middle of a mandate.

Source: docs/domain.md, "References".
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.core.dates import FreeDay, add_days, next_working_day

OPENS_AT, BEST_UNTIL = Fraction(30, 100), Fraction(65, 100)  # of the term; both inclusive
LEAST_RATING = 4
CLOSES_DAYS_BEFORE_END = 30  # the last day on which one may ask
SIGNING_DAYS = 14  # the day of signing is the first of them


class Window(enum.StrEnum):
    """How the window stands on a day."""

    NOT_YET = "not_yet"
    OPEN = "open"
    BEST = "best"
    CLOSED = "closed"


class Why(enum.StrEnum):
    """Why the window stands as it does, for a sentence each."""

    SHARE = "share"  # enough of the term has passed
    TOO_EARLY = "too_early"
    GOOD_RATING = "good_rating"
    NO_RATING = "no_rating"
    LOW_RATING = "low_rating"
    JUST_SIGNED = "just_signed"
    NEAR_END = "near_end"
    SHORT_TERM = "short_term"  # only the signing of an extension opens it


@dataclass(frozen=True)
class Term:
    """A mandate as the window sees it: both days inclusive, `ends_on` as extended.

    `rating` is that of the latest quality talk with the client (1–5), `rated_on` its day; both None without one.
    `signed_on` is the day of the newest signed extension.
    """

    starts_on: date
    ends_on: date
    rating: int | None = None
    rated_on: date | None = None
    signed_on: date | None = None


@dataclass(frozen=True)
class View:
    """How the window stands, why, and from when until when (both inclusive) it is open; None where it is not known yet."""

    window: Window
    why: tuple[Why, ...]
    opens_on: date | None = None
    closes_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.window in (Window.OPEN, Window.BEST)


def passed_share(term: Term, day: date) -> Fraction:
    """Return how much of the term has passed on `day`, this day included; below 0 before the start, above 1 after the end."""
    return Fraction((day - term.starts_on).days + 1, (term.ends_on - term.starts_on).days + 1)


def view(term: Term, today: date, region: str, free_days: Collection[FreeDay] = ()) -> View:
    """Return how the window stands today. `region` and `free_days` say on which days the firm works."""
    if _is_just_signed(term, today):
        assert term.signed_on is not None
        last = add_days(term.signed_on, SIGNING_DAYS - 1)
        why = (Why.JUST_SIGNED, *([Why.GOOD_RATING] if (term.rating or 0) >= LEAST_RATING else []))
        return View(_best_or_open(term, today), why, term.signed_on, max(last, _last_day(term)) if _is_usual(term) else last)
    first = _first_day(term, region, free_days)
    if first > _last_day(term):
        return View(Window.CLOSED, (Why.SHORT_TERM,))
    if today > _last_day(term):
        return View(Window.CLOSED, (Why.NEAR_END,))
    if term.rating is None or term.rated_on is None:
        return View(Window.NOT_YET, (Why.NO_RATING,), None, _last_day(term))
    if term.rating < LEAST_RATING:
        return View(Window.NOT_YET, (Why.LOW_RATING,), None, _last_day(term))
    opens_on = next_working_day(max(first, term.rated_on), region, free_days)
    if today < opens_on:
        return View(Window.NOT_YET, (Why.TOO_EARLY, Why.GOOD_RATING), opens_on, _last_day(term))
    return View(_best_or_open(term, today), (Why.SHARE, Why.GOOD_RATING), opens_on, _last_day(term))


def _is_just_signed(term: Term, today: date) -> bool:
    return term.signed_on is not None and term.signed_on <= today < add_days(term.signed_on, SIGNING_DAYS)


def _is_usual(term: Term) -> bool:
    return term.rated_on is not None and (term.rating or 0) >= LEAST_RATING


def _best_or_open(term: Term, today: date) -> Window:
    return Window.BEST if OPENS_AT <= passed_share(term, today) <= BEST_UNTIL else Window.OPEN


def _first_day(term: Term, region: str, free_days: Collection[FreeDay]) -> date:
    """Return the first working day with enough of the term behind it."""
    length = (term.ends_on - term.starts_on).days + 1
    days = -(-OPENS_AT.numerator * length // OPENS_AT.denominator)  # rounded up
    return next_working_day(add_days(term.starts_on, days - 1), region, free_days)


def _last_day(term: Term) -> date:
    return add_days(term.ends_on, -CLOSES_DAYS_BEFORE_END)
