"""When backups were made, and how it went: the folder they lie in may be on another machine."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db


class BackupRun(db.Model):
    """One try to make a backup. Without `ended_at` it is under way, or its process has died."""

    __tablename__ = "backup_run"
    __audit__ = False
    __table_args__ = (sa.Index("ix_backup_run_taken_at", "taken_at"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # "nightly", "command"
    folder: Mapped[str] = mapped_column(sa.String(400))
    started_at: Mapped[datetime] = mapped_column()
    taken_at: Mapped[datetime | None] = mapped_column()  # the moment it holds; None where it failed
    ended_at: Mapped[datetime | None] = mapped_column()
    bytes: Mapped[int | None] = mapped_column(sa.BigInteger)  # of the database's copy
    problem: Mapped[str | None] = mapped_column(sa.String(400))
