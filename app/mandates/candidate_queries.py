"""Reading the short list of a mandate, and where else its managers are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.managers.models import Manager
from app.mandates.candidate_models import Candidate
from app.mandates.models import Mandate
from app.mandates.queries import is_on_or_takes_over

FEW = 5


def rows_of(mandate_id: int) -> Sequence[Any]:
    """Return candidates with their managers, in the order of proposing; one statement."""
    found = sa.select(Candidate, Manager).join(Manager, Manager.id == Candidate.manager_id)
    return db.session.execute(found.where(Candidate.mandate_id == mandate_id).order_by(Candidate.id)).all()


def candidate_of(mandate_id: int, candidate_id: int) -> Candidate | None:
    """Return the candidate of this mandate."""
    return db.session.scalar(sa.select(Candidate).where(Candidate.mandate_id == mandate_id, Candidate.id == candidate_id))


def others_with(manager_id: int, mandate_id: int, today: date) -> Sequence[Mandate]:
    """Return a few other mandates that the manager is on or chosen for, and that have not ended before `today`."""
    others = sa.select(Mandate).where(
        is_on_or_takes_over(manager_id),
        Mandate.id != mandate_id,
        Mandate.lost_on.is_(None),
        Mandate.closed_on.is_(None),
        sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
    )
    return db.session.scalars(others.order_by(Mandate.id).limit(FEW)).all()
