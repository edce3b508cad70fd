"""The short list on a mandate's page, until the contract is signed; one statement."""

from __future__ import annotations

from dataclasses import dataclass

from app.mandates.candidate_rules import State
from app.mandates.course_queries import Course, name_of
from app.mandates.labels import CANDIDATE_STATES
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Row:
    """One manager on the short list."""

    manager_id: int
    name: str
    state: str


def panel(mandate: Mandate, course: Course) -> tuple[Row, ...] | None:
    """Return who is on the short list; None where the contract is signed or the mandate lost."""
    if mandate.signed_on is not None or mandate.lost_on is not None:
        return None
    return tuple(Row(one.manager_id, name_of(one), str(CANDIDATE_STATES[State(one.state)])) for one in course.candidates)
