"""Written references as they are listed: of a mandate, of a manager, of the firm. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.clients.models import Client, Contact
from app.core.dates import add_days
from app.core.names import full_name
from app.db import db
from app.ledger.models import Ask
from app.ledger.rules import Purpose
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.references.models import WrittenReference
from app.references.written_rules import State, may_hand_out
from app.settings.queries import firm
from app.web.paging import Page, page_of

OPEN = (State.DRAFT, State.SENT)


@dataclass(frozen=True)
class Row:
    """A written reference on a list."""

    id: int
    mandate_id: int
    mandate: str
    client_id: int
    client: str
    manager_id: int
    manager: str
    contact_id: int
    contact: str
    state: str  # written_rules.State
    scope: str | None  # written_rules.Scope
    rating: int | None
    made_at: datetime
    sent_at: datetime | None
    released_at: datetime | None
    released_by: str | None

    @property
    def may_hand_out(self) -> bool:
        return may_hand_out(self.state, self.scope)

    @property
    def path(self) -> str:
        """The page on which it is worked with."""
        return f"/mandates/{self.mandate_id}/reference"

    @property
    def pdf_path(self) -> str | None:
        return f"{self.path}/{self.id}.pdf" if self.state == State.RELEASED else None


def listed(*, state: str | None = None, manager_id: int | None = None) -> Page[Row]:
    """Return a page of written references, the newest first, all or those of one state or manager."""
    select = _rows()
    if state is not None:
        select = select.where(WrittenReference.state == state)
    if manager_id is not None:
        select = select.where(WrittenReference.manager_id == manager_id)
    found = page_of(select, [WrittenReference.id], descending=True)
    return Page(tuple(map(_row, found.rows)), found.next_url, found.first_url)


def released_of(manager_id: int, most: int = 10) -> list[Row]:
    """Return what clients released about the manager, the newest first."""
    theirs = (WrittenReference.manager_id == manager_id, WrittenReference.state == State.RELEASED)
    return _listed(_rows().where(*theirs).order_by(WrittenReference.released_at.desc(), WrittenReference.id.desc()).limit(most))


def _rows() -> Any:
    one = WrittenReference
    return (
        sa.select(
            one.id, one.mandate_id, Mandate.title.label("mandate"), Mandate.client_id, Client.name.label("client"),
            one.manager_id, Manager.title.label("m_title"), Manager.first_name.label("m_first"),
            Manager.particle.label("m_particle"), Manager.last_name.label("m_last"), one.contact_id,
            Contact.title.label("c_title"), Contact.first_name.label("c_first"), Contact.particle.label("c_particle"),
            Contact.last_name.label("c_last"), one.state, one.scope, one.rating, one.made_at, one.sent_at, one.released_at,
            one.released_by,
        )
        .join(Mandate, Mandate.id == one.mandate_id)
        .join(Client, Client.id == Mandate.client_id)
        .join(Manager, Manager.id == one.manager_id)
        .join(Contact, Contact.id == one.contact_id)
    )  # fmt: skip


def _listed(select: Any) -> list[Row]:
    return [_row(row) for row in db.session.execute(select)]


def _row(row: Any) -> Row:
    return Row(
        **{name: getattr(row, name) for name in _PLAIN},
        manager=full_name(row.m_title, row.m_first, row.m_particle, row.m_last),
        contact=full_name(row.c_title, row.c_first, row.c_particle, row.c_last),
    )


_PLAIN = (
    "id mandate_id mandate client_id client manager_id contact_id state scope rating made_at sent_at released_at released_by"
).split()


def of_mandate(mandate_id: int) -> Sequence[WrittenReference]:
    """Return all written references of a mandate with their people, the newest first."""
    return db.session.scalars(
        sa.select(WrittenReference)
        .where(WrittenReference.mandate_id == mandate_id)
        .options(joinedload(WrittenReference.contact), joinedload(WrittenReference.manager))
        .order_by(WrittenReference.id.desc())
    ).all()


def find(mandate_id: int, reference_id: int) -> WrittenReference | None:
    """Return a reference of this mandate."""
    found = db.session.get(WrittenReference, reference_id)
    return found if found is not None and found.mandate_id == mandate_id else None


def open_of(mandate_id: int, manager_id: int) -> WrittenReference | None:
    """Return the reference about the manager that is in the making, with us or with the client."""
    one = WrittenReference
    mine = (one.mandate_id == mandate_id, one.manager_id == manager_id, one.state.in_([state.value for state in OPEN]))
    return db.session.scalar(sa.select(one).where(*mine).order_by(one.id.desc()).limit(1))


def behind(link_id: int) -> WrittenReference | None:
    """Return the reference that a link leads to now."""
    return db.session.scalar(sa.select(WrittenReference).where(WrittenReference.link_id == link_id))


def ask_of(reference: WrittenReference) -> Ask | None:
    """Return the latest request for this reference; None where none went out yet."""
    mine = (Ask.contact_id == reference.contact_id, Ask.mandate_id == reference.mandate_id, Ask.purpose == Purpose.REFERENCE)
    return db.session.scalar(sa.select(Ask).where(*mine).order_by(Ask.id.desc()).limit(1))


def unanswered(asked_before: Any) -> Sequence[Any]:
    """Return number, day and region of requests that are with the client, unanswered and not reminded of; oldest first."""
    return db.session.execute(
        sa.select(Ask.id, Ask.asked_on, Client.region)
        .join(WrittenReference, WrittenReference.link_id == Ask.link_id)
        .join(Contact, Contact.id == Ask.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .where(
            Ask.answer.is_(None), Ask.asked_on < asked_before, Ask.reminded_on.is_(None), Ask.purpose == Purpose.REFERENCE,
            WrittenReference.state == State.SENT,
        )
        .order_by(Ask.asked_on, Ask.id)
    ).all()  # fmt: skip


def can_remind(entry: Ask | None, today: Any) -> bool:
    """Whether asking once more belongs to this request: it is the one reminder, within the days of rest."""
    return (
        entry is not None
        and entry.answer is None
        and entry.reminded_on is None
        and today < add_days(entry.asked_on, firm().ask_rest_days)
    )
