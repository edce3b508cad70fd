"""Finding managers.

Mandates and talks lie on higher floors and are read by the names of their tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from app.core.vocabulary import regions_that_match
from app.db import db
from app.files.models import StoredFile
from app.managers import rules
from app.managers.filters import ON_MANDATE, Filters
from app.managers.models import Manager, ManagerDocument, ManagerTag
from app.managers.rules import State
from app.settings.rules import Firm
from app.web.paging import Page, page_of

OPEN_TALKS = ("due", "arranged")
FEW = 20_000  # tags: up to here a filter's numbers are fetched at once
FOUR_WEEKS = timedelta(weeks=4)
ROW = (
    Manager.id,
    Manager.sort_name,
    Manager.title,
    Manager.first_name,
    Manager.particle,
    Manager.last_name,
    Manager.headline,
    Manager.state,
    Manager.available_from,
    Manager.availability_confirmed_on,
    Manager.rate,
    Manager.rate_unit,
    Manager.rate_currency,
    Manager.next_step,
    Manager.next_step_on,
)


def _table(name: str) -> Any:
    return db.metadata.tables[name].c


def running_mandates(today: Any) -> Any:
    """Return the condition, over the table of mandates, that one runs on `today`."""
    mandate = _table("mandate")
    return sa.and_(mandate.starts_on <= today, mandate.ends_on >= today, mandate.lost_on.is_(None))


def is_on_mandate(today: date) -> Any:
    """Return the condition that the manager is on a mandate today."""
    mandate = _table("mandate")
    return sa.exists().where(mandate.manager_id == Manager.id, running_mandates(today))


def listing(filters: Filters, named: Any, user_id: int, today: date, firm: Firm) -> Page[Any]:
    """Return a page of managers as rows of ROW's columns; one statement, one more where tags are asked for.

    `named` is the condition that the name search has for `filters.q`; None where there is nothing to search for.
    """
    tagged = _tagged(
        {
            kind: [key] if kind != "region" else regions_that_match(key)
            for kind in rules.TAG_KINDS
            if (key := getattr(filters, kind))
        }
    )
    select = _narrowed(replace(filters, q=""), user_id if filters.owner else 0, today, firm)
    if named is not None or tagged:
        select = select.where(*tagged, *([] if named is None else [named]))
    if filters.sort == "newest":
        return page_of(select, [Manager.id], descending=True, given={"today": today}, beside=_beside)
    keys = [Manager.next_step_on if filters.sort == "next_step" else Manager.sort_name, Manager.id]
    return page_of(select, keys, given={"today": today}, beside=_beside)


@lru_cache(maxsize=256)
def _narrowed(filters: Filters, user_id: int, today: date, firm: Firm) -> sa.Select[*tuple[Any, ...]]:
    """Return the select for these filters, name and tags aside; built once, so that it is compiled once."""
    select = sa.select(*ROW).where(*_conditions(filters, user_id, today, firm))
    return select.where(Manager.next_step_on.is_not(None)) if filters.sort == "next_step" else select


def _conditions(filters: Filters, user_id: int, today: date, firm: Firm) -> list[Any]:
    found = [Manager.state != State.ERASED]
    if filters.state == ON_MANDATE:
        found.append(is_on_mandate(today))
    elif filters.state:
        found.append(Manager.state == filters.state)
    if filters.owner == "mine":
        found.append(Manager.owner_id == user_id)
    if filters.newcomer:
        found.append(Manager.is_newcomer.is_(filters.newcomer == "yes"))
    if filters.available:
        found.append(_available(filters.available, today, firm))
    if filters.papers == "stale":
        found.append(_papers_are_stale(rules.fresh_since(today, firm.papers_fresh_months)))
    if filters.step == "none":
        # next_step, not next_step_on: the index on the day would make SQLite sort everybody who has none.
        found += [Manager.next_step.is_(None), Manager.state.not_in(rules.GONE), ~_has_open_talk()]
    return found


def _tagged(wanted: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return the conditions that a manager has one of the keys of each kind; one statement where there are any.

    The rarest filter is asked for its numbers (IN). What many have is looked up row by row (EXISTS): a list that runs
    along its own order then fills its page with the first ones it meets. Either alone is a hundred times slower for the
    other's case at 100,000 managers.
    """
    if not wanted:
        return []
    fits = {kind: sa.and_(ManagerTag.kind == kind, ManagerTag.value.in_(keys)) for kind, keys in wanted.items()}
    counts = db.session.execute(sa.select(*[_capped_count(fit) for fit in fits.values()])).one()
    rarest, fewest = min(zip(fits, counts, strict=True), key=lambda pair: pair[1])
    return [
        Manager.id.in_(sa.select(ManagerTag.manager_id).where(fit))
        if kind == rarest and fewest <= FEW
        else sa.exists().where(ManagerTag.manager_id == Manager.id, fit)
        for kind, fit in fits.items()
    ]


def _capped_count(fit: Any) -> Any:
    return (
        sa.select(sa.func.count())
        .select_from(sa.select(ManagerTag.manager_id).where(fit).limit(FEW + 1).subquery())
        .scalar_subquery()
    )


