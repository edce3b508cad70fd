"""Client feedback: held talks with clients that have an overall rating. One statement each, and one for the mean of all.

Mandates lie on a floor below, talks too; nothing is kept here that is not the talk's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.clients.models import Client, Contact
from app.core.names import fold, full_name
from app.db import db
from app.feedback.rules import Weighed, weigh
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import Side, State
from app.web.paging import Page, page_of

LONGEST_EXCERPT = 280
MANY = 20_000
FRESH_SECONDS = 60.0
_MEAN = "lotse.mean_of_ratings"
CONSENTS = ("yes", "no", "unknown")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty texts and None leave a filter off."""

    q: str = ""
    rating: int | None = None
    consent: str = ""  # one of CONSENTS
    kind: str = ""
    manager_id: int | None = None
    client_id: int | None = None

    @property
    def count(self) -> int:
        """How many are set."""
        return sum(bool(one) for one in (self.q, self.rating, self.consent, self.kind, self.manager_id, self.client_id))


@dataclass(frozen=True)
class Row:
    """One rated talk: who said what of whom, and when."""

    id: int  # of the talk
    kind: str
    sort_on: date
    held_at: datetime
    giver: str
    contact_id: int
    client_id: int
    client: str
    manager_id: int | None
    manager: str
    mandate_id: int | None
    mandate: str | None
    consent: str  # one of CONSENTS, or "on_request"
    written: bool
    excerpt: str
    us_again: int | None  # 0–10, closing talks
    weighed: Weighed


def listed(filters: Filters) -> Page[Row]:
    """Return a page of feedback, the latest first."""
    found = page_of(_narrowed(_select(), filters), [Talk.sort_on, Talk.id], descending=True)
    return Page(_rows(found.rows), found.next_url, found.first_url)


def _rows(rows: Sequence[Any]) -> list[Row]:
    if not rows:
        return []
    least, mean = firm().own_ratings_least, mean_of_all()
    return [_row(row, least, mean) for row in rows]


def mean_of_all() -> Any:
    """Return the mean of all ratings, None where there are none; one statement.

    From MANY ratings on it is read once a minute at most: reading them all takes long, and one more moves nothing.
    """
    kept = current_app.extensions.get(_MEAN)
    if kept and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    mean, count = db.session.execute(sa.select(sa.func.avg(Talk.overall), sa.func.count()).where(*_rated(Talk))).one()
    if count >= MANY:
        current_app.extensions[_MEAN] = (time.monotonic(), mean)
    return mean


def of_manager(manager_id: int, most: int = 5) -> Sequence[Row]:
    """Return what clients said of the manager in talks about his or her mandates, the latest first; one statement."""
    return _latest(_of_manager(), manager_id, most)


def of_client(client_id: int, most: int = 5) -> Sequence[Row]:
    """Return what the client's contacts said, the latest first; one statement."""
    return _latest(_of_client(), client_id, most)


def _latest(select: sa.Select[Any], number: int, most: int) -> Sequence[Row]:
    rows = db.session.connection().execute(select, {"number": number, "most": most}).all()
    return _rows(rows)


@cache
def _of_manager() -> sa.Select[Any]:
    return _latest_first(Mandate.manager_id == sa.bindparam("number"))


@cache
def _of_client() -> sa.Select[Any]:
    return _latest_first(Contact.client_id == sa.bindparam("number"))


