"""What the search page shows: records by name or phone number, grouped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clients.models import Client, Contact
from app.core.names import full_name
from app.db import db
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.references.models import Referee
from app.search.names import KINDS, first_of_each, phone_number, words_of
from app.settings.queries import firm

SHOWN = 10  # of each kind


@dataclass(frozen=True)
class Hit:
    """One record found. `note` is what tells it from others of the same name; `state` a manager's state key or ""."""

    kind: str
    id: int
    path: str
    name: str
    note: str
    state: str


@dataclass(frozen=True)
class Found:
    """Records of one kind; `more` where there are more than shown."""

    kind: str
    hits: tuple[Hit, ...]
    more: bool


def find(text: str) -> list[Found]:
    """Return what fits the text, by kind; at most three statements. Everything a role may read is the same for all roles."""
    number = phone_number(text, firm().region[:2])
    numbers = _with_phone(number) if number else first_of_each(words_of(text), SHOWN + 1)
    shown: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for kind, record_id in numbers:
        shown[kind].append(record_id)
    if not numbers:
        return []
    hits = {(hit.kind, hit.id): hit for hit in _load({kind: ids[:SHOWN] for kind, ids in shown.items()})}
    return [
        Found(kind, tuple(hits[kind, one] for one in ids[:SHOWN] if (kind, one) in hits), len(ids) > SHOWN)
        for kind, ids in shown.items()
        if ids
    ]


def _with_phone(number: str) -> list[tuple[str, int]]:
    """Return whose phone number this is; four indexes, one statement. A referee's only where it may be seen."""
    parts = [
        sa.select(sa.literal(kind), model.id).where(sa.or_(*[column == number for column in columns]), *only).limit(SHOWN + 1)
        for kind, model, columns, only in (
            ("manager", Manager, (Manager.phone, Manager.mobile), ()),
            ("contact", Contact, (Contact.phone, Contact.mobile), ()),
            ("client", Client, (Client.phone,), ()),
            ("referee", Referee, (Referee.number_kept,), (Referee.is_callable(),)),
        )
    ]
    rows = db.session.execute(sa.union_all(*[sa.select(part.subquery()) for part in parts]))
    return [(row[0], row[1]) for row in rows]


def _load(numbers: dict[str, list[int]]) -> Iterable[Hit]:
    """Read the columns shown of all kinds in one statement."""
    kinds = tuple(kind for kind in KINDS if numbers[kind])
    rows = db.session.connection().execute(_shown(kinds), {f"{kind}s": numbers[kind] for kind in kinds}).all()
    names = ("kind", "id", "above", "title", "first_name", "particle", "last_name", "note", "state")
    for values in rows:
        yield _hit(dict(zip(names, values, strict=True)))


@cache
def _shown(kinds: tuple[str, ...]) -> Any:
    """Return the select of the columns shown of these kinds, with a place for the numbers of each ("managers")."""
    numbers: dict[str, Any] = {kind: sa.bindparam(f"{kind}s", expanding=True) for kind in KINDS}
    none = sa.cast(sa.null(), sa.String)
    of_contact = aliased(Client)
    parts: dict[str, Any] = {
        "manager": sa.select(
            sa.literal("manager").label("kind"), Manager.id, sa.literal(0).label("above"), Manager.title, Manager.first_name,
            Manager.particle, Manager.last_name, Manager.headline.label("note"), Manager.state.label("state"),
        ).where(Manager.id.in_(numbers["manager"])),
        "client": sa.select(
            sa.literal("client"), Client.id, sa.literal(0), none, none, none, Client.name, Client.city, none
        ).where(Client.id.in_(numbers["client"])),
        "contact": sa.select(
            sa.literal("contact"), Contact.id, Contact.client_id, Contact.title, Contact.first_name,
            Contact.particle, Contact.last_name, of_contact.name, none,
        ).join(of_contact, of_contact.id == Contact.client_id).where(Contact.id.in_(numbers["contact"])),
        "mandate": sa.select(
            sa.literal("mandate"), Mandate.id, Mandate.year * 100000 + Mandate.running, none, none, none, Mandate.title, Client.name, none,
        ).join(Client, Client.id == Mandate.client_id).where(Mandate.id.in_(numbers["mandate"])),
        "referee": sa.select(
            sa.literal("referee"), Referee.id, sa.literal(0), Referee.title, Referee.first_name, Referee.particle,
            Referee.last_name, Referee.company, none,
        ).where(Referee.id.in_(numbers["referee"])),
    }  # fmt: skip
    wanted = [parts[kind] for kind in kinds]
    return sa.union_all(*wanted) if len(wanted) > 1 else wanted[0]


def _hit(row: dict[str, Any]) -> Hit:
    kind, number = row["kind"], row["id"]
    name = full_name(row["title"], row["first_name"], row["particle"], row["last_name"])
    note = row["note"] or ""
    path = f"/{kind}s/{number}"
    if kind == "manager":
        note = ", ".join(filter(None, (f"ID {number}", note)))
    elif kind == "contact":
        path = f"/clients/{row['above']}/contacts/{number}"
    elif kind == "mandate":
        name = f"{note}, {name}"
        note = f"M-{row['above'] // 100000}-{row['above'] % 100000:03d}"
    elif kind == "referee":
        path = f"/references/referees/{number}"
    return Hit(kind, number, path, name, note, row["state"] or "")
