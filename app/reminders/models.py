"""What the scheduler has done: which job ran for which slot, who leads, who is alive."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("over_at IS NULL")
_WAITING = sa.text("run_id IS NULL")
_WORKED = sa.text("due > 0 OR problem IS NOT NULL")


class Kind(enum.StrEnum):
    """How a scheduler runs."""

    PROCESS = "process"
    WEB = "web"  # in threads of a web server
    ONCE = "once"  # for one round


class JobRun(db.Model):
    """One job for one slot of time. The unique key, not the lease, is what prevents a double run."""

    __tablename__ = "job_run"
    __audit__ = False
    __table_args__ = (
        sa.UniqueConstraint("job", "slot", name="uq_job_run_job_slot"),
        sa.Index("ix_job_run_started_at", "started_at"),
        sa.Index("ix_job_run_job_id", "job", "id"),
        sa.Index("ix_job_run_worked", "job", "id", sqlite_where=_WORKED, postgresql_where=_WORKED),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(60))
    # "2026-03-17T07:40" in UTC for minutes, a day for daily jobs; "asked 12" for a request. What follows a + or ~ makes
    # room for another run of the slot: by `scheduler --once`, or after the clock was set back.
    slot: Mapped[str] = mapped_column(sa.String(40))
    worker: Mapped[str] = mapped_column(sa.String(80))
    started_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    due: Mapped[int] = mapped_column(default=0, server_default="0")  # = done + skipped + failed
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")  # looked at, and nothing to do after all
    failed: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(sa.String(200))  # the kind of error, never its text: no personal data


class JobRequest(db.Model):
    """An administrator wants a job to run now; the scheduler that takes it first runs it."""

    __tablename__ = "job_request"
    __table_args__ = (
        sa.Index("ix_job_request_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index("ix_job_request_job", "job", "id"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(60))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    run_id: Mapped[int | None] = mapped_column(_BIG)  # of `job_run`, whose rows are forgotten after some weeks


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
    """A scheduler that is alive, and the clocks of its machine.

    `at` is what our clock said, `clock_at` the machine's own and `server_at` the database server's, at the last sign of
    life. `trusted_at` and `boottime_seconds` are the machine's clocks when they were last trusted: while the scheduler
    refuses to work they stay, or the clock would soon agree with itself.
    """

    __tablename__ = "heartbeat"
    __audit__ = False

    worker: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), default=Kind.PROCESS, server_default=Kind.PROCESS.value)
    host: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime] = mapped_column()
    boot_id: Mapped[str | None] = mapped_column(sa.String(40))
    boottime_seconds: Mapped[float | None] = mapped_column()
    trusted_at: Mapped[datetime | None] = mapped_column()
    clock_at: Mapped[datetime | None] = mapped_column()
    server_at: Mapped[datetime | None] = mapped_column()
    refuses_since: Mapped[datetime | None] = mapped_column()


class ClockJump(db.Model):
    """A clock that jumped ahead: the schedulers of that machine do nothing until somebody confirms it, or it is set right."""

    __tablename__ = "clock_jump"
    __table_args__ = (
        sa.CheckConstraint("against IN ('boot', 'server', 'scheduler')", name="against"),
        sa.Index("uq_clock_jump_open", "host", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    host: Mapped[str] = mapped_column(sa.String(60))
    boot_id: Mapped[str | None] = mapped_column(sa.String(40))
    booted_at: Mapped[datetime | None] = mapped_column()  # by the clock that jumped: the mark of this jump
    clock_at: Mapped[datetime] = mapped_column()  # what the machine's clock said
    against: Mapped[str] = mapped_column(sa.String(10))
    ahead_seconds: Mapped[int] = mapped_column(_BIG)
    seen_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: on the command line
    over_at: Mapped[datetime | None] = mapped_column()


class Lease(db.Model):
    """Who leads the minute's ticks until when; another takes over once it has run out."""

    __tablename__ = "lease"
    __audit__ = False

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    worker: Mapped[str] = mapped_column(sa.String(80))
    until: Mapped[datetime] = mapped_column()
