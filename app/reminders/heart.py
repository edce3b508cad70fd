"""Signs of life of the schedulers, and whether the clocks of their machines can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core.clock import Reading, clock
from app.core.errors import N_, RuleViolation
from app.db import acting_as, db, unit_of_work
from app.reminders import clock_rules
from app.reminders.clock_rules import ALIVE, Against, Jump, Seen
from app.reminders.models import ClockJump, Heartbeat, Kind

SEEN = "pulse"  # where a process keeps the pulse for some seconds
KEEP_JUMPS = timedelta(days=400)
REFUSED = N_(
    "The clock of this machine is %(hours)d hours ahead of the time that passed, so the scheduler does nothing. Set it right; if it is "
    "right, confirm it as an administrator under /settings/jobs, or with: flask scheduler --confirm-clock"
)


@dataclass(frozen=True)
class Pulse:
    """The newest sign of life, and who refuses to work because of its clock."""

    at: datetime | None
    works: bool = False  # somebody alive trusts its clock
    refusing: tuple[str, ...] = ()  # hosts


def beat(worker: str, started_at: datetime, kind: Kind = Kind.PROCESS) -> ClockJump | None:
    """Say that this scheduler is alive; return the jump of its clock that keeps it from working, None where it may work."""
    try:
        return _beat(worker, started_at, kind)
    except IntegrityError:  # another scheduler of this machine saw the same jump a moment ago
        return _beat(worker, started_at, kind)


def _beat(worker: str, started_at: datetime, kind: Kind) -> ClockJump | None:
    with acting_as("scheduler"), unit_of_work():
        reading, now, server = clock().reading(), clock().now(), server_now()
        jump = _unconfirmed(reading, now, server)
        row = db.session.get(Heartbeat, worker)
        if row is None:
            row = Heartbeat(worker=worker, started_at=started_at, boot_id=reading.boot_id, kind=kind, host=reading.host)
            db.session.add(row)
        row.at, row.clock_at, row.server_at = now, reading.at, server
        if jump is None:
            row.trusted_at, row.boottime_seconds, row.refuses_since = reading.at, reading.since_boot, None
        elif row.refuses_since is None:
            row.refuses_since = now
        return jump


def server_now() -> datetime | None:
    """Return what the database server's clock says; None for SQLite, which has none of its own."""
    if db.engine.dialect.name != "postgresql":
        return None
    return db.session.scalar(sa.select(sa.func.clock_timestamp()))


def _unconfirmed(reading: Reading, now: datetime, server: datetime | None) -> ClockJump | None:
    """Return the jump of this machine's clock that nobody has confirmed, noted where it is new."""
    found = clock_rules.jump(reading, _trusted(reading), server, _elsewhere(reading, server))
    # With its lock: a second scheduler of this machine waits, and finds what this one wrote down.
    open_ones = db.session.scalars(
        sa.select(ClockJump).where(ClockJump.host == reading.host, ClockJump.over_at.is_(None)).with_for_update()
    ).all()
    for row in open_ones:
        if clock_rules.is_over(_seen(row), found, reading):
            row.over_at = now
    db.session.flush()
    if found is None:
        return None
    known = next((row for row in open_ones if row.over_at is None and clock_rules.is_same(_seen(row), found, reading)), None)
    if known is not None:
        return None if known.confirmed_at is not None else known
    new = _noted(found, reading, now)
    db.session.add(new)
    db.session.flush()
    return new


def _noted(found: Jump, reading: Reading, now: datetime) -> ClockJump:
    return ClockJump(
        host=reading.host,
        boot_id=reading.boot_id,
        booted_at=reading.booted_at,
        clock_at=reading.at,
        against=found.against,
        ahead_seconds=round(found.ahead.total_seconds()),
        seen_at=now,
    )


def _seen(row: ClockJump) -> Seen:
    ahead = timedelta(seconds=row.ahead_seconds)
    return Seen(Against(row.against), ahead, row.boot_id, row.booted_at, row.confirmed_at is not None)


