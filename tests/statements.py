"""Counting what a page asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from app.db import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Yield a list that fills with the SELECT, INSERT, UPDATE and DELETE statements sent meanwhile."""
    statements: list[str] = []

    def _keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", _keep)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", _keep)
