"""Which step is proposed when a talk of the contract does not come about."""

from __future__ import annotations

from datetime import date

import pytest

from app.asking.step_rules import Step, Taken, is_stuck, next_step

TODAY = date(2026, 4, 20)


@pytest.mark.parametrize(
    ("is_declined", "due_on", "has_appointment", "stuck"),
    [
        (True, date(2026, 5, 1), False, True),
        (False, date(2026, 3, 30), False, True),  # 21 days
        (False, date(2026, 3, 31), False, False),
        (False, date(2026, 3, 1), True, False),
        (False, None, False, False),
    ],
)
def test_stuck_is_what_was_declined_or_is_three_weeks_overdue(is_declined, due_on, has_appointment, stuck):
    assert is_stuck(is_declined=is_declined, due_on=due_on, has_appointment=has_appointment, today=TODAY) is stuck


def test_steps_come_one_after_the_other():
    first = Taken(Step.OTHER_CONTACT, date(2026, 4, 1), failed=True)
    second = Taken(Step.FORM, date(2026, 4, 2), failed=True)
    third = Taken(Step.MANAGER_REPORT, date(2026, 4, 3), failed=True)

    assert next_step([], has_other_contact=True, today=TODAY) is Step.OTHER_CONTACT
    assert next_step([], has_other_contact=False, today=TODAY) is Step.FORM
    assert next_step([first], has_other_contact=True, today=TODAY) is Step.FORM
    assert next_step([first, second], has_other_contact=True, today=TODAY) is Step.MANAGER_REPORT
    assert next_step([first, second, third], has_other_contact=True, today=TODAY) is None


@pytest.mark.parametrize(("taken_on", "step"), [(date(2026, 4, 6), Step.MANAGER_REPORT), (date(2026, 4, 7), None)])
def test_a_step_waits_14_days_for_its_answer(taken_on, step):
    assert next_step([Taken(Step.FORM, taken_on)], has_other_contact=False, today=TODAY) is step
