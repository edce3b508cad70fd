"""What the mandate's page shows of plan and handbook; two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.mandates import handbook_document, plan_queries
from app.mandates.handbook_document import Row
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Step:
    """A milestone that is not dropped. `on`: when it was reached, or is to be."""

    title: str
    on: date
    is_reached: bool
    is_late: bool
    is_after_end: bool


@dataclass(frozen=True)
class Panel:
    """`accepted_on` is the day of the first acceptance. `of` and `reached` count the milestones that are not dropped; the next one is the first that is only planned."""

    rows: tuple[Row, ...]
    reached: int
    of: int
    next_title: str
    next_on: date | None
    steps: tuple[Step, ...]
    accepted_on: date | None


def panel(mandate: Mandate, today: date) -> Panel | None:
    """Return the panel, None where nothing is signed and nothing is written yet."""
    versions = plan_queries.versions_of(mandate.id)
    steps = [step for step in plan_queries.milestones_of(mandate.id) if step.state != "dropped"]
    if not versions and not steps and mandate.signed_on is None:
        return None
    waiting = next((step for step in steps if step.state == "planned"), None)
    return Panel(
        rows=tuple(handbook_document.rows_of(versions)),
        reached=sum(step.state == "reached" for step in steps),
        of=len(steps),
        next_title=waiting.title if waiting else "",
        next_on=waiting.due_on if waiting else None,
        steps=tuple(
            Step(
                one.title,
                one.reached_on or one.due_on,
                one.state == "reached",
                one.state == "planned" and one.due_on < today,
                one.state == "planned" and mandate.ends_on is not None and one.due_on > mandate.ends_on,
            )
            for one in steps
        ),
        accepted_on=min((one.accepted_on for one in versions if one.accepted_on is not None), default=None),
    )
