"""Who reviews: what a colleague who leaves or hands over still owes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionCase
from app.admission.state_rules import OPEN_REVIEWS
from app.core.dates import local_day
from app.db import db
from app.managers.models import Manager
from app.settings.queries import firm
from app.timeline import record as tell
from app.users.models import User
from app.users.ownership import check_owner


def count_open_of(user_id: int) -> int:
    """Return how many reviews this colleague owes."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_open_of(user_id).subquery())) or 0


def hand_over(user: User, to: User, actor: User | None, at: datetime) -> int:
    """Give every review that `user` owes to `to`, and tell each on the timeline; return how many.

    Raises RuleViolation at "owner_id" for a colleague who cannot take anything on now.
    """
    check_owner(to, local_day(at, firm().zone))
    cases = db.session.scalars(_open_of(user.id).order_by(AdmissionCase.manager_id)).all()
    for case in cases:
        case.reviewer_id = to.id
        tell("admission.reviewer", case.manager, actor=actor, at=at, reviewer=to.short_name)
    return len(cases)


def _open_of(user_id: int) -> sa.Select[Any]:
    return (
        sa.select(AdmissionCase)
        .join(Manager, Manager.id == AdmissionCase.manager_id)
        .where(AdmissionCase.reviewer_id == user_id, Manager.state.in_(OPEN_REVIEWS))
    )
