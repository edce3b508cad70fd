"""How far the goals were reached: the views of client, manager and provider, and the talk that a gap asks for.

Source: docs/domain.md, "Mandates" (stage 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.ledger import actions as ledger
from app.ledger.queries import open_of_mandate
from app.ledger.rules import Purpose, Reply
from app.mandates.course_models import GoalView
from app.mandates.gate_rules import SIDES
from app.mandates.models import Mandate
from app.mandates.plan_models import MandateGoal
from app.mandates.rules import check_live
from app.talks.actions import new_talk
from app.talks.models import Talk
from app.talks.plan_queries import OPEN_STATES
from app.talks.rules import Kind, Side
from app.timeline import record


class Given(NamedTuple):
    """One answer: percent from 0 to 100, and a note."""

    percent: int
    note: str | None = None


def keep_views(
    mandate: Mandate, side: str, answers: Mapping[int, Given], *, given_by: str, actor: Any, at: datetime, today: date
) -> None:
    """Keep how far each goal was reached as `side` sees it; a later answer takes the place of the one before.

    `actor` is the colleague who writes it down, None behind a link. What stood there before is in the audit trail.
    Raises RuleViolation for a mandate that is closed, a side or goal that is none, or a share out of bounds.
    """
    check_open(mandate)
    if side not in SIDES:
        raise RuleViolation(N_("This is nobody's view."))
    goals = set(db.session.scalars(sa.select(MandateGoal.id).where(MandateGoal.mandate_id == mandate.id)))
    present = {
        view.goal_id: view
        for view in db.session.scalars(sa.select(GoalView).where(GoalView.mandate_id == mandate.id, GoalView.side == side))
    }
    for goal_id, answer in answers.items():
        if goal_id not in goals:
            raise RuleViolation(N_("The goals were changed meanwhile. Please look at them again."))
        if not 0 <= answer.percent <= 100:
            raise RuleViolation(N_("Please give a whole number from 0 to 100."), field=f"percent_{goal_id}")
        view = present.get(goal_id)
        if view is None:
            view = GoalView(mandate_id=mandate.id, goal_id=goal_id, side=side)
            db.session.add(view)
        if (view.percent, view.note, view.given_by) == (answer.percent, answer.note, given_by):
            continue  # the same again changes nothing, also not its day
        view.percent, view.note, view.given_on, view.given_by = answer.percent, answer.note, today, given_by
        view.recorded_by_id = getattr(actor, "id", None)
    if side == "client" and mandate.contact_id is not None:
        asked = open_of_mandate(mandate.id, mandate.contact_id, Purpose.VIEWS)
        if asked is not None:
            ledger.answer(asked, Reply.WRITTEN, today)
    record(f"mandates.view_of_{side}", mandate, actor=actor, at=at)


def list_goal(mandate: Mandate, *, at: datetime) -> None:
    """Make the mandate's goal, as written, the first one that is judged; nothing where one is listed."""
    check_open(mandate)
    listed = db.session.scalar(sa.select(sa.func.count(MandateGoal.id)).where(MandateGoal.mandate_id == mandate.id))
    if listed:
        return
    if not mandate.goal:
        raise RuleViolation(N_("The goal is not written yet."))
    words = " ".join(mandate.goal.split())
    title = words if len(words) <= 160 else words[:159].rstrip() + "…"
    db.session.add(MandateGoal(mandate_id=mandate.id, position=1, title=title))
    mandate.changed_at = at


def propose_talk(mandate: Mandate, owner: Any, *, actor: Any, at: datetime, today: date) -> Talk:
    """Return the evaluation talk with client and manager that is open, a new one due today where there is none."""
    check_open(mandate)
    waiting = sa.select(Talk).where(Talk.mandate_id == mandate.id, Talk.kind == Kind.EVALUATION, Talk.state.in_(OPEN_STATES))
    talk = db.session.scalars(waiting.order_by(Talk.sort_on, Talk.id)).first()
    if talk is not None:
        return talk
    talk = new_talk(
        Kind.EVALUATION,
        Side.BOTH,
        owner=owner,
        at=at,
        contact=mandate.contact,
        manager=mandate.manager,
        mandate=mandate,
        due_on=today,
    )
    record("mandates.gap_talk", mandate, actor=actor, at=at)
    return talk


def check_open(mandate: Mandate) -> None:
    """Raise RuleViolation for a mandate that is lost or closed, or whose contract is not signed."""
    check_live(mandate.is_live)
    if mandate.signed_on is None:
        raise RuleViolation(N_("The contract with its first and last day is not signed."))
