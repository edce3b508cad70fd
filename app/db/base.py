"""Base class and column types.

Column conventions: `Mapped[str]` needs its length said (`sa.String(80)`), days are `date`, instants are
`datetime` and always aware UTC, JSON is `dict[str, Any]` or `list[Any]`. A shared record carries
`version: Mapped[int]` and `__mapper_args__ = {"version_id_col": version}`.
A class with `__audit__ = False` leaves no trace in the audit trail; a column with `info={"secret": True}`
leaves only "changed".
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware values only, gives aware UTC back; naive UTC inside SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive instant was to be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def folded(length: int) -> Any:
    """Return the type of a folded text: it sorts by its plain letters on every database, so prefixes are ranges."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime,
            date: sa.Date,
            Decimal: sa.Numeric(10, 2),
            dict[str, Any]: sa.JSON,
            list[Any]: sa.JSON,
            list[str]: sa.JSON,
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
