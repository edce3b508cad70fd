"""The states of a candidate."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.mandates.candidate_rules import ENDS, NEXT, State, check_change, protected_until

TODAY = date(2026, 3, 24)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_only_the_next_states_follow(state: State, to: State) -> None:
    if to in NEXT[state]:
        check_change(state, to, "Reason", TODAY, TODAY)
    else:
        with pytest.raises(RuleViolation, match="is not possible here"):
            check_change(state, to, "Reason", TODAY, TODAY)


@pytest.mark.parametrize("to", sorted(ENDS))
def test_an_end_needs_a_reason(to: State) -> None:
    with pytest.raises(RuleViolation, match="reason"):
        check_change(State.PRESENTED, to, " ", TODAY, TODAY)


def test_only_an_interview_may_lie_ahead() -> None:
    check_change(State.PRESENTED, State.CLIENT_INTERVIEW, "", date(2026, 4, 1), TODAY)
    with pytest.raises(RuleViolation, match="lies ahead"):
        check_change(State.PROPOSED, State.PRESENTED, "", date(2026, 4, 1), TODAY)


@given(st.lists(st.sampled_from(State), max_size=12))
@settings(max_examples=60, deadline=None)
def test_nobody_comes_back_but_by_being_proposed(wanted: list[State]) -> None:
    state = State.PROPOSED
    for to in wanted:
        before = state
        try:
            check_change(state, to, "Reason", TODAY, TODAY)
        except RuleViolation:
            continue
        state = to
        assert before not in ENDS or state is State.PROPOSED


def test_the_client_owes_us_for_months_after_the_presentation() -> None:
    assert protected_until(date(2026, 3, 24), 12) == date(2027, 3, 24)
    assert protected_until(date(2026, 1, 31), 1) == date(2026, 2, 28)
