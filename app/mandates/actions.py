"""Opening a mandate, signing its contract, and changing who and what it is about. Its end: `app.mandates.end_actions`.

Rates and days as `rules.Terms`: net of VAT, per rate unit, in the mandate's currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.clients.models import Client, Contact
from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.mandates import choice_actions, gate_actions, rules, spell_actions, status_actions
from app.mandates.end_actions import drop, extend, propose, sign_change
from app.mandates.models import Mandate, MandateColleague, MandateNumber, RateChange
from app.talks import plan_actions as talks
from app.timeline import record
from app.timeline.steps import check_step
from app.users.models import User
from app.users.ownership import assign, check_owner

__all__ = [
    "Contract",
    "Facts",
    "change_contact",
    "change_facts",
    "change_rates",
    "create",
    "drop",
    "extend",
    "give_to",
    "lose",
    "propose",
    "replace_manager",
    "set_colleagues",
    "sign",
    "sign_change",
]


@dataclass(frozen=True)
class Facts:
    """What is written down of a mandate in scoping, and kept true afterwards."""

    title: str
    goal: str | None = None
    reports_to: str | None = None
    exit_plan: str | None = None
    handed_over: str | None = None
    exit_on: date | None = None
    clause: str | None = None
    function: str | None = None


@dataclass(frozen=True)
class Contract:
    """What the contract says. Days inclusive; `clause` is the wording that invitations cite."""

    signed_on: date
    starts_on: date
    ends_on: date
    has_quality_clause: bool = True
    clause: str | None = None
    terms: rules.Terms = rules.NOTHING_AGREED
    client_rate_unit: str = "day"
    manager_rate_unit: str = "day"
    currency: str = "EUR"


def create(
    client: Client,
    facts: Facts,
    *,
    contact: Contact | None,
    owner: User,
    colleague_ids: Iterable[int] = (),
    next_step: str | None = None,
    next_step_on: date | None = None,
    actor: Any,
    at: datetime,
    today: date,
) -> Mandate:
    """Open a mandate in scoping and return it; its number is the next one of the year of `today`.

    Raises RuleViolation for a contact of somebody else, an owner who is away, or half a next step.
    """
    _check_contact(contact, client.id)
    check_owner(owner, today)
    if next_step or next_step_on:
        next_step, next_step_on = check_step(next_step, next_step_on, today)
    mandate = Mandate(
        year=today.year,
        running=_next_number(today.year),
        client=client,
        contact=contact,
        owner_id=owner.id,
        stage=rules.Stage.SCOPING,
        next_step=next_step,
        next_step_on=next_step_on,
        created_at=at,
        colleagues=[MandateColleague(user_id=number) for number in sorted(set(colleague_ids) - {owner.id})],
    )
    _write(mandate, facts)
    db.session.add(mandate)
    record("mandates.created", mandate, actor=actor, at=at, also=[client], title=facts.title)
    return mandate


def _next_number(year: int) -> int:
    """Take the next running number of the year; whoever comes second waits for the row until the first is done."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    highest = sa.select(sa.func.coalesce(sa.func.max(Mandate.running), 0) + 1).where(Mandate.year == year)
    new = insert(MandateNumber).values(year=year, last=highest.scalar_subquery())
    after = MandateNumber.last + 1
    later = sa.case((new.excluded.last > after, new.excluded.last), else_=after)
    taken = new.on_conflict_do_update(index_elements=["year"], set_={"last": later}).returning(MandateNumber.last)
    return int(db.session.execute(taken).scalar_one())


def _write(mandate: Mandate, facts: Facts) -> None:
    mandate.title = facts.title
    mandate.goal, mandate.reports_to = facts.goal, facts.reports_to
    mandate.exit_plan, mandate.handed_over, mandate.exit_on = facts.exit_plan, facts.handed_over, facts.exit_on
    mandate.clause, mandate.function = facts.clause, facts.function


def _check_contact(contact: Contact | None, client_id: int) -> None:
    if contact is not None and contact.client_id != client_id:
        raise RuleViolation(N_("This contact belongs to another client."), field="contact_id")


