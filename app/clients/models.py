"""Clients and the people there."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db
from app.db.base import folded
from app.db.people import Person


class Client(db.Model):
    """A company that managers work for."""

    __tablename__ = "client"
    __table_args__ = (
        sa.Index("ix_client_sort_name_id", "sort_name", "id"),
        sa.CheckConstraint("headcount >= 0", name="headcount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(160))  # legal name
    sort_name: Mapped[str] = mapped_column(folded(200))  # folded, legal form off
    industry: Mapped[str | None] = mapped_column(sa.String(40), index=True)  # key of app.managers.vocabulary.INDUSTRIES
    headcount: Mapped[int | None] = mapped_column()
    turnover_millions: Mapped[int | None] = mapped_column()  # a year, in `turnover_currency`
    turnover_currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    street: Mapped[str | None] = mapped_column(sa.String(160))
    postcode: Mapped[str | None] = mapped_column(sa.String(16))
    city: Mapped[str | None] = mapped_column(sa.String(80))
    region: Mapped[str] = mapped_column(sa.String(10), index=True)  # of the seat, for public holidays: "DE-BY", "NL"
    website: Mapped[str | None] = mapped_column(sa.String(200))
    phone: Mapped[str | None] = mapped_column(sa.String(32))  # E.164
    note: Mapped[str | None] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    next_step: Mapped[str | None] = mapped_column(sa.String(200))
    next_step_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    contacts: Mapped[list[Contact]] = relationship(back_populates="client", order_by="Contact.sort_name")
    __mapper_args__ = {"version_id_col": version}

    @property
    def country(self) -> str:
        return self.region[:2]


class Contact(Person, db.Model):
    """A person at a client."""

    __tablename__ = "contact"
    __table_args__ = (sa.Index("ix_contact_sort_name_id", "sort_name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"), index=True)
    role: Mapped[str | None] = mapped_column(sa.String(20))  # sponsor, hr, finance, successor, line, other
    job_title: Mapped[str | None] = mapped_column(sa.String(120))
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    mobile: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    channel: Mapped[str | None] = mapped_column(sa.String(10))  # phone, video, in_person, mail: preferred
    zone: Mapped[str | None] = mapped_column(sa.String(60))  # None: the firm's
    left_on: Mapped[date | None] = mapped_column()  # first day no longer there
    note: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    client: Mapped[Client] = relationship(back_populates="contacts")
    __mapper_args__ = {"version_id_col": version}
