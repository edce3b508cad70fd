"""Talks of contracts that do not come about, and which ways to hear of their mandate were tried already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.asking.step_rules import Step, Taken, is_stuck, next_step, waits_until
from app.clients.models import Client, Contact
from app.core.dates import add_days
from app.core.names import full_name
from app.db import db
from app.ledger.models import Ask
from app.ledger.rules import ENDED, Channel, Reply
from app.mandates.course_models import ManagerReport
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import Kind, Side, State

MOST_STUCK = 100
LOOKS_BACK = timedelta(days=120)  # what was declined longer ago is left to the figures


@dataclass(frozen=True)
class Stuck:
    """A talk of the contract that was declined or is long overdue, with the step proposed; None: one waits for its answer, or all were tried."""

    talk_id: int
    kind: str
    mandate_id: int
    mandate: str
    client: str
    client_id: int
    contact_id: int
    contact: str
    is_declined: bool
    due_on: date | None
    step: Step | None
    waits_until: date | None  # the day from which the next step is proposed


def stuck(owner_id: int | None, today: date) -> list[Stuck]:
    """Return the stuck talks of live mandates, the oldest first; three statements. `owner_id` narrows to one colleague's."""
    rows = _rows(today, Talk.owner_id == owner_id if owner_id is not None else sa.true())
    return _with_steps(rows, today)


def stuck_talk(talk: Talk, today: date) -> Stuck | None:
    """Return the step for one talk; None where it is not stuck. Three statements at most."""
    if talk.kind not in (Kind.QUALITY, Kind.CLOSING) or talk.side != Side.CLIENT or not talk.planned:
        return None
    found = _with_steps(_rows(today, Talk.id == talk.id), today)
    return found[0] if found else None


def _rows(today: date, narrowed: sa.ColumnElement[bool]) -> Sequence[Any]:
    overdue = sa.and_(Talk.state == State.DUE, Talk.due_on <= add_days(today, -firm().ask_stuck_days))
    declined = sa.and_(Talk.state == State.DECLINED, Talk.sort_on >= today - LOOKS_BACK)
    # By the person's requests, which are few and have an index; those of a talk have none.
    theirs = (Ask.contact_id == Talk.contact_id, Ask.talk_id == Talk.id, Ask.answer == Reply.NO)
    said_no_on = sa.select(sa.func.max(Ask.answered_on)).where(*theirs)
    # From when on another way counts: the "no", which may come long before the talk was due, else the day it was due.
    since = sa.func.coalesce(said_no_on.correlate(Talk).scalar_subquery(), Talk.due_on, Talk.sort_on)
    others = sa.orm.aliased(Contact)
    has_other = (
        sa.exists()
        .where(others.client_id == Contact.client_id, others.id != Contact.id, others.email.is_not(None))
        .where(sa.or_(others.left_on.is_(None), others.left_on > today))
        .correlate(Contact)
    )
    later = sa.orm.aliased(Talk)
    # Somebody has spoken with the client since: nothing is stuck any more.
    heard_since = (
        sa.exists()
        .where(later.mandate_id == Talk.mandate_id, later.side.in_((Side.CLIENT, Side.BOTH)), later.state == State.HELD)
        .where(later.sort_on >= since)
        .correlate(Talk)
    )
    columns = (
        Talk.id, Talk.kind, Talk.state, Talk.due_on, since.label("since"), Talk.mandate_id, Talk.contact_id,
        Mandate.title, Client.name.label("client"), Client.id.label("client_id"), has_other.label("has_other"),
        Contact.title.label("academic"), Contact.first_name, Contact.particle, Contact.last_name,
    )  # fmt: skip
    return db.session.execute(
        sa.select(*columns)
        .join(Mandate, Mandate.id == Talk.mandate_id)
        .join(Contact, Contact.id == Talk.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .where(
            sa.or_(overdue, declined), narrowed, Talk.planned, Talk.side == Side.CLIENT, Talk.kind.in_((Kind.QUALITY, Kind.CLOSING)),
            Mandate.has_quality_clause, Mandate.lost_on.is_(None), Mandate.closed_on.is_(None), sa.not_(heard_since),
        )
        .order_by(Talk.sort_on, Talk.id)
        .limit(MOST_STUCK)
    ).all()  # fmt: skip


def _with_steps(rows: Sequence[Any], today: date) -> list[Stuck]:
    tried = _tried({row.mandate_id for row in rows}) if rows else []
    found = []
    for row in rows:
        is_declined = row.state == State.DECLINED
        if not is_stuck(is_declined=is_declined, due_on=row.due_on, has_appointment=False, today=today,
                        overdue_days=firm().ask_stuck_days):  # fmt: skip
            continue
        taken = [one for mandate_id, talk_id, contact_id, one in tried if _is_for(row, mandate_id, talk_id, contact_id, one)]
        found.append(
            Stuck(
                row.id, row.kind, row.mandate_id, row.title, row.client, row.client_id, row.contact_id,
                full_name(row.academic, row.first_name, row.particle, row.last_name), is_declined, row.due_on,
                next_step(taken, has_other_contact=row.has_other, today=today), waits_until(taken, today=today),
            )
        )  # fmt: skip
    return found


def _is_for(row: Any, mandate_id: int, talk_id: int | None, contact_id: int | None, one: Taken) -> bool:
    """Whether a step was taken for the talk's mandate after the talk got stuck."""
    if mandate_id != row.mandate_id or one.taken_on < row.since:
        return False
    return one.step is not Step.OTHER_CONTACT or (contact_id != row.contact_id and talk_id != row.id)


def _tried(mandate_ids: Iterable[int]) -> list[tuple[int, int | None, int | None, Taken]]:
    """Return the ways tried for these mandates: requests in the ledger, and reports of managers; two statements."""
    numbers = list(mandate_ids)
    asks = sa.select(Ask.mandate_id, Ask.talk_id, Ask.contact_id, Ask.channel, Ask.asked_on, Ask.answer).where(
        Ask.mandate_id.in_(numbers), Ask.purpose.in_((Kind.QUALITY.value, Kind.CLOSING.value))
    )
    reports = sa.select(ManagerReport.mandate_id, ManagerReport.sent_in_at).where(
        ManagerReport.mandate_id.in_(numbers), ManagerReport.sent_in_at.is_not(None)
    )
    found: list[tuple[int, int | None, int | None, Taken]] = []
    for row in db.session.execute(asks):
        step = Step.FORM if row.channel == Channel.FORM else Step.OTHER_CONTACT
        found.append((row.mandate_id, row.talk_id, row.contact_id, Taken(step, row.asked_on, row.answer in ENDED)))
    found += [
        (mandate_id, None, None, Taken(Step.MANAGER_REPORT, came.date(), False))
        for mandate_id, came in db.session.execute(reports)
        if came is not None
    ]
    return found
