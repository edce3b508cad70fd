"""How the installation is: what /healthz answers, the health page shows and the metrics count. Numbers only, nobody's data."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from app.backup.queries import age_seconds
from app.core.environment import environment
from app.db import db
from app.db.commands import newest_revision, present_revision
from app.mail.models import Letter
from app.mail.pace import held_until
from app.mail.queries import counts, trouble
from app.reminders import heart
from app.reminders.clock_rules import is_alive
from app.settings.queries import firm

OLDEST_LETTER_SECONDS = 600
LEAST_FREE_BYTES = 500_000_000  # less, and a backup or a day of papers may not fit any more
OLDEST_BACKUP_SECONDS = 36 * 3600  # one nightly backup failed


@dataclass(frozen=True)
class Health:
    """What is known at one moment; seconds and bytes. None: not known, or none there."""

    revision: str | None
    newest: str | None
    heartbeat_age: float | None
    alive: bool
    refusing: tuple[str, ...]
    waiting: float  # since the oldest letter could have gone
    stopped: str | None  # why the whole queue waits, as mail.rules.Fault
    backup_age: int | None

    @property
    def is_migrated(self) -> bool:
        return self.revision == self.newest

    @property
    def is_well(self) -> bool:
        """What /healthz answers 200 for: contract.md 7."""
        return self.is_migrated and self.alive and self.waiting <= OLDEST_LETTER_SECONDS


def health(now: datetime) -> Health:
    """Return how it stands; raises what the database raises."""
    with db.engine.connect() as connection:
        revision = present_revision(connection)
    pulse, oldest, stopped = heart.pulse(), waiting_since(now), trouble()
    return Health(
        revision=revision,
        newest=newest_revision(),
        heartbeat_age=None if pulse.at is None else (now - pulse.at).total_seconds(),
        alive=pulse.at is not None and is_alive(pulse.at, now) and (pulse.works or not pulse.refusing),
        refusing=pulse.refusing,
        waiting=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
        stopped=stopped.fault if stopped else None,
        backup_age=age_seconds(now),
    )


def waiting_since(now: datetime) -> datetime | None:
    """Return since when a letter could have gone; one that its own recipient's server puts off does not count.

    While the whole queue stands still, all that waits counts, from the moment it stopped. Nothing is late while as many
    go as the firm lets go in a minute.
    """
    if held_until(firm().letters_a_minute, now):
        return None
    untried = db.session.scalar(
        sa.select(sa.func.min(Letter.next_attempt_at)).where(Letter.state == "queued", Letter.failures == 0)
    )
    stopped = trouble()
    return min(filter(None, (untried, stopped.since if stopped else None)), default=None)


def letters() -> dict[str, int]:
    """Return how many letters are in each state."""
    return counts()


def free_bytes() -> dict[str, int]:
    """Return the free space of each place on this machine where we write: the database, uploads, backups."""
    places = {"files": environment().files_url, "backups": environment().backups}
    if db.engine.dialect.name == "sqlite":
        places["database"] = str(db.engine.url.database or "")
    found = {}
    for name, place in places.items():
        folder = next((path for path in (Path(place), *Path(place).parents) if path.is_dir()), None)
        if place and "://" not in place and folder is not None:
            found[name] = shutil.disk_usage(folder).free
    return found
