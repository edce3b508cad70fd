"""Reading a mandate's talks for planning, and what a new end would make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.dates import local_day
from app.db import db
from app.settings.queries import firm
from app.talks.end_rules import Change, PresentTalk, follow_new_end
from app.talks.models import Talk
from app.talks.rules import Kind, PlanNumbers, Side, State

OPEN_STATES = (State.DUE, State.ARRANGED)


@dataclass(frozen=True)
class TalkChange(Change):
    """What becomes of one talk when the end moves, with its row where there is one (as it is now)."""

    talk: Talk | None = None


def talks_of(mandate_id: int) -> Sequence[Talk]:
    """Return every talk of the mandate, oldest number first."""
    return db.session.scalars(sa.select(Talk).where(Talk.mandate_id == mandate_id).order_by(Talk.id)).all()


def open_talks(mandate_id: int) -> Sequence[Talk]:
    """Return the mandate's talks that are due or arranged, with their people."""
    return db.session.scalars(
        sa.select(Talk)
        .where(Talk.mandate_id == mandate_id, Talk.state.in_(OPEN_STATES))
        .options(joinedload(Talk.contact), joinedload(Talk.manager), joinedload(Talk.owner))
        .order_by(Talk.sort_on, Talk.id)
    ).all()


def open_closing(mandate_id: int, but_for: int) -> Talk | None:
    """Return the mandate's closing talk that is due or arranged, another one than `but_for`."""
    wanted = sa.select(Talk).where(
        Talk.mandate_id == mandate_id, Talk.kind == Kind.CLOSING, Talk.state.in_(OPEN_STATES), Talk.id != but_for
    )
    return db.session.scalars(wanted.order_by(Talk.id)).first()


def happens_on(talk: Talk) -> date | None:
    """Return the local day on which the talk was held or is arranged."""
    instant = talk.held_at or talk.appointment_at
    return local_day(instant, talk.appointment_zone or firm().zone) if instant else None


def present_talk(talk: Talk, mandate: Any) -> PresentTalk:
    """Return the talk as the rules of the plan see it. While another manager is to take over, the plan is that one's."""
    planned = mandate.takes_over
    is_former = (
        mandate.manager_since is not None
        and talk.side == Side.MANAGER
        and talk.manager_id != (planned.manager_id if planned is not None else mandate.manager_id)
    )
    return PresentTalk(
        key=talk.id,
        kind=Kind(talk.kind),
        side=Side(talk.side),
        state=State(talk.state),
        due_on=talk.due_on,
        happens_on=happens_on(talk),
        cancelled_by_change=talk.cancelled_by_change,
        with_usual_contact=talk.side != Side.CLIENT or talk.contact_id == mandate.contact_id,
        with_former_manager=is_former,
        until_change=is_former and planned is not None and talk.sort_on < planned.starts_on,
        is_planned=talk.planned,
    )


def changes_of_end(mandate: Any, old_end: date, new_end: date, signed_on: date) -> list[TalkChange]:
    """Return what becomes of each talk of the mandate, changing nothing."""
    settings = firm()
    talks = {talk.id: talk for talk in talks_of(mandate.id)}
    changes = follow_new_end(
        [present_talk(talk, mandate) for talk in talks.values()],
        start=mandate.starts_on,
        old_end=old_end,
        new_end=new_end,
        signed_on=signed_on,
        region=mandate.region,
        numbers=PlanNumbers.of(settings),
        free_days=settings.free_month_days,
        has_quality_clause=mandate.has_quality_clause,
        manager_since=mandate.manager_since,
        closing_is_waived=bool(mandate.no_closing_reason),
    )
    return [_with_row(change, talks) for change in changes]


def preview_new_end(mandate: Any, new_end: date, signed_on: date) -> list[TalkChange]:
    """Return what a new end, signed on that day, would make of each talk: for the page that shows it beforehand.

    Sorted by date. Raises RuleViolation where no plan fits (end before start, a term of a hundred years).
    """
    return changes_of_end(mandate, mandate.ends_on, new_end, signed_on)


def _with_row(change: Change, talks: dict[int, Talk]) -> TalkChange:
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return TalkChange(**values, talk=talks[change.key] if change.key is not None else None)