def sign(
    mandate: Mandate,
    contract: Contract,
    *,
    manager: Manager,
    contact: Contact,
    override_reason: str | None = None,
    actor: User,
    at: datetime,
    today: date,
) -> None:
    """Sign the contract: the term begins, the talks are planned, and scoping ends where goal and exit plan are there.

    Raises RuleViolation for a mandate that is signed or lost already, a term or signature that cannot be, a contact
    of somebody else, or a manager who is not released (a lead overrides that with a reason).
    Source: docs/domain.md, "Mandates".
    """
    if mandate.signed_on is not None:
        raise RuleViolation(N_("The contract of this mandate is signed already."))
    if mandate.lost_on is not None:
        raise RuleViolation(N_("This mandate is lost; nothing can be signed any more."))
    rules.check_signing(contract.signed_on, today)
    rules.check_term(contract.starts_on, contract.ends_on)
    _check_contact(contact, mandate.client_id)
    _put_on(mandate, manager, override_reason, actor, at)
    mandate.contact = contact
    mandate.signed_on = contract.signed_on
    mandate.starts_on, mandate.first_end_on, mandate.ends_on = contract.starts_on, contract.ends_on, contract.ends_on
    mandate.has_quality_clause, mandate.clause = contract.has_quality_clause, contract.clause
    mandate.client_rate, mandate.manager_rate = contract.terms.client_rate, contract.terms.manager_rate
    mandate.days_per_week = contract.terms.days_per_week
    mandate.client_rate_unit, mandate.manager_rate_unit = contract.client_rate_unit, contract.manager_rate_unit
    mandate.currency = contract.currency
    choice_actions.follow(mandate, actor=actor, at=at)
    record(
        "mandates.signed",
        mandate,
        actor=actor,
        at=at,
        also=[mandate.client, manager],
        signed_on=contract.signed_on,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
    )
    spell_actions.begin(mandate)
    status_actions.plan_checks(mandate, at=at)
    talks.plan_mandate(mandate, actor=actor, at=at)
    gate_actions.leave_if_ready(mandate, actor=actor, at=at, today=today)


def _put_on(mandate: Mandate, manager: Manager, override_reason: str | None, actor: User, at: datetime) -> None:
    if mandate.manager is manager and mandate.manager_override_reason:
        return  # a lead has overridden this already
    overridden = _check_released(manager, override_reason, actor)
    mandate.manager = manager
    mandate.manager_override_reason = override_reason if overridden else None
    if overridden:
        record("mandates.manager_overridden", mandate, actor=actor, at=at, also=[manager], text=override_reason)


def _check_released(manager: Manager, override_reason: str | None, actor: User) -> bool:
    return rules.check_manager(manager.state, actor.may("records.override"), override_reason, manager.waits_for_start)


def change_facts(mandate: Mandate, facts: Facts, *, actor: Any, at: datetime, today: date) -> None:
    """Keep the facts as they are now; goal and exit plan are told by name. Scoping ends where nothing is missing.

    Raises RuleViolation where something is to change of a mandate that is over.
    """
    was = (mandate.title, mandate.reports_to, mandate.clause, mandate.function)
    goal, plan = mandate.goal, (mandate.exit_plan, mandate.handed_over, mandate.exit_on)
    _write(mandate, facts)
    now = (
        mandate.title,
        mandate.reports_to,
        mandate.clause,
        mandate.function,
        mandate.goal,
        mandate.exit_plan,
        mandate.handed_over,
        mandate.exit_on,
    )
    if now != (*was, goal, *plan):
        rules.check_live(mandate.is_live)
    if goal != mandate.goal:
        record("mandates.goal_changed", mandate, actor=actor, at=at, text=mandate.goal)
    if plan != (mandate.exit_plan, mandate.handed_over, mandate.exit_on):
        record("mandates.exit_changed", mandate, actor=actor, at=at, text=mandate.exit_plan)
    if was != (mandate.title, mandate.reports_to, mandate.clause, mandate.function):
        record("mandates.facts_changed", mandate, actor=actor, at=at)
    gate_actions.leave_if_ready(mandate, actor=actor, at=at, today=today)


def change_contact(mandate: Mandate, contact: Contact | None, *, actor: Any, at: datetime) -> None:
    """Make somebody else at the client the contact; open talks and their invitations follow.

    Raises RuleViolation for a contact of another client, and for none while the mandate runs.
    """
    _check_contact(contact, mandate.client_id)
    if contact is None and mandate.signed_on is not None:
        raise RuleViolation(N_("A signed mandate needs a contact: the talks are held with this person."), field="contact_id")
    now_id = contact.id if contact else None
    if mandate.contact_id == now_id:
        return
    was_id = mandate.contact_id
    mandate.contact, mandate.contact_id = contact, now_id
    if contact is not None:
        record("mandates.contact_changed", mandate, actor=actor, at=at, also=[contact], contact=contact.name)
    talks.replace_person(mandate, role="contact", was_id=was_id, now_id=now_id, actor=actor, at=at)


def set_colleagues(mandate: Mandate, users: Iterable[User], *, actor: Any, at: datetime) -> None:
    """Say who is on the team beside the owner; they may change the mandate and see its money."""
    wanted = {user.id: user for user in users if user.id != mandate.owner_id}
    present = set(mandate.colleague_ids)
    if wanted.keys() == present:
        return
    mandate.colleagues = [one for one in mandate.colleagues if one.user_id in wanted] + [
        MandateColleague(user_id=number) for number in sorted(wanted.keys() - present)
    ]
    mandate.changed_at = at
    names = ", ".join(user.short_name for user in wanted.values()) or "–"
    record("mandates.colleagues_changed", mandate, actor=actor, at=at, team=names)


