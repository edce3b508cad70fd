"""Moving a case from state to state, stopping its clock, and how its fee stands. Registering: `registration_actions`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from app.admission import flow
from app.admission import state_rules as rules
from app.admission.models import AdmissionCase
from app.admission.state_rules import Terms, Verb
from app.admission.vocabulary import FEE_IDS, STATE_IDS
from app.core.dates import local_day, local_instant
from app.core.errors import N_, RuleViolation
from app.db import db
from app.mail import cancel_unsent
from app.managers.models import Manager
from app.managers.rules import State
from app.settings.queries import firm
from app.timeline import record as tell

OVERTAKEN = N_("The admission went on in the meantime.")


def terms() -> Terms:
    """Return how long each state may last, as the firm has set it."""
    kept = firm()
    return Terms(
        review_working_days=kept.review_working_days,
        follow_up_days=kept.follow_up_days,
        interview_days=kept.interview_within_days,
        withdrawn_days=kept.withdrawn_kept_days,
        region=kept.region,
        free_days=kept.free_month_days,
    )


def case_of(manager: Manager, *, at: datetime) -> AdmissionCase:
    """Return the manager's case; who was entered by us or imported gets one now, dated from the entering."""
    case = db.session.get(AdmissionCase, manager.id) if manager.id is not None else None
    if case is None:
        began = manager.created_at or at
        case = AdmissionCase(manager=manager, entered_state_at=began, stages_used=0, repeated=False)
        case.next_on = rules.next_date(State(manager.state), local_day(began, firm().zone), terms())
        db.session.add(case)
        db.session.flush()
    return case


def move(case: AdmissionCase, verb: Verb, *, actor: Any, at: datetime, reason: str | None = None) -> AdmissionCase:
    """Do what `verb` says to the case, by the table; tell it on the manager's timeline.

    Raises RuleViolation for what the present state does not allow, and at `reason` where one is missing.
    """
    was, now = case.standing, rules.after(case.standing, verb, reason)
    words = (reason or "").strip() or None
    case.manager.changed_at = at  # a new version, also where the state stays
    if verb in (Verb.HALT, Verb.GO_ON):
        _run_clock(case, verb, words, actor=actor, at=at)
        return case
    today = local_day(at, firm().zone)
    if now.state is State.WITHDRAWN:
        case.fee = rules.fee_after_withdrawal(case.fee, was.state, case.review_began_at is not None)
    if now.state is State.IN_REVIEW and case.review_began_at is None:
        case.review_began_at = at
    manager = case.manager
    manager.state = now.state.value
    flow.note(was.state, now.state, at=at)
    if now.state is State.RELEASED and was.state is not State.PAUSED:
        manager.released_on = today
    if now.state in (State.OUT, State.WITHDRAWN, State.RELEASED):
        manager.next_step = manager.next_step_on = None
    case.stages_used, case.repeated = now.stages_used, now.repeated
    case.halted_on = case.halt_reason = None
    case.entered_state_at = at
    case.next_on = rules.next_date(now.state, today, terms())
    _tell_move(manager, verb, was.state, now.state, words, actor=actor, at=at)
    return case


def follow(manager: Manager, was: str, *, at: datetime) -> None:
    """Bring the case, where there is one, to the manager's state after that was changed past the table: a lead's release."""
    flow.note(was, manager.state, at=at)
    case = db.session.get(AdmissionCase, manager.id)
    if case is None:
        return
    case.halted_on = case.halt_reason = None
    case.entered_state_at = at
    case.next_on = rules.next_date(State(manager.state), local_day(at, firm().zone), terms())


def _tell_move(manager: Manager, verb: Verb, was: State, now: State, reason: str | None, *, actor: Any, at: datetime) -> None:
    if was is State.REGISTERED:
        cancel_unsent(OVERTAKEN, about=manager, purpose="admission.confirmation")
    if verb is Verb.WITHDRAW:
        tell("admission.withdrawn", manager, actor=actor, at=at, reason=reason)
    elif verb is Verb.CONFIRM:
        tell("admission.confirmed", manager, actor=actor, at=at)
    else:
        tell("admission.moved", manager, actor=actor, at=at, reason=reason, was_words=STATE_IDS[was], now_words=STATE_IDS[now])


def _run_clock(case: AdmissionCase, verb: Verb, reason: str | None, *, actor: Any, at: datetime) -> None:
    today = local_day(at, firm().zone)
    if verb is Verb.HALT:
        case.halted_on, case.halt_reason = today, reason
        tell("admission.halted", case.manager, actor=actor, at=at, reason=reason)
        return
    case.next_on = rules.after_halt(case.next_on, case.halted_on or today, today)
    case.halted_on = case.halt_reason = None
    kind = "admission.goes_on" if case.next_on else "admission.goes_on_undated"
    tell(kind, case.manager, actor=actor, at=at, reason=reason, next_on=case.next_on)


def set_fee(case: AdmissionCase, fee: str, *, number: str | None, actor: Any, at: datetime, reason: str | None = None) -> None:
    """Say how the fee stands; raise RuleViolation at `fee`, `number` or `reason` for what cannot be.

    Waiving, owing again and refunding need a reason; the number of an invoice stays.
    """
    now = rules.check_fee(case.fee, fee, number or case.fee_number)
    if now in (rules.Fee.WAIVED, rules.Fee.REFUNDED, rules.Fee.OWED) and not (reason or "").strip():
        raise RuleViolation(N_("Please give the reason."), field="reason")
    case.manager.changed_at = at
    case.fee = now.value
    case.fee_number = (number or "").strip() or case.fee_number
    tell("admission.fee", case.manager, actor=actor, at=at, fee_words=FEE_IDS[now], reason=(reason or "").strip() or None)


def withdrawal_ends_at(confirmed_at: datetime) -> datetime:
    """Return the instant from which a registration cannot be withdrawn by link any more: the day after the last one begins."""
    last = local_day(confirmed_at, firm().zone) + timedelta(days=firm().withdrawal_days + 1)
    return local_instant(last, time(0, 0), firm().zone)
