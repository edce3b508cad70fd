"""When a status check is due, and how many signs its answers hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.mandates import status_rules as rules
from app.mandates.status_labels import QUESTIONS as WORDS
from app.mandates.status_rules import Answer, Band, Due, Occasion, Regime

START, END = date(2026, 1, 12), date(2026, 7, 10)
DAYS = st.dates(date(2025, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("region", "regime"),
    [("DE", Regime.DE), ("DE-BY", Regime.DE), ("NL", Regime.NL), ("AT-9", None), ("CH-ZH", None), ("", None)],
)
def test_questions_are_there_for_germany_and_the_netherlands(region, regime):
    assert rules.regime_of(region) is regime


def test_a_term_is_checked_at_its_start_each_quarter_at_extensions_and_new_managers():
    found = rules.due_dates(START, END, extended_on=[date(2026, 5, 4)], came_on=[START, date(2026, 3, 2)])

    assert found == (
        Due(START, Occasion.START),
        Due(date(2026, 3, 2), Occasion.MANAGER),
        Due(date(2026, 4, 12), Occasion.QUARTER),
        Due(date(2026, 5, 4), Occasion.EXTENSION),
    )


@given(DAYS, st.integers(0, 1500), st.lists(DAYS, max_size=4), st.lists(DAYS, max_size=4))
@settings(max_examples=40)
def test_each_check_lies_in_the_term_and_is_there_once(starts_on, length, extended_on, came_on):
    ends_on = starts_on + timedelta(length)
    found = rules.due_dates(starts_on, ends_on, extended_on=extended_on, came_on=came_on)

    assert len(set(found)) == len(found) and all(starts_on <= due.on <= ends_on for due in found)
    assert [due.on for due in found if due.occasion is Occasion.START] == [starts_on]


@given(DAYS, st.integers(0, 1500), DAYS)
@settings(max_examples=40)
def test_planning_twice_adds_nothing_and_looks_back_once(starts_on, length, today):
    wanted = rules.due_dates(starts_on, starts_on + timedelta(length))
    first = rules.to_keep(wanted, (), today)

    assert first and rules.to_keep(wanted, first, today) == ()
    assert sum(due.on <= today for due in first) <= 1
    assert {due for due in wanted if due.on > today} <= set(first)


def answered(regime: Regime, word) -> dict:
    return rules.clean(regime, {question.key: (word(question), " seen ") for question in rules.QUESTIONS[regime]})


def other(question: rules.Question) -> Answer:
    return Answer.NO if question.sign is Answer.YES else Answer.YES


@pytest.mark.parametrize("regime", list(Regime))
def test_the_thermometer_goes_from_no_sign_to_every_sign(regime):
    assert rules.degree(regime, answered(regime, lambda question: question.sign)) == 100
    assert rules.degree(regime, answered(regime, other)) == 0
    assert rules.degree(regime, answered(regime, lambda _question: Answer.PARTLY)) == 50
    assert rules.degree(regime, answered(regime, lambda _question: Answer.UNKNOWN)) is None
    assert rules.degree(regime, {}) is None
    assert all(question.key in WORDS for question in rules.QUESTIONS[regime])


@given(st.lists(st.sampled_from(list(Answer)), min_size=11, max_size=11), st.integers(0, 10))
@settings(max_examples=60)
def test_one_more_sign_never_lowers_the_thermometer(words, place):
    asked = rules.QUESTIONS[Regime.DE]
    given_ = {question.key: {"answer": word} for question, word in zip(asked, words, strict=True)}
    low = rules.degree(Regime.DE, {**given_, asked[place].key: {"answer": other(asked[place])}})
    high = rules.degree(Regime.DE, {**given_, asked[place].key: {"answer": asked[place].sign}})

    assert (low is None) == (high is None)
    assert low is None or high is None or 0 <= low <= high <= 100


def test_no_dutch_point_outranks_another():
    assert {question.weight for question in rules.QUESTIONS[Regime.NL]} == {1}


@pytest.mark.parametrize(("points", "band"), [(0, Band.FEW), (33, Band.FEW), (34, Band.SOME), (66, Band.SOME), (67, Band.MANY)])
def test_bands(points, band):
    assert rules.band(points) is band


@pytest.mark.parametrize(
    ("given_", "field"), [((None, "x"), "answer_"), (("perhaps", ""), "answer_"), (("yes", "x" * 501), "evidence_")]
)
def test_an_answer_that_is_missing_or_odd_is_refused_at_its_field(given_, field):
    answers = dict.fromkeys((question.key for question in rules.QUESTIONS[Regime.NL]), ("no", ""))
    with pytest.raises(RuleViolation) as refused:
        rules.clean(Regime.NL, {**answers, "nl_risk": given_})
    assert refused.value.field == f"{field}nl_risk"


def test_a_check_is_answered_from_fourteen_days_before_its_day_on():
    rules.check_answerable(date(2026, 4, 12), date(2026, 3, 29))
    with pytest.raises(RuleViolation):
        rules.check_answerable(date(2026, 4, 12), date(2026, 3, 28))
