"""The only place that commits.

`with unit_of_work():` stands at the edge: a view, a command, one item of a tick. Inside a form's request it also
keeps the form's idempotency key, so that a second click leads to the first result (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context, redirect, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.core.clock import clock
from app.core.errors import StaleRecord
from app.db.base import db
from app.db.engine import WRITING


class FormPost(db.Model):
    """A form that was answered: its hidden key, and where the answer led."""

    __tablename__ = "form_post"
    __audit__ = False

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    leads_to: Mapped[str] = mapped_column(sa.String(400))
    posted_at: Mapped[datetime] = mapped_column(index=True)


class AlreadyDone(Exception):
    """The same rendered form was posted before; `location` is where that led."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class OnlyShown(Exception):
    """A page is made to be looked at, while a form of it is answered: nothing may be changed by that."""


class Work:
    """One unit of work in progress."""

    def __init__(self, key: str | None) -> None:
        self._key = key
        self._location: Callable[[], str] | None = None
        self.location = ""

    def leads_to(self, location: str | Callable[[], str]) -> None:
        """Say where the answer leads; a callable is asked after new records have their numbers."""
        self._location = location if callable(location) else lambda: location

    def redirect(self) -> Response:
        """Return the redirect to where this work leads."""
        return redirect(self.location, 303)

    def _finish(self) -> None:
        if self._location is None:
            return
        db.session.flush()
        self.location = self._location()
        if self._key is not None:
            db.session.connection().execute(_LEAD, {"of": self._key, "leads_to": self.location[:400]})


@contextmanager
def unit_of_work() -> Iterator[Work]:
    """Do all inside in one transaction that takes the write lock first; commit at the end, or nothing.

    What was read before is read afresh inside, so decisions rest on what is true under the lock.
    Raises StaleRecord when somebody else changed a record meanwhile, AlreadyDone for a form posted twice.
    """
    if has_request_context() and "only_showing" in g:
        raise OnlyShown
    session = db.session()
    if session.info.get("working"):
        raise RuntimeError("a unit of work inside another one")
    session.rollback()
    session.info["working"] = True
    try:
        session.connection(execution_options={WRITING: True})
        work = Work(_claim_form_key(session))
        yield work
        work._finish()
        session.commit()
    except StaleDataError as stale:
        session.rollback()
        raise StaleRecord from stale
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("working", None)


_POSTS: Any = FormPost.__table__
_CLAIM = sa.insert(_POSTS)
_LEAD = sa.update(_POSTS).where(_POSTS.c.key == sa.bindparam("of")).values(leads_to=sa.bindparam("leads_to"))


def _claim_form_key(session: Any) -> str | None:
    key = g.get("form_key") if has_request_context() else None
    if not key:
        return None
    g.form_key = None  # the first unit of work of a request carries it
    try:
        session.connection().execute(_CLAIM, {"key": key, "leads_to": request.path[:400], "posted_at": clock().now()})
    except IntegrityError:
        session.rollback()
        raise AlreadyDone(first_result(key) or request.path) from None
    return str(key)


def first_result(key: str) -> str | None:
    """Return where the first post of the form with this key led, or None if there was none."""
    return db.session.scalar(sa.select(FormPost.leads_to).where(FormPost.key == key))


def forget_form_posts(before: datetime) -> int:
    """Delete the keys of forms posted before the instant `before` (aware); return how many."""
    gone = db.session.execute(sa.delete(FormPost).where(FormPost.posted_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def hold(record: Any) -> None:
    """Wait until nobody else works on this record, and keep it until the unit of work ends; what was read of it is read anew.

    Who holds several begins with the one that the others belong to. Nothing to do on SQLite, where one writes at a time.
    """
    state = sa.inspect(record, raiseerr=False)
    if state is None or not state.persistent or db.engine.dialect.name == "sqlite":
        return
    mapper = state.mapper
    same = [key == value for key, value in zip(mapper.primary_key, state.identity, strict=True)]
    # Rows that merely refer to this one are let through: else a talk and its mandate would wait for each other.
    db.session.execute(sa.select(*mapper.primary_key).where(*same).with_for_update(key_share=True))
    db.session.expire(record)


def check_version(record: Any, form: Any) -> None:
    """Hold the record; raise StaleRecord if the form was rendered from another version of it than the present one."""
    if has_request_context():
        g.version_form, g.version_record = form, record  # for the page that shows both versions
    hold(record)
    if str(form.version.data) != str(record.version):
        raise StaleRecord(record)
