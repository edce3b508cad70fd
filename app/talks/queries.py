"""Reading talks: one with all its page shows, those of a person, and people found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only, selectinload

from app.clients.models import Client, Contact
from app.core.names import fold
from app.db import db
from app.managers.models import Manager
from app.settings.queries import firm
from app.talks.models import Talk, TalkParticipant
from app.talks.plan_queries import OPEN_STATES, TalkChange, happens_on, open_talks, preview_new_end, talks_of
from app.talks.rules import DueTalk, Kind, PlanNumbers, Side, State, fitting_due_talks

__all__ = ["TalkChange", "happens_on", "open_talks", "preview_new_end", "talks_of"]

FEWEST_DIGITS = 5
MOST_FOUND = 8


@dataclass(frozen=True)
class Found:
    """Somebody found by typing: `kind` is "contact" or "manager"."""

    kind: str
    id: int
    name: str
    where: str

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.id}"


def _mandate_class() -> Any:
    # Relations upwards go by name: the mandates' room lies above this one.
    return sa.inspect(Talk).relationships["mandate"].entity.class_


def with_people() -> list[Any]:
    """Return the loading options for all that a talk's page and letters need of its people; two statements."""
    mandate = _mandate_class()
    return [
        joinedload(Talk.contact).joinedload(Contact.client),
        joinedload(Talk.manager),
        joinedload(Talk.referee),
        joinedload(Talk.owner),
        joinedload(Talk.mandate).joinedload(mandate.client),
        joinedload(Talk.mandate).selectinload(mandate.colleagues),
        selectinload(Talk.participants).joinedload(TalkParticipant.user),
        selectinload(Talk.participants).joinedload(TalkParticipant.contact),
    ]


def find(talk_id: int) -> Talk | None:
    """Return the talk with its people and its mandate, or None."""
    return db.session.scalar(sa.select(Talk).where(Talk.id == talk_id).options(*with_people()))


