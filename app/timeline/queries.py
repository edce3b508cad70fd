"""Reading a record's timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.timeline.kinds import KINDS, Kind
from app.timeline.models import Event, EventSubject
from app.web.formats import moment, month
from app.web.paging import Page, page_of
from app.web.values import plain_value

FIRST = 20
_UNKNOWN = Kind("", "", "clock")


@dataclass(frozen=True)
class Told:
    """One event as a page shows it."""

    icon: str
    tone: str
    title: str
    text: str | None
    at: datetime
    who: str | None  # a colleague's name; None for the system
    kind: str
    facts: dict[str, Any]


def events_of(subject: Any, names: dict[int, str], size: int = FIRST) -> Page[Told]:
    """Return a page of the record's events, newest first; one statement. `names` are the colleagues' by number."""
    return told(rows_of(subject, size), names)


def rows_of(subject: Any, size: int = FIRST) -> Page[Any]:
    """Return the rows that `told` puts into words; one statement."""
    return rows_about(type(subject).__tablename__, subject.id, size)


def rows_about(about_type: str, about_id: int, size: int = FIRST) -> Page[Any]:
    """Return the rows of a record named by its table and number; one statement."""
    given = {"about_type": about_type, "about_id": about_id}
    return page_of(_of_subject(), [EventSubject.at, EventSubject.event_id], descending=True, size=size, given=given)


def told(rows: Page[Any], names: Mapping[int, str]) -> Page[Told]:
    """Return the events of these rows in the reader's words."""
    return Page([_told(row, names) for row in rows.rows], rows.next_url, rows.first_url)


@cache
def _of_subject() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(EventSubject.at, EventSubject.event_id, Event.kind, Event.actor_kind, Event.actor_id, Event.facts)
        .join(Event, Event.id == EventSubject.event_id)
        .where(EventSubject.about_type == sa.bindparam("about_type"), EventSubject.about_id == sa.bindparam("about_id"))
    )


def _told(row: Any, names: Mapping[int, str]) -> Told:
    kind = KINDS.get(row.kind, _UNKNOWN)
    shown = {name: _shown(name, value) for name, value in row.facts.items()}
    title = _(kind.title, **shown) if kind.title else row.kind
    text = row.facts.get(kind.text) if kind.text else None
    return Told(kind.icon, kind.tone, title, text, row.at, names.get(row.actor_id), row.kind, row.facts)


def _shown(name: str, value: Any) -> str:
    if name.endswith("month_on") and isinstance(value, str):
        return month(date.fromisoformat(value))
    if name.endswith("_on") and isinstance(value, str):
        return plain_value(date.fromisoformat(value))
    if name.endswith("_at") and isinstance(value, str):
        return moment(datetime.fromisoformat(value))
    if name.endswith("_words"):
        return plain_value([_(words) for words in value] if isinstance(value, list) else _(value))
    return plain_value(value)
