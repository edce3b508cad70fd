"""What the guard knows of a contact, and of colleagues at the same client: one statement for all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.clients.models import Contact
from app.core.dates import add_months
from app.core.names import full_name
from app.db import db
from app.ledger.guard_rules import BUDGET_MONTHS, Asked, Decision, Numbers, Wishes, asked_within_budget, decide
from app.ledger.models import Ask, ContactWish
from app.ledger.rules import ENDED, Purpose, Reply, is_agreed
from app.settings.queries import firm

LOOKS_BACK_MONTHS = BUDGET_MONTHS + 6  # a "no" may come long after its request


@dataclass
class Person:
    """A contact as the guard sees it; `ledger` goes back `LOOKS_BACK_MONTHS`."""

    id: int
    client_id: int
    name: str
    role: str | None
    job_title: str | None
    has_mail: bool
    wishes: Wishes
    ledger: list[Asked] = field(default_factory=list)
    last_asked_on: date | None = None
    last_answer: str | None = None

    def decide(self, day: date, *, is_agreed: bool) -> Decision:
        """Return what the guard says, by the firm's numbers."""
        return decide(day, is_agreed=is_agreed, ledger=self.ledger, wishes=self.wishes, numbers=Numbers.of(firm()))

    def counted(self, day: date) -> int:
        """Return how many requests count towards the budget of a year."""
        return asked_within_budget(day, self.ledger)


def person(contact_id: int, today: date, *, but: Collection[int] = ()) -> Person | None:
    """Return the contact with the ledger, the requests `but` left aside; None for no such contact. One statement."""
    found = _people(_of_contact(), {"number": contact_id, "since": _since(today)}, but)
    return found[0] if found else None


def people_at(client_id: int, today: date) -> list[Person]:
    """Return all contacts who are still at the client, by name, each with the ledger; one statement."""
    return _people(_of_client(), {"number": client_id, "since": _since(today), "today": today})


def guard(contact_id: int, today: date, *, is_agreed: bool, but: Collection[int] = ()) -> Decision:
    """Return whether the contact may be asked today, the requests `but` left aside; one statement.

    A contact there is none of may not be asked.
    """
    found = person(contact_id, today, but=but)
    return found.decide(today, is_agreed=is_agreed) if found is not None else decide(
        today, is_agreed=is_agreed, ledger=(), wishes=Wishes(never=True)
    )  # fmt: skip


def others_to_ask(people: Sequence[Person], but: int, today: date, *, is_agreed: bool, most: int = 3) -> list[Person]:
    """Return who else at the client may be asked today, who was asked least lately first."""
    able = [one for one in people if one.id != but and one.has_mail and one.decide(today, is_agreed=is_agreed).may_ask]
    return sorted(able, key=lambda one: (one.last_asked_on or date.min, one.name))[:most]


def talk_is_agreed(talk: Any) -> bool:
    """Whether the contract of its mandate agrees on a talk."""
    has_clause = talk.mandate is not None and talk.mandate.has_quality_clause
    return is_agreed(talk.kind, is_planned=talk.planned, has_quality_clause=has_clause)


def wish_of(contact_id: int) -> ContactWish | None:
    """Return what the contact wishes; None where nothing was said."""
    return db.session.get(ContactWish, contact_id)


def of_talk(talk_id: int, contact_id: int) -> Ask | None:
    """Return the latest request for this talk to this contact."""
    mine = sa.select(Ask).where(Ask.talk_id == talk_id, Ask.contact_id == contact_id)
    return db.session.scalar(mine.order_by(Ask.id.desc()).limit(1))


def open_of_talk(talk_id: int, contact_id: int) -> Ask | None:
    """Return the request for this talk that still stands: unanswered, or answered with yes."""
    found = of_talk(talk_id, contact_id)
    return found if found is not None and found.answer not in ENDED else None


def open_of_mandate(mandate_id: int, contact_id: int, purpose: Purpose) -> Ask | None:
    """Return the latest request to this contact about the mandate, for this purpose, that nobody answered."""
    mine = sa.select(Ask).where(
        Ask.contact_id == contact_id, Ask.mandate_id == mandate_id, Ask.purpose == purpose, Ask.answer.is_(None)
    )
    return db.session.scalar(mine.order_by(Ask.id.desc()).limit(1))


