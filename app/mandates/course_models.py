"""What happens while a mandate runs and when it ends: reports, handover, status checks, how far the goals were reached."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

_MISSING = sa.text("sent_in_at IS NULL")
_OPEN = sa.text("done_on IS NULL AND waived_reason IS NULL")
_UNANSWERED = sa.text("done_on IS NULL")


class ManagerReport(db.Model):
    """The manager's short report of one month; asked for by a personal link, empty until it comes in."""

    __tablename__ = "manager_report"
    __table_args__ = (
        sa.UniqueConstraint("mandate_id", "manager_id", "month"),
        sa.CheckConstraint("days IS NULL OR (days >= 0 AND days <= 31)", name="days"),
        sa.Index("ix_manager_report_missing", "mandate_id", sqlite_where=_MISSING, postgresql_where=_MISSING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"))
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    month: Mapped[date] = mapped_column()  # its first day
    asked_at: Mapped[datetime | None] = mapped_column()
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="SET NULL"))
    days: Mapped[Decimal | None] = mapped_column(sa.Numeric(3, 1))  # days worked
    tasks: Mapped[str | None] = mapped_column(sa.Text)
    obstacles: Mapped[str | None] = mapped_column(sa.Text)
    sent_in_at: Mapped[datetime | None] = mapped_column()
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: behind the link
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class HandoverItem(db.Model):
    """Something to hand over before the mandate closes; open until done or waived with a reason."""

    __tablename__ = "handover_item"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('knowledge', 'people', 'access', 'other')", name="kind"),
        sa.CheckConstraint("done_on IS NULL OR waived_reason IS NULL", name="settled"),
        sa.Index("ix_handover_item_open", "mandate_id", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(9))
    text: Mapped[str] = mapped_column(sa.String(300))
    receiver: Mapped[str | None] = mapped_column(sa.String(160))  # who takes it over
    due_on: Mapped[date | None] = mapped_column()
    done_on: Mapped[date | None] = mapped_column()
    waived_reason: Mapped[str | None] = mapped_column(sa.String(300))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PhasingMonth(db.Model):
    """Days per week in one of the last months, where the manager phases out."""

    __tablename__ = "phasing_month"
    __table_args__ = (sa.CheckConstraint("days_per_week >= 0 AND days_per_week <= 7", name="days_per_week"),)

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    days_per_week: Mapped[Decimal] = mapped_column(sa.Numeric(2, 1))


class StatusCheck(db.Model):
    """One look at how self-employed the manager works; signs for a person to judge, never a verdict.

    `answers`: question → {"answer": …, "evidence": …} (`status_rules`).
    """

    __tablename__ = "status_check"
    __table_args__ = (
        sa.UniqueConstraint("mandate_id", "occasion", "due_on"),
        sa.CheckConstraint("regime IN ('de', 'nl')", name="regime"),
        sa.CheckConstraint("occasion IN ('start', 'quarter', 'extension', 'manager')", name="occasion"),
        sa.Index("ix_status_check_open", "mandate_id", "due_on", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"))
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    regime: Mapped[str] = mapped_column(sa.String(2))
    occasion: Mapped[str] = mapped_column(sa.String(9))
    due_on: Mapped[date] = mapped_column()
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    note: Mapped[str | None] = mapped_column(sa.Text)
    done_on: Mapped[date | None] = mapped_column()
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class GoalView(db.Model):
    """How far one goal was reached, as one of the three sees it; the latest answer counts."""

    __tablename__ = "goal_view"
    __table_args__ = (
        sa.UniqueConstraint("goal_id", "side"),
        sa.CheckConstraint("side IN ('client', 'manager', 'provider')", name="side"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate_goal.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(sa.String(8))
    percent: Mapped[int] = mapped_column()
    note: Mapped[str | None] = mapped_column(sa.String(500))
    given_on: Mapped[date] = mapped_column()
    given_by: Mapped[str] = mapped_column(sa.String(160))  # whose view it is, by name
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: behind the link


class ViewRequest(db.Model):
    """The link by which client or manager was asked how far the goals were reached."""

    __tablename__ = "view_request"
    __table_args__ = (sa.CheckConstraint("side IN ('client', 'manager')", name="side"),)

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), primary_key=True)
    side: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column()
