"""What the record of a talk asks, by kind and side, and which answers it takes.

Questions and answers are keys; the words stand where they are shown. Every question may stay unanswered, except the
overall rating where the kind has one; "no opinion" is an answer to each.

Source: docs/domain.md, "Talks" (a talk's record) and "References" (the guide of the reference call).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import N_, RuleViolation
from app.talks.rules import Kind, Side

NO_OPINION = "no_opinion"
OVERALL = "overall"
LONGEST_TEXT = 10_000  # characters

Answer = int | str


class AnswerType(enum.StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # 1 to 5, 5 is best
    ZERO_TO_TEN = "zero_to_ten"  # 10 is best
    PERCENT = "percent"  # 0 to 100
    CHOICE = "choice"  # one of the question's choices
    TEXT = "text"


BOUNDS = {AnswerType.SCALE: (1, 5), AnswerType.ZERO_TO_TEN: (0, 10), AnswerType.PERCENT: (0, 100)}
YES_NO = ("yes", "no")
YES_PARTLY_NO = ("yes", "partly", "no")
YES_DRIFTING_NO = ("yes", "drifting", "no")
NONE_SOME_STRONG = ("none", "some", "strong")
YES_PERHAPS_NO = ("yes", "perhaps", "no")
NAMING = ("yes", "on_request", "no")


@dataclass(frozen=True)
class Question:
    """One question of a record; `choices` only where the type is a choice."""

    key: str
    type: AnswerType
    choices: tuple[str, ...] = ()
    is_required: bool = False


def _choice(key: str, *choices: str) -> Question:
    return Question(key, AnswerType.CHOICE, choices)


def _text(key: str) -> Question:
    return Question(key, AnswerType.TEXT)


_RATING = Question(OVERALL, AnswerType.SCALE, is_required=True)

QUESTIONS: dict[tuple[Kind, Side], tuple[Question, ...]] = {
    (Kind.QUALITY, Side.CLIENT): (
        _RATING,
        Question("progress", AnswerType.PERCENT),  # towards the next milestone
        Question("acceptance", AnswerType.SCALE),  # in the team
        _text("change_next"),  # in the next four weeks
        _choice("same_assignment", *YES_DRIFTING_NO),
        _choice("handover_on_track", *YES_DRIFTING_NO),
    ),
    (Kind.QUALITY, Side.MANAGER): (
        _RATING,
        _choice("authority_as_agreed", *YES_PARTLY_NO),  # and means
        _choice("sponsor_reachable", *YES_PARTLY_NO),
        _choice("scope_drift", *NONE_SOME_STRONG),
        _choice("self_employed_risk", *NONE_SOME_STRONG),
        _choice("signs_of_extension", *YES_PERHAPS_NO),
        _text("what_can_we_do"),
    ),
    (Kind.EXTENSION, Side.CLIENT): (_RATING, _text("why_extended"), _text("change_new_term")),
    (Kind.CLOSING, Side.CLIENT): (
        _RATING,
        _text("goals_reached"),  # each goal
        _text("what_remains"),
        _text("brief_differently"),
        _choice("manager_again", *YES_PERHAPS_NO),
        Question("us_again", AnswerType.ZERO_TO_TEN),
        _choice("may_name_us", *NAMING),
        _choice("benefit_handed_over", *YES_NO),
    ),
    (Kind.AFTERCARE, Side.CLIENT): (_choice("results_last", *YES_PARTLY_NO),),  # and the notes
    (Kind.REFERENCE, Side.REFEREE): (
        Question(OVERALL, AnswerType.SCALE),
        _text("relation_and_overlap"),
        _text("task_and_size"),
        _text("results_with_figures"),
        _text("leadership_under_pressure"),
        _text("conflict"),
        _text("weakness_that_mattered"),
        _choice("appoint_again", *YES_PERHAPS_NO),
        _text("what_not_for"),
        _choice("may_quote", *NAMING),
    ),
}


def questions(kind: Kind, side: Side) -> tuple[Question, ...]:
    """Return what the record of such a talk asks, in order; nothing but notes for the kinds without questions."""
    return QUESTIONS.get((kind, side), ())


def requires_rating(kind: Kind, side: Side) -> bool:
    """Whether the record needs the overall rating (or "no opinion")."""
    return any(question.is_required for question in questions(kind, side))


def clean_answers(kind: Kind, side: Side, answers: Mapping[str, Answer | None]) -> dict[str, Answer]:
    """Return the answers given, numbers as int, in the order of the questions; unanswered ones are left out.

    Numbers may come as text. Raises RuleViolation at the question's key for a missing rating, a number out of
    bounds, an unknown choice or a text of more than 10,000 characters; ValueError for a question not asked (a bug).
    """
    asked = questions(kind, side)
    unknown = set(answers) - {question.key for question in asked}
    if unknown:
        raise ValueError(f"not asked in a {kind} talk with {side}: {sorted(unknown)}")
    given: dict[str, Answer] = {}
    for question in asked:
        answer = _clean(question, answers.get(question.key))
        if answer is not None:
            given[question.key] = answer
        elif question.is_required:
            raise RuleViolation(N_("Please give an overall rating from 1 to 5, or choose “no opinion”."), field=question.key)
    return given


def _clean(question: Question, answer: Answer | None) -> Answer | None:
    text = "" if answer is None else str(answer).strip()
    if not text or text == NO_OPINION:
        return text or None
    if question.type is AnswerType.TEXT:
        if len(text) > LONGEST_TEXT:
            raise RuleViolation(N_("Please write at most %(most)s characters."), field=question.key, most=LONGEST_TEXT)
        return text
    if question.type is AnswerType.CHOICE:
        if text not in question.choices:
            raise RuleViolation(N_("Please choose one of the answers offered."), field=question.key)
        return text
    least, most = BOUNDS[question.type]
    # Never int() of a long text: it takes seconds, and beyond 4,300 digits it fails.
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and least <= int(text) <= most):
        raise RuleViolation(
            N_("Please give a whole number from %(least)s to %(most)s, or choose “no opinion”."),
            field=question.key,
            least=least,
            most=most,
        )
    return int(text)