def with_person(contact_id: int | None, manager_id: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that a talk is with this contact, or with this manager."""
    if contact_id is not None:
        return Talk.contact_id == contact_id
    return sa.and_(Talk.manager_id == manager_id, Talk.side != Side.REFEREE)  # such a call is about the manager


def last_held(contact_id: int | None, manager_id: int | None, but: int | None = None) -> Talk | None:
    """Return the latest held talk with the person; `but` is left out."""
    if contact_id is None and manager_id is None:
        return None
    select = sa.select(Talk).where(with_person(contact_id, manager_id), Talk.state == State.HELD)
    if but is not None:
        select = select.where(Talk.id != but)
    return db.session.scalar(select.order_by(Talk.sort_on.desc(), Talk.id.desc()).limit(1))


def open_promises(contact_id: int | None, manager_id: int | None) -> Sequence[Talk]:
    """Return the talks with the person whose agreed step is not done, soonest first; at most five."""
    if contact_id is None and manager_id is None:
        return []
    return db.session.scalars(
        sa.select(Talk)
        .where(with_person(contact_id, manager_id), Talk.step.is_not(None), Talk.step_done_on.is_(None))
        .order_by(Talk.step_on, Talk.id)
        .limit(5)
    ).all()


def fitting(contact_id: int | None, manager_id: int | None, held_on: date) -> list[Talk]:
    """Return the open talks with the person that a talk held on that day may count as, the nearest first.

    Source: docs/domain.md, "Talks": same person, within 21 days of the day it is due.
    """
    talks = db.session.scalars(
        sa.select(Talk).where(
            with_person(contact_id, manager_id),
            Talk.state.in_(OPEN_STATES),
            Talk.due_on.is_not(None),
            Talk.side != Side.BOTH,
            Talk.kind != Kind.INTERVIEW,  # completed by its guide alone
        )
    ).all()
    by_key = {talk.id: talk for talk in talks}
    candidates = [DueTalk(talk.id, "", talk.due_on) for talk in talks if talk.due_on is not None]
    return [by_key[one.key] for one in fitting_due_talks("", held_on, candidates, PlanNumbers.of(firm()))]


def mandates_with(contact_id: int | None, manager_id: int | None, today: date) -> list[Any]:
    """Return the mandates of the contact or manager that a talk may be about: running ones first, then by newest end."""
    mandate = _mandate_class()
    mine = mandate.contact_id == contact_id if contact_id is not None else mandate.manager_id == manager_id
    if contact_id is not None:
        company = sa.select(Contact.client_id).where(Contact.id == contact_id).scalar_subquery()
        mine = mandate.client_id == company
    found = db.session.scalars(
        sa.select(mandate)
        .where(mine, mandate.lost_on.is_(None))
        .options(joinedload(mandate.client), selectinload(mandate.colleagues))
        .order_by(mandate.ends_on.desc().nulls_last(), mandate.id.desc())
        .limit(20)
    ).all()
    return sorted(found, key=lambda one: (not one.runs_on(today), contact_id is not None and one.contact_id != contact_id))


def people_of_mandate(mandate_id: int) -> tuple[Contact | None, Manager | None]:
    """Return the client's contact and the manager of a mandate; None for who is not known."""
    mandate = db.session.get(_mandate_class(), mandate_id)
    return (mandate.contact, mandate.manager) if mandate is not None else (None, None)


def people_found(q: str) -> list[Found]:
    """Return contacts and managers by a part of their name, their company, or five digits of their number.

    At most eight of each, by name; two statements. Nothing for fewer than two letters.
    """
    words = fold(q)
    if len(words) < 2:
        return []
    contacts = db.session.scalars(
        sa.select(Contact)
        .join(Client)
        .where(sa.or_(_named(Contact, q), Client.sort_name.contains(words, autoescape=True)), Contact.left_on.is_(None))
        .options(_name_of(Contact), joinedload(Contact.client).load_only(Client.name))
        .order_by(Contact.sort_name, Contact.id)
        .limit(MOST_FOUND)
    ).all()
    managers = db.session.scalars(
        sa.select(Manager)
        .where(_named(Manager, q))
        .options(_name_of(Manager))
        .order_by(Manager.sort_name, Manager.id)
        .limit(MOST_FOUND)
    ).all()
    found = [Found("contact", one.id, one.name, one.client.name) for one in contacts]
    return found + [Found("manager", one.id, one.name, f"ID {one.id}") for one in managers]


def _name_of(person: Any) -> Any:
    return load_only(person.title, person.first_name, person.particle, person.last_name)


def _named(person: Any, q: str) -> sa.ColumnElement[bool]:
    digits = "".join(c for c in q if c.isdigit()).lstrip("0")
    conditions = [person.folded_name.contains(fold(q), autoescape=True)]
    if len(digits) >= FEWEST_DIGITS:
        conditions += [person.phone.contains(digits), person.mobile.contains(digits)]
    return sa.or_(*conditions)


def last_called(user_id: int, most: int = 4) -> list[Found]:
    """Return whom this colleague talked with last, the latest first; one statement."""
    talks = db.session.scalars(
        sa.select(Talk)
        .where(Talk.owner_id == user_id, Talk.state == State.HELD, Talk.side != Side.REFEREE)
        .options(
            load_only(Talk.side, Talk.contact_id, Talk.manager_id),
            joinedload(Talk.contact).options(_name_of(Contact), joinedload(Contact.client).load_only(Client.name)),
            joinedload(Talk.manager).options(_name_of(Manager)),
        )
        .order_by(Talk.sort_on.desc(), Talk.id.desc())
        .limit(12)
    ).all()
    found: dict[str, Found] = {}
    for talk in talks:
        person = talk.person
        if person is not None:
            is_contact = isinstance(person, Contact)
            one = Found(
                "contact" if is_contact else "manager",
                person.id,
                person.name,
                person.client.name if is_contact else f"ID {person.id}",
            )
            found.setdefault(one.key, one)
    return list(found.values())[:most]


def open_of(user_id: int) -> int:
    """Return how many due or arranged talks the colleague holds."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Talk).where(*_held_by(user_id))) or 0


def held_open_by(user_id: int) -> Sequence[Talk]:
    """Return the due or arranged talks that the colleague holds, with their people."""
    return db.session.scalars(
        sa.select(Talk).where(*_held_by(user_id)).options(*with_people()).order_by(Talk.sort_on, Talk.id)
    ).all()


def promises_of(user_id: int) -> Sequence[Talk]:
    """Return the talks whose agreed step the colleague owes, soonest first."""
    return db.session.scalars(sa.select(Talk).where(*_promised_by(user_id)).order_by(Talk.step_on, Talk.id)).all()


def count_promises_of(user_id: int) -> int:
    """Return how many agreed steps the colleague owes."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Talk).where(*_promised_by(user_id))) or 0


def _promised_by(user_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Talk.step_owner_id == user_id, Talk.step.is_not(None), Talk.step_done_on.is_(None)


def _held_by(user_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Talk.owner_id == user_id, Talk.state.in_(OPEN_STATES)
