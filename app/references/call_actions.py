"""Calls of third parties to a client about a manager: noted, and judged where they contradict. Nothing commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.references.call_rules import contradicts
from app.references.models import OutsideCall, WrittenReference
from app.settings.queries import firm
from app.timeline import record as tell


@dataclass(frozen=True)
class Noted:
    """What is noted of a call; `rating` 1–5, `reference` the written reference that was at hand."""

    caller: str
    called_on: date
    rating: int | None
    said: str | None
    reference: WrittenReference | None


def note(manager: Any, noted: Noted, *, actor: Any, at: datetime) -> OutsideCall:
    """Keep a call; where it contradicts the written reference this is told too. RuleViolation for a day that lies ahead."""
    call = OutsideCall(manager_id=manager.id, noted_by_id=getattr(actor, "id", None), noted_at=at)
    _keep(call, noted, at)
    db.session.add(call)
    db.session.flush()
    tell("references.outside_call", manager, actor=actor, at=at, also=[call], caller=call.caller, text=call.said)
    _tell_contradiction(call, manager, actor, at)
    return call


def change(call: OutsideCall, noted: Noted, manager: Any, *, actor: Any, at: datetime) -> None:
    """Correct what was noted; another rating or reference asks for a new judgement."""
    before = _differs(call)
    _keep(call, noted, at)
    tell("references.outside_call_changed", manager, actor=actor, at=at, also=[call], caller=call.caller)
    if _differs(call) != before:
        call.judgement = call.judged_on = None
        _tell_contradiction(call, manager, actor, at)


def judge(call: OutsideCall, judgement: str, manager: Any, *, actor: Any, at: datetime) -> None:
    """Keep what a person thinks of a contradiction; RuleViolation where there is none, or nothing is said."""
    if not is_contradiction(call):
        raise RuleViolation(N_("This call does not contradict the written reference."))
    if not judgement.strip():
        raise RuleViolation(N_("Please fill this in."), field="judgement")
    call.judgement, call.judged_on = judgement.strip(), local_day(at, firm().zone)
    tell("references.judged", manager, actor=actor, at=at, also=[call], text=call.judgement)


def is_contradiction(call: OutsideCall) -> bool:
    """Say whether the rating lies two points or more from that of the written reference."""
    return contradicts(call.reference.rating if call.reference is not None else None, call.rating)


def _differs(call: OutsideCall) -> tuple[Any, ...]:
    return call.rating, call.reference.id if call.reference is not None else None


def _keep(call: OutsideCall, noted: Noted, at: datetime) -> None:
    if noted.called_on > local_day(at, firm().zone):
        raise RuleViolation(N_("This day lies ahead."), field="called_on")
    call.caller, call.called_on, call.rating, call.said = noted.caller, noted.called_on, noted.rating, noted.said
    call.reference = noted.reference
    call.contact_id = noted.reference.contact_id if noted.reference is not None else None


def _tell_contradiction(call: OutsideCall, manager: Any, actor: Any, at: datetime) -> None:
    if is_contradiction(call):
        mandate = call.reference.mandate if call.reference is not None else None
        tell("references.contradiction", manager, actor=actor, at=at, also=[call, mandate], caller=call.caller)
