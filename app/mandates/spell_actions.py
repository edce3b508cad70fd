"""Who is on a signed mandate since when: the first manager, and one who takes over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.core.dates import add_days
from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.mandates.candidate_models import ManagerSpell
from app.mandates.models import Mandate
from app.mandates.spell_rules import check_first_day
from app.talks import plan_actions as talks
from app.timeline import record


def begin(mandate: Mandate) -> None:
    """Keep who is on it from the first day of the contract on."""
    assert mandate.manager is not None
    assert mandate.starts_on is not None
    mandate.spells.append(ManagerSpell(manager_id=mandate.manager.id, starts_on=mandate.starts_on))


def take_over(mandate: Mandate, was: Manager, *, first_on: date, reason: str, actor: Any, at: datetime) -> None:
    """Close the spell of `was` the day before `first_on` and begin the one of the mandate's manager; talks begin anew.

    One who has not begun is no history: the manager who comes instead has the whole term. Raises RuleViolation at
    "first_on" for a day outside the term, or none after the former manager's first, and at "reason" without one.
    """
    assert mandate.manager is not None
    assert mandate.starts_on is not None
    assert mandate.ends_on is not None
    if not reason.strip():
        raise RuleViolation(N_("Please write why another manager takes over."), field="reason")
    running = next((spell for spell in reversed(mandate.spells) if spell.ends_on is None), None)
    if running is None:
        running = ManagerSpell(manager_id=was.id, starts_on=mandate.starts_on)
        mandate.spells.append(running)
    check_first_day(first_on, spell_starts_on=running.starts_on, starts_on=mandate.starts_on, ends_on=mandate.ends_on)
    if first_on == running.starts_on:
        running.manager_id = mandate.manager.id
    else:
        running.ends_on, running.reason = add_days(first_on, -1), reason.strip()
        mandate.spells.append(ManagerSpell(manager_id=mandate.manager.id, starts_on=first_on))
    mandate.changed_at = at
    db.session.flush()
    record(
        "mandates.manager_replaced",
        mandate,
        actor=actor,
        at=at,
        also=[mandate.manager, was],
        manager=mandate.manager.name,
        was=was.name,
        text=reason.strip(),
    )
    talks.change_manager(mandate, was_id=was.id, reason=reason.strip(), actor=actor, at=at)
