"""Staying released: when papers and availability are asked for anew, how often, and what silence leads to.

A round is one letter with up to two reminders. Everything is decided from the live state, so an answer that came
another way, through a colleague or a mandate, ends a round as well. Source: docs/domain.md, "Staying released".
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.dates import ONE_DAY, add_months
from app.managers import rules
from app.managers.rules import State

MOST_LETTERS = 3
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Terms:
    """What the firm has set; days and weeks are calendar ones."""

    known_days: int  # availability counts so long after its confirmation
    fresh_months: int  # papers count as fresh so long
    remind_days: int  # between one letter and the next
    pause_days: int  # from the last letter to the pause
    mandate_weeks: int  # before the end of a mandate from which on we ask
    named_days: int  # before a day named for the start from which on we ask
    rounds_a_year: int


@dataclass(frozen=True)
class Facts:
    """What is known of a manager. `engaged_until` is the last day of the mandates that run or are agreed, past or not."""

    state: State
    papers_on: date | None
    available_from: date | None
    confirmed_on: date | None
    engaged_until: date | None = None
    last_letter_on: date | None = None  # on which the clock last wrote to the person, about whatever


@dataclass(frozen=True)
class Needs:
    """What is to be asked for."""

    papers: bool = False
    availability: bool = False

    def __bool__(self) -> bool:
        return self.papers or self.availability

    def __and__(self, other: Needs) -> Needs:
        return Needs(self.papers and other.papers, self.availability and other.availability)


@dataclass(frozen=True)
class Round:
    """A round under way: what its first letter asked for, how many letters went, and when the last did."""

    asked: Needs
    letters: int  # 1 to MOST_LETTERS
    last_sent_on: date


class Step(enum.StrEnum):
    """What is to be done about a manager today."""

    BEGIN = "begin"
    REMIND = "remind"
    PAUSE = "pause"
    END = "end"  # nothing is open any more
    WAIT = "wait"


def needs(facts: Facts, today: date, terms: Terms) -> Needs:
    """Return what is stale or unknown on `today`, whether or not it may be asked for now.

    Papers that are missing altogether are asked for as well. A mandate's end does not stand in for the manager's word.
    """
    stale = facts.papers_on is None or rules.are_stale(facts.papers_on, today, terms.fresh_months)
    known = facts.available_from is not None and rules.is_confirmed(facts.confirmed_on, today, terms.known_days)
    return Needs(papers=stale, availability=not known)


def may_ask(facts: Facts, today: date, terms: Terms) -> bool:
    """Say whether a released manager may be written to today.

    Not while on a mandate until so many weeks before its last day, nor before a day that was named until so many days
    before it; both first days of asking are included.
    """
    if facts.state is not State.RELEASED:
        return False
    if facts.engaged_until is not None and today <= facts.engaged_until:
        return today >= facts.engaged_until - timedelta(weeks=terms.mandate_weeks)
    named = facts.available_from
    return named is None or named <= today or today >= named - timedelta(days=terms.named_days)


def step(facts: Facts, now: Round | None, begun: Sequence[date], today: date, terms: Terms) -> Step:
    """Return what is to be done today; `begun` are the days on which earlier rounds began, this one's too.

    The pause waits for the end of a mandate: who works for a client of ours is not taken off.
    """
    open_needs = needs(facts, today, terms)
    if now is None:
        fits = open_needs and may_ask(facts, today, terms) and may_begin(begun, today, terms)
        return Step.BEGIN if fits and _long_enough_ago(facts.last_letter_on, today, terms) else Step.WAIT
    if not may_ask(facts, today, terms) or not now.asked & open_needs:
        return Step.END
    if now.letters < MOST_LETTERS:
        last = max(now.last_sent_on, facts.last_letter_on or now.last_sent_on)
        return Step.REMIND if _long_enough_ago(last, today, terms) else Step.WAIT
    if facts.engaged_until is not None and today <= facts.engaged_until:
        return Step.WAIT
    return Step.PAUSE if today >= pause_on(now.last_sent_on, terms) else Step.WAIT


def _long_enough_ago(last: date | None, today: date, terms: Terms) -> bool:
    return last is None or today >= last + timedelta(days=terms.remind_days)


def may_begin(begun: Sequence[date], today: date, terms: Terms) -> bool:
    """Say whether one more round fits: in any twelve months at most so many begin."""
    since = add_months(today, -MONTHS_OF_A_YEAR)
    return sum(day > since for day in begun) < terms.rounds_a_year


def pause_on(last_sent_on: date, terms: Terms) -> date:
    """Return the day on which silence after the last letter pauses."""
    return last_sent_on + timedelta(days=terms.pause_days)


def proposed_day(facts: Facts, today: date) -> date:
    """Return the day that "yes, still free from …" stands for: after a mandate, the day named, or today."""
    if facts.engaged_until is not None and facts.engaged_until >= today:
        return facts.engaged_until + ONE_DAY
    named = facts.available_from
    return named if named is not None and named > today else today


class Back(enum.StrEnum):
    """What an answer leads to for a manager who was paused."""

    RELEASE = "release"
    REVIEW = "review"
    NOTHING = "nothing"


def back(reason: Needs, *, papers_came: bool, availability_came: bool) -> Back:
    """Return what an answer does to a pause that has this reason.

    New papers lead to a review where they were the reason; availability releases only where nothing else was one.
    """
    if papers_came and reason.papers:
        return Back.REVIEW
    if availability_came and reason.availability and not reason.papers:
        return Back.RELEASE
    return Back.NOTHING
