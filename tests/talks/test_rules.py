"""Kinds, numbers, what is late, what a logged call fits, and the days before the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.errors import RuleViolation
from app.settings.rules import Firm
from app.talks import rules
from app.talks.rules import DueTalk, Kind, PlanNumbers, Side, State

TODAY = date(2026, 3, 9)


def test_the_default_numbers_are_those_of_the_firms_settings():
    assert PlanNumbers.of(Firm()) == PlanNumbers()
    assert PlanNumbers.of(Firm(aftercare_days=120)).aftercare_days == 120


@pytest.mark.parametrize(
    ("name", "value"),
    [("talk_every_days", 0), ("talk_every_days", -1), ("first_talk_after_days", -1), ("aftercare_days", 2**63)],
)
def test_a_number_that_no_plan_can_use_is_refused_at_its_field(name, value):
    with pytest.raises(RuleViolation) as refused:
        PlanNumbers(**{name: value})

    assert refused.value.field == name


def test_closing_talks_and_interviews_take_an_hour_and_the_others_half_of_it():
    assert {kind for kind in Kind if rules.usual_minutes(kind) == 60} == {Kind.CLOSING, Kind.INTERVIEW}
    assert {rules.usual_minutes(kind) for kind in Kind} == {30, 60}


def test_each_kind_has_somebody_to_talk_with():
    assert set(rules.SIDES) == set(Kind)
    assert rules.SIDES[Kind.EVALUATION] == (Side.BOTH,)


@pytest.mark.parametrize(
    ("state", "due_on", "late"),
    [
        (State.DUE, TODAY - timedelta(days=1), True),
        (State.DUE, TODAY, False),
        (State.DUE, TODAY + timedelta(days=1), False),
        (State.DUE, None, False),
        (State.ARRANGED, TODAY - timedelta(days=1), False),
        (State.HELD, TODAY - timedelta(days=1), False),
        (State.DECLINED, TODAY - timedelta(days=1), False),
        (State.CANCELLED, TODAY - timedelta(days=1), False),
    ],
)
def test_only_a_due_talk_after_its_day_is_overdue(state, due_on, late):
    assert rules.is_overdue(state, due_on, TODAY) is late


@pytest.mark.parametrize(
    ("state", "appointment_on", "lacks"),
    [
        (State.ARRANGED, TODAY - timedelta(days=1), True),
        (State.ARRANGED, TODAY, False),
        (State.ARRANGED, None, False),
        (State.HELD, TODAY - timedelta(days=1), False),
        (State.DUE, TODAY - timedelta(days=1), False),
    ],
)
def test_only_a_passed_appointment_lacks_its_record(state, appointment_on, lacks):
    assert rules.lacks_record(state, appointment_on, TODAY) is lacks


def test_a_logged_call_fits_the_nearest_due_talk_with_the_same_person():
    far, near = DueTalk(1, "contact 7", TODAY - timedelta(days=21)), DueTalk(2, "contact 7", TODAY + timedelta(days=3))
    too_far = DueTalk(3, "contact 7", TODAY + timedelta(days=22))
    other = DueTalk(4, "contact 8", TODAY)

    assert rules.fitting_due_talks("contact 7", TODAY, [far, too_far, other, near]) == [near, far]


def test_of_two_equally_near_due_talks_the_earlier_comes_first():
    before, after = DueTalk(9, "contact 7", TODAY - timedelta(days=5)), DueTalk(2, "contact 7", TODAY + timedelta(days=5))

    assert rules.fitting_due_talks("contact 7", TODAY, [after, before]) == [before, after]


def test_the_countdown_begins_eight_weeks_before_the_end_and_asks_twice():
    days = rules.countdown(date(2026, 7, 10))

    assert days.from_on == date(2026, 5, 15)
    assert days.asked_on == (date(2026, 5, 11), date(2026, 6, 10))


def test_a_countdown_before_the_first_day_of_the_calendar_is_refused():
    with pytest.raises(RuleViolation):
        rules.countdown(date(1, 1, 20))
