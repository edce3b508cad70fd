"""Who is on a signed mandate since when: the first manager, and one who takes over, today or on a day to come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.dates import add_days
from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.managers.rules import State as ManagerState
from app.mandates import choice_actions, status_actions
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
    running = _running(mandate, was, first_on, reason)
    if first_on == running.starts_on:
        running.manager_id = mandate.manager.id
        db.session.flush()
        db.session.expire(running, ["manager"])
    else:
        _follow_each_other(mandate, running, mandate.manager, first_on, reason)
    mandate.changed_at = at
    _tell("mandates.manager_replaced", mandate, mandate.manager, was, reason, actor, at)
    talks.change_manager(mandate, was_id=was.id, now_id=mandate.manager.id, reason=reason.strip(), actor=actor, at=at)


def plan(mandate: Mandate, manager: Manager, *, first_on: date, reason: str, actor: Any, at: datetime) -> ManagerSpell:
    """Have `manager` take over on `first_on`, which has not come; until then the present one stays on it. Return the spell.

    The talks from that day on are planned with the new one already; `carry_out` does the rest on the day. Raises
    RuleViolation as `take_over` does.
    """
    was = mandate.manager
    assert was is not None
    spell = _follow_each_other(mandate, _running(mandate, was, first_on, reason), manager, first_on, reason)
    mandate.changed_at = at
    _tell("mandates.manager_planned", mandate, manager, was, reason, actor, at, first_on=first_on)
    talks.change_manager(mandate, was_id=was.id, now_id=manager.id, from_on=first_on, reason=reason.strip(), actor=actor, at=at)
    return spell


def check_none_planned(mandate: Mandate) -> None:
    """Raise RuleViolation at "manager_name" where another manager is to take over on a day that has not come."""
    if (planned := mandate.takes_over) is not None:
        raise RuleViolation(
            N_("%(name)s takes over on %(day)s. Call that off first."),
            field="manager_name",
            name=planned.manager.name,
            day=planned.starts_on,
        )


def carry_out(mandate: Mandate, *, at: datetime, today: date) -> bool:
    """Put the planned manager on the mandate once the first day has come; say whether there was one.

    One who was erased meanwhile does not come: the present manager stays, and the team reads so on the timeline.
    """
    planned, was = mandate.takes_over, mandate.manager
    if planned is None or was is None or planned.starts_on > today or not mandate.is_live:
        return False
    if planned.manager.state == ManagerState.ERASED:
        call_off(mandate, "", actor=None, at=at)
        return True
    before = max((one for one in mandate.spells if one.ends_on is not None), key=lambda one: one.id)
    mandate.manager, mandate.manager_override_reason = planned.manager, planned.override_reason
    mandate.changed_at = at
    choice_actions.follow(mandate, actor=None, at=at)
    _tell("mandates.manager_replaced", mandate, planned.manager, was, before.reason or "", None, at)
    # The talks with the new one were planned when the change was: what a person has moved since stays where it is.
    reason = before.reason or ""
    talks.change_manager(mandate, was_id=was.id, now_id=planned.manager_id, added_from=date.max, reason=reason, actor=None, at=at)
    status_actions.plan_checks(mandate, at=at)
    return True


def call_off(mandate: Mandate, reason: str, *, actor: Any, at: datetime) -> None:
    """Leave the present manager on the mandate; the talks with the one planned go, and his or her own come back.

    `reason` is noted at the talks that are called off.
    Raises RuleViolation where nobody is planned.
    """
    planned, stays = mandate.takes_over, mandate.manager
    if planned is None or stays is None:
        raise RuleViolation(N_("Nobody is planned to take over any more."))
    leaves = planned.manager
    mandate.spells.remove(planned)
    db.session.delete(planned)
    before = next(one for one in reversed(mandate.spells) if one.manager_id == stays.id)
    before.ends_on = before.reason = None
    mandate.changed_at = at
    _tell("mandates.manager_stays", mandate, stays, leaves, "", actor, at)
    talks.change_manager(
        mandate, was_id=leaves.id, now_id=stays.id, added_from=planned.starts_on, reason=reason, actor=actor, at=at
    )
    status_actions.plan_checks(mandate, at=at)


def to_carry_out(today: date) -> list[int]:
    """Return the numbers of mandates whose planned manager's first day has come; one statement."""
    spell = ManagerSpell
    found = (
        sa.select(Mandate.id)
        .join(spell, spell.mandate_id == Mandate.id)
        .where(
            spell.ends_on.is_(None),
            spell.starts_on <= today,
            spell.manager_id != Mandate.manager_id,
            Mandate.closed_on.is_(None),
            Mandate.lost_on.is_(None),
        )
    )
    return sorted(db.session.scalars(found))


def _running(mandate: Mandate, was: Manager, first_on: date, reason: str) -> ManagerSpell:
    """Return the spell that ends; raise RuleViolation where another one cannot begin on `first_on`, or without a reason."""
    assert mandate.starts_on is not None
    assert mandate.ends_on is not None
    if not reason.strip():
        raise RuleViolation(N_("Please write why another manager takes over."), field="reason")
    running = next((spell for spell in reversed(mandate.spells) if spell.ends_on is None), None)
    if running is None:
        running = ManagerSpell(manager_id=was.id, starts_on=mandate.starts_on)
        mandate.spells.append(running)
    check_first_day(first_on, spell_starts_on=running.starts_on, starts_on=mandate.starts_on, ends_on=mandate.ends_on)
    return running


def _follow_each_other(mandate: Mandate, running: ManagerSpell, manager: Manager, first_on: date, reason: str) -> ManagerSpell:
    running.ends_on, running.reason = add_days(first_on, -1), reason.strip()
    spell = ManagerSpell(manager_id=manager.id, starts_on=first_on)
    mandate.spells.append(spell)
    db.session.flush()
    return spell


def _tell(
    kind: str, mandate: Mandate, manager: Manager, was: Manager, reason: str, actor: Any, at: datetime, **facts: Any
) -> None:
    names = {"manager": manager.name, "was": was.name}
    record(kind, mandate, actor=actor, at=at, also=[manager, was], text=reason.strip() or None, **names, **facts)
