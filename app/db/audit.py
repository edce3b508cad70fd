"""The audit trail: one session listener, one table of changes.

Who ("user", "scheduler", "public link", "command"), when, which row, from what to what.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import has_app_context
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import clock
from app.db.base import db


@dataclass(frozen=True)
class Actor:
    """Who acts: `kind` is "user", "scheduler", "public link" or "command"; `user_id` only for users."""

    kind: str
    user_id: int | None = None


_UNSAID = frozenset({"version", "changed_at"})  # columns that say nothing beside the others
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


class AuditChange(db.Model):
    """One change of one row."""

    __tablename__ = "audit_change"
    __audit__ = False
    __table_args__ = (sa.Index("ix_audit_change_row", "table_name", "row_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[int | None] = mapped_column()
    table_name: Mapped[str] = mapped_column(sa.String(60))
    row_id: Mapped[str] = mapped_column(sa.String(80))
    change: Mapped[str] = mapped_column(sa.String(10))  # created, changed, deleted, bulk
    old: Mapped[dict[str, Any]] = mapped_column(default=dict)
    new: Mapped[dict[str, Any]] = mapped_column(default=dict)


@contextmanager
def acting_as(kind: str, user_id: int | None = None) -> Iterator[None]:
    """Say who acts inside: for ticks ("scheduler"), personal links ("public link") and commands ("command")."""
    token = _actor.set(Actor(kind, user_id))
    try:
        yield
    finally:
        _actor.reset(token)


def current_actor() -> Actor:
    """Return who acts: as said by `acting_as`, else the person signed in, else the command line."""
    said = _actor.get()
    return said or Actor("command")


def set_actor(kind: str, user_id: int | None) -> None:
    """Set who acts for the rest of this request."""
    _actor.set(Actor(kind, user_id) if kind else None)


def audit_bulk(table: str, what: dict[str, Any]) -> None:
    """Write the trail of a bulk statement, which the listener does not see."""
    _write(db.session(), [_entry(table, "*", "bulk", {}, _plain_dict(what))])


def tell_created(record: Any) -> None:
    """Write the trail of a record that was inserted past the session, which the listener does not see."""
    _write(db.session(), [_of_new(record)])


def plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | float):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return _plain_dict(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return f"<{type(value).__name__}>"


def _plain_dict(values: dict[str, Any]) -> dict[str, Any]:
    return {str(key): plain(value) for key, value in values.items()}


def _entry(table: str, row: str, change: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    return {
        "at": clock().now(),
        "actor_kind": actor.kind,
        "actor_id": actor.user_id,
        "table_name": table,
        "row_id": row,
        "change": change,
        "old": old,
        "new": new,
    }


@cache
def _columns(mapper: Any) -> list[tuple[str, bool]]:
    return [(attr.key, bool(attr.columns[0].info.get("secret"))) for attr in mapper.column_attrs]


def _row_id(mapper: Any, record: Any) -> str:
    return "-".join(str(part) for part in mapper.primary_key_from_instance(record))


def _of_new(record: Any) -> dict[str, Any]:
    mapper = sa.inspect(record).mapper
    values = sa.inspect(record).dict
    new = {
        key: "changed" if secret else plain(values[key])
        for key, secret in _columns(mapper)
        if values.get(key) is not None and key not in _UNSAID
    }
    return _entry(mapper.local_table.name, _row_id(mapper, record), "created", {}, new)


def _of_deleted(record: Any) -> dict[str, Any]:
    mapper = sa.inspect(record).mapper
    values = sa.inspect(record).dict
    old = {key: "changed" if secret else plain(values[key]) for key, secret in _columns(mapper) if key in values}
    return _entry(mapper.local_table.name, _row_id(mapper, record), "deleted", old, {})


def _of_changed(record: Any) -> dict[str, Any] | None:
    state = sa.inspect(record)
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for key, secret in _columns(state.mapper):
        history = state.attrs[key].history
        if key in _UNSAID or not history.has_changes():
            continue
        was, now = (history.deleted or [None])[0], (history.added or [None])[0]
        if was == now:
            continue
        old[key], new[key] = ("changed", "changed") if secret else (plain(was), plain(now))
    if not new:
        return None
    return _entry(state.mapper.local_table.name, _row_id(state.mapper, record), "changed", old, new)


_TELL = sa.insert(AuditChange.__table__)  # built once, so that it is compiled once


def _write(session: Session, entries: list[dict[str, Any]]) -> None:
    if entries:
        session.connection().execute(_TELL, entries)


def _audited(records: Any) -> list[Any]:
    return [record for record in records if getattr(type(record), "__audit__", True)]


def _listen(session: Session, _context: Any) -> None:
    if not has_app_context():
        return
    entries = [_of_new(record) for record in _audited(session.new)]
    changed = [record for record in _audited(session.dirty) if session.is_modified(record)]
    entries += [entry for record in changed if (entry := _of_changed(record))]
    entries += [_of_deleted(record) for record in _audited(session.deleted)]
    _write(session, entries)


sa.event.listen(Session, "after_flush", _listen)
