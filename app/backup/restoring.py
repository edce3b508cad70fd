"""Bringing a backup back, only into an empty place, and what must not be as it was then. Source: docs/decisions, "Backup"."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from app.backup import databases
from app.backup.actions import Say, damaged, differences, open_backup, quiet
from app.backup.folders import file_in, whole_ones
from app.backup.rules import ERASURES, Manifest, key_check
from app.core.clock import CLOCK, clock
from app.core.durable import sync
from app.core.environment import environment
from app.core.errors import RuleViolation
from app.db import audit_bulk, db, unit_of_work
from app.db.commands import RESTORING, known_revisions, migrate, newest_revision
from app.db.files import overwrite_deleted
from app.files.queries import the_store
from app.files.store import FolderStore
from app.links.actions import leave_out_numbers
from app.mail.actions import hold_until_resumed
from app.mail.models import Letter
from app.mail.rules import State
from app.privacy import journal
from app.privacy import ticks as privacy_ticks
from app.privacy.replay import replay
from app.reminders.models import Heartbeat, Lease
from app.users import sessions

MARK = "restoring/backup"  # a note among the files while a restore is under way, so that a broken off one can be begun again
LINKS_LEFT_OUT = 1_000_000


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    taken_at: str
    files: int
    missing_files: int
    migrated_from: str | None  # the revision of an older backup
    erasures: int  # made again, since the backup does not know them
    sessions: int  # ended
    letters: int  # that wait until an administrator lets them go
    other_key: bool  # SECRET_KEY is not the one of the backup


def restore(folder: Path, *, journals: Iterable[Path] = (), say: Say = quiet) -> Restored:
    """Fill an empty database and an empty place for files from a backup. Raises RuleViolation, and changes nothing then.

    Erasures that the backup does not know are made again: from the journal among the files, from the one beside the backups,
    from the other backups there, and from `journals`.
    """
    folder = folder.absolute()
    manifest = open_backup(folder)
    kind = _check_fits(manifest)
    say("Checking the backup …")
    if problems := damaged(folder, manifest, say):
        raise RuleViolation(f"{folder} is damaged: {problems[0]}.")
    _check_empty(manifest)
    later = journal.unite([*_journals(folder, journals), *journal.kept(the_store())])
    files = _put_files(folder, manifest, say)
    say("Restoring the database …")
    try:
        with _place(kind, manifest, folder) as app, app.app_context():
            done = _bring_up(manifest, later, say)
            db.session.remove()
            db.engine.dispose()
    except RuleViolation:
        for sha256 in manifest.files:
            the_store().delete(sha256)
        raise
    the_store().remove_note(MARK)
    return replace(done, files=files)


def _check_fits(manifest: Manifest) -> databases.Kind:
    name, here = manifest.database["kind"], db.engine.dialect.name
    if name != here:
        raise RuleViolation(f"This is a backup of {_word(name)}, but DATABASE_URL names a database of {_word(here)}.")
    if manifest.revision is None or manifest.revision not in known_revisions():
        raise RuleViolation(
            f"This backup was made by a newer version of Lotse ({manifest.lotse}, revision {manifest.revision}). "
            "Please restore it with that version."
        )
    return databases.kind_of(name)


def _word(name: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(name, name)


def _check_empty(manifest: Manifest) -> None:
    """Raise RuleViolation unless nothing is there; what a broken off restore of the same backup left does not count."""
    with db.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
    db.engine.dispose()
    if tables and RESTORING not in tables:
        raise RuleViolation("The database is not empty. A backup is restored only into an empty one; please name a new one.")
    store = the_store()
    begun = dict(store.notes(MARK.split("/")[0])).get(MARK)
    if begun != manifest.taken_at and manifest.with_files and next(iter(store.hashes()), None) is not None:
        raise RuleViolation("The place for files (FILES_URL) is not empty. Please name a new one.")


def _put_files(folder: Path, manifest: Manifest, say: Say) -> int:
    store = the_store()
    if not manifest.with_files:
        say("This backup was made without files; those that are in place stay.")
        return 0
    store.write_note(MARK, manifest.taken_at)
    for number, sha256 in enumerate(manifest.files, start=1):
        store.put(file_in(folder, sha256).read_bytes())
        if number % 1000 == 0:
            say(f"Files: {number:,} of {len(manifest.files):,} …")
    say(f"Files: {len(manifest.files):,}.")
    return len(manifest.files)


# Where the database comes to life: out of sight until it is whole


@contextmanager
def _place(kind: databases.Kind, manifest: Manifest, folder: Path) -> Iterator[Flask]:
    """Yield an application on the loaded database, which nobody else can take for a whole one before the end."""
    source = folder / manifest.database["file"]
    place: Callable[..., Any] = _file_place if kind.name == "sqlite" else _server_place
    with place(kind, source) as url:
        yield _application(url)


@contextmanager
def _file_place(kind: databases.Kind, source: Path) -> Iterator[sa.engine.URL]:
    """A file beside the one that is wanted; it gets its name at the end."""
    wanted = Path(str(db.engine.url.database))
    wanted.parent.mkdir(parents=True, exist_ok=True)
    draft = wanted.with_name(f"{wanted.name}.restoring")
    _remove_with_journal(draft)
    url = db.engine.url.set(database=str(draft))
    try:
        kind.load(source, url)
        yield url
        db.engine.dispose()
        _remove_with_journal(wanted)  # an empty one that somebody opened
        sync(draft)
        draft.replace(wanted)
        sync(wanted.parent)
    finally:
        _remove_with_journal(draft)


def _remove_with_journal(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _server_place(kind: databases.Kind, source: Path) -> Iterator[sa.engine.URL]:
    """The database itself, with a mark that has every other start of Lotse refuse."""
    _clear()  # what a restore that was broken off has left
    _ask(f"CREATE TABLE {RESTORING} (since timestamptz DEFAULT clock_timestamp())")
    try:
        kind.load(source, db.engine.url)
        yield db.engine.url
    except RuleViolation:
        _clear()
        raise
    _ask(f"DROP TABLE {RESTORING}")


def _clear() -> None:
    engine = sa.create_engine(db.engine.url, poolclass=sa.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
    _ask(*(f'DROP TABLE IF EXISTS "{name}" CASCADE' for name in names))


def _ask(*statements: str) -> None:
    engine = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _application(url: sa.engine.URL) -> Flask:
    from app import create_app

    config = replace(environment(), database_url=url.render_as_string(hide_password=False), scheduler="off")
    return create_app(config, current_app.extensions[CLOCK])


# What must not be as it was then


def _bring_up(manifest: Manifest, later: list[journal.Entry], say: Say) -> Restored:
    """Compare the loaded database with the manifest, migrate it, end what must not live on, and make later erasures again."""
    with db.engine.connect() as connection:
        problems = differences(databases.read(connection, manifest.at), manifest)
    if problems:
        raise RuleViolation(f"The database is not what the backup says: {problems[0]}.")
    older = manifest.revision if manifest.revision != newest_revision() else None
    if older:
        say(f"Migrating from revision {older} to {newest_revision()}, as db upgrade does …")
        migrate()
    at = clock().now()
    with unit_of_work():
        ended = sessions.end_everything(at)
        _forget_processes()
        leave_out_numbers(LINKS_LEFT_OUT, at=at)
        waiting = _hold_letters(at)
        audit_bulk("database", {"restored": manifest.taken_at})
    say(f"Erasures to make again: {len(later)} are in the journals.")
    replayed = replay(later)
    if replayed:
        privacy_ticks.finish(clock().now())
    overwrite_deleted([])
    return Restored(
        taken_at=manifest.taken_at,
        files=0,
        missing_files=len(manifest.missing),
        migrated_from=older,
        erasures=replayed,
        sessions=ended,
        letters=waiting,
        other_key=manifest.key_check != key_check(environment().secret_key),
    )


def _forget_processes() -> None:
    """Schedulers of then are no longer there: neither their lease nor their clocks bind anybody."""
    db.session.execute(sa.delete(Lease))
    db.session.execute(sa.delete(Heartbeat))


def _hold_letters(at: datetime) -> int:
    """Have all letters wait, and say how many do: since the backup some may have gone that it still calls waiting."""
    hold_until_resumed(at=at)
    waiting = sa.select(sa.func.count()).select_from(Letter).where(Letter.state == State.QUEUED)
    return db.session.scalar(waiting) or 0


def _journals(folder: Path, further: Iterable[Path]) -> Iterator[journal.Entry]:
    """Yield the erasures that are known beside the backup: its own log, other backups', the journal beside them, and others."""
    yield from _log_in(folder)
    for other, _manifest in whole_ones(folder.parent):
        yield from _log_in(other)
    yield from journal.kept(FolderStore(folder.parent))
    for place in further:
        if not place.exists():
            raise RuleViolation(f"{place} is not there.")
        yield from _log_in(place) if (place / ERASURES).exists() else journal.kept(FolderStore(place))


def _log_in(folder: Path) -> list[journal.Entry]:
    try:
        return [journal.entry_from(values) for values in json.loads((folder / ERASURES).read_text())]
    except (OSError, ValueError):
        return []
