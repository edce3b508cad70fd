"""What the composer of an invitation reads: when our colleague has no time, and what can be asked in the same message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.asking.invitation_rules import Busy
from app.core.dates import add_days
from app.db import db
from app.ledger.models import Ask
from app.ledger.rules import purpose_of
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import Side, State


def busy(user_id: int | None, begins: datetime, ends: datetime, but: int | None = None) -> list[Busy]:
    """Return the appointments of a colleague that touch the span; `but` is the talk that is being moved. One statement."""
    if user_id is None:
        return []
    rows = db.session.execute(
        sa.select(Talk.id, Talk.appointment_at, Talk.minutes).where(
            Talk.owner_id == user_id,
            Talk.state == State.ARRANGED,
            Talk.appointment_at > begins - timedelta(hours=10),
            Talk.appointment_at < ends,
        )
    )
    return [(row.appointment_at, row.appointment_at + timedelta(minutes=row.minutes or 0)) for row in rows if row.id != but]


def can_be_bundled(talk: Talk, day: date) -> Sequence[Talk]:
    """Return the talks with the same contact that fall due so near to this one that they are asked for in its message.

    Source: docs/domain.md: what falls due within the days of rest of such a talk goes in the same message and talk.
    """
    if talk.contact_id is None:
        return []
    rest = firm().ask_rest_days
    found = db.session.scalars(
        sa.select(Talk)
        .where(
            Talk.contact_id == talk.contact_id,
            Talk.id != talk.id,
            Talk.state == State.DUE,
            Talk.side == Side.CLIENT,
            Talk.due_on.between(add_days(day, -rest), add_days(day, rest)),
        )
        .order_by(Talk.due_on, Talk.id)
    ).all()
    return [one for one in found if purpose_of(one.kind) is not None]


def behind(link_id: int) -> Ask | None:
    """Return the request behind a link."""
    return db.session.scalar(sa.select(Ask).where(Ask.link_id == link_id))


def bundled_talks(entry: Ask) -> Sequence[Talk]:
    """Return the talks that are asked for in the same message."""
    numbers = [int(one) for one in entry.bundled]
    return db.session.scalars(sa.select(Talk).where(Talk.id.in_(numbers)).order_by(Talk.id)).all() if numbers else []


def unanswered(asked_before: date) -> Sequence[Any]:
    """Return number and region of requests for talks by mail that nobody answered or was reminded of; oldest first."""
    client, contact = db.metadata.tables["client"], db.metadata.tables["contact"]
    return db.session.execute(
        sa.select(Ask.id, Ask.asked_on, client.c.region)
        .join(contact, contact.c.id == Ask.contact_id)
        .join(client, client.c.id == contact.c.client_id)
        .where(
            Ask.answer.is_(None),
            Ask.asked_on < asked_before,
            Ask.reminded_on.is_(None),
            Ask.link_id.is_not(None),
            Ask.talk_id.is_not(None),
        )
        .order_by(Ask.asked_on, Ask.id)
    ).all()
