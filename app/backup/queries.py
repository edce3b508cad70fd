"""When the last good backup was taken, and whether one is wanting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.backup.models import BackupRun
from app.db import db


@dataclass(frozen=True)
class LastBackup:
    """The newest good backup, and the newest failure if that came later."""

    taken_at: datetime | None
    folder: str | None
    failed_at: datetime | None
    problem: str | None


def last_backup() -> LastBackup:
    """Return how the last backups went; two statements."""
    good = db.session.execute(
        sa.select(BackupRun.taken_at, BackupRun.folder)
        .where(BackupRun.taken_at.is_not(None))
        .order_by(BackupRun.taken_at.desc())
        .limit(1)
    ).first()
    taken_at = good.taken_at if good else None
    later = [BackupRun.started_at > taken_at] if taken_at else []
    bad = db.session.execute(
        sa.select(BackupRun.ended_at, BackupRun.problem)
        .where(BackupRun.problem.is_not(None), *later)
        .order_by(BackupRun.id.desc())
        .limit(1)
    ).first()
    return LastBackup(taken_at, good.folder if good else None, bad.ended_at if bad else None, bad.problem if bad else None)


def age_seconds(at: datetime) -> int | None:
    """Return the age of the newest good backup; None where there is none."""
    taken_at = last_backup().taken_at
    return None if taken_at is None else max(0, round((at - taken_at).total_seconds()))
