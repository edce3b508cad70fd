"""What the one-minute form shows beside its questions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.mandates.plan_models import Milestone


def next_milestone(mandate_id: int | None) -> Any:
    """Return title and day of the mandate's next open milestone; None where there is none."""
    if mandate_id is None:
        return None
    return db.session.execute(
        sa.select(Milestone.title, Milestone.due_on)
        .where(Milestone.mandate_id == mandate_id, Milestone.state == "planned")
        .order_by(Milestone.due_on, Milestone.id)
        .limit(1)
    ).first()
