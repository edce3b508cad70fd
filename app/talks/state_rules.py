"""How a talk goes from due to held: what may be done in which state, and what that makes of it.

Source: docs/domain.md, "Talks" (states).
"""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta

from app.core.errors import N_, RuleViolation
from app.talks.rules import State

SHORTEST, LONGEST = 5, 600  # minutes of an appointment
OLDEST_RECORD = timedelta(days=3 * 366)
FURTHEST_APPOINTMENT = timedelta(days=3 * 366)


class Channel(enum.StrEnum):
    """How an appointment takes place."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"


class Verb(enum.StrEnum):
    """What somebody does to a talk."""

    ARRANGE = "arrange"
    POSTPONE = "postpone"  # to another appointment, or to another day on which it is due
    DECLINE = "decline"  # the person said no
    CANCEL = "cancel"  # we call it off
    LOG = "log"
    NOT_REACHED = "not_reached"
    CORRECT = "correct"


_OPEN = {Verb.POSTPONE, Verb.DECLINE, Verb.CANCEL, Verb.LOG, Verb.NOT_REACHED}
TABLE: dict[State, frozenset[Verb]] = {
    State.DUE: frozenset(_OPEN | {Verb.ARRANGE}),
    State.ARRANGED: frozenset(_OPEN),
    State.HELD: frozenset({Verb.CORRECT}),
    # A "no" may turn into a "yes", and what was called off may take place after all.
    State.DECLINED: frozenset({Verb.ARRANGE, Verb.LOG}),
    State.CANCELLED: frozenset({Verb.ARRANGE, Verb.LOG}),
}

_REFUSALS = {
    State.DUE: N_("This talk has no appointment yet."),
    State.ARRANGED: N_("This talk is arranged already. Postpone it to choose another time."),
    State.HELD: N_("This talk was held already. Its record can be corrected."),
    State.DECLINED: N_("This talk was declined. It can be arranged again."),
    State.CANCELLED: N_("This talk was cancelled. It can be arranged again."),
}
_CANCELLED_BY_CHANGE = N_("A change of the mandate took this talk out of the plan. Log another talk in its place.")
_NO_RECORD = N_("This talk was not held yet, so there is no record to correct.")


def possible(state: State, cancelled_by_change: bool = False) -> frozenset[Verb]:
    """Return what may be done to a talk in this state; nothing where a change of the mandate's end cancelled it."""
    return frozenset() if state is State.CANCELLED and cancelled_by_change else TABLE[state]


def check(state: State, verb: Verb, cancelled_by_change: bool = False) -> None:
    """Raise RuleViolation, with a sentence that says what is possible, unless `verb` may be done."""
    if verb in possible(state, cancelled_by_change):
        return
    if state is State.CANCELLED and cancelled_by_change:
        raise RuleViolation(_CANCELLED_BY_CHANGE)
    raise RuleViolation(_NO_RECORD if verb is Verb.CORRECT else _REFUSALS[state])


def check_appointment(starts_at: datetime, minutes: int, now: datetime) -> None:
    """Raise RuleViolation for an appointment in the past, years ahead, or of a length that is none."""
    if starts_at <= now:
        raise RuleViolation(N_("This time is over. If the talk took place, log it instead."), field="day")
    if starts_at > now + FURTHEST_APPOINTMENT:
        raise RuleViolation(N_("This day is more than three years ahead. Please check the year."), field="day")
    if not SHORTEST <= minutes <= LONGEST:
        raise RuleViolation(
            N_("Please give a length from %(least)s to %(most)s minutes."), field="minutes", least=SHORTEST, most=LONGEST
        )


def check_place(channel: Channel, place: str | None) -> None:
    """Raise RuleViolation where the number, link or address of the channel is missing or no such thing."""
    if not place:
        raise RuleViolation(_MISSING_PLACE[channel], field="place")
    if channel is Channel.VIDEO and not place.lower().startswith(("https://", "http://")):
        raise RuleViolation(N_("Please give the whole link, beginning with https://."), field="place")


_MISSING_PLACE = {
    Channel.PHONE: N_("Please give the phone number that is called."),
    Channel.VIDEO: N_("Please give the link to the video meeting."),
    Channel.IN_PERSON: N_("Please give the address where you meet."),
}


def check_held(held_at: datetime, now: datetime) -> None:
    """Raise RuleViolation for a record of a talk that lies ahead, or years back."""
    if held_at > now:
        raise RuleViolation(N_("This lies ahead. A talk can be logged once it was held; arrange it instead."), field="held_on")
    if held_at < now - OLDEST_RECORD:
        raise RuleViolation(N_("This day is more than three years back. Please check the year."), field="held_on")


def check_consent(may_be_called: bool) -> None:
    """Raise RuleViolation for a referee whom the manager has not agreed to have called, or who has objected."""
    if not may_be_called:
        raise RuleViolation(N_("No call can be planned: the manager has not agreed to it, or the referee wants none."))


def check_due(due_on: date, today: date) -> None:
    """Raise RuleViolation for a day to which nothing can be put off."""
    if due_on < today:
        raise RuleViolation(N_("This day is over. Please choose today or a later day."), field="due_on")
    if due_on > today + FURTHEST_APPOINTMENT:
        raise RuleViolation(N_("This day is more than three years ahead. Please check the year."), field="due_on")
