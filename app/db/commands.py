"""`flask db upgrade`: migrates under a lock, with a backup first where there is data."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask.cli import with_appcontext

from app.core.clock import clock
from app.db.base import db
from config import ROOT

MIGRATIONS = ROOT / "migrations"
_LOCK = 0x10753  # any number, the same for all who migrate


def alembic_config() -> AlembicConfig:
    config = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def newest_revision() -> str | None:
    """Return the revision that this code's models have."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def present_revision(connection: sa.Connection) -> str | None:
    """Return the revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


@click.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the database to this version's tables; backup first where there is data."""
    with _locked():
        with db.engine.connect() as connection:
            now = present_revision(connection)
        newest = newest_revision()
        if now == newest:
            return
        if now is not None:
            _refuse_newer(now)
            click.echo(f"Backup before migrating: {_backup(now)}")
        config = alembic_config()
        with db.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        click.echo(f"The database is at {newest}.")


def _refuse_newer(revision: str) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if revision not in known:
        click.echo(
            f"The database was migrated by a newer version of Lotse (revision {revision}). "
            "Start that version, or restore the backup made before the migration.",
            err=True,
        )
        sys.exit(1)


@contextmanager
def _locked() -> Iterator[None]:
    """Hold the lock that lets one process migrate at a time."""
    if db.engine.dialect.name == "sqlite":
        path = Path(db.engine.url.database or "lotse")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with db.engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))


def _backup(revision: str) -> Path:
    folder = ROOT / "instance" / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = clock().now().strftime("%Y%m%dT%H%M%S")
    if db.engine.dialect.name == "sqlite":
        target = folder / f"before-{revision}-{stamp}.sqlite3"
        with sqlite3.connect(str(db.engine.url.database)) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        return target
    if shutil.which("pg_dump") is None:
        click.echo("pg_dump is missing, so no backup can be made before migrating. Install postgresql-client.", err=True)
        sys.exit(1)
    target = folder / f"before-{revision}-{stamp}.dump"
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(["pg_dump", "--format=custom", f"--file={target}", f"--dbname={url}"], check=False)
    if done.returncode:
        click.echo("pg_dump failed, so nothing was migrated.", err=True)
        sys.exit(1)
    return target
