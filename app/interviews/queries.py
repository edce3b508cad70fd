"""Reading interviews: one with all its page shows, and what a manager's page shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.interviews.models import Interview, Recommendation
from app.interviews.rules import Ability
from app.mail.models import Letter
from app.managers.models import Manager
from app.talks.models import Talk, TalkParticipant
from app.talks.rules import Kind, State

OPEN = (State.DUE, State.ARRANGED)


def talk_of(talk_id: int) -> Talk | None:
    """Return the interview's talk with manager, tags, colleague and participants; None for a talk of another kind."""
    return (
        db.session.scalars(
            sa.select(Talk)
            .where(Talk.id == talk_id, Talk.kind == Kind.INTERVIEW)
            .options(
                joinedload(Talk.manager).joinedload(Manager.tags),
                joinedload(Talk.owner),
                joinedload(Talk.mandate),
                selectinload(Talk.participants).joinedload(TalkParticipant.user),
            )
        )
        .unique()
        .one_or_none()
    )


def of_talk(talk_id: int) -> Interview | None:
    """Return the record of the talk with its recommendations, None where nobody has begun one; one statement."""
    return (
        db.session.scalars(
            sa.select(Interview).where(Interview.talk_id == talk_id).options(joinedload(Interview.recommendations))
        )
        .unique()
        .one_or_none()
    )


def was_held(manager_id: int) -> bool:
    """Say whether an interview with this manager was completed."""
    completed = sa.select(Interview.id).where(Interview.manager_id == manager_id, Interview.completed_at.is_not(None))
    return db.session.scalar(completed.limit(1)) is not None


def open_interview(manager_id: int) -> int | None:
    """Return the number of the manager's due or arranged interview, if there is one."""
    return db.session.scalar(
        sa.select(Talk.id)
        .where(Talk.manager_id == manager_id, Talk.kind == Kind.INTERVIEW, Talk.state.in_(OPEN))
        .order_by(Talk.sort_on, Talk.id)
        .limit(1)
    )


@dataclass(frozen=True)
class Summary:
    """What a manager's page shows of interviews: the one that is open, and the latest that was completed.

    `recommendations` are rows with id, text, by_on, used and asked_on; `letter` has what `mail/fate.html` shows.
    """

    open_id: int | None = None  # number of the talk, as of all others here
    open_state: str | None = None
    open_on: date | None = None
    held_id: int | None = None
    owner_id: int | None = None  # who held it, and may write its letter
    held_at: datetime | None = None
    abilities: tuple[tuple[str, int], ...] = ()
    recommendations: tuple[Any, ...] = ()
    letter: Any = None

    @property
    def to_ask(self) -> int:
        """How many recommendations nobody has asked about yet."""
        return sum(one.used is None for one in self.recommendations)


def summary_of(manager_id: int) -> Summary:
    """Return what a manager's page shows of interviews; one statement."""
    rows = db.session.connection().execute(_of_manager(), {"manager_id": manager_id}).all()
    still_open = next((row for row in reversed(rows) if row.talk_state in OPEN), None)
    latest = next((row for row in rows if row.completed_at is not None), None)
    found: dict[str, Any] = {}
    if still_open is not None:
        found = {"open_id": still_open.talk_id, "open_state": still_open.talk_state, "open_on": still_open.sort_on}
    if latest is not None:
        own = tuple(row for row in rows if row.talk_id == latest.talk_id and row.id is not None)
        rated = tuple((ability.value, latest.abilities[ability]) for ability in Ability if ability in latest.abilities)
        found |= {
            "held_id": latest.talk_id,
            "owner_id": latest.owner_id,
            "held_at": latest.held_at,
            "abilities": rated,
            "recommendations": own,
        }
        found["letter"] = latest if latest.letter_id is not None else None
    return Summary(**found)


@cache
def _of_manager() -> sa.Select[Any]:
    """Return the select of `summary_of` for a `manager_id`; built once."""
    letter = (
        sa.select(sa.func.max(Letter.id))
        .where(Letter.about_type == "talk", Letter.about_id == Talk.id, Letter.purpose == "interviews.letter")
        .correlate(Talk)
        .scalar_subquery()
    )
    return (
        sa.select(
            Talk.id.label("talk_id"), Talk.state.label("talk_state"), Talk.sort_on, Talk.owner_id, Talk.held_at,
            Interview.abilities, Interview.completed_at,
            Recommendation.id, Recommendation.text, Recommendation.by_on, Recommendation.used, Recommendation.asked_on,
            Letter.id.label("letter_id"), Letter.state, Letter.sent_at, Letter.failures, Letter.next_attempt_at, Letter.reason,
        )
        .outerjoin(Interview, Interview.talk_id == Talk.id)
        .outerjoin(Recommendation, Recommendation.interview_id == Interview.id)
        .outerjoin(Letter, Letter.id == letter)
        .where(Talk.manager_id == sa.bindparam("manager_id"), Talk.kind == Kind.INTERVIEW, Talk.state.in_((*OPEN, State.HELD)))
        .order_by(Talk.sort_on.desc(), Talk.id.desc(), Recommendation.position)
    )  # fmt: skip
