"""The list of those not yet admitted, and the figures above it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionBatch, AdmissionCase, AdmissionMove
from app.admission.queue_rules import WAITING, first_day
from app.core.names import fold
from app.db import db
from app.managers.models import Manager
from app.managers.rules import State
from app.web.paging import LARGEST, Page, page_of

SHOWN = (*WAITING, State.OUT, State.WITHDRAWN)
"""Who is out or has withdrawn shows when asked for."""
NEVER = date(9999, 12, 31)  # where whoever has no next date, or whose clock stands still, sorts
SORTS = ("next", "age", "name")
DUE = ("overdue", "halted")
MOST_AT_ONCE = 500  # of a selection
NUMBER = re.compile(r"(?i)(?:id\s*)?([0-9]{1,9})")
# Who looks after the case: the reviewer, else the manager's owner.
WHO = sa.func.coalesce(AdmissionCase.reviewer_id, Manager.owner_id)
DUE_KEY = sa.case((AdmissionCase.halted_on.is_not(None), NEVER), else_=sa.func.coalesce(AdmissionCase.next_on, NEVER)).label(
    "due_key"
)


@dataclass(frozen=True)
class QueueFilters:
    """What the list is narrowed to; empty filters nothing. `owner` is a number, "mine" or "none"; `short` "any" or a key."""

    q: str = ""
    state: str = ""
    short: str = ""
    owner: str = ""
    due: str = ""
    batch: str = ""
    sort: str = "next"

    @property
    def active(self) -> int:
        """How many are set, the order and the stage aside."""
        return sum(bool(getattr(self, field.name)) for field in fields(self) if field.name not in ("sort", "state"))

    def given(self, **other: str) -> dict[str, str]:
        """Return what an address needs to ask for these filters, some of them replaced."""
        wanted = {field.name: getattr(self, field.name) for field in fields(self)} | other
        return {name: value for name, value in wanted.items() if value and (name, value) != ("sort", "next")}


def filters_from(given: Mapping[str, str], shortfalls: Mapping[str, Any]) -> QueueFilters:
    """Return the filters that an address asks for; an unknown value filters nothing."""

    def one_of(name: str, known: Any) -> str:
        value = given.get(name, "")
        return value if value in known else ""

    owner = given.get("owner", "")
    return QueueFilters(
        q=given.get("q", "").replace("\0", "").strip()[:100],
        state=one_of("state", SHOWN),
        short=one_of("short", {*shortfalls, "any"}),
        owner=owner if owner in ("mine", "none") or _is_number(owner) else "",
        due=one_of("due", DUE),
        batch=given["batch"] if _is_number(given.get("batch", "")) else "",
        sort=one_of("sort", SORTS) or "next",
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def listing(filters: QueueFilters, user_id: int, today: date) -> Page[Any]:
    """Return a page of the queue; one statement."""
    keys = {"next": DUE_KEY, "age": Manager.created_at, "name": Manager.sort_name}
    select = _narrowed(replace(filters, q=""), user_id if filters.owner == "mine" else 0, today)
    if filters.q:
        select = select.where(*_named(filters.q))
    return page_of(select, [keys[filters.sort], Manager.id])


def chosen(filters: QueueFilters, user_id: int, today: date) -> list[int]:
    """Return the numbers of those who match, what is due next first; at most one more than MOST_AT_ONCE."""
    select = _narrowed(replace(filters, q="", sort="next"), user_id if filters.owner == "mine" else 0, today)
    select = select.where(*_named(filters.q)) if filters.q else select
    return list(
        db.session.scalars(select.with_only_columns(Manager.id).order_by(DUE_KEY.element, Manager.id).limit(MOST_AT_ONCE + 1))
    )


@lru_cache(maxsize=256)
def _narrowed(filters: QueueFilters, user_id: int, today: date) -> sa.Select[*tuple[Any, ...]]:
    """Return the select for these filters, the text aside; built once, so that it is compiled once."""
    columns: list[Any] = [
        Manager.id,
        Manager.sort_name,
        Manager.title,
        Manager.first_name,
        Manager.particle,
        Manager.last_name,
        Manager.headline,
        Manager.state,
        Manager.created_at,
        WHO.label("who_id"),
        AdmissionCase.next_on,
        AdmissionCase.halted_on,
        AdmissionCase.falls_short,
        Manager.email.is_(None).label("by_hand"),
        DUE_KEY,
    ]
    select: sa.Select[*tuple[Any, ...]] = sa.select(*columns)
    return select.outerjoin(AdmissionCase, AdmissionCase.manager_id == Manager.id).where(*_conditions(filters, user_id, today))


def _conditions(filters: QueueFilters, user_id: int, today: date) -> list[Any]:
    found: list[Any] = [Manager.state == filters.state if filters.state else Manager.state.in_(WAITING)]
    if filters.short == "any":
        found.append(AdmissionCase.falls_short != "")
    elif filters.short:
        found.append((" " + AdmissionCase.falls_short + " ").contains(f" {filters.short} ", autoescape=True))
    if filters.owner == "none":
        found.append(WHO.is_(None))
    elif filters.owner:
        found.append((user_id or int(filters.owner)) == WHO)
    if filters.due == "overdue":
        found.append(_is_overdue(today))
    elif filters.due == "halted":
        found.append(AdmissionCase.halted_on.is_not(None))
    if filters.batch:
        found.append(AdmissionCase.batch_id == int(filters.batch))
    return found


def _is_overdue(today: date) -> Any:
    return sa.and_(AdmissionCase.halted_on.is_(None), AdmissionCase.next_on < today)


def _named(q: str) -> list[Any]:
    number = NUMBER.fullmatch(q)
    if number:
        return [Manager.id == min(int(number[1]), LARGEST)]
    words = fold(q).split()
    return [Manager.folded_name.contains(word, autoescape=True) for word in words] or [sa.false()]


def counts(user_id: int, today: date) -> tuple[tuple[str, int, int, int], ...]:
    """Return per stage how many wait, how many of them are overdue and how many are this colleague's; one statement."""
    select, given = _counts(), {"user_id": user_id, "today": today}
    return tuple(tuple(row) for row in db.session.connection().execute(select, given))  # type: ignore[misc]


