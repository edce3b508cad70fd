"""Sessions kept on the server: begun at sign-in, ended at sign-out, each with its limits.

The cookie holds a random key that says nothing; the row holds its SHA-256. Source: docs/decisions, "Sign-in".
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import audit_bulk, db
from app.db.aside import aside
from app.users.models import User, UserSession
from app.users.rows import SHOWN, as_loaded

SEEN_EVERY = timedelta(minutes=5)
SECOND_FACTOR_WITHIN = timedelta(minutes=10)


def begin(user: User, *, at: datetime, passed: bool, browser: str = "") -> str:
    """Begin a session and return the key for the cookie; part of the caller's transaction.

    With `passed` False it opens nothing until `pass_on` is called, within SECOND_FACTOR_WITHIN.
    """
    key = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
            key_hash=_hash(key),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            passed_at=at if passed else None,
            browser=browser[:80],
        )
    )
    db.session.flush()
    return key


class Opened(NamedTuple):
    """A session that somebody is signed in with."""

    id: int
    last_seen_at: datetime


def load(key: str, *, at: datetime, idle: timedelta, longest: timedelta) -> tuple[User, Opened] | None:
    """Return who is signed in with this key and the session, in one statement; None where it has ended.

    A session ends by itself after `idle` without a request and `longest` after its beginning.
    """
    given = {"key_hash": _hash(key), "seen_after": at - idle, "begun_after": at - longest}
    row = db.session.connection().execute(_open_session(), given).first()
    if row is None:
        return None
    return as_loaded(row), Opened(*row[-2:])


@cache
def _open_session() -> sa.Select[*tuple[Any, ...]]:
    """Return the select of `load`, asked by every page and so built once."""
    session, user = UserSession.__table__, User.__table__
    return (
        sa.select(*[user.c[name] for name in SHOWN], session.c.id, session.c.last_seen_at)
        .join_from(session, user, user.c.id == session.c.user_id)
        .where(
            session.c.key_hash == sa.bindparam("key_hash"),
            session.c.ended_at.is_(None),
            session.c.passed_at.is_not(None),
            session.c.last_seen_at > sa.bindparam("seen_after"),
            session.c.created_at > sa.bindparam("begun_after"),
            user.c.active,
        )
    )


def load_half(key: str, *, at: datetime) -> tuple[User, UserSession] | None:
    """Return who gave the password but not yet the second factor with this key."""
    found = db.session.execute(
        sa.select(User, UserSession)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.key_hash == _hash(key),
            UserSession.ended_at.is_(None),
            UserSession.passed_at.is_(None),
            UserSession.created_at > at - SECOND_FACTOR_WITHIN,
            User.active,
        )
    ).first()
    return (found[0], found[1]) if found else None


def seen(session: Opened, *, at: datetime) -> None:
    """Keep when the session was last used, if the last note is older than SEEN_EVERY. Not inside a unit of work."""
    if at - session.last_seen_at < SEEN_EVERY:
        return
    with aside() as connection:
        connection.execute(
            sa.update(UserSession)
            .where(UserSession.id == session.id, UserSession.last_seen_at < at - SEEN_EVERY, UserSession.ended_at.is_(None))
            .values(last_seen_at=at)
        )


def end(number: int, *, at: datetime) -> None:
    """End the session of this number on the server; the key in its cookie opens nothing any more."""
    session = db.session.get_one(UserSession, number)
    if session.ended_at is None:
        session.ended_at = at


def end_all(user: User, *, at: datetime, but: int | None = None) -> int:
    """End all sessions of a user, except the one with the number `but`; return how many."""
    ended = db.session.execute(
        sa.update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.id != (but or 0))
        .values(ended_at=at)
    )
    count: int = ended.rowcount  # type: ignore[attr-defined]
    if count:
        audit_bulk("user_session", {"user_id": user.id, "ended": count})
    return count


def end_everything(at: datetime) -> int:
    """End all sessions of everybody; return how many there were."""
    ended = db.session.execute(sa.update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=at))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def open_of(user: User, *, at: datetime, idle: timedelta, longest: timedelta) -> list[UserSession]:
    """Return the sessions of a user that are not over, last used first."""
    return list(
        db.session.scalars(
            sa.select(UserSession)
            .where(
                UserSession.user_id == user.id,
                UserSession.ended_at.is_(None),
                UserSession.passed_at.is_not(None),
                UserSession.last_seen_at > at - idle,
                UserSession.created_at > at - longest,
            )
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        )
    )


def forget_before(at: datetime) -> int:
    """Delete the sessions begun before the instant `at`, return how many; part of the caller's unit of work."""
    gone = db.session.execute(sa.delete(UserSession).where(UserSession.created_at < at))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
