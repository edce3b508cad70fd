"""A fresh database per test: a copy of a template made once per process."""

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

import sqlalchemy as sa

from app import create_app
from app.db import db
from config import Config

SERVER = os.environ.get("LOTSE_TEST_DATABASE", "")


def _fill(url: str) -> None:
    app = create_app(Config(database_url=url, secret_key="x" * 40, testing=True))
    with app.app_context():
        if url.startswith("postgresql"):
            db.session.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            db.session.commit()
        db.create_all()
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
    _fill(_server_engine().url.set(database=name).render_as_string(hide_password=False))
    atexit.register(_drop, name)
    return name


def _drop(name: str) -> None:
    with _server_engine().connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _of_server(statement: str) -> Iterator[str]:
    name = f"lotse_test_{uuid.uuid4().hex[:12]}"
    with _server_engine().connect() as connection:
        connection.exec_driver_sql(statement.format(name=name))
    try:
        yield _server_engine().url.set(database=name).render_as_string(hide_password=False)
    finally:
        _drop(name)


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database with all tables; it is gone afterwards."""
    if SERVER:
        with _of_server(f"CREATE DATABASE {{name}} TEMPLATE {_postgres_template()}") as url:
            yield url
        return
    path = folder / "lotse.sqlite3"
    shutil.copyfile(_sqlite_template(), path)
    yield f"sqlite:///{path}"


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """Yield the address of a database without any tables."""
    if SERVER:
        with _of_server("CREATE DATABASE {name}") as url:
            yield url
        return
    yield f"sqlite:///{folder / 'empty.sqlite3'}"