@lru_cache(maxsize=1)
def _counts() -> sa.Select[*tuple[Any, ...]]:
    today = sa.bindparam("today", type_=sa.Date)
    late = sa.and_(AdmissionCase.halted_on.is_(None), AdmissionCase.next_on < today)
    select: sa.Select[*tuple[Any, ...]] = sa.select(
        Manager.state,
        sa.func.count(),
        sa.func.count().filter(late),
        sa.func.count().filter(sa.bindparam("user_id", type_=sa.Integer) == WHO),
    )
    return (
        select.select_from(sa.outerjoin(Manager, AdmissionCase, AdmissionCase.manager_id == Manager.id))
        .where(Manager.state.in_(WAITING))
        .group_by(Manager.state)
        .order_by(Manager.state)
    )


def moves(today: date) -> tuple[tuple[date, bool, int], ...]:
    """Return for each day of the last eight weeks how many came (True) and left (False); one statement, by index."""
    found = db.session.execute(
        sa.select(AdmissionMove.moved_on, AdmissionMove.came, sa.func.count())
        .where(AdmissionMove.moved_on >= first_day(today))
        .group_by(AdmissionMove.moved_on, AdmissionMove.came)
        .order_by(AdmissionMove.moved_on, AdmissionMove.came)
    )
    return tuple((row[0], bool(row[1]), row[2]) for row in found)


def batches(most: int = 20) -> tuple[tuple[int, str], ...]:
    """Return number and file name of the newest imports, newest first."""
    found = db.session.execute(sa.select(AdmissionBatch.id, AdmissionBatch.name).order_by(AdmissionBatch.id.desc()).limit(most))
    return tuple((row[0], row[1]) for row in found)
