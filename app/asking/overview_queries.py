"""Who is asked too much, what was declined after an extension, and what other numbers of the guard would have done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.clients.models import Client, Contact
from app.core.dates import add_months
from app.core.names import full_name
from app.db import db
from app.ledger.guard_rules import Line, Numbers, play
from app.ledger.models import Ask
from app.ledger.rules import Reply
from app.mandates.models import Extension
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import Side, State

MOST_BOTHERED = 25
YEAR = 12  # months


@dataclass(frozen=True)
class Bothered:
    """A contact who was asked a lot within a year: talks of the contract counted apart."""

    contact_id: int
    client_id: int
    name: str
    client: str
    free: int
    agreed: int
    noes: int
    overridden: int


def bothered(today: date) -> list[Bothered]:
    """Return who was asked most within 12 months: three quarters of the budget, or nevertheless although held back."""
    free = sa.func.sum(sa.case((Ask.is_agreed, 0), else_=1))
    overridden = sa.func.sum(sa.case((Ask.override_reason.is_not(None), 1), else_=0))
    noes = sa.func.sum(sa.case((Ask.answer == Reply.NO, 1), else_=0))
    often = -(-3 * firm().asks_a_year // 4)
    lately = (Ask.asked_on > add_months(today, -YEAR), Ask.asked_on <= today)
    # Whoever was asked so often at all, from the index alone, and whoever was asked in spite of the guard: few are looked at.
    often_asked = sa.select(Ask.contact_id).where(*lately).group_by(Ask.contact_id).having(sa.func.count() >= often)
    nevertheless = sa.select(Ask.contact_id).where(*lately, Ask.override_reason.is_not(None))
    counts = (
        sa.select(Ask.contact_id, free.label("free"), sa.func.count().label("number"), noes.label("noes"),
                  overridden.label("overridden"))
        .where(*lately, Ask.contact_id.in_(sa.union(often_asked, nevertheless)))
        .group_by(Ask.contact_id)
        .having(sa.or_(free >= often, overridden > 0))
        .subquery()
    )  # fmt: skip
    rows = db.session.execute(
        sa.select(counts, Contact.client_id, Contact.title, Contact.first_name, Contact.particle, Contact.last_name,
                  Client.name.label("client"))
        .join(Contact, Contact.id == counts.c.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .order_by(counts.c.overridden.desc(), counts.c.free.desc(), counts.c.contact_id)
        .limit(MOST_BOTHERED)
    )  # fmt: skip
    return [
        Bothered(row.contact_id, row.client_id, full_name(row.title, row.first_name, row.particle, row.last_name), row.client,
                 row.free, row.number - row.free, row.noes, row.overridden)
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Declined:
    """Talks with clients within 12 months: held, declined, and of these declined after an extension of the mandate."""

    held: int
    declined: int
    after_extension: int


def declined(today: date) -> Declined:
    """Return what became of talks with clients within 12 months, also of those declined before they were due; one statement."""
    after = (
        sa.exists()
        .where(Extension.mandate_id == Talk.mandate_id, Extension.kind == "extension", Extension.signed_on <= Talk.sort_on)
        .correlate(Talk)
    )
    says_it_all = Talk.decline_reason == "extension_says_it_all"
    is_declined = Talk.state == State.DECLINED
    row = db.session.execute(
        sa.select(
            sa.func.sum(sa.case((Talk.state == State.HELD, 1), else_=0)),
            sa.func.sum(sa.case((is_declined, 1), else_=0)),
            sa.func.sum(sa.case((sa.and_(is_declined, sa.or_(says_it_all, after)), 1), else_=0)),
        ).where(
            Talk.state.in_((State.HELD, State.DECLINED)), Talk.side == Side.CLIENT, Talk.sort_on > add_months(today, -YEAR),
            Talk.mandate_id.is_not(None),
        )
    ).one()  # fmt: skip
    return Declined(row[0] or 0, row[1] or 0, row[2] or 0)


def effect(numbers: list[Numbers], today: date) -> list[tuple[int, int]]:
    """Return for each set of numbers how many requests of 12 months there were, and how many it would have held back."""
    since = add_months(today, -YEAR)
    first = since.toordinal()
    totals = {one: [0, 0] for one in numbers}
    for ledger in _ledgers(add_months(since, -YEAR), today):
        for one, total in totals.items():
            count, held = play(ledger, one, first)
            total[0] += count
            total[1] += held
    return [(totals[one][0], totals[one][1]) for one in numbers]


def _ledgers(since: date, today: date) -> Iterator[list[Line]]:
    """Yield the ledger of each contact; read in one statement, past the ORM and its dates."""
    said_no_on = sa.case((Ask.answer == Reply.NO, Ask.answered_on))
    rows: Any = db.session.connection().execute(
        sa.select(Ask.contact_id, sa.type_coerce(Ask.asked_on, sa.String), Ask.is_agreed, sa.type_coerce(said_no_on, sa.String))
        .where(Ask.asked_on >= since, Ask.asked_on <= today)
        .order_by(Ask.contact_id, Ask.asked_on, Ask.id)
    )
    present, lines = None, list[Line]()
    for contact_id, asked_on, is_agreed, no_on in rows:
        if contact_id != present:
            if lines:
                yield lines
            present, lines = contact_id, []
        lines.append((_ordinal(asked_on), is_agreed, None if no_on is None else _ordinal(no_on)))
    if lines:
        yield lines


@lru_cache(4_000)
def _ordinal(day: str | date) -> int:
    """Return the ordinal of a day as the database gives it: text on SQLite. There are few of them."""
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
