"""Finding clients and contacts.

Mandates and talks lie on higher floors and are read by the names of their tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.clients.models import Client, Contact
from app.core.vocabulary import INDUSTRIES, REGIONS, regions_that_match
from app.db import db
from app.web.paging import Page, page_of

SORTS = ("name", "next_step", "newest")


@dataclass(frozen=True)
class Filters:
    """What the list can be narrowed to; each None or empty filters nothing. `owner` is "mine", `step` is "none"."""

    q: str = ""
    industry: str | None = None
    region: str | None = None
    owner: str | None = None
    step: str | None = None
    sort: str = "name"

    @property
    def active(self) -> int:
        """How many are set; the order is none of them."""
        return sum(bool(getattr(self, field.name)) for field in fields(self) if field.name != "sort")


_KNOWN: Mapping[str, Any] = {"industry": INDUSTRIES, "region": REGIONS, "owner": ("mine",), "step": ("none",)}


def filters_from(given: Mapping[str, str]) -> Filters:
    """Return the filters an address asks for; an unknown value filters nothing."""
    chosen = {name: given[name] for name, known in _KNOWN.items() if given.get(name) in known}
    sort = given.get("sort", "name")
    return Filters(q=given.get("q", "").strip()[:200], sort=sort if sort in SORTS else "name", **chosen)


def _table(name: str) -> Any:
    return db.metadata.tables[name].c


def listing(filters: Filters, named: Any, user_id: int, today: date) -> Page[Any]:
    """Return a page of clients as rows, with what the list shows beside (`_beside`); one statement.

    `named` is the condition that the name search has for `filters.q`; None where there is nothing to search for.
    """
    select = _narrowed(replace(filters, q=""), user_id if filters.owner else 0)
    if named is not None:
        select = select.where(named)
    if filters.sort == "newest":
        return page_of(select, [Client.id], descending=True, given={"today": today}, beside=_beside)
    keys = [Client.next_step_on if filters.sort == "next_step" else Client.sort_name, Client.id]
    return page_of(select, keys, given={"today": today}, beside=_beside)


@lru_cache(maxsize=256)
def _narrowed(filters: Filters, user_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the select for these filters, the name aside; built once, so that it is compiled once."""
    select = sa.select(
        Client.id,
        Client.sort_name,
        Client.name,
        Client.industry,
        Client.city,
        Client.region,
        Client.phone,
        Client.owner_id,
        Client.next_step,
        Client.next_step_on,
    ).where(*_conditions(filters, user_id))
    return select.where(Client.next_step_on.is_not(None)) if filters.sort == "next_step" else select


def _conditions(filters: Filters, user_id: int) -> list[Any]:
    found: list[Any] = []
    if filters.industry:
        found.append(Client.industry == filters.industry)
    if filters.region:
        found.append(Client.region.in_(regions_that_match(filters.region)))
    if filters.owner == "mine":
        found.append(Client.owner_id == user_id)
    if filters.step == "none":
        found.append(Client.next_step_on.is_(None))
    return found


def _beside(page: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """Return the rows of a page with how many `contacts` are still there and `mandates` run; it has a place for `today`."""
    mandate, today = _table("mandate"), sa.bindparam("today", type_=sa.Date)
    contacts = (
        sa.select(sa.func.count())
        .where(Contact.client_id == page.c.id, sa.or_(Contact.left_on.is_(None), Contact.left_on > today))
        .scalar_subquery()
    )
    running = (
        sa.select(sa.func.count())
        .where(mandate.client_id == page.c.id, mandate.starts_on <= today, mandate.ends_on >= today, mandate.lost_on.is_(None))
        .scalar_subquery()
    )
    return sa.select(*page.c, contacts.label("contacts"), running.label("mandates"))


def contacts_of(client: Client) -> Sequence[Contact]:
    """Return the contacts by name, those who left last."""
    return db.session.scalars(
        sa.select(Contact)
        .where(Contact.client_id == client.id)
        .order_by(Contact.left_on.is_not(None), Contact.sort_name, Contact.id)
    ).all()


def contact_of(client_id: int, contact_id: int) -> Contact:
    """Return the contact with the client; answers 404 where this client has no such contact. One statement."""
    return db.one_or_404(
        sa.select(Contact).where(Contact.id == contact_id, Contact.client_id == client_id).options(joinedload(Contact.client))
    )


def mandates_of(client: Client, most: int = 12) -> Sequence[Any]:
    """Return the client's mandates with the manager's name, the latest first; no money."""
    mandate, manager = db.metadata.tables["mandate"], db.metadata.tables["manager"]
    return db.session.execute(
        sa.select(
            mandate.c.id,
            mandate.c.year,
            mandate.c.running,
            mandate.c.title,
            mandate.c.starts_on,
            mandate.c.ends_on,
            mandate.c.lost_on,
            mandate.c.closed_on,
            manager.c.title.label("academic"),
            manager.c.first_name,
            manager.c.particle,
            manager.c.last_name,
        )
        .outerjoin(manager, manager.c.id == mandate.c.manager_id)
        .where(mandate.c.client_id == client.id)
        .order_by(mandate.c.ends_on.is_(None).desc(), mandate.c.ends_on.desc(), mandate.c.id.desc())
        .limit(most)
    ).all()


def talks_of(contact: Contact, most: int = 12) -> Sequence[Any]:
    """Return the talks with the contact, the latest day first; those cancelled are left out."""
    talk = _table("talk")
    return db.session.execute(
        sa.select(talk.id, talk.kind, talk.state, talk.sort_on, talk.overall, talk.mandate_id)
        .where(talk.contact_id == contact.id, talk.state != "cancelled")
        .order_by(talk.sort_on.desc(), talk.id.desc())
        .limit(most)
    ).all()


def possible_duplicates(client: Client, most: int = 5) -> Sequence[Any]:
    """Return other clients of the same name, legal form and umlauts aside."""
    return db.session.execute(
        sa.select(Client.id, Client.name, Client.city)
        .where(Client.sort_name == client.sort_name, Client.id != client.id)
        .order_by(Client.id)
        .limit(most)
    ).all()


def contact_duplicates(contact: Contact, most: int = 5) -> Sequence[Any]:
    """Return contacts, of any client, with the same mail address, and those of the same name at this client."""
    same = [sa.and_(Contact.sort_name == contact.sort_name, Contact.client_id == contact.client_id)]
    if contact.email:
        same.append(Contact.email == contact.email)
    return db.session.execute(
        sa.select(
            Contact.id,
            Contact.client_id,
            Contact.title,
            Contact.first_name,
            Contact.particle,
            Contact.last_name,
            Client.name.label("client"),
        )
        .join(Client, Client.id == Contact.client_id)
        .where(sa.or_(*same), Contact.id != contact.id)
        .order_by(Contact.id)
        .limit(most)
    ).all()


def count_owned(user_id: int) -> int:
    """Return how many clients are this colleague's."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Client).where(Client.owner_id == user_id)) or 0
