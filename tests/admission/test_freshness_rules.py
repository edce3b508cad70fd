"""Staying released, as pure rules: who is asked when, and what silence leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.admission.freshness_rules import Back, Facts, Needs, Round, Step, Terms, back, may_ask, needs, proposed_day, step
from app.core.dates import add_months
from app.managers.rules import State

TERMS = Terms(30, 12, 14, 14, 8, 14, 4)
TODAY = date(2026, 3, 17)
FRESH = Facts(State.RELEASED, papers_on=date(2026, 1, 5), available_from=date(2026, 1, 1), confirmed_on=date(2026, 3, 1))
BOTH = Needs(papers=True, availability=True)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, Needs()),
        ({"papers_on": date(2025, 3, 17)}, Needs()),
        ({"papers_on": date(2025, 3, 16)}, Needs(papers=True)),
        ({"papers_on": None}, Needs(papers=True)),
        ({"confirmed_on": ago(30)}, Needs()),
        ({"confirmed_on": ago(31)}, Needs(availability=True)),
        ({"confirmed_on": None}, Needs(availability=True)),
        ({"available_from": None}, Needs(availability=True)),
        ({"papers_on": None, "confirmed_on": None}, BOTH),
    ],
)
def test_what_is_stale_or_unknown(given_, expected):
    assert needs(replace(FRESH, **given_), TODAY, TERMS) == expected


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, True),
        ({"state": State.PAUSED}, False),
        ({"engaged_until": TODAY + timedelta(days=57)}, False),
        ({"engaged_until": TODAY + timedelta(days=56)}, True),
        ({"engaged_until": TODAY}, True),
        ({"engaged_until": ago(1)}, True),
        ({"available_from": TODAY + timedelta(days=15)}, False),
        ({"available_from": TODAY + timedelta(days=14)}, True),
    ],
)
def test_who_may_be_asked(given_, expected):
    assert may_ask(replace(FRESH, **given_), TODAY, TERMS) is expected


@pytest.mark.parametrize(
    ("given_", "now", "begun", "expected"),
    [
        ({}, None, [], Step.WAIT),
        ({"papers_on": None}, None, [], Step.BEGIN),
        ({"papers_on": None, "last_letter_on": ago(13)}, None, [], Step.WAIT),
        ({"papers_on": None, "last_letter_on": ago(14)}, None, [], Step.BEGIN),
        ({"papers_on": None}, None, [ago(300), ago(200), ago(100), ago(50)], Step.WAIT),
        ({"papers_on": None}, None, [ago(365), ago(200), ago(100), ago(50)], Step.BEGIN),
        ({"papers_on": None}, Round(BOTH, 1, ago(13)), [ago(13)], Step.WAIT),
        ({"papers_on": None}, Round(BOTH, 1, ago(14)), [ago(14)], Step.REMIND),
        ({"papers_on": None}, Round(BOTH, 2, ago(14)), [ago(28)], Step.REMIND),
        ({"papers_on": None}, Round(BOTH, 3, ago(13)), [ago(41)], Step.WAIT),
        ({"papers_on": None}, Round(BOTH, 3, ago(14)), [ago(42)], Step.PAUSE),
        ({"papers_on": None, "engaged_until": TODAY}, Round(BOTH, 3, ago(14)), [ago(42)], Step.WAIT),
        ({}, Round(BOTH, 1, ago(2)), [ago(2)], Step.END),
        ({"papers_on": None}, Round(Needs(availability=True), 1, ago(2)), [ago(2)], Step.END),
        ({"papers_on": None, "engaged_until": date(2026, 9, 1)}, Round(BOTH, 1, ago(2)), [ago(2)], Step.END),
        ({"papers_on": None, "state": State.PAUSED}, Round(BOTH, 1, ago(20)), [ago(20)], Step.END),
    ],
)
def test_what_is_due(given_, now, begun, expected):
    assert step(replace(FRESH, **given_), now, begun, TODAY, TERMS) is expected


def test_the_day_that_yes_stands_for():
    assert proposed_day(FRESH, TODAY) == TODAY
    assert proposed_day(replace(FRESH, available_from=date(2026, 5, 1)), TODAY) == date(2026, 5, 1)
    assert proposed_day(replace(FRESH, engaged_until=date(2026, 6, 30)), TODAY) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("reason", "papers", "day", "expected"),
    [
        (Needs(papers=True), True, False, Back.REVIEW),
        (Needs(papers=True), False, True, Back.NOTHING),
        (Needs(availability=True), False, True, Back.RELEASE),
        (Needs(availability=True), True, False, Back.NOTHING),
        (BOTH, False, True, Back.NOTHING),
        (BOTH, True, False, Back.REVIEW),
        (Needs(), True, True, Back.NOTHING),
    ],
)
def test_what_brings_back_who_was_paused(reason, papers, day, expected):
    assert back(reason, papers_came=papers, availability_came=day) is expected


@st.composite
def lives(draw):
    """What happens over three years: on which days the person answers, and mandates one after the other."""
    answers = draw(st.dictionaries(st.integers(0, 1095), st.sampled_from(["papers", "day", "later"]), max_size=40))
    mandate = draw(st.none() | st.tuples(st.integers(0, 900), st.integers(1, 400)))
    return answers, mandate, draw(st.integers(0, 1095))


@settings(max_examples=60, deadline=None)
@given(lives(), st.integers(1, 5))
def test_nobody_is_asked_too_often_nor_on_a_mandate_and_twice_a_day_is_once(life, runs_a_day):
    answers, mandate, confirmed = life
    facts = replace(FRESH, papers_on=ago(200), confirmed_on=ago(confirmed))
    now, begun, sent = None, [], []
    for number in range(1096):
        today = TODAY + timedelta(days=number)
        if mandate and mandate[0] == number:
            facts = replace(facts, engaged_until=today + timedelta(days=mandate[1]))
        match answers.get(number):
            case "papers":
                facts = replace(facts, papers_on=today, state=State.RELEASED)
            case "day":
                facts = replace(facts, available_from=today, confirmed_on=today, state=State.RELEASED)
            case "later":
                facts = replace(facts, available_from=today + timedelta(days=90), confirmed_on=today, state=State.RELEASED)
        for _run in range(runs_a_day):
            what = step(facts, now, begun, today, TERMS)
            if what in (Step.BEGIN, Step.REMIND):
                assert may_ask(facts, today, TERMS)
                asked = needs(facts, today, TERMS) if what is Step.BEGIN else now.asked
                now = Round(asked, 1 if what is Step.BEGIN else now.letters + 1, today)
                begun += [today] if what is Step.BEGIN else []
                sent.append(today)
                facts = replace(facts, last_letter_on=today)
            elif what in (Step.END, Step.PAUSE):
                now = None
                facts = replace(facts, state=State.PAUSED) if what is Step.PAUSE else facts

    assert all((later - earlier).days >= TERMS.remind_days for earlier, later in pairwise(sent))
    assert all(sum(add_months(day, -12) < other <= day for other in begun) <= TERMS.rounds_a_year for day in begun)
