"""Benefits, forms answered, and the batches that market briefs are made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db


class Benefit(db.Model):
    """What may be in it for somebody who is asked: a line for us, and the first sentences of the letter, in three languages."""

    __tablename__ = "benefit"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column()
    title_de: Mapped[str] = mapped_column(sa.String(120))
    title_nl: Mapped[str] = mapped_column(sa.String(120))
    title_en: Mapped[str] = mapped_column(sa.String(120))
    text_de: Mapped[str] = mapped_column(sa.String(400))
    text_nl: Mapped[str] = mapped_column(sa.String(400))
    text_en: Mapped[str] = mapped_column(sa.String(400))
    roles: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # of contacts; empty: whoever
    purposes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # rules.Purpose; empty: whatever for
    has_brief: Mapped[bool] = mapped_column(default=False)  # the market brief is attached
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def title(self, language: str) -> str:
        return str(getattr(self, f"title_{language}"))

    def text(self, language: str) -> str:
        return str(getattr(self, f"text_{language}"))


class WrittenAnswer(db.Model):
    """The one-minute form of a request as far as it was filled in; kept while it is typed, a talk's record once sent."""

    __tablename__ = "written_answer"

    ask_id: Mapped[int] = mapped_column(sa.ForeignKey("ask.id", ondelete="CASCADE"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # question key → value; keys: question_rules
    saved_at: Mapped[datetime] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()  # None: partial
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class MarketBatch(db.Model):
    """A closed batch of comparable mandates: values without a word on whose they are, frozen (market_rules)."""

    __tablename__ = "market_batch"
    __table_args__ = (sa.Index("ix_market_batch_kind", "function", "country", "currency", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    function: Mapped[str] = mapped_column(sa.String(40))
    country: Mapped[str] = mapped_column(sa.String(2))
    currency: Mapped[str] = mapped_column(sa.String(3))
    closed_on: Mapped[date] = mapped_column()
    day_rates: Mapped[list[int]] = mapped_column(sa.JSON)
    weeks: Mapped[list[int]] = mapped_column(sa.JSON)
    extended: Mapped[int] = mapped_column()
    client_ids: Mapped[list[int]] = mapped_column(sa.JSON)


class MarketMandate(db.Model):
    """A mandate that is in a batch already, so that it is never counted twice."""

    __tablename__ = "market_mandate"

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("market_batch.id"), index=True)
