"""Keeping what scoping says of a mandate, with its measurable objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mandates import actions, plan_queries, rules
from app.mandates.course_models import GoalView
from app.mandates.models import Mandate
from app.mandates.plan_models import MandateGoal
from app.timeline import record


@dataclass(frozen=True)
class Scoping:
    """What scoping adds to `actions.Facts`; `place` is "line", "beside" or None."""

    reach: str | None = None
    expectations: str | None = None
    means: str | None = None
    culture: str | None = None
    place: str | None = None


def change(
    mandate: Mandate,
    facts: actions.Facts,
    scoping: Scoping,
    goals: Sequence[tuple[str, str]],
    *,
    actor: Any,
    at: datetime,
    today: date,
) -> None:
    """Keep everything as it is now. Line n of `goals` (title, measure) is the n-th objective; an empty one is dropped.

    Raises RuleViolation for an objective that was judged already and would be dropped, a measure without a title, and for a
    mandate that is over.
    """
    rules.check_live(mandate.is_live)
    was = (mandate.reach, mandate.expectations, mandate.means, mandate.culture, mandate.place)
    now = (scoping.reach, scoping.expectations, scoping.means, scoping.culture, scoping.place)
    mandate.reach, mandate.expectations, mandate.means, mandate.culture, mandate.place = now
    goals_changed = _keep_goals(mandate, goals)
    if was != now:
        record("mandates.scoping_changed", mandate, actor=actor, at=at)
    if goals_changed:
        mandate.changed_at = at
        record("mandates.goals_changed", mandate, actor=actor, at=at)
    actions.change_facts(mandate, facts, actor=actor, at=at, today=today)


def _keep_goals(mandate: Mandate, lines: Sequence[tuple[str, str]]) -> bool:
    present = plan_queries.goals_of(mandate.id)
    changed, position = False, 0
    for number, (title, measure) in enumerate(lines):
        goal = present[number] if number < len(present) else None
        if measure and not title:
            raise RuleViolation(N_("Please name the goal that is measured like this."), field=f"goal_{number + 1}")
        if not title:
            if goal is not None:
                _drop(goal, f"goal_{number + 1}")
                changed = True
            continue
        position += 1
        if goal is None:
            db.session.add(MandateGoal(mandate_id=mandate.id, position=position, title=title, measure=measure or None))
            changed = True
        elif (goal.title, goal.measure or "", goal.position) != (title, measure, position):
            goal.title, goal.measure, goal.position = title, measure or None, position
            changed = True
    return changed


def _drop(goal: MandateGoal, field: str) -> None:
    if db.session.scalar(sa.select(sa.exists().where(GoalView.goal_id == goal.id))):
        raise RuleViolation(N_("This goal has been judged already and stays. You can reword it."), field=field)
    db.session.delete(goal)
