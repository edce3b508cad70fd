"""The list of talks: one statement a page, only the columns shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.clients.models import Client, Contact
from app.core.names import fold, full_name
from app.db import db
from app.managers.models import Manager
from app.talks.models import Talk
from app.talks.rules import Side, State, is_overdue, lacks_record
from app.web.paging import Page, page_of

VIEWS = ("mine", "arranged", "overdue", "all")
_OPEN = (State.DUE, State.ARRANGED)


class Row(NamedTuple):
    """A talk as the list shows it. `person` is the name of whom it is with."""

    id: int
    kind: str
    side: str
    state: str
    sort_on: date
    due_on: date | None
    at: datetime | None  # of the appointment or record, where there is one
    person: str
    company: str | None
    mandate_id: int | None
    mandate: str | None
    owner_id: int | None
    not_reached: int
    is_overdue: bool
    lacks_record: bool

    @property
    def shown_at(self) -> date | datetime:
        """The instant of the appointment or record where there is one, else the day."""
        return self.sort_on if self.at is None else self.at


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty texts and None leave a filter off."""

    view: str = "mine"
    kind: str = ""
    state: str = ""
    side: str = ""
    owner_id: int | None = None
    q: str = ""

    @property
    def count(self) -> int:
        """How many are set beside the view."""
        return sum(bool(one) for one in (self.kind, self.state, self.side, self.owner_id, self.q))


def listed(filters: Filters, user_id: int, today: date) -> Page[Any]:
    """Return a page of talks as `rows_of` reads them: open ones with the nearest day first, all with the latest first."""
    plain = _narrowed(replace(filters, q=""), user_id if filters.view == "mine" else 0, today)
    select = plain.where(_matches(filters.q)) if fold(filters.q) else plain
    return page_of(select, [Talk.sort_on, Talk.id], descending=filters.view == "all")


def rows_of(rows: Iterable[Any], today: date) -> list[Row]:
    """Return the rows of a page as the list shows them."""
    return [_row(row, today) for row in rows]


def _select() -> Any:
    # Relations upwards go by name: the mandates' room lies above this one.
    mandate = db.metadata.tables["mandate"]
    referee = db.metadata.tables["referee"]
    company = sa.orm.aliased(Client)
    at = sa.case((Talk.state == State.HELD, Talk.held_at), (Talk.state == State.ARRANGED, Talk.appointment_at))
    return (
        sa.select(
            Talk.id, Talk.kind, Talk.side, Talk.state, Talk.sort_on, Talk.due_on, at.label("at"),
            Talk.owner_id, Talk.not_reached, Talk.mandate_id,
            Contact.title.label("c_title"), Contact.first_name.label("c_first"), Contact.particle.label("c_particle"),
            Contact.last_name.label("c_last"),
            Manager.title.label("m_title"), Manager.first_name.label("m_first"), Manager.particle.label("m_particle"),
            Manager.last_name.label("m_last"),
            referee.c.title.label("r_title"), referee.c.first_name.label("r_first"),
            referee.c.particle.label("r_particle"), referee.c.last_name.label("r_last"),
            sa.func.coalesce(Client.name, company.name, referee.c.company).label("company"), mandate.c.title.label("mandate"),
        )
        .outerjoin(Contact, Contact.id == Talk.contact_id)
        .outerjoin(Client, Client.id == Contact.client_id)
        .outerjoin(Manager, Manager.id == Talk.manager_id)
        .outerjoin(referee, referee.c.id == Talk.referee_id)
        .outerjoin(mandate, mandate.c.id == Talk.mandate_id)
        .outerjoin(company, company.id == mandate.c.client_id)
    )  # fmt: skip


@lru_cache(maxsize=256)
def _narrowed(filters: Filters, user_id: int, today: date) -> sa.Select[Any]:
    """Return the select for these filters, the text aside; built once, so that it is compiled once."""
    select: sa.Select[Any] = _select()
    if filters.view == "mine":
        select = select.where(Talk.owner_id == user_id, Talk.state.in_(_OPEN))
    elif filters.view == "arranged":
        select = select.where(Talk.state == State.ARRANGED)
    elif filters.view == "overdue":
        select = select.where(Talk.state == State.DUE, Talk.sort_on < today)
    for column, value in ((Talk.kind, filters.kind), (Talk.state, filters.state), (Talk.side, filters.side)):
        if value:
            select = select.where(column == value)
    if filters.owner_id is not None:
        select = select.where(Talk.owner_id == filters.owner_id)
    return select


def _matches(q: str) -> sa.ColumnElement[bool]:
    """Whether person, company or mandate bear the folded words of `q`."""
    mandate = db.metadata.tables["mandate"]
    words = fold(q)
    referee = db.metadata.tables["referee"].c
    clients = sa.select(Client.id).where(Client.sort_name.contains(words, autoescape=True))
    people = sa.or_(Contact.folded_name.contains(words, autoescape=True), Contact.client_id.in_(clients))
    mandates = sa.or_(mandate.c.folded_title.contains(words, autoescape=True), mandate.c.client_id.in_(clients))
    return sa.or_(
        Talk.contact_id.in_(sa.select(Contact.id).where(people)),
        Talk.manager_id.in_(sa.select(Manager.id).where(Manager.folded_name.contains(words, autoescape=True))),
        Talk.referee_id.in_(sa.select(referee.id).where(referee.folded_name.contains(words, autoescape=True))),
        Talk.mandate_id.in_(sa.select(mandate.c.id).where(mandates)),
    )


@lru_cache(maxsize=4096)
def _row(row: Any, today: date) -> Row:
    contact = full_name(row.c_title, row.c_first, row.c_particle, row.c_last) if row.c_last else ""
    manager = full_name(row.m_title, row.m_first, row.m_particle, row.m_last) if row.m_last else ""
    shown = {
        Side.CLIENT: [contact],
        Side.MANAGER: [manager],
        Side.BOTH: [contact, manager],
        Side.REFEREE: [full_name(row.r_title, row.r_first, row.r_particle, row.r_last) if row.r_last else ""],
    }[Side(row.side)]
    return Row(
        **{name: getattr(row, name) for name in _PLAIN},
        person=", ".join(filter(None, shown)),
        is_overdue=is_overdue(State(row.state), row.due_on, today),
        lacks_record=lacks_record(State(row.state), row.sort_on, today),
    )


_PLAIN = ("id kind side state sort_on due_on at company mandate_id mandate owner_id not_reached").split()
