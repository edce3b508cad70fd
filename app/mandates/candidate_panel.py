"""The short list on a mandate's page, until the contract is signed; one statement."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.managers.models import Manager
from app.mandates.candidate_models import Candidate
from app.mandates.candidate_rules import State
from app.mandates.candidate_views import STATES
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Row:
    """One manager on the short list."""

    manager_id: int
    name: str
    state: str


def panel(mandate: Mandate) -> tuple[Row, ...] | None:
    """Return who is on the short list; None where the contract is signed or the mandate lost, without a statement."""
    if mandate.signed_on is not None or mandate.lost_on is not None:
        return None
    found = sa.select(Candidate.state, Manager).join(Manager, Manager.id == Candidate.manager_id)
    rows = db.session.execute(found.where(Candidate.mandate_id == mandate.id).order_by(Candidate.id))
    return tuple(Row(manager.id, manager.name, str(STATES[State(state)])) for state, manager in rows)
