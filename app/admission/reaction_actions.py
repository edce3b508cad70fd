"""What managers answered to what we wrote, with a code, so that it can be counted later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionReaction
from app.admission.vocabulary import REACTION_IDS
from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.timeline import record as tell


def keep(
    manager: Manager, code: str, note: str | None, said_on: date, *, actor: Any, at: datetime, today: date
) -> AdmissionReaction:
    """Keep what the person answered; raise RuleViolation at `code`, `note` or `said_on`."""
    if code not in REACTION_IDS:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field="code", key=code)
    if said_on > today:
        raise RuleViolation(N_("This day lies in the future."), field="said_on")
    words = (note or "").strip() or None
    if code == "other" and words is None:
        raise RuleViolation(N_("Please write down what was answered."), field="note")
    kept = AdmissionReaction(
        manager_id=manager.id, code=code, note=words, said_on=said_on, kept_at=at, kept_by_id=actor.id if actor else None
    )
    db.session.add(kept)
    tell("admission.reaction", manager, actor=actor, at=at, code_words=REACTION_IDS[code], text=words)
    return kept


def reactions_of(manager_id: int) -> Sequence[AdmissionReaction]:
    """Return what the person has answered, the latest first."""
    return db.session.scalars(
        sa.select(AdmissionReaction)
        .where(AdmissionReaction.manager_id == manager_id)
        .order_by(AdmissionReaction.said_on.desc(), AdmissionReaction.id.desc())
    ).all()
