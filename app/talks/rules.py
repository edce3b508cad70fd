"""What a talk is: kinds, sides, states, the numbers of the quality clause, and what is late or fits.

The plan itself and what happens to it when a mandate's end moves: `plan_rules`, `end_rules`. The questions that
a record answers: `question_rules`. All values of the enumerations are stored and never translated.

Source: docs/domain.md, "Talks".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from app.core.dates import add_days
from app.core.errors import N_, RuleViolation

HALF_HOUR, HOUR = 30, 60  # minutes
LONGEST_SPAN_DAYS = 3_660


class Kind(enum.StrEnum):
    """What a talk is about."""

    INTERVIEW = "interview"
    QUALITY = "quality"
    EXTENSION = "extension"
    CLOSING = "closing"
    EVALUATION = "evaluation"
    REFERENCE = "reference"
    AFTERCARE = "aftercare"
    OTHER = "other"


class Side(enum.StrEnum):
    """With whom a talk is held."""

    CLIENT = "client"
    MANAGER = "manager"
    BOTH = "both"
    REFEREE = "referee"


class State(enum.StrEnum):
    """How far a talk has come. *Overdue* is none of these: see `is_overdue`."""

    DUE = "due"
    ARRANGED = "arranged"
    HELD = "held"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class DeclineReason(enum.StrEnum):
    """Why a talk was declined."""

    EXTENSION_SAYS_IT_ALL = "extension_says_it_all"
    NO_TIME = "no_time"
    NO_NEED = "no_need"
    FEARS_SALES_TALK = "fears_sales_talk"
    CONFLICT = "conflict"
    CONTACT_LEFT = "contact_left"
    OTHER = "other"


PLANNED_KINDS = frozenset({Kind.QUALITY, Kind.EXTENSION, Kind.CLOSING, Kind.AFTERCARE})
"""The kinds that the plan of a mandate adds, moves and cancels; talks of the others are left alone."""

SIDES: dict[Kind, tuple[Side, ...]] = {
    Kind.INTERVIEW: (Side.MANAGER,),
    Kind.QUALITY: (Side.CLIENT, Side.MANAGER),
    Kind.EXTENSION: (Side.CLIENT,),
    Kind.CLOSING: (Side.CLIENT,),
    Kind.EVALUATION: (Side.BOTH,),
    Kind.REFERENCE: (Side.REFEREE,),
    Kind.AFTERCARE: (Side.CLIENT,),
    Kind.OTHER: tuple(Side),
}
"""With whom a talk of each kind can be held."""


def usual_minutes(kind: Kind) -> int:
    """Return the length that an appointment is proposed with, in minutes."""
    return HOUR if kind in (Kind.CLOSING, Kind.INTERVIEW) else HALF_HOUR


@dataclass(frozen=True)
class PlanNumbers:
    """The numbers of the quality clause and of the plan, in calendar days; the firm can set each (same names)."""

    first_talk_after_days: int = 14
    talk_every_days: int = 42
    closing_lead_days: int = 14
    quality_stop_before_end_days: int = 35
    short_term_days: int = 49
    aftercare_days: int = 90
    same_talk_days: int = 10
    absorb_days: int = 21
    extension_talk_after_days: int = 7
    fits_due_talk_days: int = 21

    def __post_init__(self) -> None:
        for field in fields(self):
            least = 1 if field.name == "talk_every_days" else 0
            if not least <= getattr(self, field.name) <= LONGEST_SPAN_DAYS:
                raise RuleViolation(
                    N_("This must be a number of days from %(least)s to %(most)s."),
                    field=field.name,
                    least=least,
                    most=LONGEST_SPAN_DAYS,
                )

    @classmethod
    def of(cls, settings: object) -> Self:
        """Return the numbers as they stand in `settings`, which has an attribute of the same name for each."""
        return cls(**{field.name: getattr(settings, field.name) for field in fields(cls)})


USUAL_NUMBERS = PlanNumbers()


def is_overdue(state: State, due_on: date | None, today: date) -> bool:
    """Whether a talk still waits for an appointment after the day it was due; on the day itself it is not late."""
    return state is State.DUE and due_on is not None and due_on < today


def lacks_record(state: State, appointment_on: date | None, today: date) -> bool:
    """Whether an appointment has passed and nobody has said what became of it; on the day itself nothing is missing."""
    return state is State.ARRANGED and appointment_on is not None and appointment_on < today


@dataclass(frozen=True)
class DueTalk:
    """A due talk as a candidate for a call that was just logged. `person` identifies whom it is with."""

    key: int
    person: str
    due_on: date


def fitting_due_talks(person: str, held_on: date, due: Iterable[DueTalk], numbers: PlanNumbers = USUAL_NUMBERS) -> list[DueTalk]:
    """Return the due talks that a talk with `person` on `held_on` can count as, the nearest first.

    They fit if they are with the same person and due at most `fits_due_talk_days` before or after;
    of two equally near ones the earlier comes first.
    """

    def days_apart(talk: DueTalk) -> int:
        return abs((talk.due_on - held_on).days)

    fitting = [talk for talk in due if talk.person == person and days_apart(talk) <= numbers.fits_due_talk_days]
    return sorted(fitting, key=lambda talk: (days_apart(talk), talk.due_on, talk.key))


@dataclass(frozen=True)
class Countdown:
    """The days that lead up to a mandate's end."""

    from_on: date
    asked_on: tuple[date, ...]


def countdown(end: date, weeks: int = 8, decide_before_end_days: Iterable[int] = (60, 30)) -> Countdown:
    """Return from when the exit countdown shows, and on which days the owner is asked to decide (earliest first).

    Plain calendar days before `end` (the last day, inclusive), not moved to working days.
    Source: docs/domain.md, "Mandates" and "Extensions".
    """
    asked = tuple(add_days(end, -before) for before in sorted(decide_before_end_days, reverse=True))
    return Countdown(add_days(end, -7 * weeks), asked)
