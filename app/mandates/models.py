"""Mandates and their extensions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db

if TYPE_CHECKING:
    from app.clients.models import Client, Contact
    from app.managers.models import Manager


class Mandate(db.Model):
    """One client, an interim manager, one unbroken term. Days are inclusive.

    Number, shown to people: "M-2026-017", from `year` and `running`.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        sa.UniqueConstraint("year", "running", name="uq_mandate_number"),
        sa.CheckConstraint("starts_on <= first_end_on", name="period"),
        sa.CheckConstraint("stage BETWEEN 1 AND 4", name="stage"),
        sa.CheckConstraint("days_per_week IS NULL OR (days_per_week > 0 AND days_per_week <= 7)", name="days_per_week"),
        sa.Index("ix_mandate_ends_on_id", "ends_on", "id"),
        sa.Index("ix_mandate_stage_ends_on_id", "stage", "ends_on", "id"),
        sa.Index("ix_mandate_owner_id_ends_on_id", "owner_id", "ends_on", "id"),
        sa.Index("ix_mandate_manager_id_ends_on", "manager_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column()
    running: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(120))  # the task: "Interim-Werkleitung"
    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("manager.id"))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    stage: Mapped[int] = mapped_column(default=1)  # 1 scoping … 4 evaluation and handover
    lost_on: Mapped[date | None] = mapped_column()
    lost_reason: Mapped[str | None] = mapped_column(sa.String(300))
    closed_on: Mapped[date | None] = mapped_column()

    signed_on: Mapped[date | None] = mapped_column()  # the contract
    starts_on: Mapped[date | None] = mapped_column()
    first_end_on: Mapped[date | None] = mapped_column()  # inclusive, as first agreed
    # Inclusive: the newest signed extension's, else first_end_on. Kept for the index that lists read;
    # only `actions` writes it, and a test compares it with the extensions.
    ends_on: Mapped[date | None] = mapped_column()
    has_quality_clause: Mapped[bool] = mapped_column(default=True)
    clause: Mapped[str | None] = mapped_column(sa.String(500))  # its wording, cited in each invitation

    goal: Mapped[str | None] = mapped_column(sa.Text)
    exit_plan: Mapped[str | None] = mapped_column(sa.Text)
    exit_on: Mapped[date | None] = mapped_column()  # until when it is handed over

    client_rate: Mapped[Decimal | None] = mapped_column()  # net of VAT, per rate unit, in `currency`
    client_rate_unit: Mapped[str] = mapped_column(sa.String(4), default="day")
    manager_rate: Mapped[Decimal | None] = mapped_column()
    manager_rate_unit: Mapped[str] = mapped_column(sa.String(4), default="day")
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    days_per_week: Mapped[Decimal | None] = mapped_column(sa.Numeric(2, 1))

    next_step: Mapped[str | None] = mapped_column(sa.String(200))
    next_step_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    client: Mapped[Client] = relationship("Client")
    contact: Mapped[Contact | None] = relationship("Contact")
    manager: Mapped[Manager | None] = relationship("Manager")
    extensions: Mapped[list[Extension]] = relationship(back_populates="mandate", order_by="Extension.id")
    colleagues: Mapped[list[MandateColleague]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        return f"M-{self.year}-{self.running:03d}"

    @property
    def colleague_ids(self) -> list[int]:
        return [colleague.user_id for colleague in self.colleagues]

    @property
    def region(self) -> str:
        """The region whose public holidays move this mandate's talks."""
        return self.client.region

    def runs_on(self, day: date) -> bool:
        return (
            self.starts_on is not None
            and self.ends_on is not None
            and self.lost_on is None
            and self.starts_on <= day <= self.ends_on
        )


class Extension(db.Model):
    """A dated change of a mandate's end: extension, shortening or early end. Unsigned, it changes nothing yet.

    Rates and days hold from `effective_on`; None leaves them as they were.
    """

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))  # extension, shortening, early_end
    old_end_on: Mapped[date] = mapped_column()
    new_end_on: Mapped[date] = mapped_column()
    signed_on: Mapped[date | None] = mapped_column()
    reason: Mapped[str] = mapped_column(sa.String(500))
    effective_on: Mapped[date | None] = mapped_column()
    client_rate: Mapped[Decimal | None] = mapped_column()
    manager_rate: Mapped[Decimal | None] = mapped_column()
    days_per_week: Mapped[Decimal | None] = mapped_column(sa.Numeric(2, 1))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    mandate: Mapped[Mandate] = relationship(back_populates="extensions")
    __mapper_args__ = {"version_id_col": version}


class MandateColleague(db.Model):
    """A colleague on the mandate beside its owner."""

    __tablename__ = "mandate_colleague"

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, index=True)
