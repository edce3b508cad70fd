"""The log of erasures, which holds no personal data, and what is left to do after one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Erasure(db.Model):
    """One erasure: the number that was erased, when, how long it took, who did it."""

    __tablename__ = "erasure"
    __audit__ = False  # a log itself

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    manager_id: Mapped[int] = mapped_column(unique=True)
    erased_at: Mapped[datetime] = mapped_column()
    seconds: Mapped[float] = mapped_column()
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[int | None] = mapped_column()
    letter_id: Mapped[int | None] = mapped_column(_BIG)  # "Your data were erased."
    # When the bytes were gone from the database's files too: of the data, and then of the letter's address.
    overwritten_at: Mapped[datetime | None] = mapped_column()
    letter_overwritten_at: Mapped[datetime | None] = mapped_column()


class ErasureNote(db.Model):
    """An erasure on its way into the journal outside the database, which a restored backup is told from."""

    __tablename__ = "erasure_note"
    __audit__ = False

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # "manager", "referee"
    number: Mapped[int] = mapped_column(_BIG)
    erased_at: Mapped[datetime] = mapped_column()
    told: Mapped[bool] = mapped_column()  # the address was the person's own
    written_at: Mapped[datetime | None] = mapped_column()  # when it stood in the journal


class ErasedAddress(db.Model):
    """The keyed hash of a mail address that was erased, so that nobody enters the person again unawares."""

    __tablename__ = "erased_address"
    __audit__ = False

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column()


class FileToDelete(db.Model):
    """A content that an erasure has left without a name and that is still on disk."""

    __tablename__ = "file_to_delete"
    __audit__ = False

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column()
