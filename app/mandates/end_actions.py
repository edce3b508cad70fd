"""Extension, shortening and early end: dated changes of a mandate's end, signed or still open.

A signed change moves the end and, in the same transaction, the talks; an open one shows and changes nothing yet.
Source: docs/domain.md, "Extensions".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mandates import exit_actions, rules, status_actions
from app.mandates.models import Extension, Mandate
from app.talks import plan_actions as talks
from app.talks.plan_queries import TalkChange
from app.timeline import record

_TOLD = {
    rules.EndChange.EXTENSION: "mandates.extended",
    rules.EndChange.SHORTENING: "mandates.shortened",
    rules.EndChange.EARLY_END: "mandates.ended_early",
}


@dataclass(frozen=True)
class Proposal:
    """A new end as somebody wants it. `signed_on` None: not signed yet. `effective_on` None: the usual day."""

    new_end_on: date
    reason: str
    signed_on: date | None = None
    is_early_end: bool = False
    terms: rules.Terms = rules.NOTHING_AGREED
    effective_on: date | None = None


def check(mandate: Mandate, proposal: Proposal, today: date) -> Proposal:
    """Return the proposal with the day from which its rates hold; raise RuleViolation at the field that is wrong.

    An open one is checked as if it were signed on `today`.
    """
    if mandate.signed_on is None or mandate.starts_on is None or mandate.ends_on is None:
        raise RuleViolation(N_("This mandate has no signed contract yet, so it has no end that could change."))
    if mandate.closed_on is not None:
        raise RuleViolation(N_("This mandate is over; nothing about it changes any more."))
    rules.check_new_end(mandate.starts_on, mandate.ends_on, proposal.new_end_on)
    rules.kind_of(mandate.ends_on, proposal.new_end_on, proposal.is_early_end)
    if (planned := mandate.takes_over) is not None and proposal.new_end_on < planned.starts_on:
        raise RuleViolation(
            N_("Another manager takes over on %(day)s. Call that off first, or choose a later day."),
            field="new_end_on",
            day=planned.starts_on,
        )
    signed_on = proposal.signed_on or max(today, mandate.last_signed_on or today)
    rules.check_signing(signed_on, max(today, signed_on) if proposal.signed_on is None else today, mandate.last_signed_on)
    if proposal.terms.says_nothing:
        return replace(proposal, effective_on=None)
    if proposal.effective_on is None and proposal.signed_on is None:
        return proposal
    effective_on = proposal.effective_on or rules.usual_effective_day(mandate.ends_on, proposal.new_end_on, signed_on)
    rules.check_effective(
        effective_on,
        starts_on=mandate.starts_on,
        ends_on=proposal.new_end_on,
        not_before=signed_on,
        last_change_on=max((one.effective_on for one in mandate.dated_terms), default=None),
    )
    return replace(proposal, effective_on=effective_on)


def propose(mandate: Mandate, proposal: Proposal, *, actor: Any, at: datetime, today: date) -> Extension:
    """Keep an unsigned change of the end; it changes nothing yet."""
    change = _kept(mandate, check(mandate, replace(proposal, signed_on=None), today), actor, at)
    record("mandates.change_opened", mandate, actor=actor, at=at, new_end_on=change.new_end_on, text=change.reason)
    return change


def extend(mandate: Mandate, proposal: Proposal, *, actor: Any, at: datetime, today: date) -> list[TalkChange]:
    """Add a signed change of the end (extension, shortening or early end); return what became of each talk.

    Raises RuleViolation for an end that equals the present one or lies before the start, for a signature in the
    future or before the last one, and for rates that reach backwards.
    """
    if proposal.signed_on is None:
        raise RuleViolation(N_("Please enter the day of the signature."), field="signed_on")
    checked = check(mandate, proposal, today)
    return _take_effect(mandate, _kept(mandate, checked, actor, at), actor, at)


def as_proposal(change: Extension, signed_on: date | None, effective_on: date | None = None) -> Proposal:
    """Return an open change as the proposal it was, signed on a day."""
    return Proposal(
        new_end_on=change.new_end_on,
        reason=change.reason,
        signed_on=signed_on,
        is_early_end=change.kind == rules.EndChange.EARLY_END,
        terms=change.terms,
        effective_on=effective_on or change.effective_on,
    )


def sign_change(
    change: Extension, signed_on: date, *, effective_on: date | None = None, actor: Any, at: datetime, today: date
) -> list[TalkChange]:
    """Sign an open change: from now on it counts. Raises RuleViolation as `extend` does, and for a signed one."""
    if change.signed_on is not None:
        raise RuleViolation(N_("This is signed already."))
    mandate = change.mandate
    assert mandate.ends_on is not None or mandate.signed_on is None
    checked = check(mandate, as_proposal(change, signed_on, effective_on), today)
    assert mandate.ends_on is not None
    change.kind = rules.kind_of(mandate.ends_on, change.new_end_on, checked.is_early_end)
    change.old_end_on, change.signed_on, change.effective_on = mandate.ends_on, signed_on, checked.effective_on
    return _take_effect(mandate, change, actor, at)


def drop(change: Extension, *, actor: Any, at: datetime) -> None:
    """Take off an open change that was not agreed; raise RuleViolation for a signed one."""
    if change.signed_on is not None:
        raise RuleViolation(N_("A signed change of the end stays on record. Agree a new end instead."))
    mandate = change.mandate
    record("mandates.change_dropped", mandate, actor=actor, at=at, new_end_on=change.new_end_on)
    mandate.changed_at = at
    db.session.delete(change)


def _kept(mandate: Mandate, checked: Proposal, actor: Any, at: datetime) -> Extension:
    assert mandate.ends_on is not None
    change = Extension(
        kind=rules.kind_of(mandate.ends_on, checked.new_end_on, checked.is_early_end),
        old_end_on=mandate.ends_on,
        new_end_on=checked.new_end_on,
        signed_on=checked.signed_on,
        reason=checked.reason,
        effective_on=checked.effective_on,
        client_rate=checked.terms.client_rate,
        manager_rate=checked.terms.manager_rate,
        days_per_week=checked.terms.days_per_week,
        created_by_id=getattr(actor, "id", None),
        created_at=at,
    )
    mandate.extensions.append(change)
    mandate.changed_at = at
    db.session.flush()
    return change


def _take_effect(mandate: Mandate, change: Extension, actor: Any, at: datetime) -> list[TalkChange]:
    assert mandate.ends_on is not None and change.signed_on is not None
    old_end, mandate.changed_at = mandate.ends_on, at
    mandate.ends_on = change.new_end_on
    db.session.flush()
    exit_actions.drop_outside(mandate)
    record(
        _TOLD[rules.EndChange(change.kind)],
        mandate,
        actor=actor,
        at=at,
        also=[mandate.client, mandate.manager],
        was_on=old_end,
        new_end_on=change.new_end_on,
        signed_on=change.signed_on,
        text=change.reason,
    )
    status_actions.plan_checks(mandate, at=at)
    return talks.follow_new_end(
        mandate, old_end=old_end, new_end=change.new_end_on, signed_on=change.signed_on, actor=actor, at=at
    )
