"""What an administrator does to the scheduler."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.reminders.models import JobRequest


def ask_to_run(job: str, *, by_id: int, at: datetime) -> JobRequest:
    """Ask that a job runs now; a request that still waits is the same one."""
    waiting = db.session.scalar(sa.select(JobRequest).where(JobRequest.job == job, JobRequest.run_id.is_(None)).limit(1))
    if waiting is not None:
        return waiting
    request = JobRequest(job=job, asked_at=at, asked_by_id=by_id)
    db.session.add(request)
    db.session.flush()
    return request
