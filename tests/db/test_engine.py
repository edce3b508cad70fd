"""What the application itself asks of SQLite: the tests' databases are not synced, the office's are."""

from __future__ import annotations

import sqlalchemy as sa

from app import create_app
from app.db import db
from app.db.engine import engine_options
from config import Config

FULL = 2


def test_what_was_saved_survives_a_power_cut(config: Config) -> None:
    with create_app(config).app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(sa.text("PRAGMA synchronous")) == FULL
            assert db.session.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        else:
            assert "synchronous_commit" not in str(engine_options(config.database_url))
        db.session.remove()
        db.engine.dispose()
