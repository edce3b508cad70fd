"""Reading the plan of a mandate and the versions of its handbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.mandates.handbook_rules import Content, Seen, differences, digest
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, MandateGoal, Milestone
from app.settings.queries import firm


def goals_of(mandate_id: int) -> Sequence[MandateGoal]:
    """Return the goals in their order; one statement."""
    wanted = sa.select(MandateGoal).where(MandateGoal.mandate_id == mandate_id)
    return db.session.scalars(wanted.order_by(MandateGoal.position, MandateGoal.id)).all()


def milestones_of(mandate_id: int) -> Sequence[Milestone]:
    """Return all milestones by their day, those dropped too; one statement."""
    wanted = sa.select(Milestone).where(Milestone.mandate_id == mandate_id)
    return db.session.scalars(wanted.order_by(Milestone.due_on, Milestone.id)).all()


def moments_of(mandate_id: int) -> Sequence[EvaluationMoment]:
    """Return the evaluation moments by their day; one statement."""
    wanted = sa.select(EvaluationMoment).where(EvaluationMoment.mandate_id == mandate_id)
    return db.session.scalars(wanted.order_by(EvaluationMoment.planned_on, EvaluationMoment.id)).all()


def versions_of(mandate_id: int) -> Sequence[HandbookVersion]:
    """Return the versions of the handbook, newest first; one statement."""
    wanted = sa.select(HandbookVersion).where(HandbookVersion.mandate_id == mandate_id)
    return db.session.scalars(wanted.order_by(HandbookVersion.number.desc())).all()


def is_open(version: HandbookVersion) -> bool:
    return version.accepted_on is None and version.dropped_on is None


def open_of(versions: Sequence[HandbookVersion]) -> HandbookVersion | None:
    """Return the one of these that waits for the client."""
    return next((one for one in versions if is_open(one)), None)


def accepted_of(versions: Sequence[HandbookVersion], below: int | None = None) -> HandbookVersion | None:
    """Return the newest accepted one of these, or the newest one under the number `below`."""
    found = [one for one in versions if one.accepted_on is not None and (below is None or one.number < below)]
    return max(found, key=lambda one: one.number, default=None)


def has_accepted(mandate_id: int) -> bool:
    """Say whether the client has accepted a handbook; one statement."""
    wanted = sa.select(HandbookVersion.id).where(
        HandbookVersion.mandate_id == mandate_id, HandbookVersion.accepted_on.is_not(None)
    )
    return db.session.scalar(wanted.limit(1)) is not None


def seen(milestone: Milestone) -> Seen:
    """Say whether the client was shown this milestone, and has accepted it; one statement."""
    versions = versions_of(milestone.mandate_id)
    holding = [one for one in versions if any(row["key"] == milestone.id for row in one.content.get("milestones", ()))]
    if any(one.accepted_on is not None for one in holding):
        return Seen.ACCEPTED
    return Seen.PRESENTED if holding else Seen.NEVER


def content_now(mandate: Mandate) -> dict[str, Any]:
    """Return the handbook's content as it would be presented now, as `handbook_rules` describes it; three statements."""
    return content_of(mandate, goals_of(mandate.id), milestones_of(mandate.id), moments_of(mandate.id))


def content_of(mandate: Mandate, goals: Iterable[Any], milestones: Iterable[Any], moments: Iterable[Any]) -> dict[str, Any]:
    """Return the handbook's content of a plan that was read, each list in its order; no statement."""
    contact, manager = mandate.contact, mandate.manager
    return {
        "firm": firm().name,
        "number": mandate.number,
        "title": mandate.title,
        "client": mandate.client.name,
        "contact": contact.name if contact is not None else "",
        "manager": manager.name if manager is not None else "",
        "starts_on": _iso(mandate.starts_on),
        "ends_on": _iso(mandate.ends_on),
        "reports_to": mandate.reports_to or "",
        "place": mandate.place or "",
        "means": mandate.means or "",
        "goal": mandate.goal or "",
        "goals": [{"key": goal.id, "title": goal.title, "measure": goal.measure or ""} for goal in goals],
        "exit_plan": mandate.exit_plan or "",
        "handed_over": mandate.handed_over or "",
        "exit_on": _iso(mandate.exit_on),
        "milestones": [
            {
                "key": step.id,
                "title": step.title,
                "means": step.means or "",
                "owner": step.owner or "",
                "due_on": step.due_on.isoformat(),
                "reached_on": _iso(step.reached_on),
            }
            for step in milestones
            if step.state != "dropped"
        ],
        "moments": [{"key": moment.id, "on": moment.planned_on.isoformat()} for moment in moments],
    }


def _iso(value: Any) -> str:
    return value.isoformat() if value is not None else ""


def waits_for_client(mandate: Mandate, versions: Sequence[HandbookVersion], content: Content | None = None) -> bool:
    """Say whether what the plan says now is something else than what the client accepted last; False before the first."""
    accepted = accepted_of(versions)
    return accepted is not None and bool(differences(accepted.content, content or content_now(mandate)))


def outdated_of(versions: Sequence[HandbookVersion], content: Content) -> HandbookVersion | None:
    """Return the open version where the plan says something else now than it shows."""
    version = open_of(versions)
    return version if version is not None and digest(version.content) != digest(content) else None
