"""What is stored; the content itself lies in a folder, under its hash."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class StoredFile(db.Model):
    """One version of one document of a record.

    `owner_type` is the table's name of the record it belongs to, `kind` what it is there ("cv"), `number` counts the
    versions of that kind from 1. `content_type` is ours, by the content, never the sender's.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        sa.UniqueConstraint("owner_type", "owner_id", "kind", "number"),
        sa.CheckConstraint("size >= 0", name="size"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    owner_type: Mapped[str] = mapped_column(sa.String(40))
    owner_id: Mapped[int] = mapped_column(_BIG)
    kind: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column()  # bytes
    content_type: Mapped[str] = mapped_column(sa.String(100))
    name: Mapped[str] = mapped_column(sa.String(200))  # as sent, made harmless
    uploaded_at: Mapped[datetime] = mapped_column()
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: through a personal link
