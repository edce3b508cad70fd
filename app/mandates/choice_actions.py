"""Keeping the short list in step with who is on the mandate: the one chosen is its manager, and nobody else is.

Called by whatever puts a manager on a mandate or takes one off. None of these commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.mandates.candidate_models import Candidate
from app.mandates.candidate_rules import State, before_choice
from app.mandates.models import Mandate
from app.timeline import record


def follow(mandate: Mandate, *, actor: Any, at: datetime) -> None:
    """Mark the mandate's manager as chosen on its short list, and set whoever was chosen before back to where they were.

    A manager who is not on the list is not added to it.
    """
    db.session.flush()
    found = sa.select(Candidate, Manager).join(Manager, Manager.id == Candidate.manager_id)
    for candidate, manager in db.session.execute(found.where(Candidate.mandate_id == mandate.id)).all():
        is_chosen, is_meant = candidate.state == State.CHOSEN, manager.id == mandate.manager_id
        if is_chosen == is_meant:
            continue
        candidate.state = State.CHOSEN if is_meant else before_choice(candidate.presented_on, candidate.interview_on)
        candidate.reason = None
        kind = "mandates.candidate_chosen" if is_meant else "mandates.candidate_set_back"
        record(kind, mandate, actor=actor, at=at, also=[manager], manager=manager.name)


def take_off(mandate: Mandate, manager: Manager, *, actor: Any, at: datetime) -> None:
    """Leave the mandate without this manager, who was chosen for it and is no longer; nothing where it is somebody else.

    Raises RuleViolation on a signed mandate: there another one takes over, from a day on and for a reason.
    """
    if mandate.manager_id != manager.id:
        return
    if mandate.signed_on is not None:
        raise RuleViolation(N_("The contract is signed with this manager: first put another one on the mandate."), field="state")
    mandate.manager, mandate.manager_override_reason = None, None
    mandate.changed_at = at
    db.session.flush()
