"""What hangs on one manager, for the page: talks, mandates, documents, admission. One statement for all.

Mandates, talks and cases lie on higher floors and are read by the names of their tables; no money is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.managers import rules
from app.managers.models import Manager, ManagerDocument
from app.managers.queries import OPEN_TALKS

MOST_OPEN_TALKS, MOST_PAST_TALKS, MOST_MANDATES, MOST_SHORT_LISTS, MOST_REFERENCES = 4, 6, 8, 8, 5


@dataclass(frozen=True)
class TalkLine:
    id: int
    kind: str
    state: str
    sort_on: date
    overall: int | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TALKS


@dataclass(frozen=True)
class MandateLine:
    """The days are the manager's own: another one may have been on it before, or after."""

    id: int
    title: str
    client: str
    starts_on: date | None
    ends_on: date | None
    lost_on: date | None

    def runs_on(self, day: date) -> bool:
        return bool(self.starts_on and self.ends_on and not self.lost_on and self.starts_on <= day <= self.ends_on)


@dataclass(frozen=True)
class ShortListLine:
    """A mandate without contract on whose short list the manager is; `state` is the candidate's."""

    mandate_id: int
    title: str
    client: str
    state: str


@dataclass(frozen=True)
class DocumentLine:
    id: int
    kind: str
    number: int
    made_on: date | None
    received_on: date


@dataclass(frozen=True)
class ReferenceLine:
    """A written reference that a client released."""

    id: int
    mandate_id: int
    scope: str
    title: str
    client: str
    released_at: datetime


@dataclass(frozen=True)
class AdmissionLine:
    """How the admission stands: stages used, the next date, and since when the clock stands still."""

    stages_used: int
    next_on: date | None
    halted_on: date | None


@dataclass(frozen=True)
class Around:
    """Talks: the next ones, soonest first, then the last ones, latest first. Documents: the newest of each kind."""

    talks: Sequence[TalkLine]
    mandates: Sequence[MandateLine]
    short_lists: Sequence[ShortListLine]
    documents: Sequence[DocumentLine]
    admission: AdmissionLine | None
    references: Sequence[ReferenceLine] = ()

    @property
    def next_talk(self) -> TalkLine | None:
        return next((talk for talk in self.talks if talk.is_open), None)

    @property
    def papers_on(self) -> date | None:
        """The day from which the newest papers count; None where there are none."""
        days = (rules.papers_day(d.made_on, d.received_on) for d in self.documents if d.kind in rules.PAPERS)
        return max(days, default=None)

    def mandate_ends_on(self, today: date) -> date | None:
        """Return the last day of the mandate that runs on `today`; None where none does."""
        return max((m.ends_on for m in self.mandates if m.ends_on and m.runs_on(today)), default=None)


def around(manager: Manager) -> Around:
    """Return what hangs on the manager."""
    rows = db.session.connection().execute(_select(), {"manager_id": manager.id}).all()
    talks = [TalkLine(r.id, r.kind, r.state, r.on, r.number) for r in rows if r.what == "talk"]
    ahead = sorted((t for t in talks if t.is_open), key=lambda t: (t.sort_on, t.id))
    behind = sorted((t for t in talks if not t.is_open), key=lambda t: (t.sort_on, t.id), reverse=True)
    mandates = [MandateLine(r.id, r.title, r.name, r.from_on, r.on, r.lost_on) for r in rows if r.what == "mandate"]
    listed = [ShortListLine(r.id, r.title, r.name, r.state) for r in rows if r.what == "candidate"]
    mandates.sort(key=lambda m: (m.ends_on or date.max, m.id), reverse=True)
    documents = {
        r.kind: DocumentLine(r.id, r.kind, r.number, r.from_on, r.on)
        for r in sorted(rows, key=lambda r: r.number or 0)
        if r.what == "document"
    }
    case = next((AdmissionLine(r.number, r.on, r.from_on) for r in rows if r.what == "admission"), None)
    newest = tuple(documents[kind] for kind in rules.DOCUMENT_KINDS if kind in documents)
    references = [ReferenceLine(r.id, r.number, r.kind, r.title, r.name, r.at) for r in rows if r.what == "reference"]
    references.sort(key=lambda r: (r.released_at, r.id), reverse=True)
    return Around((*ahead, *behind), tuple(mandates), tuple(listed), newest, case, tuple(references))


@cache
def _select() -> Any:
    """Return the select of all parts for a `manager_id`; built once."""
    number = sa.bindparam("manager_id", type_=sa.Integer)
    selects = [_talks(number, True), _talks(number, False), _mandates(number), _spells(number), _short_lists(number)]
    parts = [part.subquery() for part in (*selects, _documents(number), _admission(number), _references(number))]
    return sa.union_all(*[sa.select(part) for part in parts])


