"""Counting what a page asks of the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from app.db import db

_KEPT = re.compile(
    r"SELECT firm_setting\.name, firm_setting\.value\s+FROM firm_setting"
    r"|SELECT user_account\.id, user_account\.first_name, user_account\.particle, user_account\.last_name\s+FROM user_account"
)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Yield a list that fills with the SELECT, INSERT, UPDATE and DELETE statements sent meanwhile.

    Left out are the firm's settings and the colleagues' names: they are read every few seconds, not for a page, and on
    a busy machine those seconds may be over between two pages of a test.
    """
    statements: list[str] = []

    def _keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE") and not _KEPT.fullmatch(statement):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", _keep)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", _keep)
