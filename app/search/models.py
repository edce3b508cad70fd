"""The names that search looks in: one row for each manager, client, contact, mandate and referee.

The rows are kept by triggers in the database (`ddl`), so that an import, a bulk statement or an erasure cannot leave
the index behind. What they copy was folded in Python (`names.searchable`). Source: docs/decisions, "Search by name".
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db
from app.db.base import folded as folded_text


class SearchName(db.Model):
    """A record as search knows it. `kind` is manager, client, contact, mandate or referee."""

    __tablename__ = "search_name"
    __audit__ = False
    __table_args__ = (
        sa.UniqueConstraint("kind", "record_id", name="uq_search_name_record"),
        sa.Index("ix_search_name_sort", "kind", "sort_name", "record_id"),
        sa.Index("ix_search_name_folded", "folded", postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}).ddl_if(
            dialect="postgresql"
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    record_id: Mapped[int] = mapped_column()
    folded: Mapped[str] = mapped_column(sa.String(700))
    sort_name: Mapped[str] = mapped_column(folded_text(240))
