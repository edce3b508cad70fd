"""Inserting one record past the ORM's unit of work, for what is entered all day.

The ORM takes three times as long for a new row as the row's statement (docs/decisions, "Quick pages").
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.db.audit import tell_created
from app.db.base import db


def insert(record: Any) -> None:
    """Insert a new record's own columns at once, with its line in the audit trail; from then on the session keeps it.

    Its relationships count as empty: what is added to them afterwards is written as always. Raises what the database
    raises. The version, where there is one, begins at 1.
    """
    table, columns, version, lists = _shape(sa.inspect(type(record)))
    given: dict[str, Any] = record.__dict__
    values = {name: value for name in columns if (value := given.get(name)) is not None}
    if version is not None:
        values[version] = 1
    result = db.session.connection().execute(table, values)
    kept: Any = result.last_inserted_params()
    values = dict.fromkeys(columns) | kept
    values["id"] = (result.inserted_primary_key or (None,))[0]
    given.update(values)
    make_transient_to_detached(record)
    for name in lists:
        set_committed_value(record, name, [])
    db.session.add(record)
    tell_created(record)


@cache
def _shape(mapper: Any) -> tuple[sa.Insert, tuple[str, ...], str | None, tuple[str, ...]]:
    """Return the statement, the columns, the one with the version, and the lists of a model whose key is `id`."""
    version = mapper.version_id_col.key if mapper.version_id_col is not None else None
    lists = tuple(one.key for one in mapper.relationships if one.uselist)
    return sa.insert(mapper.local_table), tuple(column.key for column in mapper.column_attrs), version, lists
