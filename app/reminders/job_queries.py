"""Reading what the scheduler did: runs of jobs, requests, who leads and who is alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.clock import clock
from app.db import db
from app.reminders import clock_rules
from app.reminders.heart import schedulers
from app.reminders.models import Heartbeat, JobRequest, JobRun, Lease
from app.reminders.rounds import LEASE
from app.web.paging import Page, page_of

_WORKED = sa.or_(JobRun.due > 0, JobRun.problem.is_not(None))


@dataclass(frozen=True)
class Living:
    """Who runs the jobs: the schedulers of the last day, and the one that leads."""

    rows: Sequence[Heartbeat]
    alive: frozenset[str]
    leader: str | None


def living() -> Living:
    """Return the schedulers of the last day, which of them are alive, and who leads."""
    now = clock().now()
    rows = schedulers()
    alive = frozenset(row.worker for row in rows if clock_rules.is_alive(row.at, now))
    lease = db.session.get(Lease, "minute")
    leads = lease is not None and now < lease.until <= now + LEASE
    return Living(rows, alive, lease.worker if lease is not None and leads else None)


def newest_runs(names: Sequence[str], *, that_worked: bool = False) -> dict[str, JobRun]:
    """Return the newest run of each job, or its newest that found something to do or failed; one statement."""
    further = [_WORKED] if that_worked else []
    newest = [sa.select(sa.func.max(JobRun.id).label("id")).where(JobRun.job == name, *further).correlate(None) for name in names]
    ids = sa.union_all(*newest).subquery()
    return {run.job: run for run in db.session.scalars(sa.select(JobRun).where(JobRun.id.in_(sa.select(ids.c.id))))}


def runs_of(name: str, *, every: bool = False) -> Page[JobRun]:
    """Return a page of the runs of a job, newest first: those that found something to do or failed, or `every` one."""
    select = sa.select(JobRun).where(JobRun.job == name)
    return page_of(select if every else select.where(_WORKED), [JobRun.id], descending=True, scalars=True)


def newest_requests(names: Sequence[str]) -> dict[str, JobRequest]:
    """Return the newest request of each job; one statement."""
    newest = sa.select(sa.func.max(JobRequest.id)).where(JobRequest.job.in_(names)).group_by(JobRequest.job)
    return {one.job: one for one in db.session.scalars(sa.select(JobRequest).where(JobRequest.id.in_(newest)))}


def runs_by_id(ids: Sequence[int]) -> dict[int, JobRun]:
    """Return these runs by their numbers; those forgotten meanwhile are left out."""
    return {run.id: run for run in db.session.scalars(sa.select(JobRun).where(JobRun.id.in_(ids)))} if ids else {}


def requests_of(name: str, limit: int = 10) -> Sequence[Any]:
    """Return the newest requests of a job, newest first."""
    return db.session.scalars(
        sa.select(JobRequest).where(JobRequest.job == name).order_by(JobRequest.id.desc()).limit(limit)
    ).all()
