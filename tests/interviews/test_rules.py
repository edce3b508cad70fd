"""An interview is completed only with six ratings and three dated, concrete recommendations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.interviews.rules import Ability, Missing, Recommendation, check_abilities, check_recommendations, is_concrete, missing

HELD = date(2026, 3, 17)
GOOD = [
    Recommendation("Add a project list with results", date(2026, 4, 1)),
    Recommendation("Write one page as a short profile", date(2026, 4, 8)),
    Recommendation("Ask two former clients for a reference", date(2026, 5, 4)),
]
RATED = {ability.value: 4 for ability in Ability}


def test_three_dated_recommendations_are_enough():
    assert check_recommendations(GOOD, HELD) == GOOD


@pytest.mark.parametrize(
    ("spoiled", "field"),
    [
        (GOOD[:2], "recommendations"),
        ([*GOOD[:2], replace(GOOD[2], text="   ")], "recommendations"),
        ([*GOOD[:2], replace(GOOD[2], by_on=None)], "recommendation-2"),
        ([*GOOD[:2], replace(GOOD[2], by_on=HELD)], "recommendation-2"),
        ([*GOOD[:2], replace(GOOD[2], by_on=HELD + timedelta(days=367))], "recommendation-2"),
        ([*GOOD[:2], replace(GOOD[2], text="Be better")], "recommendation-2"),
        ([*GOOD[:2], replace(GOOD[1], text="WRITE one page, as a short profile!")], "recommendation-2"),
        ([], "recommendations"),
    ],
)
def test_what_is_not_concrete_or_not_dated_is_refused_at_its_field(spoiled, field):
    with pytest.raises(RuleViolation) as refused:
        check_recommendations(spoiled, HELD)

    assert refused.value.field == field


def test_empty_lines_between_are_left_out():
    assert check_recommendations([GOOD[0], Recommendation("", None), *GOOD[1:]], HELD) == GOOD


@pytest.mark.parametrize(("rating", "fits"), [(0, False), (1, True), (5, True), (6, False), (None, False)])
def test_each_ability_is_rated_from_one_to_five(rating, fits):
    abilities = {**RATED, Ability.HANDOVER.value: rating}

    if fits:
        assert check_abilities(abilities)["handover"] == rating
    else:
        with pytest.raises(RuleViolation, match="six abilities"):
            check_abilities(abilities)


def test_what_is_missing_is_said_all_the_time():
    assert missing({}, [], is_over=False) == [Missing.HELD, Missing.ABILITIES, Missing.RECOMMENDATIONS]
    assert missing(RATED, GOOD[:2], is_over=True) == [Missing.RECOMMENDATIONS]
    assert missing(RATED, GOOD, is_over=True) == []


texts = st.text(max_size=60)
days = st.none() | st.dates(HELD - timedelta(days=30), HELD + timedelta(days=500))


@given(st.lists(st.builds(Recommendation, texts, days), max_size=8))
def test_whatever_is_accepted_holds_the_promise(given_ones):
    try:
        kept = check_recommendations(given_ones, HELD)
    except RuleViolation:
        return
    assert len(kept) >= 3 and len({one.text.casefold() for one in kept}) == len(kept)
    assert all(is_concrete(one.text) and one.by_on is not None and one.by_on > HELD for one in kept)
