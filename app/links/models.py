"""The links we gave out."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db
from app.links.rules import State, state_of

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class PersonalLink(db.Model):
    """One link for one person and one purpose.

    `subject_type` is the table's name of the record the link is about. `version` is part of the token: a higher one
    makes another token, and the old one unknown.
    """

    __tablename__ = "personal_link"
    __table_args__ = (
        sa.CheckConstraint("language IN ('de','nl','en')", name="language"),
        sa.CheckConstraint("max_uses IS NULL OR max_uses > 0", name="max_uses"),
        sa.Index("ix_personal_link_subject", "subject_type", "subject_id"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(60))
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int] = mapped_column(_BIG)
    recipient: Mapped[str] = mapped_column(sa.String(200), default="")
    language: Mapped[str] = mapped_column(sa.String(2))
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime | None] = mapped_column()  # exclusive; None: never
    max_uses: Mapped[int | None] = mapped_column()  # None: as often as one likes
    uses: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    # SHA-256 of the token; empty only between the two statements that make the row, because the token holds its number.
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True, info={"secret": True})

    def state(self, at: datetime) -> State:
        return state_of(
            expires_at=self.expires_at,
            max_uses=self.max_uses,
            uses=self.uses,
            revoked_at=self.revoked_at,
            at=at,
        )
