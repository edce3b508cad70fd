"""What decides whether a mandate passes a gate, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from app.core.dates import local_day
from app.db import db
from app.mandates import gate_rules, plan_queries, rules
from app.mandates.course_queries import NOTHING, Counts, Course, Goal, TalkRow, course_of
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.talks.plan_queries import OPEN_STATES
from app.talks.rules import Kind, State


class OpenTalk(NamedTuple):
    """The evaluation talk that comes next: the day of the appointment, else the day on which it is due."""

    id: int
    on: date
    is_arranged: bool


@dataclass(frozen=True)
class Reading:
    """What was read of a mandate for its gates, its evaluation and its exit; `closing_talk_id` is the closing talk that waits."""

    facts: gate_rules.Facts
    goals: tuple[Goal, ...] = ()
    last_evaluation_on: date | None = None
    closing_talk_id: int | None = None
    countdown_from: date | None = None
    closing_talks: tuple[TalkRow, ...] = ()  # that wait
    counts: Counts = NOTHING
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
    """Return facts and goals; one statement."""
    db.session.flush()
    return reading_of(mandate, course_of(mandate.id), today)


def reading_of(mandate: Mandate, course: Course, today: date) -> Reading:
    """Return what the course says for gates, evaluation and exit; no statement."""
    goals, counts = course.goals, course.counts
    views = [gate_rules.View(goal.id, side, view.percent, view.given_on) for goal in goals for side, view in goal.views.items()]
    evaluation = [talk for talk in course.talks if talk.kind == Kind.EVALUATION]
    held_at = max((talk.held_at for talk in evaluation if talk.state == State.HELD), default=None)
    last_on = local_day(held_at, firm().zone) if held_at is not None else None
    closing = [talk for talk in course.talks if talk.kind == Kind.CLOSING]
    waiting = tuple(talk for talk in closing if talk.state in OPEN_STATES)
    coming = next(
        (OpenTalk(one.id, one.sort_on, one.state == State.ARRANGED) for one in evaluation if one.state in OPEN_STATES), None
    )
    planned = [step.due_on for step in course.milestones if step.state == "planned"]
    facts = gate_rules.Facts(
        **_own(mandate, today),
        is_accepted=any(version.accepted_on is not None for version in course.versions),
        has_moments=bool(course.moments),
        has_changes_waiting=plan_queries.open_of(course.versions) is not None or _waits_for_client(mandate, course),
        late_milestones=sum(due_on < today for due_on in planned),
        after_end=_after_end(mandate, course, planned),
        handover_items=counts.items,
        open_handover_items=counts.open_items,
        closing_is_settled=not waiting and _closing_is_settled(mandate, closing),
        evaluation_was_held=last_on is not None,
        goals=len(goals),
        views_missing=gate_rules.views_missing([goal.id for goal in goals], views),
        gap_waits=gate_rules.gap_waits(views, firm().evaluation_gap_points, last_on),
    )
    first = min((talk.id for talk in waiting), default=None)
    return Reading(facts, goals, last_on, first, _countdown_from(mandate), waiting, counts, coming)


def _after_end(mandate: Mandate, course: Course, planned: Iterable[date]) -> int:
    """Return how many planned milestones, and moments whose talk was not held, lie after the last day."""
    if mandate.ends_on is None:
        return 0
    held = {talk.id for talk in course.talks if talk.state == State.HELD}
    moments = [moment.planned_on for moment in course.moments if moment.talk_id not in held]
    return sum(day > mandate.ends_on for day in (*planned, *moments))


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


def _waits_for_client(mandate: Mandate, course: Course) -> bool:
    """Whether the plan says something else than what was accepted; asked in execution only."""
    if mandate.stage != rules.Stage.EXECUTION:
        return False
    content = plan_queries.content_of(mandate, course.goals, course.milestones, course.moments)
    return plan_queries.waits_for_client(mandate, course.versions, content)


def _closing_is_settled(mandate: Mandate, closing: Iterable[TalkRow]) -> bool:
    """Held or declined, or called off with a reason that the mandate keeps."""
    return any(talk.state in (State.HELD, State.DECLINED) for talk in closing) or bool(mandate.no_closing_reason)


def goals_of(mandate_id: int) -> tuple[Goal, ...]:
    """Return the listed goals with their views, in their order; one statement."""
    return course_of(mandate_id).goals
