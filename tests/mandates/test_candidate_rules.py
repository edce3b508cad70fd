"""The states of a candidate."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.mandates.candidate_rules import ENDS, NEXT, State, check_change, gives_away, protected_until

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


NAMES, NUMBERS = ("Jörg-Peter", "von der Mühlen Brück"), ("+49401234567", "+491701234599", None)


@pytest.mark.parametrize(
    "line",
    [
        "Jörg leads plants",
        "Mühlen: Werkleitung",
        "Muehlens Team in Linz",
        "MUHLEN, plant manager",
        "Restructuring by Brück",
        "Werkleitung, 040 / 123 45 67",
        "+49 (0)40 1234-567",
        "0049.40.1234567",
        "Call 1234567",
        "0170-123 45 99",
        "anrufen: (0) 171 / 55 66 77",
        "plant@firm.example",
        "plant (at) firm",
        "www.plants.example",
        "https://plants.example/me",
        "see my LinkedIn",
        "muehle.de",
        "Ex-CFO Velbrink GmbH",
        "CEO of Nordwerk AG, machinery",
        "Directeur Waterhuis B.V.",
    ],
)
def test_what_tells_who_it_is_about_is_found_in_any_notation(line):
    assert gives_away(line, NAMES, NUMBERS)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Finance and plant management, machinery",
        "16 years, 2012–2018 in Linz, 2019-2024 in Graz",
        "Turnover 12.500.000 EUR, 1.200 staff",
        "Interim-CFO von der Pike auf",
        "Werkleiter, -20 % Kosten, 0,5 Mio. gespart",
        "ISO 9001, IATF 16949, 24/7",
    ],
)
def test_a_plain_headline_stays(line):
    assert not gives_away(line, NAMES, NUMBERS)
