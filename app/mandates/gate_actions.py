"""Passing from one stage to the next: by itself where nothing is missing any more, else by a person.

Source: docs/domain.md, "Mandates".
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.db import db
from app.mandates import rules
from app.mandates.models import Mandate
from app.mandates.plan_models import StageChange
from app.timeline import record


def leave_if_ready(mandate: Mandate, *, actor: Any, at: datetime, today: date) -> bool:
    """Pass from scoping to the next stage where nothing is missing any more; return whether it did."""
    is_ready = rules.may_leave_scoping(
        mandate.goal, mandate.exit_plan, mandate.manager is not None, mandate.signed_on is not None
    )
    if mandate.stage != rules.Stage.SCOPING or not is_ready:
        return False
    _pass(mandate, actor=actor, at=at, today=today)
    return True


def _pass(mandate: Mandate, *, actor: Any, at: datetime, today: date) -> None:
    if mandate.id is None:
        db.session.flush()
    db.session.add(
        StageChange(
            mandate_id=mandate.id,
            from_stage=mandate.stage,
            changed_on=today,
            changed_at=at,
            changed_by_id=getattr(actor, "id", None),
            missing=[],
        )
    )
    mandate.stage += 1
    record("mandates.stage_left", mandate, actor=actor, at=at)
