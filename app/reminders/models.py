"""What the scheduler has done: which job ran for which slot, who leads, who is alive."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class JobRun(db.Model):
    """One job for one slot of time. The unique key, not the lease, is what prevents a double run."""

    __tablename__ = "job_run"
    __audit__ = False
    __table_args__ = (
        sa.UniqueConstraint("job", "slot", name="uq_job_run_job_slot"),
        sa.Index("ix_job_run_started_at", "started_at"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(60))
    slot: Mapped[str] = mapped_column(sa.String(40))  # "2026-03-17T07:40" in UTC for minutes; a day for daily jobs
    worker: Mapped[str] = mapped_column(sa.String(80))
    started_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(sa.String(200))  # the kind of error, never its text: no personal data


class Told(db.Model):
    """What was told to whom: a second process, a restart or a doubled tick cannot tell it again.

    `occurrence` is the version of its due time: a local day for digests, an appointment's instant for talks, so that a
    moved talk is announced anew.
    """

    __tablename__ = "told"
    __audit__ = False
    __table_args__ = (
        sa.UniqueConstraint("rule", "subject", "occurrence", "recipient", name="uq_told_once"),
        sa.Index("ix_told_at", "at"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(60))
    occurrence: Mapped[str] = mapped_column(sa.String(60))
    recipient: Mapped[str] = mapped_column(sa.String(60))  # "user 5", "contact 7": never an address
    at: Mapped[datetime] = mapped_column()


class Heartbeat(db.Model):
    """A scheduler that is alive, and the clocks of its host."""

    __tablename__ = "heartbeat"
    __audit__ = False

    worker: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime] = mapped_column()
    boot_id: Mapped[str | None] = mapped_column(sa.String(40))
    boottime_seconds: Mapped[float | None] = mapped_column()


class Lease(db.Model):
    """Who leads the minute's ticks until when; another takes over once it has run out."""

    __tablename__ = "lease"
    __audit__ = False

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    worker: Mapped[str] = mapped_column(sa.String(80))
    until: Mapped[datetime] = mapped_column()
