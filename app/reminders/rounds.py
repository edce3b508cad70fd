"""One round of the scheduler: who leads, and which jobs this minute still owes."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from app.core.clock import clock
from app.core.measures import JOBS
from app.db import acting_as, db, unit_of_work
from app.reminders.models import JobRequest, JobRun, Lease

log = structlog.get_logger()
LEASE = timedelta(seconds=45)  # renewed every 15, so another takes over well within a minute
KEEP_RUNS = timedelta(days=14)
MOST_SKEW = timedelta(minutes=10)  # between the clocks of two machines; a run further ahead is of a clock set back since


@dataclass(frozen=True)
class Outcome:
    """How a job went: things done, things that failed and were left for next time, and things that needed nothing after all."""

    done: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def due(self) -> int:
        return self.done + self.failed + self.skipped

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.done + other.done, self.failed + other.failed, self.skipped + other.skipped)


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

    def next_at(self, at: datetime) -> datetime:
        """Return when the slot after the one of `at` begins."""
        start = at.replace(second=0, microsecond=0)
        if self.every == "minute":
            return start + timedelta(minutes=1)
        start = start.replace(minute=0)
        return start + timedelta(hours=1) if self.every == "hour" else start.replace(hour=0) + timedelta(days=1)


def worker_name() -> str:
    """Return a name for this process that no other one has."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


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


def lease_is_free() -> bool:
    """Say whether nobody leads: looked up without the write lock, for this is asked every few seconds, mostly in vain."""
    until, now = db.session.scalar(sa.select(Lease.until).where(Lease.name == "minute")), clock().now()
    db.session.rollback()
    return until is None or not now < until <= now + LEASE


def release(worker: str) -> None:
    """Give the lease back on a clean stop, so that another need not wait for it to run out."""
    with unit_of_work():
        db.session.execute(sa.delete(Lease).where(Lease.worker == worker))


def free_slots_ahead() -> None:
    """Make room in slots whose runs lie in the future: of a clock that was set back since, or its jobs would pause until then.

    What the runs did is not repeated: each job looks at what was told.
    """
    ahead = clock().now() + MOST_SKEW
    column, kept = JobRun.__table__.c, JobRun.__table__
    with unit_of_work():
        db.session.execute(
            sa.update(kept)
            .where(column.started_at > ahead, ~column.slot.contains("~"))
            .values(slot=column.slot + "~" + sa.cast(column.id, sa.String))
        )


def run_job(job: Job, worker: str, *, again: bool = False) -> None:
    """Run a job once for the present slot; `again` runs it also where the slot is taken.

    A job that fails is logged with its slot and left for the next one; it holds up no other.
    """
    at = clock().now()
    run_id = _claim(job, job.slot(at), worker, at)
    if run_id is None and again:
        run_id = _claim(job, f"{job.slot(at)}+{secrets.token_hex(4)}", worker, at)
    if run_id is not None:
        _run(job, run_id, at)


def run_requested(jobs: Mapping[str, Job], worker: str, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Run the jobs that administrators want to run now, each request once whatever runs beside; return how many."""
    waiting = sa.select(JobRequest.id, JobRequest.job).where(JobRequest.run_id.is_(None)).order_by(JobRequest.id)
    requests = db.session.execute(waiting).all()
    db.session.rollback()
    taken = 0
    for request in requests:
        if stopping():
            break
        at = clock().now()
        job = jobs.get(request.job, _unknown(request.job))
        run_id = _claim(job, f"asked {request.id}", worker, at, request.id)
        if run_id is not None:
            taken += 1
            _run(job, run_id, at)
    return taken


def _unknown(name: str) -> Job:
    def run(_at: datetime) -> Outcome:
        raise LookupError(f"this version has no job {name}")

    return Job(name, run)


def _run(job: Job, run_id: int, at: datetime) -> None:
    outcome, problem = Outcome(), None
    try:
        with acting_as("scheduler"):
            outcome = job.run(at)
    except Exception as error:
        problem = type(error).__name__
        log.exception("job failed", job=job.name)
    finally:
        db.session.remove()
    JOBS.add((job.name, "failed" if problem or outcome.failed else "done"))
    _finish(run_id, outcome, problem)


def _claim(job: Job, slot: str, worker: str, at: datetime, request_id: int | None = None) -> int | None:
    try:
        with acting_as("scheduler"), unit_of_work():
            run = JobRun(job=job.name, slot=slot, worker=worker, started_at=at)
            db.session.add(run)
            db.session.flush()
            if request_id is not None:
                db.session.get_one(JobRequest, request_id).run_id = run.id
            return run.id
    except IntegrityError:
        return None


def _finish(run_id: int, outcome: Outcome, problem: str | None) -> None:
    with unit_of_work():
        run = db.session.get(JobRun, run_id)
        if run is not None:
            run.ended_at, run.problem = clock().now(), problem
            run.due, run.done, run.skipped, run.failed = outcome.due, outcome.done, outcome.skipped, outcome.failed


def each(items: list[int], act: Callable[[int], bool], what: str) -> Outcome:
    """Do `act` for every item, each in a unit of work of its own; one that fails is logged and left for next time.

    `act` says whether there was something to do.
    """
    done = failed = skipped = 0
    for item in items:
        try:
            with unit_of_work():
                acted = bool(act(item))
            done, skipped = done + acted, skipped + (not acted)
        except IntegrityError:
            skipped += 1
            log.info("done by another scheduler", what=what, item=item)
        except Exception:
            failed += 1
            log.exception("item failed", what=what, item=item)
            db.session.rollback()
    return Outcome(done, failed, skipped)


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
    went = Outcome()
    for start in range(0, len(items), size):
        group = items[start : start + size]
        try:
            with unit_of_work():
                acted = sum(bool(act(item)) for item in read(group))
            went += Outcome(acted, skipped=len(group) - acted)
        except OperationalError as busy:
            # Another scheduler is at the same work, or the database is away: the next round finds what is left.
            left = len(items) - start
            log.warning("left for the next round", what=what, items=left, problem=type(busy.orig).__name__)
            db.session.rollback()
            return went + Outcome(failed=left)
        except Exception as error:
            log.info("a group is done one by one", what=what, problem=type(error).__name__)
            db.session.rollback()
            went += each(group, act, what)
        db.session.rollback()  # what is kept in the session is let go: thousands of records would slow down each flush
    return went


def forget_old_runs(before: datetime) -> int:
    """Forget runs that began before the instant `before`, and requests of then; return how many. Schedulers: see `heart`."""
    runs = db.session.execute(sa.delete(JobRun).where(JobRun.started_at < before))
    asked = db.session.execute(sa.delete(JobRequest).where(JobRequest.asked_at < before))
    return int(runs.rowcount + asked.rowcount)  # type: ignore[attr-defined]
