"""What is known of a manager from referees, written references and calls of third parties. Few statements, none per line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.clients.models import Client, Contact
from app.core.dates import local_day
from app.core.names import full_name
from app.db import db
from app.mandates.models import Mandate
from app.references.call_rules import Relation, Said, contradicts, is_judged, weighed_mean, weight
from app.references.models import OutsideCall, Referee, WrittenReference
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import State

SHOWN_OUTSIDE = ("on_request", "public")  # scopes of which somebody outside may hear


@dataclass(frozen=True)
class RefereeLine:
    """A referee; `rating` (1–5) is that of the latest call held, `held_on` its day, `talk_id` the call."""

    id: int
    name: str
    company: str | None
    relation: str
    together_until: date | None
    may_be_called: bool
    has_objected: bool
    talk_id: int | None
    held_on: date | None
    rating: int | None
    judged_on: date | None = None

    def weight(self, today: date) -> Decimal:
        """Return what the rating counts."""
        return weight(Relation(self.relation), self.together_until, today)


@dataclass(frozen=True)
class OutsideLine:
    """A call of a third party, with number and rating of the written reference that it was about."""

    id: int
    caller: str
    called_on: date
    rating: int | None
    written: int | None
    reference_id: int | None
    is_judged: bool

    @property
    def contradicts(self) -> bool:
        return contradicts(self.written, self.rating)


@dataclass(frozen=True)
class Released:
    """A written reference that was released, with our rating of it."""

    id: int
    rating: int | None
    released_on: date


@dataclass(frozen=True)
class Doubt:
    """A referee whose latest rating contradicts a released written reference; the one that lies furthest away."""

    referee: RefereeLine
    released: Released

    @property
    def is_judged(self) -> bool:
        assert self.referee.held_on is not None
        return is_judged(self.referee.judged_on, self.referee.held_on, self.released.released_on)


@dataclass(frozen=True)
class Known:
    """Who vouches for a manager; each referee's latest call stands alone."""

    referees: tuple[RefereeLine, ...] = ()
    outside: tuple[OutsideLine, ...] = ()
    released: tuple[Released, ...] = ()

    @property
    def written(self) -> int:
        """How many references were released."""
        return len(self.released)

    @property
    def rated(self) -> tuple[RefereeLine, ...]:
        return tuple(one for one in self.referees if one.rating is not None)

    def mean(self, today: date) -> Decimal | None:
        """Return the weighed mean of the ratings, one decimal; None without any."""
        said = [Said(one.rating, Relation(one.relation), one.together_until) for one in self.rated if one.rating is not None]
        return weighed_mean(said, today)

    @property
    def open_contradictions(self) -> tuple[OutsideLine, ...]:
        return tuple(one for one in self.outside if one.contradicts and not one.is_judged)

    @property
    def doubts(self) -> dict[int, Doubt]:
        """Referees who contradict a written reference, judged or not, by their number."""
        found = {one.id: self._doubt(one) for one in self.rated}
        return {number: doubt for number, doubt in found.items() if doubt is not None}

    @property
    def open_doubts(self) -> tuple[Doubt, ...]:
        return tuple(one for one in self.doubts.values() if not one.is_judged)

    def _doubt(self, line: RefereeLine) -> Doubt | None:
        against = [one for one in self.released if contradicts(one.rating, line.rating)]
        furthest = max(against, key=lambda one: (abs((one.rating or 0) - (line.rating or 0)), one.released_on), default=None)
        return Doubt(line, furthest) if furthest is not None else None


def known_of(manager_id: int) -> Known:
    """Return what is known of the manager, referees by name; one statement."""
    rows = db.session.connection().execute(_known(), {"manager_id": manager_id}).all()
    referees: dict[int, RefereeLine] = {}
    for row in rows:
        if row.what == "referee" and (row.id not in referees or row.talk_id is not None):
            referees[row.id] = _referee(row)  # the latest call comes last
    outside = [
        OutsideLine(row.id, row.text, row.on_day, row.rating, row.other, row.reference_id, bool(row.flag))
        for row in rows
        if row.what == "outside"
    ]
    return Known(
        tuple(sorted(referees.values(), key=lambda one: (one.name, one.id))),
        tuple(sorted(outside, key=lambda one: (one.called_on, one.id), reverse=True)),
        tuple(Released(row.id, row.rating, local_day(row.at, firm().zone)) for row in rows if row.what == "written"),
    )


def _referee(row: Any) -> RefereeLine:
    return RefereeLine(
        row.id, full_name(row.title, row.first, row.particle, row.last), row.company, row.text, row.until,
        row.flag is not None and row.objected is None, row.objected is not None, row.talk_id, row.on_day, row.rating, row.judged,
    )  # fmt: skip


