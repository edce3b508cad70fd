"""Who was on a mandate, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.mandates.course_queries import Course, name_of
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Row:
    """One manager's days, both inclusive; `ends_on` is None for the last one, who is on it, or takes over where `is_planned`."""

    manager_id: int
    name: str
    starts_on: date
    ends_on: date | None
    reason: str | None
    is_planned: bool


def panel(mandate: Mandate, course: Course) -> tuple[Row, ...]:
    """Return all who were on it, newest first; nothing unless there was more than one."""
    if mandate.signed_on is None:
        return ()
    rows = tuple(
        Row(
            one.manager_id,
            name_of(one),
            one.starts_on,
            one.ends_on,
            one.reason,
            one.ends_on is None and one.manager_id != mandate.manager_id,
        )
        for one in course.spells
    )
    return rows if len(rows) > 1 else ()