def _latest_first(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    order = (Talk.sort_on.desc(), Talk.id.desc())
    return _select().where(condition).order_by(*order).limit(sa.bindparam("most", type_=sa.Integer))


def _rated(talk: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition as the partial index `ix_talk_rated` has it."""
    return talk.side == sa.literal_column(f"'{Side.CLIENT.value}'"), talk.overall.is_not(None)


@cache
def _select() -> sa.Select[Any]:
    own = sa.orm.aliased(Talk)
    own_mean = _own(sa.func.avg(own.overall), own)
    own_count = _own(sa.func.count(), own)
    return (
        sa.select(
            Talk.id, Talk.kind, Talk.sort_on, Talk.held_at, Talk.contact_id, Talk.mandate_id, Talk.may_quote, Talk.written,
            Talk.overall, Talk.answers, sa.func.substr(Talk.record, 1, LONGEST_EXCERPT + 1).label("record"),
            Contact.client_id, Contact.title.label("c_title"), Contact.first_name.label("c_first"),
            Contact.particle.label("c_particle"), Contact.last_name.label("c_last"),
            Client.name.label("client"), Mandate.title.label("mandate"), Mandate.manager_id,
            Manager.title.label("m_title"), Manager.first_name.label("m_first"), Manager.particle.label("m_particle"),
            Manager.last_name.label("m_last"),
            own_mean.label("own_mean"), own_count.label("own_count"),
        )
        .join(Contact, Contact.id == Talk.contact_id)
        .join(Client, Client.id == Contact.client_id)
        .outerjoin(Mandate, Mandate.id == Talk.mandate_id)
        .outerjoin(Manager, Manager.id == Mandate.manager_id)
        .where(*_rated(Talk), Talk.state == State.HELD)
    )  # fmt: skip


def _own(what: Any, own: Any) -> Any:
    return (
        sa.select(what).select_from(own).where(own.contact_id == Talk.contact_id, *_rated(own)).correlate(Talk).scalar_subquery()
    )


def _narrowed(select: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    if filters.rating is not None:
        select = select.where(Talk.overall == filters.rating)
    if filters.kind:
        select = select.where(Talk.kind == filters.kind)
    if filters.consent:
        wanted = {"yes": Talk.may_quote.is_(True), "no": Talk.may_quote.is_(False), "unknown": Talk.may_quote.is_(None)}
        select = select.where(wanted[filters.consent])
    if filters.manager_id is not None:
        select = select.where(Mandate.manager_id == filters.manager_id)
    if filters.client_id is not None:
        select = select.where(Contact.client_id == filters.client_id)
    words = fold(filters.q)
    if words:
        managers = sa.select(Manager.id).where(Manager.folded_name.contains(words, autoescape=True))
        clients = sa.select(Client.id).where(Client.sort_name.contains(words, autoescape=True))
        named = Contact.folded_name.contains(words, autoescape=True)
        select = select.where(sa.or_(named, Contact.client_id.in_(clients), Mandate.manager_id.in_(managers)))
    return select


def _row(row: Any, least: int, mean: Any) -> Row:
    us_again = row.answers.get("us_again")
    return Row(
        **{name: getattr(row, name) for name in _PLAIN},
        giver=full_name(row.c_title, row.c_first, row.c_particle, row.c_last),
        manager=full_name(row.m_title, row.m_first, row.m_particle, row.m_last) if row.m_last else "",
        consent=_consent(row),
        excerpt=_excerpt(row),
        us_again=us_again if isinstance(us_again, int) else None,
        weighed=weigh(row.overall, mean, row.own_mean, row.own_count, least),
    )


def _consent(row: Any) -> str:
    if row.may_quote is not None:
        return "yes" if row.may_quote else "no"
    return "on_request" if "on_request" in (row.answers.get("may_name_us"), row.answers.get("may_quote")) else "unknown"


def _excerpt(row: Any) -> str:
    """Return the first words of what was said: answers in words, else the notes."""
    said = [str(value).strip() for value in row.answers.values() if isinstance(value, str) and " " in value.strip()]
    words = (said or [row.record or ""])[0]
    return words if len(words) <= LONGEST_EXCERPT else words[: LONGEST_EXCERPT - 1].rstrip() + "…"


_PLAIN = "id kind sort_on held_at contact_id client_id client manager_id mandate_id mandate written".split()


@dataclass(frozen=True)
class Behind:
    """What stands behind a manager: ratings of clients, and written references released."""

    ratings: int
    mean: Decimal | None  # one decimal
    last_on: date | None
    references: int


def behind(manager_ids: Sequence[int]) -> dict[int, Behind]:
    """Return what stands behind each of the managers; those of whom nothing is known are left out. One statement."""
    if not manager_ids:
        return {}
    written = db.metadata.tables["written_reference"].c  # a higher room: by name
    rated = (
        sa.select(
            Mandate.manager_id.label("manager_id"),
            sa.func.count().label("ratings"),
            sa.func.avg(Talk.overall).label("mean"),
            sa.func.max(Talk.sort_on).label("last_on"),
            sa.literal(0).label("released"),
        )
        .join(Mandate, Mandate.id == Talk.mandate_id)
        .where(Mandate.manager_id.in_(manager_ids), Talk.state == State.HELD, *_rated(Talk))
        .group_by(Mandate.manager_id)
    )
    released = (
        sa.select(written.manager_id, sa.literal(0), sa.null(), sa.null(), sa.func.count())
        .where(written.manager_id.in_(manager_ids), written.state == "released")
        .group_by(written.manager_id)
    )
    found: dict[int, Behind] = {}
    for row in db.session.execute(sa.union_all(rated, released)):
        known = found.get(row.manager_id, Behind(0, None, None, 0))
        mean = Decimal(str(row.mean)).quantize(Decimal("0.1"), ROUND_HALF_UP) if row.mean is not None else known.mean
        found[row.manager_id] = Behind(
            known.ratings + row.ratings, mean, row.last_on or known.last_on, known.references + row.released
        )
    return found