def _line(
    what: str, key: Any, kind: Any = None, title: Any = None, name: Any = None, number: Any = None, state: Any = None,
    from_on: Any = None, on: Any = None, lost_on: Any = None, at: Any = None,
) -> list[Any]:  # fmt: skip
    """Return the columns that all parts of the union have; what a part has not is a NULL of the right type."""

    def column(value: Any, type_: Any, label: str) -> Any:
        return sa.cast(value if value is not None else sa.null(), type_).label(label)

    days = {"from_on": from_on, "on": on, "lost_on": lost_on}
    texts = {"kind": kind, "title": title, "name": name, "state": state}
    return [
        sa.literal(what, sa.String).label("what"),
        key.label("id"),
        column(number, sa.Integer, "number"),
        *[column(value, sa.Text, label) for label, value in texts.items()],
        *[sa.type_coerce(value, sa.Date).label(label) if value is not None else _no_day(label) for label, value in days.items()],
        (at if at is not None else sa.cast(sa.null(), Manager.created_at.type)).label("at"),
    ]


def _no_day(label: str) -> Any:
    # CAST(NULL AS DATE) is a number on SQLite, which has no such type; its result is read as a day all the same.
    return sa.cast(sa.null(), sa.Date).label(label)


def _talks(manager_id: Any, ahead: bool) -> Any:
    talk = db.metadata.tables["talk"].c
    select = sa.select(*_line("talk", talk.id, kind=talk.kind, state=talk.state, number=talk.overall, on=talk.sort_on)).where(
        talk.manager_id == manager_id
    )
    if ahead:
        return select.where(talk.state.in_(OPEN_TALKS)).order_by(talk.sort_on, talk.id).limit(MOST_OPEN_TALKS)
    past = select.where(talk.state.in_(("held", "declined")))
    return past.order_by(talk.sort_on.desc(), talk.id.desc()).limit(MOST_PAST_TALKS)


def _mandates(manager_id: Any) -> Any:
    mandate, client = db.metadata.tables["mandate"], db.metadata.tables["client"].c
    m, spell = mandate.c, db.metadata.tables["manager_spell"].c

    def newest(column: Any) -> Any:
        own = sa.select(column).where(spell.mandate_id == m.id, spell.manager_id == m.manager_id)
        return own.order_by(spell.id.desc()).limit(1).scalar_subquery()

    first_on, last_on = sa.func.coalesce(newest(spell.starts_on), m.starts_on), sa.func.coalesce(newest(spell.ends_on), m.ends_on)
    line = _line("mandate", m.id, title=m.title, name=client.name, from_on=first_on, on=last_on, lost_on=m.lost_on)
    return (
        sa.select(*line)
        .select_from(mandate.join(db.metadata.tables["client"], client.id == m.client_id))
        .where(m.manager_id == manager_id)
        .order_by(m.ends_on.is_(None).desc(), m.ends_on.desc(), m.id.desc())
        .limit(MOST_MANDATES)
    )


def _spells(manager_id: Any) -> Any:
    """Mandates that another manager has by now, or has still."""
    mandate, client, spell = (db.metadata.tables[name] for name in ("mandate", "client", "manager_spell"))
    m, s = mandate.c, spell.c
    last_on = sa.func.coalesce(s.ends_on, m.ends_on)
    line = _line("mandate", m.id, title=m.title, name=client.c.name, from_on=s.starts_on, on=last_on, lost_on=m.lost_on)
    return (
        sa.select(*line)
        .select_from(spell.join(mandate, m.id == s.mandate_id).join(client, client.c.id == m.client_id))
        .where(s.manager_id == manager_id, m.manager_id != manager_id)
        .order_by(last_on.desc(), s.id.desc())
        .limit(MOST_MANDATES)
    )


def _short_lists(manager_id: Any) -> Any:
    mandate, client, candidate = (db.metadata.tables[name] for name in ("mandate", "client", "mandate_candidate"))
    m, c = mandate.c, candidate.c
    return (
        sa.select(*_line("candidate", m.id, title=m.title, name=client.c.name, state=c.state))
        .select_from(candidate.join(mandate, m.id == c.mandate_id).join(client, client.c.id == m.client_id))
        .where(c.manager_id == manager_id, m.signed_on.is_(None), m.lost_on.is_(None))
        .order_by(c.id.desc())
        .limit(MOST_SHORT_LISTS)
    )


def _documents(manager_id: Any) -> Any:
    d = ManagerDocument
    line = _line("document", d.id, kind=d.kind, number=d.number, from_on=d.made_on, on=d.received_on)
    return sa.select(*line).where(d.manager_id == manager_id)


def _admission(manager_id: Any) -> Any:
    case = db.metadata.tables["admission_case"].c
    line = _line("admission", case.manager_id, number=case.stages_used, from_on=case.halted_on, on=case.next_on)
    return sa.select(*line).where(case.manager_id == manager_id)


def _references(manager_id: Any) -> Any:
    reference, mandate, client = (db.metadata.tables[name] for name in ("written_reference", "mandate", "client"))
    r = reference.c
    line = _line(
        "reference", r.id, kind=r.scope, title=mandate.c.title, name=client.c.name, number=r.mandate_id, at=r.released_at
    )
    return (
        sa.select(*line)
        .select_from(reference.join(mandate, mandate.c.id == r.mandate_id).join(client, client.c.id == mandate.c.client_id))
        .where(r.manager_id == manager_id, r.state == "released")
        .order_by(r.released_at.desc(), r.id.desc())
        .limit(MOST_REFERENCES)
    )
