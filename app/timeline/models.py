"""One event per thing that happened, and the records it shows on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Event(db.Model):
    """Something that happened. `facts` are plain JSON; days as ISO text under names that end in `_on`.

    Months are the ISO text of a day in them, under names that end in `month_on`. Message ids, or lists of them,
    stand under names that end in `_words`; the page says them in its reader's language.
    """

    __tablename__ = "event"
    __audit__ = False  # events are never changed, and tell themselves who did it

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime] = mapped_column()
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[int | None] = mapped_column()
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class EventSubject(db.Model):
    """A record that an event shows on. `about_type` is its table's name."""

    __tablename__ = "event_subject"
    __audit__ = False
    __table_args__ = (sa.Index("ix_event_subject_event_id", "event_id"),)

    about_type: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    about_id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
