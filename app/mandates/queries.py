"""Reading mandates: lists without whole records, one mandate with all that its page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.clients.models import Client, Contact
from app.core.dates import add_days
from app.core.names import fold, full_name
from app.db import db
from app.managers.models import Manager
from app.mandates.candidate_models import ManagerSpell
from app.mandates.models import Mandate
from app.mandates.rules import Stage
from app.talks.models import Talk
from app.talks.plan_queries import OPEN_STATES
from app.web.paging import Page, page_of

VIEWS = ("running", "ending", "end", "scoping", "all")
BY_END = ("running", "ending", "end")  # "end": all with a term that are neither lost nor closed, those past their end too
FEW = 10
_ID = re.compile(r"^(\d{1,9})$|\bid (\d{1,9})\b")

ROW = (
    Mandate.id,
    Mandate.year,
    Mandate.running,
    Mandate.title,
    Mandate.stage,
    Mandate.signed_on,
    Mandate.starts_on,
    Mandate.ends_on,
    Mandate.lost_on,
    Mandate.closed_on,
    Mandate.place,
    Mandate.owner_id,
    Mandate.next_step,
    Mandate.next_step_on,
    Mandate.client_id,
    Client.name.label("client"),
    Mandate.manager_id,
    Manager.title.label("manager_title"),
    Manager.first_name.label("manager_first_name"),
    Manager.particle.label("manager_particle"),
    Manager.last_name.label("manager_last_name"),
)


@dataclass(frozen=True)
class Filter:
    """What a list of mandates is narrowed to; None where it is not. `view` is one of VIEWS."""

    view: str = "running"
    stage: int | None = None
    owner_id: int | None = None
    client_id: int | None = None
    manager_id: int | None = None
    text: str = ""

    @property
    def active(self) -> int:
        """How many are set beside the view."""
        given = (self.stage, self.owner_id, self.client_id, self.manager_id, self.text)
        return sum(value not in (None, "") for value in given)


def rows() -> sa.Select[*tuple[Any, ...]]:
    """Return the select of rows of a list: a mandate with the names of client and manager."""
    return sa.select(*ROW).join(Client, Client.id == Mandate.client_id).outerjoin(Manager, Manager.id == Mandate.manager_id)


def listed(wanted: Filter, today: date, ending_within_days: int) -> Page[Any]:
    """Return a page of mandates, one statement: by their last day, those in scoping and all newest first."""
    select = _narrowed(replace(wanted, text=""), today, ending_within_days)
    if wanted.text:
        select = select.where(_fits(wanted.text))
    if wanted.view in BY_END:
        return page_of(select, [Mandate.ends_on, Mandate.id], beside=_beside)
    return page_of(select, [Mandate.id], descending=True, beside=_beside)


@lru_cache(maxsize=256)
def _narrowed(wanted: Filter, today: date, ending_within_days: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the select for this filter, the text aside; built once, so that it is compiled once."""
    select = rows()
    if wanted.view in ("running", "ending"):
        select = select.where(Mandate.ends_on >= today, Mandate.lost_on.is_(None), Mandate.closed_on.is_(None))
        if wanted.view == "ending":
            select = select.where(Mandate.ends_on <= add_days(today, ending_within_days))
    elif wanted.view == "end":
        # Not "is not null": SQLite would then read all that ended long ago, by the index of every end.
        select = select.where(Mandate.ends_on > date.min, Mandate.lost_on.is_(None), Mandate.closed_on.is_(None))
    elif wanted.view == "scoping":
        select = select.where(Mandate.stage == Stage.SCOPING, Mandate.lost_on.is_(None), Mandate.signed_on.is_(None))
    if wanted.stage is not None:
        select = select.where(Mandate.stage == wanted.stage)
    if wanted.owner_id is not None:
        select = select.where(Mandate.owner_id == wanted.owner_id)
    if wanted.client_id is not None:
        select = select.where(Mandate.client_id == wanted.client_id)
    if wanted.manager_id is not None:
        select = select.where(Mandate.manager_id == wanted.manager_id)
    return select


def _fits(text: str) -> sa.ColumnElement[bool]:
    """Every word is in the title, the client's or the manager's name; or the text is the number."""
    number = fold(text).split()
    if len(number) == 3 and number[0] == "m" and all(part.isdecimal() and len(part) < 10 for part in number[1:]):
        return sa.and_(Mandate.year == int(number[1]), Mandate.running == int(number[2]))
    places = (Mandate.folded_title, Client.sort_name, Manager.folded_name)
    words = fold(text).split()[:8]
    if not words:
        return sa.false()
    return sa.and_(*[sa.or_(*[place.contains(word, autoescape=True) for place in places]) for word in words])


def manager_name(row: Any) -> str:
    """Return the manager's name of a list row; empty where there is none yet."""
    if row.manager_id is None:
        return ""
    return full_name(row.manager_title, row.manager_first_name, row.manager_particle, row.manager_last_name)