def _available(wanted: str, today: date, firm: Firm) -> Any:
    confirmed = Manager.availability_confirmed_on >= rules.confirmed_since(today, firm.availability_known_days)
    if wanted == "unknown":
        known = sa.and_(Manager.available_from.is_not(None), confirmed)
        return sa.and_(sa.func.coalesce(~known, True), ~is_on_mandate(today))
    by = today if wanted == "now" else today + FOUR_WEEKS
    free = sa.and_(confirmed, Manager.available_from <= by, ~is_on_mandate(today))
    if wanted == "now":
        return free
    mandate = _table("mandate")
    longer = sa.exists().where(mandate.manager_id == Manager.id, running_mandates(today), mandate.ends_on >= by)
    return sa.or_(free, sa.and_(is_on_mandate(today), ~longer))


def _papers_are_stale(fresh_since: date) -> Any:
    day = sa.func.coalesce(ManagerDocument.made_on, ManagerDocument.received_on)
    own = sa.and_(ManagerDocument.manager_id == Manager.id, ManagerDocument.kind.in_(rules.PAPERS))
    return sa.and_(sa.exists().where(own), ~sa.exists().where(own, day >= fresh_since))


def _has_open_talk() -> Any:
    talk = _table("talk")
    return sa.exists().where(talk.manager_id == Manager.id, talk.state.in_(OPEN_TALKS))


def _beside(page: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
    """Return the rows of a page with what a list shows beside a manager's own columns; it has a place for `today`.

    `regions` (keys), the day the newest `papers_on` count from, the last day of the mandate that runs, the next talk.
    """
    tag, document = ManagerTag.__table__.c, ManagerDocument.__table__.c
    mandate, talk, number = _table("mandate"), _table("talk"), page.c.id
    regions = sa.select(sa.func.aggregate_strings(tag.value, ", ")).where(tag.manager_id == number, tag.kind == "region")
    papers = sa.select(sa.func.max(sa.func.coalesce(document.made_on, document.received_on), type_=sa.Date)).where(
        document.manager_id == number, document.kind.in_(rules.PAPERS)
    )
    ends_on = sa.select(sa.func.max(mandate.ends_on)).where(
        mandate.manager_id == number, running_mandates(sa.bindparam("today", type_=sa.Date))
    )
    next_talk = (
        sa.select(talk.id)
        .where(talk.manager_id == number, talk.state.in_(OPEN_TALKS))
        .order_by(talk.sort_on, talk.id)
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    return sa.select(
        *page.c,
        regions.scalar_subquery().label("regions"),
        papers.scalar_subquery().label("papers_on"),
        ends_on.scalar_subquery().label("mandate_ends_on"),
        talk.kind.label("talk_kind"),
        talk.sort_on.label("talk_on"),
    ).select_from(sa.outerjoin(page, db.metadata.tables["talk"], talk.id == next_talk))


def with_tags(manager_id: int) -> Manager:
    """Return the manager with tags; answers 404 where there is none. One statement."""
    return db.session.scalars(_with_tags(), {"manager_id": manager_id}).unique().one_or_none() or abort(404)


@cache
def _with_tags() -> sa.Select[Manager]:
    return sa.select(Manager).where(Manager.id == sa.bindparam("manager_id")).options(joinedload(Manager.tags))


def documents_of(manager: Manager) -> Sequence[Any]:
    """Return the documents, by kind, newest version first, each with name, size and type of its file."""
    return db.session.execute(
        sa.select(
            ManagerDocument.id,
            ManagerDocument.kind,
            ManagerDocument.number,
            ManagerDocument.made_on,
            ManagerDocument.received_on,
            ManagerDocument.added_by_id,
            ManagerDocument.file_id,
            StoredFile.name,
            StoredFile.size,
        )
        .join(StoredFile, StoredFile.id == ManagerDocument.file_id)
        .where(ManagerDocument.manager_id == manager.id)
        .order_by(ManagerDocument.kind, ManagerDocument.number.desc())
    ).all()


def file_of(manager_id: int, document_id: int) -> StoredFile:
    """Return the file of a document of this manager; answers 404 where there is none."""
    return db.one_or_404(
        sa.select(StoredFile)
        .join(ManagerDocument, ManagerDocument.file_id == StoredFile.id)
        .where(ManagerDocument.id == document_id, ManagerDocument.manager_id == manager_id)
    )


def possible_duplicates(manager: Manager, most: int = 5) -> Sequence[Any]:
    """Return others with the same mail address or the same name, umlauts, title and particle aside."""
    given = {"sort_name": manager.sort_name, "email": manager.email, "number": manager.id, "most": most}
    return db.session.connection().execute(_like_this(with_email=bool(manager.email)), given).all()


@cache
def _like_this(with_email: bool) -> sa.Select[*tuple[Any, ...]]:
    same: list[Any] = [Manager.sort_name == sa.bindparam("sort_name")]
    if with_email:
        same.append(Manager.email == sa.bindparam("email"))
    return (
        sa.select(
            Manager.id, Manager.title, Manager.first_name, Manager.particle, Manager.last_name, Manager.email, Manager.state
        )
        .where(sa.or_(*same), Manager.id != sa.bindparam("number"), Manager.state != State.ERASED)
        .order_by(Manager.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def owned_by(user_id: int) -> Any:
    """Return the condition that a live manager is this colleague's."""
    return sa.and_(Manager.owner_id == user_id, Manager.state.not_in(rules.GONE))


def count_owned(user_id: int) -> int:
    """Return how many live managers are this colleague's."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Manager).where(owned_by(user_id))) or 0
