"""Passing from one stage to the next, and closing: by itself where nothing is missing any more, else by a person.

Source: docs/domain.md, "Mandates"; docs/decisions, "Gates of a mandate".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mandates import gate_queries, gate_rules, rules, spell_actions
from app.mandates.candidate_models import ManagerSpell
from app.mandates.models import Mandate
from app.mandates.plan_models import StageChange
from app.talks import plan_actions as talks
from app.talks.rules import Kind
from app.timeline import record

BY_ITSELF = (rules.Stage.SCOPING, rules.Stage.ANALYSIS)
STAYS_OPEN = (Kind.AFTERCARE,)  # of the talks of a mandate that is closed
_TOLD = {
    rules.Stage.SCOPING: "mandates.stage_left",
    rules.Stage.ANALYSIS: "mandates.analysis_left",
    rules.Stage.EXECUTION: "mandates.execution_left",
    rules.Stage.HANDOVER: "mandates.closed",
}


def leave_if_ready(mandate: Mandate, *, actor: Any, at: datetime, today: date) -> bool:
    """Pass on from scoping and analysis as far as nothing is missing any more; return whether a stage was left.

    Execution is left, and a mandate closed, by a person: `go_on`.
    """
    has_passed = False
    while mandate.is_live and mandate.stage in BY_ITSELF:
        if gate_rules.missing(mandate.stage, gate_queries.facts_of(mandate, today)):
            break
        _pass(mandate, (), None, actor=actor, at=at, today=today)
        has_passed = True
    return has_passed


def go_on(
    mandate: Mandate,
    *,
    seen: Iterable[str] = (),
    override_reason: str | None = None,
    talks_reason: str = "",
    actor: Any,
    at: datetime,
    today: date,
) -> None:
    """Leave the present stage; from the last one the mandate is closed.

    `seen` are the keys of what was shown as missing, `talks_reason` is kept with the talks that a close calls off.
    Raises RuleViolation for a mandate that is over, where something is missing and no lead gives a reason, and where
    something is missing that was not shown.
    """
    rules.check_live(mandate.is_live)
    lacking = gate_rules.missing(mandate.stage, gate_queries.facts_of(mandate, today))
    is_override = gate_rules.check(lacking, override_reason, actor.may("records.override"))
    if set(lacking) - set(seen):
        raise RuleViolation(N_("Meanwhile something else is missing. Please look at the list again."))
    reason = (override_reason or "").strip() if is_override else None
    if mandate.stage == rules.Stage.HANDOVER:
        _close(mandate, talks_reason, actor=actor, at=at, today=today)
    _pass(mandate, lacking, reason, actor=actor, at=at, today=today)


def go_back(mandate: Mandate, reason: str, *, actor: Any, at: datetime) -> None:
    """Return from evaluation and handover to execution, with a reason: only a lead, where the end has moved."""
    if not mandate.is_live or mandate.stage != rules.Stage.HANDOVER:
        raise RuleViolation(N_("Only a mandate in evaluation and handover can return to execution."))
    if not actor.may("records.override"):
        raise RuleViolation(N_("Only a lead can return a mandate to execution."))
    if not reason.strip():
        raise RuleViolation(N_("Please write why the mandate returns to execution."), field="back_reason")
    mandate.stage = rules.Stage.EXECUTION
    record("mandates.went_back", mandate, actor=actor, at=at, text=reason.strip())


def _close(mandate: Mandate, talks_reason: str, *, actor: Any, at: datetime, today: date) -> None:
    assert mandate.ends_on is not None
    spell_actions.carry_out(mandate, at=at, today=today)
    talks.cancel_open(mandate, talks_reason, actor, at, keep=STAYS_OPEN)
    running = sa.select(ManagerSpell).where(ManagerSpell.mandate_id == mandate.id, ManagerSpell.ends_on.is_(None))
    for spell in db.session.scalars(running):
        spell.ends_on = max(mandate.ends_on, spell.starts_on)
    mandate.closed_on = today
    mandate.next_step = mandate.next_step_on = None


def _pass(
    mandate: Mandate,
    lacking: Iterable[gate_rules.Missing],
    override_reason: str | None,
    *,
    actor: Any,
    at: datetime,
    today: date,
) -> None:
    if mandate.id is None:
        db.session.flush()
    stage = rules.Stage(mandate.stage)
    change = StageChange(
        mandate_id=mandate.id,
        from_stage=stage,
        changed_on=today,
        changed_at=at,
        changed_by_id=getattr(actor, "id", None),
        missing=[key.value for key in lacking],
        override_reason=override_reason,
    )
    db.session.add(change)
    if stage is not rules.Stage.HANDOVER:
        mandate.stage += 1
    record(_TOLD[stage], mandate, actor=actor, at=at)
    if override_reason is not None:
        record("mandates.gate_overridden", mandate, actor=actor, at=at, text=override_reason)
