"""Putting managers on the short list of a mandate, and what becomes of them there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.mandates import actions, choice_actions, rules
from app.mandates.candidate_models import Candidate
from app.mandates.candidate_rules import ENDS, State, check_change, check_protection, protected_until
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.timeline import record


def add(mandate: Mandate, manager: Manager, *, override_reason: str | None, actor: Any, at: datetime) -> Candidate:
    """Propose a manager; who is on the mandate already counts as chosen. Raises RuleViolation for one on the list already, or not released (a lead overrides with a reason)."""
    rules.check_live(mandate.is_live)
    there = sa.exists().where(Candidate.mandate_id == mandate.id, Candidate.manager_id == manager.id)
    if db.session.scalar(sa.select(there)):
        raise RuleViolation(N_("This manager is on the shortlist already."), field="manager_name")
    overridden = rules.check_manager(manager.state, actor.may("records.override"), override_reason, manager.waits_for_start)
    candidate = Candidate(
        mandate_id=mandate.id,
        manager_id=manager.id,
        state=State.PROPOSED,
        note=override_reason if overridden else None,
        added_at=at,
        added_by_id=actor.id,
    )
    db.session.add(candidate)
    mandate.changed_at = at
    record("mandates.candidate_added", mandate, actor=actor, at=at, also=[manager], manager=manager.name)
    if mandate.manager_id == manager.id:
        choice_actions.follow(mandate, actor=actor, at=at)
    return candidate


def change(
    mandate: Mandate,
    candidate: Candidate,
    to: State,
    *,
    on: date,
    reason: str,
    until: date | None,
    actor: Any,
    at: datetime,
    today: date,
) -> None:
    """Give the candidate another state on the day `on`.

    Whoever is chosen is put on the mandate, and one chosen before is set back; who declines or withdraws after having been
    chosen is taken off it. Raises RuleViolation where the step does not follow, and for a choice once the contract is signed.
    `until` is the last day of the protection from circumvention; None: worked out from the presentation.
    """
    manager = db.session.get_one(Manager, candidate.manager_id)
    check_change(State(candidate.state), to, reason, on, today)
    if to is State.CHOSEN:
        if mandate.signed_on is not None:
            raise RuleViolation(N_("The contract is signed: put the manager on the mandate there, with day and reason."))
        override = candidate.note if actor.may("records.override") else None
        candidate.state = to
        actions.replace_manager(mandate, manager, override_reason=override, actor=actor, at=at, today=today)
    elif candidate.state == State.CHOSEN:
        choice_actions.take_off(mandate, manager, actor=actor, at=at)
    was_until = candidate.non_circumvention_until
    candidate.state, candidate.reason = to, reason.strip() if to in ENDS else None
    if to is State.PRESENTED:
        candidate.presented_on = on
        candidate.non_circumvention_until = protected_until(on, firm().non_circumvention_months)
    elif to is State.CLIENT_INTERVIEW:
        candidate.interview_on = on
    if until is not None and until != was_until:
        check_protection(until, candidate.presented_on)
        candidate.non_circumvention_until = until
    record(
        f"mandates.candidate_{to.value}", mandate, actor=actor, at=at, also=[manager], manager=manager.name, text=reason.strip()
    )
