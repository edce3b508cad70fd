"""Who spoke well of a manager before a mandate was signed, and has not been told that it helped. Two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.clients.models import Client, Contact
from app.core.dates import local_day
from app.core.names import full_name
from app.db import db
from app.ledger.models import ContactWish
from app.mail.models import Letter
from app.mail.rules import State as LetterState
from app.mandates.models import Mandate
from app.references.models import WrittenReference
from app.references.written_rules import THANKED_FROM, State, thanked_since
from app.settings.queries import firm
from app.talks.models import Talk

MOST = 20
PURPOSE = "references.thanks"


@dataclass(frozen=True)
class Giver:
    """A contact who rated the manager well, or released a reference; `is_never`: does not want to hear from us that way.

    `on` is the day of the rating or release, the latest; `thanked_at` when the letter for this mandate was written.
    """

    contact_id: int
    client_id: int
    name: str
    client: str
    rating: int | None
    has_reference: bool
    on: date
    has_mail: bool
    is_never: bool
    thanked_at: datetime | None

    @property
    def can_be_thanked(self) -> bool:
        return self.has_mail and not self.is_never and self.thanked_at is None


def givers_of(mandate: Mandate) -> list[Giver]:
    """Return who stood behind a signed mandate: rated its manager 4 or better in the 24 months before, or released a reference.

    The contacts of this very mandate are left out, and whoever has left the client. The latest first.
    """
    if mandate.manager_id is None or mandate.signed_on is None:
        return []
    rows = db.session.execute(sa.union_all(_rated(mandate), _released(mandate))).all()
    thanked = _thanked(mandate.id)
    found: dict[int, Giver] = {}
    for row in rows:
        before = found.get(row.contact_id)
        day = row.rated_on or local_day(row.released_at, firm().zone)
        found[row.contact_id] = Giver(
            contact_id=row.contact_id,
            client_id=row.client_id,
            name=full_name(row.title, row.first_name, row.particle, row.last_name),
            client=row.client,
            rating=max(filter(None, (row.rating, before.rating if before else None)), default=None),
            has_reference=row.released_at is not None or (before is not None and before.has_reference),
            on=max(day, before.on) if before is not None else day,
            has_mail=bool(row.email),
            is_never=bool(row.never),
            thanked_at=thanked.get(row.contact_id),
        )
    return sorted(found.values(), key=lambda one: (one.on, one.contact_id), reverse=True)[:MOST]


def _rated(mandate: Mandate) -> Any:
    no_instant = sa.cast(sa.null(), WrittenReference.released_at.type)
    columns = (Talk.overall.label("rating"), Talk.sort_on.label("rated_on"), no_instant.label("released_at"))
    return (
        _people(*columns)
        .select_from(Talk)
        .join(Mandate, Mandate.id == Talk.mandate_id)
        .join(Contact, Contact.id == Talk.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .outerjoin(ContactWish, ContactWish.contact_id == Contact.id)
        .where(
            *_others(mandate, Mandate.manager_id, Mandate.id), Talk.side == "client", Talk.state == "held",
            Talk.overall >= THANKED_FROM, Talk.sort_on >= thanked_since(mandate.signed_on or date.min),
            Talk.sort_on <= mandate.signed_on,
        )
    )  # fmt: skip


def _released(mandate: Mandate) -> Any:
    one = WrittenReference
    no_rating, no_day = sa.cast(sa.null(), sa.Integer), sa.cast(sa.null(), sa.Date)
    return (
        _people(no_rating.label("rating"), no_day.label("rated_on"), one.released_at)
        .select_from(one)
        .join(Contact, Contact.id == one.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .outerjoin(ContactWish, ContactWish.contact_id == Contact.id)
        .where(*_others(mandate, one.manager_id, one.mandate_id), one.state == State.RELEASED.value)
    )


def _people(*columns: Any) -> Any:
    names = (Contact.title, Contact.first_name, Contact.particle, Contact.last_name)
    return sa.select(
        Contact.id.label("contact_id"), Contact.client_id, *names, Contact.email, Client.name.label("client"),
        ContactWish.never, *columns,
    )  # fmt: skip


def _others(mandate: Mandate, manager_id: Any, mandate_id: Any) -> tuple[Any, ...]:
    """About the same manager, in another mandate, by somebody else who is still there."""
    still_there = sa.or_(Contact.left_on.is_(None), Contact.left_on > mandate.signed_on)
    somebody_else = Contact.id != (mandate.contact_id or 0)
    return manager_id == mandate.manager_id, mandate_id != mandate.id, somebody_else, still_there


def new_key(mandate_id: int, contact_id: int) -> str:
    """Return the key of the one letter of thanks to a contact for a mandate; another one after each that was not sent."""
    prefix = f"{PURPOSE}/{mandate_id}/{contact_id}/"
    not_sent = sa.select(sa.func.count()).select_from(Letter)
    where = (Letter.key.startswith(prefix), Letter.state == LetterState.CANCELLED)
    return f"{prefix}{db.session.scalar(not_sent.where(*where))}"


def _thanked(mandate_id: int) -> dict[int, datetime]:
    rows = db.session.execute(
        sa.select(Letter.key, Letter.created_at).where(
            Letter.key.startswith(f"{PURPOSE}/{mandate_id}/"), Letter.state != LetterState.CANCELLED
        )
    )
    return {int(row.key.split("/")[2]): row.created_at for row in rows}
