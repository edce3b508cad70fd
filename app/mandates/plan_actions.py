"""Writing the plan of a mandate: goals, milestones, evaluation moments.

Source: docs/domain.md, "Mandates" (stages 2 and 3).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mandates import handbook_rules, plan_queries
from app.mandates.course_models import GoalView
from app.mandates.handbook_rules import Seen
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, MandateGoal, Milestone
from app.mandates.rules import check_live
from app.talks.models import Talk
from app.talks.rules import State
from app.timeline import record


class Step(NamedTuple):
    """A milestone as written down; `reached_on` and `reason` by its state."""

    title: str
    means: str | None
    owner: str | None
    due_on: date
    state: str = "planned"
    reached_on: date | None = None
    reason: str | None = None


def add_goal(mandate: Mandate, title: str, measure: str | None, *, at: datetime) -> MandateGoal:
    """Add a goal at the end; at most 20."""
    check_live(mandate.is_live)
    positions = db.session.scalars(sa.select(MandateGoal.position).where(MandateGoal.mandate_id == mandate.id)).all()
    if len(positions) >= handbook_rules.MOST_GOALS:
        raise RuleViolation(N_("There are %(num)d already; more would not be read."), num=len(positions))
    goal = MandateGoal(mandate_id=mandate.id, position=max(positions, default=0) + 1, title=title, measure=measure)
    db.session.add(goal)
    mandate.changed_at = at
    return goal


def change_goal(mandate: Mandate, goal: MandateGoal, title: str, measure: str | None, place: int, *, at: datetime) -> None:
    """Change a goal and put it on `place` (from 1) among the goals."""
    check_live(mandate.is_live)
    goal.title, goal.measure = title, measure
    others = [one for one in plan_queries.goals_of(mandate.id) if one is not goal]
    others.insert(max(place, 1) - 1, goal)
    for position, one in enumerate(others, 1):
        one.position = position
    mandate.changed_at = at


def remove_goal(mandate: Mandate, goal: MandateGoal, *, at: datetime) -> None:
    """Take a goal off the list. Raises RuleViolation where somebody has judged it."""
    check_live(mandate.is_live)
    if db.session.scalar(sa.select(sa.func.count(GoalView.id)).where(GoalView.goal_id == goal.id)):
        raise RuleViolation(N_("This goal was judged already and stays on the list."))
    db.session.delete(goal)
    mandate.changed_at = at


def add_milestone(mandate: Mandate, step: Step, *, actor: Any, at: datetime) -> Milestone:
    """Add a milestone; at most 40 that are not dropped."""
    check_live(mandate.is_live)
    present = sa.select(sa.func.count(Milestone.id)).where(Milestone.mandate_id == mandate.id, Milestone.state != "dropped")
    count = db.session.scalar(present) or 0
    if count >= handbook_rules.MOST_MILESTONES:
        raise RuleViolation(N_("There are %(num)d already; more would not be read."), num=count)
    milestone = Milestone(
        mandate_id=mandate.id, title=step.title, means=step.means, owner=step.owner, due_on=step.due_on, state="planned"
    )
    db.session.add(milestone)
    mandate.changed_at = at
    record("mandates.milestone_added", mandate, actor=actor, at=at, title=step.title, due_on=step.due_on)
    return milestone


def change_milestone(
    mandate: Mandate, milestone: Milestone, step: Step, *, actor: Any, at: datetime, today: date, seen: Seen
) -> None:
    """Write a milestone anew: its words, its day, reached, or dropped.

    `seen`: what the client knows of it. What is agreed is moved and dropped with a reason, what was only presented is
    dropped with one. Raises RuleViolation without it, for a drop of what nobody has seen (it can be taken off the list), and
    for a day of reaching that is missing or has not come. An earlier reason stays until the next move, drop or reason.
    """
    check_live(mandate.is_live)
    was_on, was = milestone.due_on, milestone.state
    is_moved = was_on != step.due_on
    is_dropped = step.state == "dropped" and was != "dropped"
    if is_dropped and seen is Seen.NEVER:
        raise RuleViolation(N_("The client has not seen this milestone yet: simply take it off the list."), field="state")
    if seen is Seen.ACCEPTED and (is_moved or is_dropped) and not step.reason:
        raise RuleViolation(N_("The client has accepted this. Please write why it is moved or dropped."), field="reason")
    if seen is Seen.PRESENTED and is_dropped and not step.reason:
        raise RuleViolation(N_("The client has seen this. Please write why it is dropped."), field="reason")
    if step.state == "reached" and step.reached_on is None:
        raise RuleViolation(N_("Please say on which day it was reached."), field="reached_on")
    if step.state == "reached" and step.reached_on is not None and step.reached_on > today:
        raise RuleViolation(N_("This day has not come yet."), field="reached_on")
    milestone.title, milestone.means, milestone.owner, milestone.due_on = step.title, step.means, step.owner, step.due_on
    milestone.state = step.state
    milestone.reached_on = step.reached_on if step.state == "reached" else None
    is_back = was == "dropped" != step.state
    if step.reason or is_moved or is_dropped or is_back:
        milestone.reason = step.reason
    mandate.changed_at = at
    told: dict[str, Any] = {"actor": actor, "at": at, "title": step.title}
    if is_moved:
        record("mandates.milestone_moved", mandate, was_on=was_on, due_on=step.due_on, text=step.reason, **told)
    if is_dropped:
        record("mandates.milestone_dropped", mandate, text=step.reason, **told)
    elif step.state == "reached" and was != "reached":
        record("mandates.milestone_reached", mandate, reached_on=step.reached_on, **told)


def reach_milestone(mandate: Mandate, milestone: Milestone, *, actor: Any, at: datetime, today: date) -> None:
    """Note that a milestone was reached today; nothing else of it changes."""
    check_live(mandate.is_live)
    milestone.state, milestone.reached_on = "reached", today
    mandate.changed_at = at
    record("mandates.milestone_reached", mandate, actor=actor, at=at, title=milestone.title, reached_on=today)


def remove_milestone(mandate: Mandate, milestone: Milestone, *, seen: Seen, actor: Any, at: datetime) -> None:
    """Take a milestone off the list that was never presented; raises RuleViolation for another: that one is dropped."""
    check_live(mandate.is_live)
    if seen is not Seen.NEVER:
        raise RuleViolation(N_("The client has seen this milestone: it is dropped with a reason and stays on the list."))
    record("mandates.milestone_removed", mandate, actor=actor, at=at, title=milestone.title)
    db.session.delete(milestone)
    mandate.changed_at = at


def add_moment(mandate: Mandate, day: date, *, at: datetime) -> None:
    """Add a day to look at the plan together. Raises RuleViolation outside the term, and for a day that is there."""
    check_live(mandate.is_live)
    if mandate.starts_on is not None and mandate.ends_on is not None and not mandate.starts_on <= day <= mandate.ends_on:
        raise RuleViolation(N_("Please choose a day within the term."), field="planned_on")
    present = [moment.planned_on for moment in plan_queries.moments_of(mandate.id)]
    if day in present:
        raise RuleViolation(N_("This day is on the list already."), field="planned_on")
    if len(present) >= handbook_rules.MOST_MOMENTS:
        raise RuleViolation(N_("There are %(num)d already; more would not be read."), num=len(present))
    db.session.add(EvaluationMoment(mandate_id=mandate.id, planned_on=day))
    mandate.changed_at = at


def propose_moments(mandate: Mandate, *, at: datetime) -> None:
    """Add the usual moments of the term; nothing where some are there."""
    check_live(mandate.is_live)
    if mandate.starts_on is None or mandate.ends_on is None:
        raise RuleViolation(N_("The contract with its first and last day is not signed."))
    if plan_queries.moments_of(mandate.id):
        return
    for day in handbook_rules.proposed_moments(mandate.starts_on, mandate.ends_on):
        db.session.add(EvaluationMoment(mandate_id=mandate.id, planned_on=day))
    mandate.changed_at = at


def remove_moment(mandate: Mandate, moment: EvaluationMoment, *, at: datetime) -> None:
    """Take a day off the list; one whose talk was held stays. The talk follows with the next accepted handbook."""
    check_live(mandate.is_live)
    talk = db.session.get(Talk, moment.talk_id) if moment.talk_id else None
    if talk is not None and talk.state == State.HELD:
        raise RuleViolation(N_("The talk of this day was held; it stays on the list."))
    db.session.delete(moment)
    mandate.changed_at = at
