"""Rows of columns past the ORM: as the driver gave them, quick to compare, and read only where a page is written.

Source: docs/decisions, "Quick pages".
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from app.db.base import db

_READERS: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()
_NAMES: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@dataclass(frozen=True)
class Rows:
    """Rows of one statement; alike and hashable by what the driver gave."""

    raw: tuple[Any, ...]
    read: Callable[[Any], Any] = field(compare=False)  # makes a named row of a raw one

    @cached_property
    def rows(self) -> tuple[Any, ...]:
        return tuple(map(self.read, self.raw))


def rows_of(statement: sa.Select[*tuple[Any, ...]], given: Mapping[str, Any] | None = None) -> Rows:
    """Return the rows of a select of columns that is kept (built once), named as its columns; one statement."""
    if statement not in _NAMES:
        _NAMES[statement] = namedtuple("Row", [str(column.key) for column in statement.selected_columns])  # type: ignore[misc]
    return Rows(*asked(statement, _NAMES[statement], given or {}))


def asked(
    statement: sa.Select[*tuple[Any, ...]], names: Any, given: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Callable[[Any], Any]]:
    """Return the rows as the driver gives them, and what makes a row of the class `names` of one of them."""
    # Rows of columns need nothing of the ORM, which would take as long again as the statement.
    connection = db.session.connection()
    raw, types = fetched(connection, statement, given)
    return raw, _reader(statement, names, connection.dialect, types)


def fetched(connection: sa.Connection, statement: Any, given: Mapping[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the rows of a statement and the types of their columns, both as the driver gives them."""
    result = connection.execute(statement, given)
    cursor = result.cursor
    assert cursor is not None  # a select has rows
    raw = tuple(map(tuple, cursor.fetchall()))
    types = tuple(column[1] for column in cursor.description)
    result.close()
    return raw, types


def _reader(
    statement: sa.Select[*tuple[Any, ...]], names: Any, dialect: sa.Dialect, types: Sequence[Any]
) -> Callable[[Any], Any]:
    """Return what makes a named row of a raw one, each value as its column's type reads it."""
    kept = _READERS.setdefault(statement, {})
    if types not in kept:
        columns = zip(statement.selected_columns, types, strict=True)
        values = [_processor(column.type, dialect, kind) for column, kind in columns]

        def read(row: Sequence[Any]) -> Any:
            return names._make([value if do is None else do(value) for do, value in zip(values, row, strict=True)])

        kept[types] = read
    return kept[types]


def _processor(column_type: Any, dialect: sa.Dialect, kind: Any) -> Any:
    return column_type.dialect_impl(dialect).result_processor(dialect, kind)


class Together:
    """Several selects of columns asked in one statement, each with columns of its own.

    A union of all, in which each column stands in a place for its kind of value; what a part has not is NULL. The rows of
    a part come in no order. Lists and dicts are compared as text.
    """

    def __init__(self, **parts: sa.Select[*tuple[Any, ...]]) -> None:
        self._places: list[Any] = []  # the type of each
        self._parts: list[tuple[str, Any, list[int], list[Any]]] = []  # name, class of its rows, places, types
        laid = [self._laid(name, part) for name, part in parts.items()]
        self._statement = sa.union_all(*[self._arm(number, *arm) for number, arm in enumerate(laid)])
        self._readers: dict[Any, dict[str, tuple[int, Callable[[Any], Any]]]] = {}

    def _laid(self, name: str, part: Any) -> tuple[Any, dict[int, Any]]:
        inner = part.subquery()
        free = list(range(len(self._places)))
        taken: dict[int, Any] = {}
        for column in inner.c:
            kind = sa.Text() if isinstance(column.type, sa.String | sa.JSON) else column.type
            place = next((at for at in free if _alike(self._places[at], kind)), None)
            if place is None:
                place = len(self._places)
                self._places.append(kind)
            else:
                free.remove(place)
            taken[place] = sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column
        row = namedtuple(name.capitalize(), [str(column.key) for column in inner.c])  # type: ignore[misc]
        self._parts.append((name, row, list(taken), [column.type for column in inner.c]))
        return inner, taken

    def _arm(self, number: int, inner: Any, taken: dict[int, Any]) -> Any:
        columns = [
            (taken[place] if place in taken else sa.cast(sa.null(), kind)).label(f"at_{place}")
            for place, kind in enumerate(self._places)
        ]
        return sa.select(sa.literal_column(str(number)).label("part"), *columns).select_from(inner)

    def ask(self, given: Mapping[str, Any]) -> Answer:
        """Return the rows of all parts; one statement."""
        connection = db.session.connection()
        raw, types = fetched(connection, self._statement, given)
        return Answer(raw, self, (connection.dialect, types))

    def read(self, answer: Answer, name: str) -> list[Any]:
        """Return the rows of one part."""
        dialect, types = answer.how
        key = (dialect.name, types)
        if key not in self._readers:
            self._readers[key] = {
                part[0]: (number, self._reader(part, dialect, types)) for number, part in enumerate(self._parts)
            }
        number, reader = self._readers[key][name]
        return [reader(row) for row in answer.raw if row[0] == number]

    @staticmethod
    def _reader(part: tuple[str, Any, list[int], list[Any]], dialect: sa.Dialect, types: Sequence[Any]) -> Callable[[Any], Any]:
        _name, make, places, kinds = part
        how = [
            (place + 1, _plain if isinstance(kind, sa.JSON) else _processor(kind, dialect, types[place + 1]))
            for place, kind in zip(places, kinds, strict=True)
        ]
        return lambda row: make._make([row[at] if do is None else do(row[at]) for at, do in how])


@dataclass(frozen=True)
class Answer:
    """What was asked together; alike and hashable by what the driver gave."""

    raw: tuple[Any, ...]
    of: Together = field(compare=False)
    how: Any = field(compare=False, repr=False)

    def part(self, name: str) -> list[Any]:
        """Return the rows of one part; read when they are asked for."""
        return self.of.read(self, name)


def as_record(model: Any, row: Any) -> Any:
    """Return the record whose own columns the row has under their names, as the ORM would have loaded it."""
    number = tuple(getattr(row, column.key) for column in model.__mapper__.primary_key)
    here = db.session.identity_map.get(identity_key(model, number))
    if here is not None:
        return here
    record = model()
    record.__dict__.update(row._asdict())
    make_transient_to_detached(record)
    db.session.add(record)
    return record


def _alike(one: Any, other: Any) -> bool:
    return one._type_affinity is other._type_affinity


def _plain(text: str | None) -> Any:
    return None if text is None else json.loads(text)
