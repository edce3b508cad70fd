"""What the mandate's page says of the manager's short reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.mandates.course_queries import Course
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Panel:
    """`last_on`: first day of the newest month that was reported; `waiting`: reports asked for that have not come."""

    last_on: date | None
    waiting: int


def panel(mandate: Mandate, course: Course) -> Panel | None:
    """Return the panel, None before the contract."""
    if mandate.signed_on is None:
        return None
    return Panel(course.counts.reported_on, course.counts.reports_missing)