def _beside(page: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """Return the rows of a page with the first talk of each that is due or arranged: `talk_kind` and `talk_on`."""
    talk, first = Talk.__table__.c, Talk.__table__.alias("first")
    number = (
        sa.select(first.c.id)
        .where(first.c.mandate_id == page.c.id, first.c.state.in_(OPEN_STATES))
        .order_by(first.c.sort_on, first.c.id)
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    return sa.select(*page.c, talk.kind.label("talk_kind"), talk.sort_on.label("talk_on")).select_from(
        sa.outerjoin(page, Talk.__table__, talk.id == number)
    )


def with_everything(mandate_id: int) -> Mandate | None:
    """Return the mandate with client, contact, manager, team, changes of end and of rates: four statements."""
    return db.session.scalar(
        sa.select(Mandate)
        .where(Mandate.id == mandate_id)
        .options(
            joinedload(Mandate.client),
            joinedload(Mandate.contact),
            joinedload(Mandate.manager),
            selectinload(Mandate.extensions),
            selectinload(Mandate.rate_changes),
            selectinload(Mandate.colleagues),
        )
    )


def of_manager(manager_id: int, limit: int = FEW) -> Sequence[Any]:
    """Return the manager's mandates, the latest first: rows with number parts, title, client and days; one statement."""
    return _few(Mandate.manager_id == manager_id, limit)


def of_client(client_id: int, limit: int = FEW) -> Sequence[Any]:
    """Return the client's mandates, the latest first: rows as of `of_manager`; one statement."""
    return _few(Mandate.client_id == client_id, limit)


def _few(which: sa.ColumnElement[bool], limit: int) -> Sequence[Any]:
    latest = sa.func.coalesce(Mandate.ends_on, date(9999, 12, 31))
    return db.session.execute(rows().where(which).order_by(latest.desc(), Mandate.id.desc()).limit(limit)).all()


def is_on_or_takes_over(manager_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that this manager is on the mandate, or is planned to take it over."""
    planned = sa.select(ManagerSpell.mandate_id).where(ManagerSpell.manager_id == manager_id, ManagerSpell.ends_on.is_(None))
    return sa.or_(Mandate.manager_id == manager_id, Mandate.id.in_(planned))


def at_the_same_time(manager_id: int, starts_on: date, ends_on: date, except_id: int | None) -> Sequence[Any]:
    """Return the manager's other mandates that share a day with the term, soonest end first."""
    return db.session.execute(
        rows()
        .where(
            is_on_or_takes_over(manager_id),
            Mandate.starts_on <= ends_on,
            Mandate.ends_on >= starts_on,
            Mandate.lost_on.is_(None),
            Mandate.id != (except_id or 0),
        )
        .order_by(Mandate.ends_on, Mandate.id)
        .limit(FEW)
    ).all()


# For choosing people ---------------------------------------------------------------------------------------


def contacts_of(client_id: int, today: date) -> Sequence[Contact]:
    """Return the client's contacts who are still there, by name."""
    return db.session.scalars(
        sa.select(Contact)
        .where(Contact.client_id == client_id, sa.or_(Contact.left_on.is_(None), Contact.left_on > today))
        .order_by(Contact.sort_name, Contact.id)
    ).all()


def clients_like(text: str, limit: int = FEW) -> Sequence[Any]:
    """Return (id, name, city) of the clients whose name has every word of `text`, by name; without a text the newest."""
    select = sa.select(Client.id, Client.name, Client.city)
    for word in fold(text).split()[:8]:
        select = select.where(Client.sort_name.contains(word, autoescape=True))
    order = (Client.sort_name, Client.id) if text.strip() else (Client.id.desc(),)
    return db.session.execute(select.order_by(*order).limit(limit)).all()


def managers_like(text: str, limit: int = FEW) -> Sequence[Manager]:
    """Return the managers with this number ("9999", "ID 9999") or whose name has every word of `text`, by name."""
    words = fold(text).split()[:8]
    number = _ID.search(" ".join(words))
    select = sa.select(Manager).where(Manager.state != "erased")
    if number:
        return db.session.scalars(select.where(Manager.id == int(number[1] or number[2]))).all()
    if not words:
        return []
    for word in words:
        select = select.where(Manager.folded_name.contains(word, autoescape=True))
    return db.session.scalars(select.order_by(Manager.sort_name, Manager.id).limit(limit)).all()


def client_name(client_id: int) -> str | None:
    """Return the client's name, None where there is no such client."""
    return db.session.scalar(sa.select(Client.name).where(Client.id == client_id))


def name_of_manager(manager_id: int) -> str | None:
    """Return the manager's name, None where there is no such manager."""
    columns = (Manager.title, Manager.first_name, Manager.particle, Manager.last_name)
    row = db.session.execute(sa.select(*columns).where(Manager.id == manager_id)).first()
    return full_name(*row) if row else None


# For handing over ------------------------------------------------------------------------------------------


def open_of(user_id: int) -> Sequence[Mandate]:
    """Return the mandates a colleague looks after that are neither lost nor closed."""
    return db.session.scalars(
        sa.select(Mandate)
        .where(Mandate.owner_id == user_id, Mandate.lost_on.is_(None), Mandate.closed_on.is_(None))
        .order_by(Mandate.id)
    ).all()


def count_open_of(user_id: int) -> int:
    """Return how many mandates a colleague looks after that are neither lost nor closed."""
    return int(
        db.session.scalar(
            sa.select(sa.func.count(Mandate.id)).where(
                Mandate.owner_id == user_id, Mandate.lost_on.is_(None), Mandate.closed_on.is_(None)
            )
        )
        or 0
    )
