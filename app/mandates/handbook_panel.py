"""What the mandate's page shows of plan and handbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.mandates import handbook_document
from app.mandates.course_queries import Course
from app.mandates.handbook_document import Row
from app.mandates.models import Mandate

FIRST_STEPS = 3  # shown at once on the mandate's page
SHOWN = 3  # versions


@dataclass(frozen=True)
class Step:
    """A milestone that is not dropped. `on`: when it was reached, or is to be."""

    id: int
    version: int
    title: str
    on: date
    is_reached: bool
    is_late: bool
    is_after_end: bool


@dataclass(frozen=True)
class Panel:
    """`accepted_on` is the day of the first acceptance. `of` and `reached` count the milestones that are not dropped; `ahead` are the first that are only planned."""

    rows: tuple[Row, ...]
    reached: int
    of: int
    steps: tuple[Step, ...]
    ahead: tuple[Step, ...]
    accepted_on: date | None


def panel(mandate: Mandate, course: Course, today: date) -> Panel | None:
    """Return the panel, None where nothing is signed and nothing is written yet."""
    versions = course.versions
    steps = tuple(_step(one, mandate, today) for one in course.milestones if one.state != "dropped")
    if not versions and not steps and mandate.signed_on is None:
        return None
    return Panel(
        rows=tuple(handbook_document.rows_of(versions, SHOWN)),
        reached=sum(step.is_reached for step in steps),
        of=len(steps),
        steps=steps,
        ahead=tuple(step for step in steps if not step.is_reached)[:FIRST_STEPS],
        accepted_on=min((one.accepted_on for one in versions if one.accepted_on is not None), default=None),
    )


def _step(one: Any, mandate: Mandate, today: date) -> Step:
    is_planned = one.state == "planned"
    return Step(
        id=one.id,
        version=one.version,
        title=one.title,
        on=one.reached_on or one.due_on,
        is_reached=not is_planned,
        is_late=is_planned and one.due_on < today,
        is_after_end=is_planned and mandate.ends_on is not None and one.due_on > mandate.ends_on,
    )
