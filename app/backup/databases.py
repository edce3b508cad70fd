"""The two kinds of database: a copy of one moment while others write, and how it comes back."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db.commands import RESTORING

Url = sa.engine.URL


@dataclass(frozen=True)
class Snapshot:
    """What the database held at one moment, read in the transaction that was copied."""

    taken_at: datetime  # before the moment: each change acknowledged until then is in it
    revision: str | None
    rows: dict[str, int]
    files: dict[str, int]  # bytes by hash
    erasures: list[dict[str, Any]]


class Kind(Protocol):
    """SQLite or PostgreSQL."""

    name: str
    file: str

    def dump(self, engine: sa.Engine, target: Path) -> Snapshot:
        """Copy one moment of the database to a new file; raises RuleViolation where that cannot be done."""

    def load(self, source: Path, url: Url) -> None:
        """Fill the empty database at `url` from such a file, as a whole or not at all."""

    def scratch(self, url: Url) -> Any:
        """A context that gives the address of an empty database beside the one at `url`, gone afterwards."""

    def faults(self, connection: sa.Connection) -> list[str]:
        """Say what is broken inside a database that was loaded."""


def read(connection: sa.Connection, taken_at: datetime) -> Snapshot:
    """Count what the transaction of this connection sees."""
    names = sorted(set(sa.inspect(connection).get_table_names()) - {RESTORING})
    rows = {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0 for name in names}
    revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if "alembic_version" in names else None
    files: dict[str, int] = {}
    if "stored_file" in names:
        files = {
            row[0]: row[1] for row in connection.execute(sa.text("SELECT sha256, max(size) FROM stored_file GROUP BY sha256"))
        }
    return Snapshot(taken_at, revision, rows, files, _erasures(connection) if "erasure_note" in names else [])


def _erasures(connection: sa.Connection) -> list[dict[str, Any]]:
    """Return the log of erasures, in the form of its journal: what was erased after an older backup, this one knows."""
    notes = sa.table(
        "erasure_note", *(sa.column(name) for name in ("kind", "number", "told")), sa.column("erased_at", sa.DateTime)
    )
    found = connection.execute(sa.select(notes.c.kind, notes.c.number, notes.c.told, notes.c.erased_at))
    return [
        {
            "kind": kind,
            "id": number,
            "told": bool(told),
            "erased_at": at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC).isoformat(),
        }
        for kind, number, told, at in found
    ]


class Sqlite:
    name, file = "sqlite", "database.sqlite3"

    def dump(self, engine: sa.Engine, target: Path) -> Snapshot:
        taken_at = clock().now()
        try:
            with engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
                snapshot = read(connection, taken_at)  # from its first word on the transaction sees one moment
                source: Any = connection.connection.driver_connection
                source.backup(copy)  # inside that transaction; others go on writing into the journal meanwhile
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
        except (sqlite3.Error, sa.exc.DBAPIError) as problem:
            said = getattr(problem, "orig", None) or problem
            raise RuleViolation(f"The database could not be copied: {said}.") from None
        target.chmod(0o600)
        return snapshot

    def load(self, source: Path, url: Url) -> None:
        shutil.copyfile(source, str(url.database))
        Path(str(url.database)).chmod(0o600)

    @contextmanager
    def scratch(self, url: Url) -> Iterator[Url]:
        with tempfile.TemporaryDirectory(prefix="lotse-verify-") as folder:
            yield sa.make_url(f"sqlite:///{folder}/lotse.sqlite3")

    def faults(self, connection: sa.Connection) -> list[str]:
        said = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
        found = [] if said == ["ok"] else [f"the database is damaged: {line}" for line in said]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return found + [f"{row[0]}, row {row[1]}, refers to a row of {row[2]} that is not there" for row in broken[:5]]


class Postgres:
    name, file = "postgresql", "database.dump"

    def dump(self, engine: sa.Engine, target: Path) -> Snapshot:
        _need("pg_dump")
        taken_at = clock().now()
        try:
            with engine.connect() as plain:
                connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                snapshot_name = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
                snapshot = read(connection, taken_at)
                asked = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot_name}", f"--file={target}")
                _run(engine.url, "pg_dump", *asked)  # sees exactly what the transaction that is open here sees
        except sa.exc.DBAPIError as problem:
            raise RuleViolation(f"The database could not be copied: {_first_line(str(problem.orig))}") from None
        target.chmod(0o600)
        return snapshot

    def load(self, source: Path, url: Url) -> None:
        asked = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
        _run(url, "pg_restore", *asked, str(source))

    @contextmanager
    def scratch(self, url: Url) -> Iterator[Url]:
        name = f"lotse_verify_{secrets.token_hex(6)}"
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool, hide_parameters=True)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except sa.exc.DBAPIError as problem:
            raise RuleViolation(
                "No database to try the backup in could be made beside the one of DATABASE_URL "
                f"(its role needs CREATEDB): {_first_line(str(problem.orig))}"
            ) from None
        try:
            yield url.set(database=name)
        finally:
            with engine.connect() as connection:
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def faults(self, connection: sa.Connection) -> list[str]:
        return []  # keys and constraints were checked by the server when they were made anew


_KINDS: dict[str, Kind] = {kind.name: kind for kind in (Sqlite(), Postgres())}


def kind_of(name: str) -> Kind:
    return _KINDS[name]


def _need(program: str) -> None:
    if shutil.which(program) is None:
        raise RuleViolation(
            f"{program} is missing, so there is no backup of PostgreSQL. Please install PostgreSQL's client programs, "
            "not older than the server (Debian: apt-get install postgresql-client)."
        )


def _run(url: Url, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's; the password goes by the environment, where other users do not see it."""
    _need(program)
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environ = dict(os.environ)
    if url.password:
        environ["PGPASSWORD"] = str(url.password)
    done = subprocess.run([program, f"--dbname={address}", *arguments], check=False, capture_output=True, text=True, env=environ)
    if done.returncode:
        raise RuleViolation(f"{program} failed: {_first_line(done.stderr)}")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "it did not say why")
