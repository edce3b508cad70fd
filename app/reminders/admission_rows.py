"""Who in admission waits for a colleague: selects of the same columns as next steps, so that one statement asks for both."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionCase, PaperReading
from app.admission.state_rules import OPEN_REVIEWS, STAGES
from app.db import db
from app.managers.models import Manager, ManagerDocument
from app.managers.rules import State
from app.reminders.rules import What

OWNERS: sa.BindParameter[int] = sa.bindparam("owner_ids", expanding=True)
UNTIL = sa.bindparam("until", type_=sa.Date)
SINCE = sa.bindparam("since", type_=sa.Date)
MOST = sa.bindparam("most", type_=sa.Integer)
ABOUT = "admission"
_UNREADABLE, _HELD = "unreadable", "held"


def what_of(state: str, sign: str | None) -> What:
    """Return what there is to do for somebody in this state; `sign` is the last column of the select."""
    if state in STAGES:
        return What.FOLLOW_UP
    if state == State.INTERVIEW:
        return What.ADMIT if sign == _HELD else What.PLAN_INTERVIEW
    return What.UNREADABLE if sign == _UNREADABLE else What.REVIEW


def selects() -> list[sa.Select[Any]]:
    """Return a select of owed reviews (of the reviewer, else the owner), and one of the rest (of the owner)."""
    reviewer = sa.func.coalesce(AdmissionCase.reviewer_id, Manager.owner_id)
    owner = sa.func.coalesce(Manager.owner_id, AdmissionCase.reviewer_id)
    unreadable = sa.case((_newest_problem().is_not(None), _UNREADABLE), else_="")
    held = sa.case((_interview("held"), _HELD), else_="")
    later = sa.or_(
        sa.and_(Manager.state == State.INTERVIEW, ~_interview("due", "arranged")),
        # The clock writes to who has an address; the others wait for a colleague.
        sa.and_(Manager.state.in_(STAGES), sa.or_(AdmissionCase.next_on > SINCE, Manager.email.is_(None))),
    )
    return [_select(reviewer, unreadable, Manager.state.in_(OPEN_REVIEWS)), _select(owner, held, later)]


@cache
def both() -> Any:
    """Return the two selects as one statement."""
    return sa.union_all(*[sa.select(one.subquery()) for one in selects()])


def _select(owner: Any, sign: Any, where: Any) -> sa.Select[Any]:
    return (
        sa.select(
            sa.literal(ABOUT).label("about"), Manager.id, owner.label("owner_id"), Manager.state.label("next_step"),
            AdmissionCase.next_on.label("next_step_on"), Manager.first_name, Manager.particle, Manager.last_name, Manager.title,
            sign.label("client"),
        )
        .join(AdmissionCase, AdmissionCase.manager_id == Manager.id)
        .where(owner.in_(OWNERS), AdmissionCase.next_on <= UNTIL, AdmissionCase.halted_on.is_(None), where)
        .order_by(AdmissionCase.next_on, Manager.id)
        .limit(MOST)
    )  # fmt: skip


def _newest_problem() -> Any:
    """What was wrong with the newest CV; NULL where it could be read, was not read yet, or there is none."""
    return (
        sa.select(PaperReading.problem)
        .select_from(ManagerDocument)
        .outerjoin(PaperReading, PaperReading.document_id == ManagerDocument.id)
        .where(ManagerDocument.manager_id == Manager.id, ManagerDocument.kind == "cv")
        .order_by(ManagerDocument.number.desc())
        .limit(1)
        .correlate(Manager)
        .scalar_subquery()
    )


def _interview(*states: str) -> Any:
    talk = db.metadata.tables["talk"].c
    return sa.exists().where(talk.manager_id == Manager.id, talk.kind == "interview", talk.state.in_(states)).correlate(Manager)
