"""A short transaction beside the unit of work.

For counters that must stay even where the request's own work is refused, such as failed sign-ins.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app.db.base import db
from app.db.engine import WRITING


@contextmanager
def aside() -> Iterator[sa.Connection]:
    """Yield a connection of its own, with the write lock; all done on it stays, or nothing.

    Never inside `unit_of_work()`: SQLite has one writer, and this one would wait for the other in vain.
    """
    if db.session().info.get("working"):
        raise RuntimeError("a transaction aside inside a unit of work")
    with db.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        yield connection
