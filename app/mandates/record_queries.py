"""A mandate and the people on it as one row, for its page; a record is made of it only where the page is written."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app.clients.models import Client, Contact
from app.db.rows import Rows, as_record, rows_of
from app.managers.models import Manager
from app.mandates.course_queries import Course
from app.mandates.models import Mandate

_OWN = tuple(column.key for column in Mandate.__table__.c)
_PERSON = ("id", "title", "first_name", "particle", "last_name")
_PEOPLE = {"client": (Client, ("id", "name", "region")), "contact": (Contact, _PERSON), "manager": (Manager, _PERSON)}


class Seen(NamedTuple):
    """What decides who may do what to a mandate."""

    id: int
    owner_id: int
    colleague_ids: Collection[int]
    signed_on: date | None
    is_live: bool


def row_of(mandate_id: int) -> Rows:
    """Return the mandate with its client, contact and manager, one row or none; one statement."""
    return rows_of(_select(), {"mandate_id": mandate_id})


def seen(row: Any, course: Course) -> Seen:
    return Seen(row.id, row.owner_id, course.colleague_ids, row.signed_on, row.lost_on is None and row.closed_on is None)


def as_mandate(row: Any, course: Course) -> Mandate:
    """Return the record of the row with its people, changes and team; no statement."""
    mandate: Mandate = as_record(Mandate, _part(row, 0, _OWN))
    at = len(_OWN)
    for name, (model, columns) in _PEOPLE.items():
        person = _part(row, at, columns)
        at += len(columns)
        set_committed_value(mandate, name, as_record(model, person) if person.id is not None else None)
    course.belongs_to(mandate)
    return mandate


def _part(row: Any, at: int, columns: tuple[str, ...]) -> Any:
    return _named(columns)._make(row[at : at + len(columns)])


@cache
def _named(columns: tuple[str, ...]) -> Any:
    return NamedTuple("Part", [(column, Any) for column in columns])


@cache
def _select() -> sa.Select[*tuple[Any, ...]]:
    people = [
        getattr(model, column).label(f"{name}__{column}") for name, (model, columns) in _PEOPLE.items() for column in columns
    ]
    return (
        sa.select(*[getattr(Mandate, key) for key in _OWN], *people)
        .join(Client, Client.id == Mandate.client_id)
        .outerjoin(Contact, Contact.id == Mandate.contact_id)
        .outerjoin(Manager, Manager.id == Mandate.manager_id)
        .where(Mandate.id == sa.bindparam("mandate_id", type_=sa.Integer))
    )
