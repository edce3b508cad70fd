"""What the mandate's page shows of its gates; no statement beside what was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.mandates import gate_labels, gate_rules
from app.mandates.course_queries import Course
from app.mandates.gate_labels import Lack
from app.mandates.gate_queries import Reading
from app.mandates.models import Mandate
from app.users.queries import names


@dataclass(frozen=True)
class Override:
    """A gate that a lead let pass, for good on the mandate's page; `by` is the lead's short name."""

    gate: str
    on: date
    by: str
    reason: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """`aim` is empty where nothing is asked any more: the mandate is lost or closed."""

    aim: str
    verb: str
    lacks: tuple[Lack, ...]
    overrides: tuple[Override, ...]
    closed_on: date | None
    no_closing_reason: str | None


def panel(mandate: Mandate, reading: Reading, course: Course) -> Panel:
    """Return what is missing now and what was passed over."""
    overrides = tuple(
        Override(
            gate=gate_labels.verb(change.from_stage),
            on=change.changed_on,
            by=names().get(change.changed_by_id or 0, ""),
            reason=change.override_reason or "",
            missing=tuple(gate_labels.sentence(key) for key in change.missing),
        )
        for change in course.overrides
    )
    is_live = mandate.is_live
    lacking = gate_rules.missing(mandate.stage, reading.facts) if is_live else ()
    return Panel(
        aim=gate_labels.aim(mandate.stage) if is_live else "",
        verb=gate_labels.verb(mandate.stage),
        lacks=gate_labels.lacks(mandate, lacking, reading),
        overrides=overrides,
        closed_on=mandate.closed_on,
        no_closing_reason=mandate.no_closing_reason,
    )
