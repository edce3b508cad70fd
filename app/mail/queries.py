"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.db import db
from app.mail.models import Letter, LetterAttempt, MailQueue
from app.mail.rules import State
from app.web.paging import Page, page_of


@dataclass(frozen=True)
class Trouble:
    """Why the whole queue waits; `fault` as in rules.Fault."""

    fault: str
    reply: str
    since: datetime
    paused_until: datetime


def letters(state: str | None = None, q: str = "") -> Page[Letter]:
    """Return a page of letters, newest first; `q` is a part of a name, an address or a subject, or a whole key."""
    shown = load_only(
        Letter.to_address, Letter.to_name, Letter.subject, Letter.purpose, Letter.state, Letter.created_at,
        Letter.next_attempt_at, Letter.sent_at, Letter.failures, Letter.reason,
    )  # fmt: skip
    select = sa.select(Letter).options(shown)
    if state in set(State):
        select = select.where(Letter.state == state)
    if q:
        found = [column.icontains(q, autoescape=True) for column in (Letter.to_name, Letter.to_address, Letter.subject)]
        select = select.where(sa.or_(*found, Letter.key == q))
    return page_of(select, [Letter.id], descending=True, scalars=True)


def counts() -> dict[str, int]:
    """Return how many letters are in each state."""
    rows = db.session.execute(sa.select(Letter.state, sa.func.count()).group_by(Letter.state))
    found: dict[str, int] = {state: count for state, count in rows}  # noqa: C416 - rows are no tuples to mypy
    return {state.value: 0 for state in State} | found


def attempts_of(letter: Letter) -> Sequence[LetterAttempt]:
    """Return each attempt to send the letter, newest first."""
    return db.session.scalars(
        sa.select(LetterAttempt).where(LetterAttempt.letter_id == letter.id).order_by(LetterAttempt.id.desc()).limit(100)
    ).all()


def letters_about(record: Any, limit: int = 10) -> Sequence[Letter]:
    """Return the newest letters kept with a record, with their fate."""
    return db.session.scalars(
        sa.select(Letter)
        .where(Letter.about_type == type(record).__tablename__, Letter.about_id == record.id)
        .options(
            load_only(
                Letter.to_name,
                Letter.to_address,
                Letter.subject,
                Letter.purpose,
                Letter.state,
                Letter.created_at,
                Letter.next_attempt_at,
                Letter.sent_at,
                Letter.failures,
                Letter.reason,
            )
        )
        .order_by(Letter.id.desc())
        .limit(limit)
    ).all()


def by_key(key: str) -> Letter | None:
    return db.session.scalar(sa.select(Letter).where(Letter.key == key))


def oldest_due_at(at: datetime) -> datetime | None:
    """Return since when the longest waiting letter may go, None where none is due at the instant `at`."""
    due = sa.select(sa.func.min(Letter.next_attempt_at)).where(Letter.state == State.QUEUED, Letter.next_attempt_at <= at)
    return db.session.scalar(due)


def next_attempt_at() -> datetime | None:
    """Return when the next waiting letter may go; past for one that may go now."""
    return db.session.scalar(sa.select(sa.func.min(Letter.next_attempt_at)).where(Letter.state == State.QUEUED))


def trouble() -> Trouble | None:
    """Return why the whole queue waits, or None while letters go out, or where none waits; the next letter that goes ends it."""
    row = db.session.scalar(sa.select(MailQueue).where(sa.exists().where(Letter.state == State.QUEUED)))
    return Trouble(row.fault, row.reply, row.since, row.paused_until) if row else None
