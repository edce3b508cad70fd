"""How connections behave: SQLite's pragmas and write locks, PostgreSQL's prepared statements."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.db.base import db

WRITING = "lotse_writing"


def engine_options(url: str) -> dict[str, Any]:
    """Return SQLAlchemy's engine options for a database address; values of statements stay out of errors, and so of logs."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 5, "check_same_thread": False}}
    # Automatic prepared statements give trigram searches one frozen, bad plan (docs/decisions).
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 10,
        "connect_args": {"prepare_threshold": None, "options": "-c timezone=utc -c lock_timeout=10000"},
    }


def watch(app: Flask) -> None:
    """Hook the listeners to this application's engine."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, below
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        # A reader that turns writer halfway fails with "database is locked" whatever the time-out,
        # so a unit of work takes the write lock with its first statement.
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
