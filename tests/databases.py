"""A fresh database per test: on SQLite a copy of a template made once per process, on PostgreSQL an emptied one."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.db import db
from app.db.commands import newest_revision
from config import Config

SERVER = os.environ.get("LOTSE_TEST_DATABASE", "")


def _fill(url: str) -> None:
    app = create_app(Config(database_url=url, secret_key="x" * 40, testing=True))
    with app.app_context():
        if url.startswith("postgresql"):
            db.session.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            db.session.commit()
        db.create_all()
        with db.engine.begin() as connection:  # as migrating leaves it
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest_revision()})
        db.session.remove()
        db.engine.dispose()


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lotse-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.sqlite3"
    _fill(f"sqlite:///{path}")
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@cache
def _server_engine() -> sa.Engine:
    return sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)


@cache
def _postgres_template() -> str:
    name = f"lotse_template_{uuid.uuid4().hex[:12]}"
    with _server_engine().connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    _fill(_address(name))
    atexit.register(_drop, name)
    return name


def _drop(name: str) -> None:
    with _server_engine().connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _new_on_server() -> Iterator[str]:
    name = f"lotse_test_{uuid.uuid4().hex[:12]}"
    with _server_engine().connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield _address(name)
    finally:
        _drop(name)


# PostgreSQL takes a second to copy a database and to drop it, some milliseconds to empty one.
_EMPTY = """
DO $$ DECLARE one record; filled boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT format('%I', tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || one.name || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || one.name; END IF;
  END LOOP;
  FOR one IN SELECT format('%I', sequencename) AS name, start_value FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    PERFORM setval(one.name::regclass, one.start_value, false);
  END LOOP;
END $$"""
_TABLES = "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_free: list[str] = []


def _address(name: str) -> str:
    return _server_engine().url.set(database=name).render_as_string(hide_password=False)


def _copy() -> str:
    name = f"lotse_test_{uuid.uuid4().hex[:12]}"
    with _server_engine().connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {_postgres_template()}")
    atexit.register(_drop, name)
    return name


@cache
def _tables() -> str:
    return _asked(_postgres_template(), _TABLES)


def _asked(name: str, *statements: str) -> str:
    """Run the statements in the database; return what the last one says."""
    engine = sa.create_engine(_address(name), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.exec_driver_sql(statement)
        return str(connection.exec_driver_sql(statements[-1]).scalar())


def _give_back(name: str) -> None:
    """Empty the database for the next test; one whose tables a test changed is dropped."""
    if _asked(name, _OTHERS, _TABLES) != _tables():
        _drop(name)
        return
    _asked(name, _EMPTY.replace("%", "%%"), "SELECT 1")
    _free.append(name)


def leave_unsynced(engine: sa.Engine) -> None:
    """Let SQLite not wait for the disk: a test's database need not survive the machine. PostgreSQL's is set so by its server."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")  # after the application's own pragmas
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database with all tables; it is gone afterwards."""
    if SERVER:
        name = _free.pop() if _free else _copy()
        try:
            yield _address(name)
        finally:
            _give_back(name)
        return
    path = folder / "lotse.sqlite3"
    shutil.copyfile(_sqlite_template(), path)
    yield f"sqlite:///{path}"


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """Yield the address of a database without any tables."""
    if SERVER:
        with _new_on_server() as url:
            yield url
        return
    yield f"sqlite:///{folder / 'empty.sqlite3'}"