def of_message(entry: Ask) -> set[int]:
    """Return the numbers of the requests that go in one message: the request itself, and the talks bundled with it."""
    talks = [int(one) for one in entry.bundled]
    mine = sa.select(Ask.id).where(Ask.talk_id.in_(talks), Ask.contact_id == entry.contact_id, Ask.asked_on == entry.asked_on)
    return {entry.id, *(db.session.scalars(mine) if talks else ())}


def with_it(entry: Ask) -> Sequence[Ask]:
    """Return the requests that went in the same message as this one and that nobody answered."""
    talks = [int(one) for one in entry.bundled]
    if not talks:
        return ()
    mine = sa.select(Ask).where(Ask.talk_id.in_(talks), Ask.contact_id == entry.contact_id, Ask.asked_on == entry.asked_on)
    return db.session.scalars(mine.where(Ask.answer.is_(None)).order_by(Ask.id)).all()


def asks_of(contact_id: int, most: int = 8) -> Sequence[Any]:
    """Return the latest requests to a contact, with who asked and what about, newest first; one statement."""
    mandate, user = db.metadata.tables["mandate"], db.metadata.tables["user_account"]
    columns = (Ask.id, Ask.purpose, Ask.channel, Ask.is_agreed, Ask.asked_on, Ask.answer, Ask.answered_on, Ask.said, Ask.talk_id,
               Ask.mandate_id, Ask.asked_by_id, Ask.override_reason, Ask.overridden)  # fmt: skip
    return db.session.execute(
        sa.select(*columns, mandate.c.title.label("mandate"), user.c.first_name, user.c.last_name)
        .outerjoin(mandate, mandate.c.id == Ask.mandate_id)
        .outerjoin(user, user.c.id == Ask.asked_by_id)
        .where(Ask.contact_id == contact_id)
        .order_by(Ask.asked_on.desc(), Ask.id.desc())
        .limit(most)
    ).all()


def _since(today: date) -> date:
    return add_months(today, -LOOKS_BACK_MONTHS)


def _people(select: sa.Select[Any], given: dict[str, Any], but: Collection[int] = ()) -> list[Person]:
    found: dict[int, Person] = {}
    for row in db.session.connection().execute(select, given):
        if row.id not in found:
            found[row.id] = _person(row)
        if row.asked_on is not None and row.ask_id not in but:
            one = found[row.id]
            one.ledger.append(Asked(row.asked_on, row.is_agreed, row.answered_on if row.answer == Reply.NO else None))
            one.last_asked_on, one.last_answer = row.asked_on, row.answer
    return list(found.values())


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        client_id=row.client_id,
        name=full_name(row.title, row.first_name, row.particle, row.last_name),
        role=row.role,
        job_title=row.job_title,
        has_mail=bool(row.email),
        wishes=Wishes(row.not_before, bool(row.never)),
    )


@cache
def _of_contact() -> sa.Select[Any]:
    return _with_ledger().where(Contact.id == sa.bindparam("number")).order_by(Ask.asked_on, Ask.id)


@cache
def _of_client() -> sa.Select[Any]:
    still_there = sa.or_(Contact.left_on.is_(None), Contact.left_on > sa.bindparam("today", type_=sa.Date))
    select = _with_ledger().where(Contact.client_id == sa.bindparam("number"), still_there)
    return select.order_by(Contact.sort_name, Contact.id, Ask.asked_on, Ask.id)


def _with_ledger() -> sa.Select[*tuple[Any, ...]]:
    lately = sa.and_(Ask.contact_id == Contact.id, Ask.asked_on >= sa.bindparam("since", type_=sa.Date))
    return (
        sa.select(
            Contact.id, Contact.client_id, Contact.title, Contact.first_name, Contact.particle, Contact.last_name, Contact.role,
            Contact.job_title, Contact.email, ContactWish.not_before, ContactWish.never,
            Ask.id.label("ask_id"), Ask.asked_on, Ask.is_agreed, Ask.answer, Ask.answered_on,
        )
        .outerjoin(ContactWish, ContactWish.contact_id == Contact.id)
        .outerjoin(Ask, lately)
    )  # fmt: skip
