"""What decides whether a mandate passes a gate, read in two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.dates import local_day
from app.db import db
from app.mandates import gate_rules, plan_queries, rules
from app.mandates.course_models import GoalView, HandoverItem
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, MandateGoal, Milestone, StageChange
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import Kind, State


@dataclass(frozen=True)
class Goal:
    """A listed goal with the views of it that were given, by side."""

    id: int
    title: str
    views: dict[str, GoalView]


class OpenTalk(NamedTuple):
    """The evaluation talk that comes next: the day of the appointment, else the day on which it is due."""

    id: int
    on: date
    is_arranged: bool


@dataclass(frozen=True)
class Reading:
    """What was read of a mandate for its gates and its evaluation; `closing_talk_id` is the closing talk that waits."""

    facts: gate_rules.Facts
    goals: tuple[Goal, ...] = ()
    last_evaluation_on: date | None = None
    closing_talk_id: int | None = None
    countdown_from: date | None = None
    evaluation_talk: OpenTalk | None = None


def facts_of(mandate: Mandate, today: date) -> gate_rules.Facts:
    """Return the facts alone; as many statements as `read_for_gate`."""
    return read_for_gate(mandate, today).facts


def read_for_gate(mandate: Mandate, today: date) -> Reading:
    """Return what the next gate asks for; as many statements as `read`, none while the mandate is in scoping."""
    if mandate.stage == rules.Stage.SCOPING:
        return Reading(gate_rules.Facts(**_own(mandate, today)))
    return read(mandate, today)


def read(mandate: Mandate, today: date) -> Reading:
    """Return facts and goals; two statements, and four more in execution."""
    db.session.flush()
    row = db.session.execute(_counts(mandate.id, today, mandate.ends_on or date.max)).one()
    goals = goals_of(mandate.id)
    views = [gate_rules.View(goal.id, side, view.percent, view.given_on) for goal in goals for side, view in goal.views.items()]
    held_at = row.evaluation_held_at
    last_on = local_day(held_at, firm().zone) if held_at is not None else None
    facts = gate_rules.Facts(
        **_own(mandate, today),
        is_accepted=row.accepted > 0,
        has_moments=row.moments > 0,
        has_changes_waiting=row.open_versions > 0 or _waits_for_client(mandate),
        late_milestones=row.late_milestones,
        after_end=row.steps_after + row.moments_after,
        handover_items=row.items,
        open_handover_items=row.open_items,
        closing_is_settled=_closing_is_settled(mandate, row),
        evaluation_was_held=last_on is not None,
        goals=len(goals),
        views_missing=gate_rules.views_missing([goal.id for goal in goals], views),
        gap_waits=gate_rules.gap_waits(views, firm().evaluation_gap_points, last_on),
    )
    talk = OpenTalk(row.talk_id, row.talk_on, row.talk_state == State.ARRANGED) if row.talk_id else None
    return Reading(facts, goals, last_on, row.closing_talk_id, _countdown_from(mandate), talk)


def _own(mandate: Mandate, today: date) -> dict[str, Any]:
    """Return the facts that stand on the mandate itself."""
    ends_on, countdown_from = mandate.ends_on, _countdown_from(mandate)
    return {
        "has_goal": bool(mandate.goal),
        "has_exit_plan": bool(mandate.exit_plan),
        "has_handed_over": bool(mandate.handed_over),
        "has_exit_day": mandate.exit_on is not None,
        "has_manager": mandate.manager is not None,
        "is_signed": mandate.signed_on is not None and ends_on is not None,
        "has_successor": bool(mandate.successor),
        "in_last_weeks": countdown_from is not None and countdown_from <= today,
        "is_over": ends_on is not None and ends_on <= today,
    }


def _countdown_from(mandate: Mandate) -> date | None:
    ends_on = mandate.ends_on
    return rules.end_dates(ends_on, firm().exit_countdown_weeks, ()).countdown_from if ends_on is not None else None


def _waits_for_client(mandate: Mandate) -> bool:
    """Whether the plan says something else than what was accepted; asked in execution only, four statements."""
    if mandate.stage != rules.Stage.EXECUTION:
        return False
    return plan_queries.waits_for_client(mandate, plan_queries.versions_of(mandate.id))


def _closing_is_settled(mandate: Mandate, row: Any) -> bool:
    """Held or declined, or called off with a reason that the mandate keeps; one that still waits is none of these."""
    return row.open_closing == 0 and (row.settled_closing > 0 or bool(mandate.no_closing_reason))


def _counts(mandate_id: int, today: date, ends_on: date) -> sa.Select[Any]:
    def number_of(table: Any, *wanted: Any) -> Any:
        count = sa.select(sa.func.count()).select_from(table).where(table.mandate_id == mandate_id, *wanted)
        return count.scalar_subquery()

    closing, waits = Talk.kind == Kind.CLOSING, Talk.state.in_((State.DUE, State.ARRANGED))
    held_at = sa.select(sa.func.max(Talk.held_at)).where(
        Talk.mandate_id == mandate_id, Talk.kind == Kind.EVALUATION, Talk.state == State.HELD
    )

    def next_talk(column: Any) -> Any:
        talks = sa.select(column).where(Talk.mandate_id == mandate_id, Talk.kind == Kind.EVALUATION, waits)
        return talks.order_by(Talk.sort_on, Talk.id).limit(1).scalar_subquery()

    version, moment = HandbookVersion, EvaluationMoment
    held = sa.exists().where(Talk.id == moment.talk_id, Talk.state == State.HELD)
    return sa.select(
        number_of(version, version.accepted_on.is_not(None)).label("accepted"),
        number_of(version, version.accepted_on.is_(None), version.dropped_on.is_(None)).label("open_versions"),
        number_of(moment).label("moments"),
        number_of(Milestone, Milestone.state == "planned", Milestone.due_on < today).label("late_milestones"),
        number_of(Milestone, Milestone.state == "planned", Milestone.due_on > ends_on).label("steps_after"),
        number_of(moment, moment.planned_on > ends_on, ~held).label("moments_after"),
        number_of(HandoverItem).label("items"),
        number_of(HandoverItem, HandoverItem.done_on.is_(None), HandoverItem.waived_reason.is_(None)).label("open_items"),
        number_of(Talk, closing, waits).label("open_closing"),
        sa.select(sa.func.min(Talk.id))
        .where(Talk.mandate_id == mandate_id, closing, waits)
        .scalar_subquery()
        .label("closing_talk_id"),
        number_of(Talk, closing, Talk.state.in_((State.HELD, State.DECLINED))).label("settled_closing"),
        held_at.scalar_subquery().label("evaluation_held_at"),
        next_talk(Talk.id).label("talk_id"),
        next_talk(Talk.sort_on).label("talk_on"),
        next_talk(Talk.state).label("talk_state"),
    )


def goals_of(mandate_id: int) -> tuple[Goal, ...]:
    """Return the listed goals with their views, in their order; one statement."""
    rows = db.session.execute(
        sa.select(MandateGoal.id, MandateGoal.title, GoalView)
        .outerjoin(GoalView, GoalView.goal_id == MandateGoal.id)
        .where(MandateGoal.mandate_id == mandate_id)
        .order_by(MandateGoal.position, MandateGoal.id)
    )
    goals: dict[int, Goal] = {}
    for number, title, view in rows:
        goal = goals.setdefault(number, Goal(number, title, {}))
        if view is not None:
            goal.views[view.side] = view
    return tuple(goals.values())


def overrides_of(mandate_id: int) -> list[StageChange]:
    """Return the gates that a lead let pass although something was missing, oldest first; one statement."""
    passed = sa.select(StageChange).where(StageChange.mandate_id == mandate_id, StageChange.override_reason.is_not(None))
    return list(db.session.scalars(passed.order_by(StageChange.id)))
