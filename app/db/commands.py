"""`flask db upgrade`: migrates under a lock, with a backup first where there is data; and whether database and code fit."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask.cli import with_appcontext

from app.core.clock import clock, sleep
from app.core.environment import environment
from app.core.errors import RuleViolation
from app.db.base import db
from config import ROOT

MIGRATIONS = ROOT / "migrations"
RESTORING = "lotse_restoring"  # a table that is there while a backup is being restored
_LOCK = 0x10753  # any number, the same for all who migrate


def alembic_config() -> AlembicConfig:
    config = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@cache
def newest_revision() -> str | None:
    """Return the revision that this code's models have."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


@cache
def known_revisions() -> set[str]:
    """Return all revisions that this code can migrate from, its own among them."""
    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def present_revision(connection: sa.Connection) -> str | None:
    """Return the revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def misfit() -> str | None:
    """Return why this code cannot work on this database, as a sentence that says what to do; None where it can.

    Raises what the database raises where it cannot be reached.
    """
    with db.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        now = present_revision(connection)
    if RESTORING in tables:
        return "A backup is being restored into this database, or that was broken off. Please wait, or call restore again."
    newest = newest_revision()
    if now == newest:
        return None
    if now is None:
        return "The database has no tables yet. Please call: bin/flask db upgrade"
    if now not in known_revisions():
        return _newer(now)
    return (
        f"The database is still at revision {now}, and this version of Lotse needs {newest}. "
        "Please call: bin/flask db upgrade (it makes a backup first)"
    )


def _newer(revision: str) -> str:
    return (
        f"The database was migrated by a newer version of Lotse (revision {revision}). "
        "Please start that version, or restore the backup made before the migration."
    )


def migrate() -> None:
    """Bring the database to the newest revision: all steps in one transaction, so whoever is killed leaves it as it was."""
    config = alembic_config()
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(sa.text("SET lock_timeout = '60s'"))  # for those who are at work to finish
            connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@click.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the database to this version's tables; backup first where there is data."""
    try:
        with db.engine.connect():
            pass
    except sa.exc.OperationalError as away:
        _refuse(f"The database cannot be reached: {next(iter(str(away.orig).splitlines()), '')}")
    with _locked():
        with db.engine.connect() as connection:
            now, tables = present_revision(connection), sa.inspect(connection).get_table_names()
        db.engine.dispose()
        if RESTORING in tables:
            _refuse(misfit() or "")
        newest = newest_revision()
        if now == newest:
            return
        if now is not None:
            if now not in known_revisions():
                _refuse(_newer(now))
            click.echo(f"Backup before migrating: {_backup(now)}")
        try:
            migrate()
        except sa.exc.DBAPIError as problem:
            said = next(iter(str(problem.orig).splitlines()), "")
            _refuse(f"Migrating failed, and the database is as it was, at revision {now}: {said}")
        click.echo(f"The database is at {newest}.")


def _refuse(why: str) -> None:
    click.echo(why, err=True)
    sys.exit(1)


@contextmanager
def _locked() -> Iterator[None]:
    """Hold the lock that lets one process migrate at a time; who comes second waits."""
    if db.engine.dialect.name == "sqlite":
        path = Path(db.engine.url.database or "lotse")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Asked again and again instead of waiting in one statement, which would run into our own lock_timeout.
        while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))):
            sleep(0.2)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))


def _backup(revision: str) -> Path:
    """Back the database up as `backup` does, without the files: a migration does not touch them."""
    from app.backup.actions import make
    from app.backup.rules import BEFORE, name_of

    target = Path(environment().backups) / name_of(f"{BEFORE}-{revision}", clock().now())
    try:
        make(target, zone="UTC", with_files=False)
    except RuleViolation as reason:
        _refuse(f"There is no backup, so nothing was migrated. {reason}")
    return target