def give_to(mandate: Mandate, owner: User, *, actor: Any, at: datetime, today: date) -> None:
    """Make a colleague look after the mandate; open talks that the former owner was to hold follow."""
    was_id = mandate.owner_id
    if was_id == owner.id:
        return
    assign(mandate, owner, actor=actor, at=at, today=today)
    mandate.colleagues = [one for one in mandate.colleagues if one.user_id != owner.id]
    talks.replace_person(mandate, role="owner", was_id=was_id, now_id=owner.id, actor=actor, at=at)


def replace_manager(
    mandate: Mandate,
    manager: Manager,
    *,
    override_reason: str | None = None,
    first_on: date | None = None,
    reason: str = "",
    actor: User,
    at: datetime,
    today: date,
) -> None:
    """Put another manager on the mandate. On a signed one from `first_on` (inclusive) on, for a reason: `spell_actions`.

    Where that day has not come, the present manager stays on it until then. Raises RuleViolation as `sign` does, for a day
    or reason that is missing or cannot be, and where another one is planned to take over already.
    """
    was = mandate.manager
    spell_actions.check_none_planned(mandate)
    if was is not None and was.id == manager.id:
        choice_actions.follow(mandate, actor=actor, at=at)
        return
    rules.check_live(mandate.is_live)
    if was is None or mandate.signed_on is None:
        _put_on(mandate, manager, override_reason, actor, at)
        choice_actions.follow(mandate, actor=actor, at=at)
        record("mandates.manager_set", mandate, actor=actor, at=at, also=[manager], manager=manager.name)
        was_id = was.id if was else None
        talks.replace_person(mandate, role="manager", was_id=was_id, now_id=manager.id, actor=actor, at=at)
        return
    if first_on is None:
        raise RuleViolation(N_("Please say from which day on the new manager is there."), field="first_on")
    if first_on > today and first_on != mandate.starts_on:
        overridden = _check_released(manager, override_reason, actor)
        spell = spell_actions.plan(mandate, manager, first_on=first_on, reason=reason, actor=actor, at=at)
        spell.override_reason = override_reason if overridden else None
    else:
        _put_on(mandate, manager, override_reason, actor, at)
        choice_actions.follow(mandate, actor=actor, at=at)
        spell_actions.take_over(mandate, was, first_on=first_on, reason=reason, actor=actor, at=at)
    status_actions.plan_checks(mandate, at=at)


def lose(mandate: Mandate, reason: str, *, lost_on: date, actor: Any, at: datetime, today: date) -> None:
    """Mark a mandate as lost before its contract; raise RuleViolation for a signed one, or a day in the future."""
    if mandate.signed_on is not None:
        raise RuleViolation(N_("A signed mandate cannot be lost. It can end early: change its term."))
    if mandate.lost_on is not None:
        raise RuleViolation(N_("This mandate is marked as lost already."))
    if lost_on > today:
        raise RuleViolation(N_("This day lies ahead. Please choose today or an earlier day."), field="lost_on")
    mandate.lost_on, mandate.lost_reason = lost_on, reason
    mandate.next_step = mandate.next_step_on = None
    record("mandates.lost", mandate, actor=actor, at=at, also=[mandate.client], text=reason)
    talks.cancel_open(mandate, reason, actor, at)


def change_rates(
    mandate: Mandate, terms: rules.Terms, *, effective_on: date, reason: str, actor: Any, at: datetime, today: date
) -> RateChange:
    """Agree other rates or days from a day on; what is left empty stays as it was.

    Raises RuleViolation for a mandate without a contract or one that is over, nothing changed, or a day that reaches backwards.
    """
    if mandate.starts_on is None or mandate.ends_on is None:
        raise RuleViolation(N_("Rates change from a day on once the contract is signed."))
    rules.check_live(mandate.is_live)
    if terms.says_nothing:
        raise RuleViolation(N_("Please enter at least one new rate, or the days per week."), field="client_rate")
    rules.check_effective(
        effective_on,
        starts_on=mandate.starts_on,
        ends_on=mandate.ends_on,
        not_before=min(today, mandate.ends_on),
        last_change_on=max((one.effective_on for one in mandate.dated_terms), default=None),
    )
    change = RateChange(
        effective_on=effective_on,
        client_rate=terms.client_rate,
        manager_rate=terms.manager_rate,
        days_per_week=terms.days_per_week,
        reason=reason,
        created_by_id=getattr(actor, "id", None),
        created_at=at,
    )
    mandate.rate_changes.append(change)
    mandate.changed_at = at
    record("mandates.rates_changed", mandate, actor=actor, at=at, effective_on=effective_on)
    return change
