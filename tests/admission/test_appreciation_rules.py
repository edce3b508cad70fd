"""The appreciation score: quarters, means, and what of it may be shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admission.appreciation_rules import Quarter, Tally, quarter_of, score, shown_teams


@pytest.mark.parametrize(
    ("day", "quarter"),
    [(date(2026, 1, 1), Quarter(2026, 1)), (date(2026, 3, 31), Quarter(2026, 1)), (date(2026, 4, 1), Quarter(2026, 2)),
     (date(2026, 12, 31), Quarter(2026, 4))],
)  # fmt: skip
def test_the_quarter_of_a_day(day, quarter):
    assert quarter_of(day) == quarter


def test_quarters_go_back_over_the_turn_of_the_year():
    assert [Quarter(2026, 2).back(count) for count in (0, 1, 2, 7)] == [
        Quarter(2026, 2), Quarter(2026, 1), Quarter(2025, 4), Quarter(2024, 3),
    ]  # fmt: skip


def test_the_score_is_the_mean_of_both_ratings_half_a_tenth_rounded_up():
    found = score(Tally(10, 45, 38), 5)  # 8.3 / 2 = 4.15
    assert (found.count, found.score, found.respect, found.substance) == (10, Decimal("4.2"), Decimal("4.5"), Decimal("3.8"))


@pytest.mark.parametrize("count", range(5))
def test_fewer_than_five_answers_have_no_score(count):
    assert score(Tally(count, count, count), 5) is None


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, set()),
        ({1: 4}, set()),
        ({1: 5}, {1}),
        ({1: 5, 2: 0}, {1}),
        ({1: 5, 2: 1}, set()),  # the only other one would tell of the one
        ({1: 9, 2: 6, 3: 4}, {1}),  # the next smallest goes too
        ({1: 9, 2: 6, 3: 1, 4: 1}, {1}),  # two hidden ones, but two answers together
        ({1: 9, 2: 6, 3: 3, 4: 2}, {1, 2}),
    ],
)
def test_which_teams_are_shown(counts, shown):
    assert shown_teams(counts, 5) == shown


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 12)))
def test_what_is_hidden_cannot_be_worked_out_by_subtraction(counts):
    shown = shown_teams(counts, 5)
    hidden = [count for team, count in counts.items() if count and team not in shown]
    assert all(counts[team] >= 5 for team in shown)
    assert not shown or not hidden or (sum(hidden) >= 5 and len(hidden) >= 2)
    if all(count == 0 or count >= 5 for count in counts.values()):
        assert not hidden
