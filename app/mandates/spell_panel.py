"""Who was on a mandate, for its page; one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.db import db
from app.managers.models import Manager
from app.mandates.candidate_models import ManagerSpell
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Row:
    """One manager's days, both inclusive; `ends_on` is None for the last one, who is on it, or takes over where `is_planned`."""

    manager_id: int
    name: str
    starts_on: date
    ends_on: date | None
    reason: str | None
    is_planned: bool


def panel(mandate: Mandate) -> tuple[Row, ...]:
    """Return all who were on it, newest first; nothing unless there was more than one. No statement before the contract."""
    if mandate.signed_on is None:
        return ()
    found = db.session.execute(
        sa.select(ManagerSpell, Manager)
        .join(Manager, Manager.id == ManagerSpell.manager_id)
        .where(ManagerSpell.mandate_id == mandate.id)
        .order_by(ManagerSpell.starts_on.desc(), ManagerSpell.id.desc())
    ).all()
    rows = tuple(
        Row(
            manager.id,
            manager.name,
            spell.starts_on,
            spell.ends_on,
            spell.reason,
            spell.ends_on is None and manager.id != mandate.manager_id,
        )
        for spell, manager in found
    )
    return rows if len(rows) > 1 else ()
