"""What a record asks and which answers it takes."""

from __future__ import annotations

import pytest

from app.core.errors import RuleViolation
from app.talks import question_rules
from app.talks.question_rules import AnswerType
from app.talks.rules import SIDES, Kind, Side

CLIENT_QUALITY = (Kind.QUALITY, Side.CLIENT)
RATED = {CLIENT_QUALITY, (Kind.QUALITY, Side.MANAGER), (Kind.EXTENSION, Side.CLIENT), (Kind.CLOSING, Side.CLIENT)}


def test_four_kinds_of_talk_need_an_overall_rating_and_no_other():
    every = {(kind, side) for kind, sides in SIDES.items() for side in sides}

    assert {pair for pair in every if question_rules.requires_rating(*pair)} == RATED


@pytest.mark.parametrize(("kind", "side"), sorted(RATED))
def test_the_rating_is_the_one_thing_required(kind, side):
    assert question_rules.clean_answers(kind, side, {"overall": 4}) == {"overall": 4}

    with pytest.raises(RuleViolation) as refused:
        question_rules.clean_answers(kind, side, {"overall": " "})
    assert refused.value.field == "overall"


def test_the_clients_quality_talk_asks_five_things_and_the_managers_six():
    assert len(question_rules.questions(*CLIENT_QUALITY)) == 1 + 5
    assert len(question_rules.questions(Kind.QUALITY, Side.MANAGER)) == 1 + 6
    assert len(question_rules.questions(Kind.CLOSING, Side.CLIENT)) == 1 + 7


def test_a_kind_without_questions_takes_none():
    assert question_rules.clean_answers(Kind.OTHER, Side.CLIENT, {}) == {}
    with pytest.raises(ValueError, match="not asked"):
        question_rules.clean_answers(Kind.OTHER, Side.CLIENT, {"overall": 4})


def test_no_opinion_is_an_answer_to_every_question():
    for kind, side in question_rules.QUESTIONS:
        asked = question_rules.questions(kind, side)
        answers = {question.key: question_rules.NO_OPINION for question in asked}

        assert question_rules.clean_answers(kind, side, answers) == answers


def test_numbers_come_as_text_or_number_and_leave_as_number():
    answers = {
        "overall": "5",
        "progress": 100,
        "acceptance": " 1 ",
        "change_next": "  less travel ",
        "same_assignment": "drifting",
    }

    cleaned = question_rules.clean_answers(*CLIENT_QUALITY, answers)

    assert cleaned == {
        "overall": 5,
        "progress": 100,
        "acceptance": 1,
        "change_next": "less travel",
        "same_assignment": "drifting",
    }


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("overall", 0), ("overall", 6), ("overall", "4.5"), ("overall", "-1"), ("overall", "٤"), ("overall", "²"),
        ("overall", 2**63), ("overall", "9" * 5000), ("progress", 101), ("progress", "half"), ("acceptance", 0),
        ("same_assignment", "perhaps"), ("change_next", "x" * 10_001),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused_at_its_question(key, wrong):
    with pytest.raises(RuleViolation) as refused:
        question_rules.clean_answers(*CLIENT_QUALITY, {"overall": 4, key: wrong})

    assert refused.value.field == key


def test_us_again_runs_from_nought_to_ten():
    cleaned = question_rules.clean_answers(Kind.CLOSING, Side.CLIENT, {"overall": 4, "us_again": 0})

    assert cleaned["us_again"] == 0
    with pytest.raises(RuleViolation):
        question_rules.clean_answers(Kind.CLOSING, Side.CLIENT, {"overall": 4, "us_again": 11})


def test_only_choices_have_choices_and_no_key_is_asked_twice():
    for asked in question_rules.QUESTIONS.values():
        assert len({question.key for question in asked}) == len(asked)
        assert all(bool(question.choices) == (question.type is AnswerType.CHOICE) for question in asked)
