"""A backup and the note that it was made; the nightly one, and the old ones that go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from app.backup import rules
from app.backup.actions import Say, make, quiet, remove
from app.backup.folders import whole_ones
from app.backup.models import BackupRun
from app.backup.queries import last_backup
from app.backup.restoring import Restored
from app.backup.rules import NIGHTLY, Manifest
from app.core.clock import clock, system_seconds
from app.core.durable import UNFINISHED
from app.core.environment import environment
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.settings.queries import firm

log = structlog.get_logger()
TRY_AGAIN = timedelta(hours=1)
GIVEN_UP = timedelta(hours=12)  # a run that did not end until then belongs to a process that has died
ONE_DAY = 86_400


def make_and_note(folder: Path, kind: str, *, say: Say = quiet) -> Manifest:
    """Make a backup and note how it went, also where it failed. Raises RuleViolation then."""
    zone = firm().zone
    db.session.rollback()
    number = _begin(folder, kind)
    try:
        manifest = make(folder, zone=zone, say=say)
    except BaseException as problem:
        said = str(problem) if isinstance(problem, RuleViolation) else type(problem).__name__
        _end(number, problem=said[:400])
        raise
    _end(number, taken_at=manifest.at, bytes=manifest.database["bytes"], problem=lacking(manifest)[:400] or None)
    return manifest


def lacking(manifest: Manifest) -> str:
    """Say which contents the place for files has lost; "" where none."""
    count = len(manifest.missing)
    if not count:
        return ""
    return (
        f"{count} {'file that a record names is' if count == 1 else 'files that records name are'} not in the place for files, or "
        f"damaged there: {', '.join(manifest.missing[:3])}{' …' if count > 3 else ''}. Everything else is in the backup."
    )


def _begin(folder: Path, kind: str) -> int:
    with unit_of_work():
        run = BackupRun(kind=kind, folder=str(folder)[:400], started_at=clock().now())
        db.session.add(run)
        db.session.flush()
        return run.id


def _end(number: int, **values: object) -> None:
    db.session.rollback()
    with unit_of_work():
        db.session.execute(sa.update(BackupRun).where(BackupRun.id == number).values(ended_at=clock().now(), **values))


def is_owed(at: datetime) -> bool:
    """Whether a nightly backup is to be made now: switched on, due by the firm's clock, none under way, no failure within the hour."""
    settings = firm()
    if not settings.backup_nightly:
        return False
    zone = ZoneInfo(settings.zone)
    last = last_backup()
    taken = last.taken_at.astimezone(zone) if last.taken_at else None
    if not rules.is_due(at.astimezone(zone), settings.backup_hour, taken):
        return False
    if last.failed_at is not None and at - last.failed_at < TRY_AGAIN:
        return False
    under_way = sa.exists().where(BackupRun.ended_at.is_(None), BackupRun.started_at > at - GIVEN_UP)
    return not db.session.scalar(sa.select(under_way))


def nightly(at: datetime) -> Manifest:
    """Make tonight's backup, then delete the old ones. Raises RuleViolation."""
    place, settings = Path(environment().backups), firm()
    manifest = make_and_note(place / rules.name_of(NIGHTLY, at), NIGHTLY)
    tidy(place, at, days=settings.backups_daily, weeks=settings.backups_weekly)
    return manifest


def tidy(place: Path, at: datetime, *, days: int, weeks: int) -> list[str]:
    """Delete the backups that are no longer kept, and what killed ones left for a day; return the names."""
    whole = {folder.name for folder, _manifest in whole_ones(place)}
    going = rules.to_delete(rules.kept_of(whole), at, days=days, weeks=weeks)
    for name in going:
        remove(place / name)
    for folder in place.glob(f"{UNFINISHED}*"):
        if folder.is_dir() and folder.stat().st_mtime < system_seconds() - ONE_DAY:
            shutil.rmtree(folder, ignore_errors=True)
            going.append(folder.name)
    if going:
        log.info("old backups deleted", names=going)
    return going


def told(done: Restored) -> Iterator[str]:
    """Say what a restore did, and what is left for people to do."""
    yield f"The backup of {done.taken_at} is restored, with {done.files:,} files."
    if done.missing_files:
        yield f"{done.missing_files} files were lost already when the backup was made."
    if done.migrated_from:
        yield f"It was of revision {done.migrated_from} and is migrated, as db upgrade does."
    if done.erasures:
        yield f"Erasures made since then were made again: {done.erasures}."
    yield "Everybody signs in anew. Personal links of before the backup hold; those sent after it do not."
    yield (
        f"Mail stands still, {done.letters} letters wait: some may have gone after the backup was made. Please look through them under "
        "Mail as an administrator and let them go there, or call: bin/flask mail resume"
    )
    if done.other_key:
        yield "SECRET_KEY is not the one of then: second factors are set up anew, and links that went out no longer hold."