@cache
def _known() -> Any:
    """Return the select of all three parts for a `manager_id`, calls of a referee in the order of their days; built once."""
    manager_id = sa.bindparam("manager_id", type_=sa.Integer)
    held = sa.and_(Talk.referee_id == Referee.id, Talk.state == State.HELD)
    referees = (
        sa.select(*_line("referee", Referee.id, Referee, text=Referee.relation, company=Referee.company, talk_id=Talk.id,
                         rating=Talk.overall, on_day=Talk.sort_on, until=Referee.together_until, flag=Referee.consent_on,
                         objected=Referee.objected_on, judged=Referee.judged_on))
        .outerjoin(Talk, held)
        .where(Referee.manager_id == manager_id)
    )  # fmt: skip
    outside = (
        sa.select(*_line("outside", OutsideCall.id, text=OutsideCall.caller, rating=OutsideCall.rating,
                         other=WrittenReference.rating, reference_id=OutsideCall.reference_id, on_day=OutsideCall.called_on,
                         flag=OutsideCall.judged_on))
        .outerjoin(WrittenReference, WrittenReference.id == OutsideCall.reference_id)
        .where(OutsideCall.manager_id == manager_id)
    )  # fmt: skip
    one = WrittenReference
    written = sa.select(*_line("written", one.id, rating=one.rating, at=one.released_at)).where(
        WrittenReference.manager_id == manager_id, WrittenReference.state == "released"
    )
    every = sa.union_all(*[sa.select(part.subquery()) for part in (referees, outside, written)]).subquery()
    return sa.select(every).order_by(every.c.what, every.c.on_day, every.c.talk_id)


_TEXTS, _NUMBERS = ("text", "company"), ("talk_id", "rating", "other", "reference_id")
_DAYS = ("on_day", "until", "flag", "objected", "judged")


def _line(what: str, key: Any, person: Any = None, **given: Any) -> list[Any]:
    """Return the columns that all parts of the union have; what a part has not is a NULL of the right type."""
    names = {"title": "title", "first": "first_name", "particle": "particle", "last": "last_name"}
    texts = {label: getattr(person, name, None) for label, name in names.items()} | {name: given.get(name) for name in _TEXTS}
    columns = [sa.literal(what, sa.String).label("what"), key.label("id")]
    for kind, values in (
        (sa.Text, texts),
        (sa.Integer, {n: given.get(n) for n in _NUMBERS}),
        (sa.Date, {n: given.get(n) for n in _DAYS}),
        (WrittenReference.released_at.type, {"at": given.get("at")}),
    ):
        columns += [
            (sa.type_coerce(value, kind) if value is not None else sa.type_coerce(sa.cast(sa.null(), kind), kind)).label(label)
            for label, value in values.items()
        ]
    return columns


@dataclass(frozen=True)
class Told:
    """What a referee said in a call: answers by question key."""

    talk_id: int
    answers: dict[str, Any]
    record: str | None


def told_of(manager_id: int) -> dict[int, Told]:
    """Return what was said in the held reference calls about the manager, by the number of the talk; one statement."""
    rows = db.session.execute(
        sa.select(Talk.id, Talk.answers, Talk.record).where(
            Talk.manager_id == manager_id, Talk.side == "referee", Talk.state == State.HELD, Talk.referee_id.is_not(None)
        )
    )
    return {row.id: Told(row.id, row.answers, row.record) for row in rows}


@dataclass(frozen=True)
class Written:
    """A released written reference; `contact` signed for the client."""

    id: int
    mandate_id: int
    mandate: str
    client: str
    contact_id: int
    contact: str
    language: str
    situation: str
    results: str
    rating: int | None
    scope: str
    released_on: date
    released_by: str | None


def written_of(manager_id: int, *, outside_only: bool) -> list[Written]:
    """Return the released references, the latest first; with `outside_only` none that is for internal use. One statement."""
    select = (
        sa.select(WrittenReference, Mandate.title, Client.name, Contact)
        .join(Mandate, Mandate.id == WrittenReference.mandate_id)
        .join(Contact, Contact.id == WrittenReference.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .where(WrittenReference.manager_id == manager_id, WrittenReference.state == "released")
        .order_by(WrittenReference.released_at.desc(), WrittenReference.id.desc())
    )
    if outside_only:
        select = select.where(WrittenReference.scope.in_(SHOWN_OUTSIDE))
    zone = firm().zone
    return [
        Written(
            one.id, one.mandate_id, title, client, contact.id, contact.name, one.language, one.situation, one.results, one.rating,
            one.scope or "", local_day(one.released_at, zone), one.released_by,
        )
        for one, title, client, contact in db.session.execute(select)
        if one.released_at is not None
    ]  # fmt: skip


def outside_call(call_id: int) -> OutsideCall | None:
    """Return the call of a third party with reference and contact, or None; one statement."""
    options = (joinedload(OutsideCall.reference), joinedload(OutsideCall.contact))
    return db.session.scalar(sa.select(OutsideCall).where(OutsideCall.id == call_id).options(*options))


def outside_of(manager_id: int) -> list[OutsideCall]:
    """Return the calls of third parties about the manager, the latest first; one statement."""
    order = (OutsideCall.called_on.desc(), OutsideCall.id.desc())
    select = sa.select(OutsideCall).where(OutsideCall.manager_id == manager_id).order_by(*order)
    return list(db.session.scalars(select.options(joinedload(OutsideCall.reference), joinedload(OutsideCall.contact))))
