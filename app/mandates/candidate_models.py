"""Who might take a mandate on, and who has had it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db

if TYPE_CHECKING:
    from app.managers.models import Manager


class Candidate(db.Model):
    """A manager on the short list of a mandate."""

    __tablename__ = "mandate_candidate"
    __table_args__ = (
        sa.UniqueConstraint("mandate_id", "manager_id"),
        sa.CheckConstraint(
            "state IN ('proposed', 'presented', 'client_interview', 'chosen', 'declined', 'withdrew')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"))
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(16), default="proposed")
    reason: Mapped[str | None] = mapped_column(sa.String(300))  # why declined or withdrawn
    presented_on: Mapped[date | None] = mapped_column()
    interview_on: Mapped[date | None] = mapped_column()  # with the client
    non_circumvention_until: Mapped[date | None] = mapped_column()  # inclusive: the client owes us until then
    note: Mapped[str | None] = mapped_column(sa.String(500))
    added_at: Mapped[datetime] = mapped_column()
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class ManagerSpell(db.Model):
    """A manager's time on a signed mandate; days inclusive, `ends_on` empty for the last one: who is on it, or takes over.

    One who takes over on a day that has not come is planned: until then the mandate's manager is the one before.
    """

    __tablename__ = "manager_spell"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(sa.String(300))  # why it ended before the mandate did
    override_reason: Mapped[str | None] = mapped_column(sa.String(300))  # of one planned who was not released: a lead's

    manager: Mapped[Manager] = relationship("Manager")
