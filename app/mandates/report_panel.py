"""What the mandate's page says of the manager's short reports; one statement, none before the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.db import db
from app.mandates.course_models import ManagerReport
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Panel:
    """`last_on`: first day of the newest month that was reported; `waiting`: reports asked for that have not come."""

    last_on: date | None
    waiting: int


def panel(mandate: Mandate) -> Panel | None:
    """Return the panel, None before the contract."""
    if mandate.signed_on is None:
        return None
    report = ManagerReport
    has_come = report.sent_in_at.is_not(None)
    row = db.session.execute(
        sa.select(
            sa.func.max(sa.case((has_come, report.month))).label("last_on"),
            sa.func.count(sa.case((sa.and_(report.asked_at.is_not(None), ~has_come), report.id))).label("waiting"),
        ).where(report.mandate_id == mandate.id)
    ).one()
    return Panel(row.last_on, row.waiting)
