"""What the mandate's page shows of plan and handbook; two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.mandates import handbook_document, plan_queries
from app.mandates.handbook_document import Row
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Panel:
    """`of` and `reached` count the milestones that are not dropped; the next one is the first that is only planned."""

    rows: tuple[Row, ...]
    reached: int
    of: int
    next_title: str
    next_on: date | None


def panel(mandate: Mandate) -> Panel | None:
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
    )
