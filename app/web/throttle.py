"""Counting tries in the database, so that every web process counts the same ones.

A bucket names what is tried ("links.unknown", "users.sign_in"), a key who tries (an address, an account). Keys are
kept as hashes only: they are personal data.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db
from app.db.aside import aside

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONGEST_WINDOW = timedelta(days=1)


class ThrottleHit(db.Model):
    """One try that counted."""

    __tablename__ = "throttle_hit"
    __audit__ = False
    __table_args__ = (sa.Index("ix_throttle_hit_bucket_key_hash_at", "bucket", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    bucket: Mapped[str] = mapped_column(sa.String(40))
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(index=True)


def hit(bucket: str, key: str, limit: int, seconds: int, at: datetime) -> int:
    """Count one try; return 0 if it is among the `limit` allowed in any `seconds`, else the seconds to wait (≥ 1).

    A try that is refused does not count, so nobody is locked out for longer by trying on. In a transaction of its
    own: not to be called inside a unit of work.
    """
    name = _hash(bucket, key)
    with aside() as connection:
        if connection.dialect.name == "postgresql":
            lock = int.from_bytes(bytes.fromhex(name)[:8], signed=True)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
        to_wait = _seconds_to_wait(connection, bucket, name, limit, seconds, at)
        if to_wait == 0:
            connection.execute(sa.insert(ThrottleHit).values(bucket=bucket, key_hash=name, at=at))
    return to_wait


def seconds_to_wait(bucket: str, key: str, limit: int, seconds: int, at: datetime) -> int:
    """Return what `hit` would, and count nothing."""
    return _seconds_to_wait(db.session, bucket, _hash(bucket, key), limit, seconds, at)


def forget(bucket: str, key: str) -> None:
    """Forget the tries of one key, as after a sign-in that succeeded. Not inside a unit of work."""
    with aside() as connection:
        connection.execute(sa.delete(ThrottleHit).where(ThrottleHit.bucket == bucket, ThrottleHit.key_hash == _hash(bucket, key)))


def give_back(bucket: str, key: str) -> None:
    """Take the newest try of one key off the count, as for an address that others share. Not inside a unit of work."""
    newest = (
        sa.select(ThrottleHit.id)
        .where(ThrottleHit.bucket == bucket, ThrottleHit.key_hash == _hash(bucket, key))
        .order_by(ThrottleHit.at.desc(), ThrottleHit.id.desc())
        .limit(1)
    )
    with aside() as connection:
        connection.execute(sa.delete(ThrottleHit).where(ThrottleHit.id == newest.scalar_subquery()))


def forget_before(at: datetime) -> int:
    """Delete the tries before the instant `at`, return how many; part of the caller's unit of work. No window is longer than a day."""
    gone = db.session.execute(sa.delete(ThrottleHit).where(ThrottleHit.at < at - LONGEST_WINDOW))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _seconds_to_wait(source: Any, bucket: str, name: str, limit: int, seconds: int, at: datetime) -> int:
    since = at - timedelta(seconds=seconds)
    # The limit-th newest try decides: as soon as it has left the window, there is room for one more.
    decisive = source.execute(
        sa.select(ThrottleHit.at)
        .where(ThrottleHit.bucket == bucket, ThrottleHit.key_hash == name, ThrottleHit.at > since)
        .order_by(ThrottleHit.at.desc())
        .offset(limit - 1)
        .limit(1)
    ).scalar()
    if decisive is None:
        return 0
    # A clock set back leaves tries in the future; they hold nobody longer than one window.
    return min(seconds, max(1, math.ceil((decisive - since).total_seconds())))


def _hash(bucket: str, key: str) -> str:
    return hashlib.sha256(f"{bucket}\0{key}".encode()).hexdigest()
