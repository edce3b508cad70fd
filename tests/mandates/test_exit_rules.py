"""What is handed over, the exit countdown and the months of phasing out, as pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.mandates import exit_rules, handover_rules
from app.mandates.exit_rules import Facts, Point
from app.mandates.handover_rules import State

TODAY = date(2026, 3, 17)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("facts", "done"),
    [
        (Facts(), set()),
        (Facts(has_successor=True), {Point.SUCCESSOR}),
        (Facts(items=2), {Point.HANDOVER}),
        (Facts(items=2, undated=1), set()),
        (Facts(has_phasing=True, closing_is_arranged=True), {Point.PHASING_OUT, Point.CLOSING_TALK}),
    ],
)
def test_the_countdown_asks_four_things(facts, done):
    answers = exit_rules.countdown(facts)

    assert list(answers) == list(Point)
    assert {point for point, is_done in answers.items() if is_done} == done


def test_phasing_out_is_planned_for_the_months_of_the_last_quarter():
    months = exit_rules.phasing_months(date(2026, 1, 12), date(2026, 7, 10))  # 180 days, the last 45 from 27 May

    assert months == (date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1))
    assert exit_rules.phasing_months(TODAY, TODAY) == (date(2026, 3, 1),)


@settings(max_examples=60)
@given(DAYS, st.integers(1, 1000), st.integers(-400, 400))
def test_months_lie_within_the_term_and_drop_out_only_when_they_no_longer_do(starts_on, length, moved):
    ends_on = starts_on + timedelta(days=length - 1)
    months = exit_rules.phasing_months(starts_on, ends_on)

    assert months[-1] == ends_on.replace(day=1)
    assert list(months) == sorted(set(months))
    assert not exit_rules.outside(months, starts_on, ends_on)
    new_end = max(starts_on, ends_on + timedelta(days=moved))
    gone = exit_rules.outside(months, starts_on, new_end)
    assert set(gone) == {month for month in months if month > new_end}


def test_more_days_than_agreed_are_named():
    months = [date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)]
    planned = dict(zip(months, map(Decimal, ("5", "3", "4")), strict=True))
    agreed = {months[0]: Decimal(4), months[1]: Decimal(4), months[2]: None}

    assert exit_rules.above(planned, agreed) == (months[0],)


@pytest.mark.parametrize("days", ["-0.5", "7.5", "1.3"])
def test_what_are_no_days_of_a_week_are_refused(days):
    with pytest.raises(RuleViolation):
        exit_rules.check_days(Decimal(days), "days")


@pytest.mark.parametrize(
    ("state", "done_on", "reason", "field"),
    [
        (State.DONE, None, None, "done_on"),
        (State.DONE, TODAY + timedelta(days=1), None, "done_on"),
        (State.WAIVED, None, "  ", "waived_reason"),
    ],
)
def test_an_item_is_not_settled_without_day_or_reason(state, done_on, reason, field):
    with pytest.raises(RuleViolation) as refused:
        handover_rules.settled(state, done_on, reason, TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize("state", State)
def test_what_is_kept_of_an_item_says_its_state(state):
    assert handover_rules.state_of(*handover_rules.settled(state, TODAY, "No need", TODAY)) is state


def test_lines_of_the_exit_plan_are_proposed_once():
    text = "- Tagessteuerung\n2. Lieferantengespräche; Personalplanung\n\n* TAGESSTEUERUNG\n2027 budget"

    assert handover_rules.proposals(text, ["personalplanung"]) == ("Tagessteuerung", "Lieferantengespräche", "2027 budget")
    assert handover_rules.proposals(None, []) == ()


@settings(max_examples=60)
@given(st.text(max_size=400), st.text(max_size=400))
def test_whatever_is_written_is_proposed_once_and_then_no_more(text, more):
    lines = handover_rules.proposals(f"{text}\n{more}", [])

    assert all(0 < len(line) <= handover_rules.LONGEST_TEXT for line in lines)
    assert handover_rules.proposals(f"{text}\n{more}", lines) == ()
