"""A mandate in execution with much on its page, made by the application's own actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from app.db import db, unit_of_work
from app.mandates import actions, end_actions, evaluation_actions, handbook_actions, handover_actions, plan_actions, rules
from app.mandates.handbook_actions import Acceptance
from app.mandates.handover_rules import Kind
from app.mandates.models import Mandate
from app.mandates.plan_models import MandateGoal
from app.timeline.steps import add_note
from app.users.models import User

VERSIONS, GOALS, ITEMS, NOTES = 5, 3, 5, 8  # more than bulk gave it


def fill(at: datetime) -> int:
    """Give a mandate in the midst of execution versions, goals and views, items, a change of end and of rates, notes."""
    today = at.date()
    lead = db.session.scalars(sa.select(User).where(User.role == "lead").limit(1)).one()
    inside = (Mandate.starts_on <= today - timedelta(days=70), Mandate.ends_on >= today + timedelta(days=70))
    live = (Mandate.stage == rules.Stage.EXECUTION, Mandate.closed_on.is_(None), Mandate.lost_on.is_(None))
    number = db.session.scalars(sa.select(Mandate.id).where(*inside, *live).order_by(Mandate.id).limit(1)).one()
    for place in range(VERSIONS):
        with unit_of_work():
            _present(db.session.get_one(Mandate, number), place, lead, at)
    with unit_of_work():
        mandate = db.session.get_one(Mandate, number)
        _judge(mandate, lead, at)
        for place in range(ITEMS):
            item = handover_actions.Item(Kind.KNOWLEDGE, f"Key figure {place}", "Deputy", today + timedelta(days=40 + place))
            handover_actions.add(mandate, item, actor=lead, at=at)
        for place in range(NOTES):
            add_note(mandate, f"Called the sponsor, {place}.", actor=lead, at=at)
        _agree(mandate, lead, at)
    return number


def _present(mandate: Mandate, place: int, lead: User, at: datetime) -> None:
    """One more milestone and version; the last one waits for the client."""
    today = at.date()
    step = plan_actions.Step(f"Line {place} runs", "Two shifts", "Head of line", today + timedelta(days=20 + place))
    plan_actions.add_milestone(mandate, step, actor=lead, at=at)
    if place < GOALS:
        plan_actions.add_goal(mandate, f"Line {place} at 85 per cent", "Mean of the month", at=at)
    version = handbook_actions.present(mandate, f"Line {place} is new", actor=lead, at=at, today=today)
    if place < VERSIONS - 1:
        assert mandate.contact is not None
        handbook_actions.accept(
            mandate, version, Acceptance(mandate.contact.name, today, "meeting"), actor=lead, at=at, today=today
        )


def _judge(mandate: Mandate, lead: User, at: datetime) -> None:
    goals = db.session.scalars(sa.select(MandateGoal.id).where(MandateGoal.mandate_id == mandate.id)).all()
    for side, percent in (("client", 55), ("manager", 80), ("provider", 70)):
        given = {goal: evaluation_actions.Given(percent + place) for place, goal in enumerate(goals)}
        evaluation_actions.keep_views(mandate, side, given, given_by=lead.name, actor=lead, at=at, today=at.date())


def _agree(mandate: Mandate, lead: User, at: datetime) -> None:
    today = at.date()
    assert mandate.ends_on is not None
    actions.change_rates(
        mandate, rules.Terms(Decimal(2500), None, None), effective_on=today, reason="A second plant", actor=lead, at=at, today=today
    )  # fmt: skip
    longer = end_actions.Proposal(mandate.ends_on + timedelta(days=30), "Line 5 comes later", today)
    end_actions.extend(mandate, longer, actor=lead, at=at, today=today)
