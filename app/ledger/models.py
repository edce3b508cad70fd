"""Requests to clients' contacts, and what these wish about being asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db

if TYPE_CHECKING:
    from app.clients.models import Contact
    from app.users.models import User

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OF_A_TALK = sa.text("talk_id IS NOT NULL AND (answer IS NULL OR answer IN ('yes', 'written'))")
_OVERRIDDEN = sa.text("override_reason IS NOT NULL")
_OPEN = sa.text("answer IS NULL")


class Ask(db.Model):
    """One request to a contact, on the day it went out, once, whatever it led to: a line of the ledger.

    What the guard reads are contact, day, whether a contract agrees on it, and the day of a "no".
    """

    __tablename__ = "ask"
    __table_args__ = (
        sa.CheckConstraint(
            "purpose IN ('quality','extension','closing','aftercare','evaluation','views','reference','other')", name="purpose"
        ),
        sa.CheckConstraint("channel IN ('mail','form','phone','in_person')", name="channel"),
        sa.CheckConstraint("answer IS NULL OR answer IN ('yes','written','later','no','lapsed')", name="answer"),
        sa.CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answered"),
        sa.Index("ix_ask_contact_id_asked_on", "contact_id", "asked_on"),
        sa.Index("ix_ask_asked_on", "asked_on"),
        sa.Index("ix_ask_benefit_id_answer", "benefit_id", "answer"),
        sa.Index("ix_ask_mandate_id", "mandate_id"),
        # A talk is asked for once of each contact, however often it is arranged; after a "no" or "not now" anew.
        sa.Index("uq_ask_talk_id_contact_id", "talk_id", "contact_id", unique=True, sqlite_where=_OF_A_TALK,
                 postgresql_where=_OF_A_TALK),
        sa.Index("ix_ask_overridden", "asked_on", "contact_id", sqlite_where=_OVERRIDDEN, postgresql_where=_OVERRIDDEN),
        # The reminder after some working days looks at what is unanswered alone.
        sa.Index("ix_ask_open", "asked_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"))
    purpose: Mapped[str] = mapped_column(sa.String(12))  # rules.Purpose
    channel: Mapped[str] = mapped_column(sa.String(10))  # rules.Channel
    is_agreed: Mapped[bool] = mapped_column(default=False)  # a talk that the contract agrees on
    mandate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mandate.id"))
    talk_id: Mapped[int | None] = mapped_column(sa.ForeignKey("talk.id", ondelete="SET NULL"))
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_on: Mapped[date] = mapped_column()  # the day it went out, in the firm's zone
    benefit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("benefit.id"))
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="SET NULL"), index=True)
    times: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # instants proposed, ISO 8601 in UTC
    zone: Mapped[str | None] = mapped_column(sa.String(60))  # the contact's, in which they are shown
    minutes: Mapped[int | None] = mapped_column()
    bundled: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # purposes asked in the same message and talk
    answer: Mapped[str | None] = mapped_column(sa.String(8))  # rules.Reply
    answered_on: Mapped[date | None] = mapped_column()
    said: Mapped[str | None] = mapped_column(sa.Text)  # in the contact's own words
    reminded_on: Mapped[date | None] = mapped_column()
    overridden: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # guard_rules.Hold that held it back
    override_reason: Mapped[str | None] = mapped_column(sa.String(300))
    version: Mapped[int] = mapped_column()

    contact: Mapped[Contact] = relationship("Contact")
    talk: Mapped[Any] = relationship("Talk")
    mandate: Mapped[Any] = relationship("Mandate")
    asked_by: Mapped[User | None] = relationship("User")
    benefit: Mapped[Any] = relationship("Benefit")
    __mapper_args__ = {"version_id_col": version}


class ContactWish(db.Model):
    """What a contact said about being asked: not before a day, or never; the last word counts."""

    __tablename__ = "contact_wish"

    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    not_before: Mapped[date | None] = mapped_column()  # the first day on which one may ask again
    never: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(sa.String(300))
    said_on: Mapped[date] = mapped_column()
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: behind a link
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
