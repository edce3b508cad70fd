"""One round of the scheduler: who leads, which jobs this minute still owes, and that somebody is alive."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from app.core.clock import boottime_seconds, clock
from app.db import acting_as, db, unit_of_work
from app.reminders.models import Heartbeat, JobRun, Lease

log = structlog.get_logger()
LEASE = timedelta(seconds=90)
KEEP_RUNS = timedelta(days=14)
SILENT_AFTER = timedelta(minutes=3)  # three ticks


@dataclass(frozen=True)
class Outcome:
    """How a job went: things done and things that failed and were left for next time."""

    done: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Job:
    """Work on a schedule. `run(at)` decides from the live state, so running it twice does nothing twice.

    `every` is "minute", "hour" or "day" (UTC slots; a job for local mornings is a minute job that looks at the clock).
    """

    name: str
    run: Callable[[datetime], Outcome]
    every: str = "minute"

    def slot(self, at: datetime) -> str:
        return at.strftime({"minute": "%Y-%m-%dT%H:%M", "hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d"}[self.every])


def worker_name() -> str:
    """Return a name for this process that no other one has."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


def beat(worker: str, started_at: datetime) -> None:
    """Say that this scheduler is alive."""
    with acting_as("scheduler"), unit_of_work():
        row = db.session.get(Heartbeat, worker)
        if row is None:
            row = Heartbeat(worker=worker, started_at=started_at, boot_id=_boot_id())
            db.session.add(row)
        row.at, row.boottime_seconds = clock().now(), boottime_seconds()


def _boot_id() -> str | None:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip()[:40] if path.exists() else None


def lead(worker: str) -> bool:
    """Take or renew the lease of the minute's jobs; False while another worker holds it."""
    now = clock().now()
    try:
        with unit_of_work():
            row = db.session.get(Lease, "minute", with_for_update=True)
            if row is None:
                db.session.add(Lease(name="minute", worker=worker, until=now + LEASE))
                return True
            # A lease far in the future was written by a clock that was set back since; it binds nobody.
            if row.worker != worker and now < row.until <= now + LEASE:
                return False
            row.worker, row.until = worker, now + LEASE
            return True
    except IntegrityError:
        return False  # two began at once; the other one was first


def release(worker: str) -> None:
    """Give the lease back on a clean stop, so that another need not wait for it to run out."""
    with unit_of_work():
        db.session.execute(sa.delete(Lease).where(Lease.worker == worker))


def run_job(job: Job, worker: str, *, again: bool = False) -> None:
    """Run a job once for the present slot; `again` runs it also where the slot is taken.

    A job that fails is logged with its slot and left for the next one; it holds up no other.
    """
    at = clock().now()
    run_id = _claim(job, worker, at)
    if run_id is None and not again:
        return
    outcome, problem = Outcome(), None
    try:
        with acting_as("scheduler"):
            outcome = job.run(at)
    except Exception as error:
        problem = type(error).__name__
        log.exception("job failed", job=job.name)
    finally:
        db.session.remove()
    if run_id is not None:
        _finish(run_id, outcome, problem)


def _claim(job: Job, worker: str, at: datetime) -> int | None:
    try:
        with unit_of_work():
            run = JobRun(job=job.name, slot=job.slot(at), worker=worker, started_at=at)
            db.session.add(run)
            db.session.flush()
            return run.id
    except IntegrityError:
        return None


def _finish(run_id: int, outcome: Outcome, problem: str | None) -> None:
    with unit_of_work():
        run = db.session.get(JobRun, run_id)
        if run is not None:
            run.ended_at, run.done, run.failed, run.problem = clock().now(), outcome.done, outcome.failed, problem


def each(items: list[int], act: Callable[[int], bool], what: str) -> Outcome:
    """Do `act` for every item, each in a unit of work of its own; one that fails is logged and left for next time.

    `act` says whether there was something to do.
    """
    done = failed = 0
    for item in items:
        try:
            with unit_of_work():
                acted = act(item)
            done += acted
        except IntegrityError:
            log.info("done by another scheduler", what=what, item=item)
        except Exception:
            failed += 1
            log.exception("item failed", what=what, item=item)
            db.session.rollback()
    return Outcome(done, failed)


def in_groups(
    items: list[int],
    act: Callable[[Any], bool],
    what: str,
    *,
    read: Callable[[list[int]], Sequence[Any]] = lambda group: group,
    size: int = 50,
) -> Outcome:
    """Do `act` for every item, so many in one unit of work: for quick things of which there are thousands.

    `read` returns what a group of numbers is about, in one statement, less what another scheduler is at; `act` takes each
    of these, and also a number. A group that fails is done again item by item, so that one broken item holds up no other.
    """
    done = failed = 0
    for start in range(0, len(items), size):
        group = items[start : start + size]
        try:
            with unit_of_work():
                acted = sum(act(item) for item in read(group))
            done += acted
        except OperationalError as busy:
            # Another scheduler is at the same work, or the database is away: the next round finds what is left.
            left = len(items) - start
            log.warning("left for the next round", what=what, items=left, problem=type(busy.orig).__name__)
            db.session.rollback()
            return Outcome(done, failed + left)
        except Exception as error:
            log.info("a group is done one by one", what=what, problem=type(error).__name__)
            db.session.rollback()
            outcome = each(group, act, what)
            done, failed = done + outcome.done, failed + outcome.failed
        db.session.rollback()  # what is kept in the session is let go: thousands of records would slow down each flush
    return Outcome(done, failed)


def last_heartbeat() -> datetime | None:
    """Return when a scheduler last said that it is alive."""
    return db.session.scalar(sa.select(sa.func.max(Heartbeat.at)))


def forget_old_runs(before: datetime) -> None:
    db.session.execute(sa.delete(JobRun).where(JobRun.started_at < before))
    db.session.execute(sa.delete(Heartbeat).where(Heartbeat.at < before))
