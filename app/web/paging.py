"""Lists paged by key: the cursor says behind which row to go on, so page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask import request
from werkzeug.exceptions import BadRequest

from app.db import db
from app.db.rows import asked

PAGE = 50
LARGEST = 2**63 - 1
Row = TypeVar("Row")
Beside = Callable[[sa.Subquery], sa.Select[*tuple[Any, ...]]]
_PAGED: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


class Content:
    """Rows whose columns hold lists and dicts: alike where all of it is, so that pages can be kept by them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._text = repr([tuple(row) for row in rows])  # as text, since dicts have no hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, with the addresses of the next one and of the first; hashable where the rows are.

    `raw` are the rows as the database's driver gave them: to know whether a page was written before, no day and no instant
    need be made of its text.
    """

    raw: Sequence[Any]
    next_url: str | None
    first_url: str | None
    read: Callable[[Any], Row] | None = field(default=None, compare=False)  # makes a row of a raw one

    @cached_property
    def rows(self) -> Sequence[Row]:
        return self.raw if self.read is None else tuple(map(self.read, self.raw))


def _pack(values: list[Any]) -> str:
    plain = [
        {"i": v.isoformat()} if isinstance(v, datetime) else {"d": v.isoformat()} if isinstance(v, date) else v for v in values
    ]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _unpack(cursor: str, length: int) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list) or len(plain) != length:
            raise ValueError(cursor)
        values = [_value(item) for item in plain]
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        raise BadRequest("after") from None
    return values


def _value(item: Any) -> Any:
    if isinstance(item, dict):
        return datetime.fromisoformat(item["i"]) if "i" in item else date.fromisoformat(item["d"])
    if isinstance(item, bool) or not isinstance(item, int | str | None):
        raise ValueError(item)
    if (isinstance(item, int) and abs(item) > LARGEST) or (isinstance(item, str) and "\0" in item):
        raise ValueError(item)
    return item


def page_of(
    select: sa.Select[*tuple[Any, ...]],
    keys: Sequence[Any],
    *,
    descending: bool = False,
    size: int = PAGE,
    scalars: bool = False,
    given: Mapping[str, Any] | None = None,
    beside: Beside | None = None,
) -> Page[Any]:
    """Run `select` for the page the request's `after` asks for, ordered by `keys`.

    `keys` are columns, never null, that together are unique (the last one is the primary key) and are among the
    selected columns or attributes of the selected entity, under their own names. `given` are the values of the
    select's own places. `beside` returns the select of the page's rows, a subquery, with what is worked out for each of
    them beside: only for the rows shown, however the list is ordered. One statement. Raises BadRequest for a cursor that
    is none of ours.
    """
    cursor = request.args.get("after", "")
    behind = {f"behind_{at}": value for at, value in enumerate(_unpack(cursor, len(keys)))} if cursor else {}
    statement, names = _paged(select, keys, descending, size, bool(cursor), beside)
    try:
        raw, read = _asked(statement, names, {**(given or {}), **behind}, scalars)
    except (ValueError, TypeError, sa.exc.StatementError) as refused:
        if cursor and (isinstance(refused, sa.exc.DataError) or not isinstance(refused, sa.exc.DBAPIError)):
            db.session.rollback()
            raise BadRequest("after") from None
        raise
    next_url = None
    if len(raw) > size:
        raw = raw[:size]
        last = read(raw[-1]) if read else raw[-1]
        next_url = _url(after=_pack([getattr(last, key.key) for key in keys]))
    return Page(raw, next_url, _url(after=None) if cursor else None, read)


def _asked(
    statement: sa.Select[*tuple[Any, ...]], names: Any, given: Mapping[str, Any], scalars: bool
) -> tuple[tuple[Any, ...], Callable[[Any], Any] | None]:
    """Return the rows as the driver gives them, and what reads one of them; records of the ORM as they are."""
    if scalars:
        return tuple(db.session.execute(statement, given).scalars().all()), None
    return asked(statement, names, given)


def _paged(
    select: sa.Select[*tuple[Any, ...]],
    keys: Sequence[Any],
    descending: bool,
    size: int,
    behind: bool,
    beside: Beside | None,
) -> tuple[sa.Select[*tuple[Any, ...]], Any]:
    """Return `select` for one page, and the class of its rows: a named tuple, quick to compare.

    Both are kept as long as the select itself, so that one built once is compiled once.
    """
    kept = _PAGED.setdefault(select, {})
    shape = (*map(id, keys), descending, size, behind, beside)
    if shape not in kept:
        paged = select
        if behind:
            ahead = sa.tuple_(*keys)
            cursor = sa.tuple_(*[sa.bindparam(f"behind_{at}", type_=key.type) for at, key in enumerate(keys)])
            paged = paged.where(ahead < cursor if descending else ahead > cursor)
        order = [key.desc() if descending else key.asc() for key in keys]
        paged = paged.order_by(None).order_by(*order).limit(size + 1)
        if beside is not None:
            rows = paged.subquery("page")
            again = [rows.c[key.key] for key in keys]
            paged = beside(rows).order_by(*[key.desc() if descending else key.asc() for key in again])
        columns = [str(column.key) for column in paged.selected_columns]
        kept[shape] = (paged, namedtuple("Listed", columns), keys)  # type: ignore[misc]  # the keys too: their numbers stay
    statement, names, _keys = kept[shape]
    return statement, names


def _url(after: str | None) -> str:
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
    query = urlencode(given + ([("after", after)] if after else []))
    return request.path + (f"?{query}" if query else "")