def _trusted(reading: Reading) -> Reading | None:
    """Return the newest trusted reading of this boot, whichever scheduler of the machine took it."""
    if reading.boot_id is None or reading.since_boot is None:
        return None
    found = db.session.execute(
        sa.select(Heartbeat.trusted_at, Heartbeat.boottime_seconds)
        .where(
            Heartbeat.boot_id == reading.boot_id,
            Heartbeat.trusted_at.is_not(None),
            Heartbeat.boottime_seconds <= reading.since_boot + ALIVE.total_seconds(),
        )
        .order_by(Heartbeat.boottime_seconds.desc())
        .limit(1)
    ).first()
    return None if found is None else Reading(reading.host, found.trusted_at, reading.boot_id, found.boottime_seconds)


def _elsewhere(reading: Reading, server: datetime | None) -> list[datetime]:
    """Return what the clocks of living schedulers on other machines say now.

    The database server's clock tells who is alive, and how long ago they looked at theirs: it is nobody's who might be
    wrong. With SQLite all schedulers are on one machine.
    """
    if server is None:
        return []
    rows = db.session.execute(
        sa.select(Heartbeat.clock_at, Heartbeat.server_at).where(
            Heartbeat.clock_at.is_not(None),
            Heartbeat.server_at > server - ALIVE,
            sa.or_(
                Heartbeat.boot_id.is_distinct_from(reading.boot_id),
                sa.and_(Heartbeat.boot_id.is_(None), Heartbeat.host != reading.host),
            ),
        )
    )
    return [row.clock_at + (server - row.server_at) for row in rows]


def pulse() -> Pulse:
    """Return what the heartbeats say; one of a clock that was set back since binds nobody."""
    now = clock().now()
    rows = db.session.execute(
        sa.select(Heartbeat.at, Heartbeat.host, Heartbeat.refuses_since)
        .where(Heartbeat.at <= now + ALIVE)
        .order_by(Heartbeat.at.desc())
        .limit(100)
    ).all()
    alive = [row for row in rows if clock_rules.is_alive(row.at, now)]
    refusing = {row.host for row in alive if row.refuses_since is not None}
    if refusing:  # what was confirmed since is no reason to ask any more
        refusing &= {jump.host for jump in open_jumps()}
    works = any(row.refuses_since is None for row in alive)
    return Pulse(rows[0].at if rows else None, works, tuple(sorted(refusing)))


def open_jumps() -> Sequence[ClockJump]:
    """Return the jumps that nobody has confirmed yet and that still stand."""
    return db.session.scalars(
        sa.select(ClockJump).where(ClockJump.over_at.is_(None), ClockJump.confirmed_at.is_(None)).order_by(ClockJump.id)
    ).all()


def confirm(jump_id: int, *, by_id: int | None, at: datetime) -> ClockJump:
    """Write down that this clock is right as it is; part of the caller's unit of work. Holds for this jump alone.

    Raises LookupError where there never was such a jump, RuleViolation where it is over.
    """
    row = db.session.get(ClockJump, jump_id, with_for_update=True)
    if row is None:
        raise LookupError(f"clock jump {jump_id}")
    if row.over_at is not None:
        raise RuleViolation(N_("The clock was set right meanwhile; there is nothing left to confirm."))
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by_id = at, by_id
    return row


def schedulers() -> Sequence[Any]:
    """Return the schedulers that are alive or were within the last day, the newest sign of life first."""
    now = clock().now()
    return db.session.scalars(
        sa.select(Heartbeat)
        .where(Heartbeat.at >= now - timedelta(days=1), Heartbeat.at <= now + ALIVE)
        .order_by(Heartbeat.at.desc())
        .limit(50)
    ).all()


def forget_before(at: datetime) -> int:
    """Forget schedulers that were last alive before the instant `at`, and jumps long past; return how many."""
    gone = db.session.execute(sa.delete(Heartbeat).where(Heartbeat.at < at))
    over = db.session.execute(sa.delete(ClockJump).where(ClockJump.over_at < at - KEEP_JUMPS))
    return int(gone.rowcount + over.rowcount)  # type: ignore[attr-defined]
