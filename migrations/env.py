"""How Alembic finds the database and compares it with the models."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.db.base import UTCDateTime

db = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our own column types as plain ones: a migration imports nothing from app/."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave out what the search room makes by hand: SQLite's full-text table and its shadows."""
    if kind == "index" and name == "ix_search_name_folded" and db.engine.dialect.name == "sqlite":
        return False  # trigrams are FTS5's there
    by_hand = kind == "table" and reflected and compare_to is None and name is not None and name.startswith("search_")
    return not by_hand


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        include_object=include_object,
        compare_type=True,
        # On SQLite too, where our connections begin transactions themselves: whoever is killed leaves the database as it was.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with db.engine.connect() as own:
        run(own)
        own.commit()
