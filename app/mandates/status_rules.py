"""When the self-employed standing of a manager is looked at, what is asked, and how many signs speak against it.

Signs for a person to judge, never a legal verdict. Germany: § 7 and § 2 No. 9 of the fourth and sixth book of the social
code, as the courts weigh them; Netherlands: Wet DBA with the points of the Deliveroo judgment (Hoge Raad, 24 March 2023),
none of which outranks another (Hoge Raad, 21 February 2025, Uber).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from app.core.dates import add_days, add_months
from app.core.errors import N_, RuleViolation

QUARTER_MONTHS = 3
EARLY_DAYS = 14  # so many days before its day a check can be answered
FEW_BELOW, MANY_FROM = 34, 67  # of 100
LONGEST_EVIDENCE, LONGEST_NOTE = 500, 5_000  # characters


class Regime(enum.StrEnum):
    """By whose rules: Germany's or the Netherlands'."""

    DE = "de"
    NL = "nl"


class Occasion(enum.StrEnum):
    """Why a check is due."""

    START = "start"
    QUARTER = "quarter"
    EXTENSION = "extension"
    MANAGER = "manager"


class Answer(enum.StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Band(enum.StrEnum):
    FEW = "few"
    SOME = "some"
    MANY = "many"


@dataclass(frozen=True)
class Question:
    """One question; `sign` is the answer that speaks against self-employment, `weight` from 1 to 3."""

    key: str
    weight: int
    sign: Answer


_YES, _NO = Answer.YES, Answer.NO
QUESTIONS: dict[Regime, tuple[Question, ...]] = {
    Regime.DE: (
        Question("de_time_place", 3, _YES),
        Question("de_instructions", 3, _YES),
        Question("de_integration", 3, _YES),
        Question("de_like_staff", 2, _YES),
        Question("de_leads_staff", 1, _YES),
        Question("de_benefits", 3, _YES),
        Question("de_equipment", 1, _NO),
        Question("de_risk", 3, _NO),
        Question("de_other_clients", 2, _NO),
        Question("de_substitute", 1, _NO),
        Question("de_market", 1, _NO),
    ),
    # All weigh the same: see the Uber judgment above.
    Regime.NL: (
        Question("nl_lasting", 1, _YES),
        Question("nl_authority", 1, _YES),
        Question("nl_embedded", 1, _YES),
        Question("nl_personal", 1, _YES),
        Question("nl_terms", 1, _YES),
        Question("nl_pay_way", 1, _YES),
        Question("nl_pay_level", 1, _YES),
        Question("nl_risk", 1, _NO),
        Question("nl_entrepreneur", 1, _NO),
    ),
}


class Due(NamedTuple):
    """A day, inclusive, on which a check is due, and why."""

    on: date
    occasion: Occasion


def regime_of(region: str) -> Regime | None:
    """Return by whose rules a client in this region ("DE-BY", "NL") is looked at; None where we have no questions."""
    return {"DE": Regime.DE, "NL": Regime.NL}.get(region[:2].upper())


def due_dates(
    starts_on: date, ends_on: date, *, extended_on: Iterable[date] = (), came_on: Iterable[date] = ()
) -> tuple[Due, ...]:
    """Return all checks of a term (days inclusive), in order.

    One at the start, one each three months after it and before the last day, one at each signed extension (on the day of
    the signature, no earlier than the start) and one on the first day of each manager who took over.
    """
    found = {Due(starts_on, Occasion.START)}
    months = QUARTER_MONTHS
    while (day := add_months(starts_on, months)) < ends_on:
        found.add(Due(day, Occasion.QUARTER))
        months += QUARTER_MONTHS
    found.update(Due(max(day, starts_on), Occasion.EXTENSION) for day in extended_on if day <= ends_on)
    found.update(Due(day, Occasion.MANAGER) for day in came_on if starts_on < day <= ends_on)
    return tuple(sorted(found))


def to_keep(wanted: Iterable[Due], present: Iterable[Due], today: date) -> tuple[Due, ...]:
    """Return which of the wanted checks are not there yet and shall be.

    All that lie ahead, and of those that lie behind (today is behind) the last one: what nobody looked at for a year is
    looked at once, not four times.
    """
    known, wanted = set(present), sorted(wanted)
    last = max((due for due in wanted if due.on <= today), default=None)
    return tuple(due for due in wanted if due not in known and (due.on > today or due == last))


def check_answerable(due_on: date, today: date) -> None:
    """Raise RuleViolation for a check whose day is more than EARLY_DAYS away."""
    if due_on > add_days(today, EARLY_DAYS):
        raise RuleViolation(
            N_("This check is planned for %(day)s. It can be answered from %(first)s on."), day=due_on, first=first_day(due_on)
        )


def first_day(due_on: date) -> date:
    """Return from which day on (inclusive) a check can be answered."""
    return add_days(due_on, -EARLY_DAYS)


def clean(regime: Regime, given: Mapping[str, tuple[str | None, str | None]]) -> dict[str, dict[str, str]]:
    """Return answer and evidence by question; raise RuleViolation at the field of one that is missing or odd."""
    kept = {}
    for question in QUESTIONS[regime]:
        answer, evidence = given.get(question.key, (None, None))
        if answer not in set(Answer):
            raise RuleViolation(N_("Please choose an answer; “not known” is one."), field=f"answer_{question.key}")
        words = (evidence or "").strip()
        if len(words) > LONGEST_EVIDENCE:
            raise RuleViolation(
                N_("Please write at most %(most)s characters."), field=f"evidence_{question.key}", most=LONGEST_EVIDENCE
            )
        kept[question.key] = {"answer": str(answer), "evidence": words}
    return kept


def answer_of(answers: Mapping[str, Any], key: str) -> Answer | None:
    """Return what was answered to a question, None where nothing is kept."""
    given = (answers.get(key) or {}).get("answer")
    return Answer(given) if given in set(Answer) else None


def share(question: Question, answer: Answer | None) -> float | None:
    """Return how far an answer is a sign against self-employment: 1, 0.5 or 0; None for what is not known."""
    if answer is None or answer is Answer.UNKNOWN:
        return None
    if answer is Answer.PARTLY:
        return 0.5
    return 1.0 if answer is question.sign else 0.0


def degree(regime: Regime, answers: Mapping[str, Any]) -> int | None:
    """Return the share of signs by weight, 0 to 100, of what is known; None where less than half of the weight is known."""
    shares = [(question.weight, share(question, answer_of(answers, question.key))) for question in QUESTIONS[regime]]
    known = sum(weight for weight, part in shares if part is not None)
    if known * 2 < sum(weight for weight, _part in shares):
        return None
    # Half a point goes up, whichever way the machine rounds.
    return int(100 * sum(weight * part for weight, part in shares if part is not None) / known + 0.5)


def band(points: int) -> Band:
    """Return whether so many of 100 are few signs (below 34), some, or many (from 67 on)."""
    if points < FEW_BELOW:
        return Band.FEW
    return Band.SOME if points < MANY_FROM else Band.MANY
