"""What to do when a talk of the contract is declined or long overdue: one step proposed after the other, none by itself.

Source: docs/domain.md, "Asking so that people say yes".
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.core.dates import add_days


class Step(enum.StrEnum):
    """A way to hear of a mandate all the same, in the order they are proposed."""

    OTHER_CONTACT = "other_contact"
    FORM = "form"
    MANAGER_REPORT = "manager_report"


@dataclass(frozen=True)
class Taken:
    """A step that was taken: on which day, and whether it was answered with a "no" or in vain."""

    step: Step
    taken_on: date
    failed: bool = False


def is_stuck(*, is_declined: bool, due_on: date | None, has_appointment: bool, today: date, overdue_days: int = 21) -> bool:
    """Whether a talk of the contract needs another way: it was declined, or is overdue by `overdue_days` without appointment."""
    if is_declined:
        return True
    return due_on is not None and not has_appointment and today >= add_days(due_on, overdue_days)


def waits_until(taken: Collection[Taken], *, today: date, answer_days: int = 14) -> date | None:
    """Return the day up to which somebody at the client who was asked has time to answer; None where nobody is waited for.

    A manager's report comes by itself each month; that one came in is no reason to ask nobody else.
    """
    ends = [add_days(one.taken_on, answer_days) for one in taken if not one.failed and one.step is not Step.MANAGER_REPORT]
    return max((end for end in ends if today < end), default=None)


def next_step(taken: Collection[Taken], *, has_other_contact: bool, today: date, answer_days: int = 14) -> Step | None:
    """Return the step to propose; None while one waits for its answer (`answer_days` long), or where all were taken.

    Another contact is left out where the client has none who may be asked.
    """
    if waits_until(taken, today=today, answer_days=answer_days) is not None:
        return None
    done = {one.step for one in taken}
    possible = [step for step in Step if step is not Step.OTHER_CONTACT or has_other_contact]
    return next((step for step in possible if step not in done), None)
