"""The outbox: letters, each attempt to send them, and whether the queue stands still."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db
from app.mail.rules import Priority, State

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITING = sa.text("state = 'queued'")


class Letter(db.Model):
    """One letter to one person. Its key and its Message-ID are made with the row and never change.

    Where a personal link belongs, the texts hold "[personal link]"; the address itself is put in at each attempt.
    `attachments` is a list of {"name", "type", "method", "text"} (see `calendar_part`), or with "base64" in place of "text". `about_type` is the table's name
    of the record the letter is kept with.
    """

    __tablename__ = "letter"
    __table_args__ = (
        sa.CheckConstraint("state IN ('queued','sent','failed','cancelled')", name="state"),
        sa.CheckConstraint("language IN ('de','nl','en')", name="language"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        sa.Index("ix_letter_waiting", "priority", "next_attempt_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index("ix_letter_about", "about_type", "about_id"),
        sa.Index("ix_letter_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(240), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    priority: Mapped[int] = mapped_column(sa.SmallInteger, default=Priority.NORMAL)

    to_address: Mapped[str] = mapped_column(sa.String(254), info={"secret": True})
    to_name: Mapped[str] = mapped_column(sa.String(200), default="", info={"secret": True})
    language: Mapped[str] = mapped_column(sa.String(2))
    from_name: Mapped[str] = mapped_column(sa.String(200), default="")
    reply_to: Mapped[str] = mapped_column(sa.String(254), default="")
    subject: Mapped[str] = mapped_column(sa.String(300), info={"secret": True})
    text: Mapped[str] = mapped_column(sa.Text, info={"secret": True})
    html: Mapped[str] = mapped_column(sa.Text, default="", info={"secret": True})
    attachments: Mapped[list[Any]] = mapped_column(default=list, info={"secret": True})
    automatic: Mapped[bool] = mapped_column(default=True)  # False: a person wrote it

    purpose: Mapped[str] = mapped_column(sa.String(60))
    about_type: Mapped[str | None] = mapped_column(sa.String(40))
    about_id: Mapped[int | None] = mapped_column(_BIG)
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="SET NULL"), index=True)
    has_link: Mapped[bool] = mapped_column(default=False)  # stays when the link's row goes
    guard: Mapped[str | None] = mapped_column(sa.String(80))
    guard_args: Mapped[dict[str, Any]] = mapped_column(default=dict)

    state: Mapped[str] = mapped_column(sa.String(10), default=State.QUEUED)
    created_at: Mapped[datetime] = mapped_column()
    next_attempt_at: Mapped[datetime] = mapped_column()  # not before this
    first_attempt_at: Mapped[datetime | None] = mapped_column()
    failures: Mapped[int] = mapped_column(default=0)  # attempts at the mail server that failed
    render_failures: Mapped[int] = mapped_column(default=0)  # times it could not be made ready
    claimed_by: Mapped[str | None] = mapped_column(sa.String(80))
    claimed_until: Mapped[datetime | None] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(sa.String(300))  # why failed or cancelled; an English message id

    attempts: Mapped[list[LetterAttempt]] = relationship(
        back_populates="letter", order_by="LetterAttempt.id", cascade="all, delete-orphan", passive_deletes=True
    )


class LetterAttempt(db.Model):
    """One attempt to send a letter. It is written when the attempt begins; without an outcome it was broken off."""

    __tablename__ = "letter_attempt"
    __audit__ = False

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(sa.String(20))  # sent, a Fault, not_ready, not_wanted
    code: Mapped[int | None] = mapped_column()  # the mail server's, such as 250 or 451
    reply: Mapped[str] = mapped_column(sa.String(500), default="")

    letter: Mapped[Letter] = relationship(back_populates="attempts")


class MailQueue(db.Model):
    """One row while the whole queue waits, because no letter can be sent at present."""

    __tablename__ = "mail_queue"
    __audit__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    fault: Mapped[str] = mapped_column(sa.String(20))
    reply: Mapped[str] = mapped_column(sa.String(500), default="")
    since: Mapped[datetime] = mapped_column()
    paused_until: Mapped[datetime] = mapped_column()
