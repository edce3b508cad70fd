"""Registering, confirming by the mailed link, saying "that was not me", withdrawing, and purging what nobody confirmed.

Source: docs/domain.md, "Admission of managers" (double opt-in).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.admission import actions, flow, legal, letters, queries
from app.admission import state_rules as rules
from app.admission.models import AdmissionCase, RegistrationProof
from app.admission.state_rules import Verb
from app.core.addresses import checked_email
from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.core.names import split_name
from app.core.phones import normal_phone
from app.db import db
from app.files.rules import check as check_file
from app.links import actions as links
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.managers.actions import change_contact_data
from app.managers.document_actions import add_document
from app.managers.models import Manager
from app.managers.rules import Source, State
from app.settings.queries import firm
from app.timeline import record as tell
from app.users.queries import reviewers

REGISTRATIONS_LOCK = 7_203_115  # any number, the same in every process
# A phone number written without one is tried as the first country's, then as each of the next.
COUNTRIES_OF = {"de": ("DE", "NL", "CH"), "nl": ("NL", "DE", "BE"), "en": ("DE", "NL", "GB")}


@dataclass(frozen=True)
class Sender:
    """Where a form came from: network address and what the browser calls itself."""

    ip: str
    agent: str


@dataclass(frozen=True)
class Registration:
    """What was typed, and the page as it was shown. `cv` is name and content."""

    name: str
    email: str
    phone: str
    language: str
    page_text: str
    cv: tuple[str, bytes] | None = None


def checked(given: Registration) -> Registration:
    """Return what was typed in its one form; raise RuleViolation at the field. The same for known and unknown addresses."""
    if any(sign in given.name for sign in ("@", "://", "www.", "\n")):
        raise RuleViolation(N_("Please enter first and last name only."), field="name")
    if given.cv is not None:
        check_file(given.cv[1], given.cv[0], most_megabytes=firm().upload_megabytes, field="cv")
    return Registration(
        " ".join(given.name.split()),
        checked_email(given.email),
        _phone(given.phone, given.language),
        given.language,
        given.page_text,
        given.cv,
    )


def _phone(text: str, language: str) -> str:
    first, *others = COUNTRIES_OF[language]
    try:
        return normal_phone(text, first)
    except RuleViolation:
        for country in others:
            try:
                return normal_phone(text, country)
            except RuleViolation:
                continue
        raise


def register(given: Registration, sender: Sender, *, may_mail: bool, at: datetime) -> None:
    """Keep a registration as not confirmed, and queue its mail; `given` comes from `checked`.

    A known address gets a mail that leads to its own state, never a second case. Without `may_mail` (the limit of its
    address is reached) no mail goes.
    """
    _one_at_a_time()
    manager = queries.by_email(given.email)
    if manager is None:
        manager = _enter(given, sender, at)
    if not may_mail:
        return
    if manager.state == State.REGISTERED:
        _ask_to_confirm(manager, at)
    else:
        letters.known(manager, at=at)


def ask_again(email: str, *, at: datetime) -> None:
    """Queue the mail once more for an address as it was typed; nothing for one nobody registered with."""
    _one_at_a_time()
    manager = queries.by_email(checked_email(email))
    if manager is not None and manager.state == State.REGISTERED:
        _ask_to_confirm(manager, at)
    elif manager is not None:
        letters.known(manager, at=at)


def _enter(given: Registration, sender: Sender, at: datetime) -> Manager:
    manager = _new_manager(given, at)
    case = actions.case_of(manager, at=at)
    case.next_on = _purge_on(at, at)
    if firm().registration_fee:
        case.fee, case.fee_amount = rules.Fee.OWED.value, firm().registration_fee
    db.session.add(
        RegistrationProof(
            manager=manager,
            language=given.language,
            zone=firm().zone,
            name=given.name,
            terms=legal.keep("terms", given.language, at=at),
            privacy=legal.keep("privacy", given.language, at=at),
            page_text=given.page_text,
            registered_at=at,
            registered_ip=sender.ip[:45],
            registered_agent=sender.agent[:400],
        )
    )
    tell("admission.registered", manager, at=at)
    flow.note(None, manager.state, at=at)
    if given.cv is not None:
        name, content = given.cv
        today, most = local_day(at, firm().zone), firm().upload_megabytes
        add_document(manager, "cv", content, name=name, made_on=None, received_on=today, actor=None, at=at, most_megabytes=most)
    return manager


def _new_manager(given: Registration, at: datetime) -> Manager:
    title, first, particle, last = split_name(given.name)
    manager = Manager(
        state=State.REGISTERED,
        title=_short(title, 60),
        first_name=_short(first, 80),
        particle=_short(particle, 40),
        last_name=last[:80],
        email=given.email,
        mobile=given.phone,
        language=given.language,
        source=Source.REGISTRATION,
        created_at=at,
        rate_unit="day",
        rate_currency="EUR",
    )
    manager.name_changed()
    db.session.add(manager)
    db.session.flush()
    return manager


def _short(text: str | None, longest: int) -> str | None:
    return text[:longest] if text else None


def _ask_to_confirm(manager: Manager, at: datetime) -> None:
    case, proof = actions.case_of(manager, at=at), queries.proof_of(manager.id)
    letter = letters.confirmation(manager, case, at=at)
    case.last_mail_at = at
    case.next_on = _purge_on(manager.created_at, at)
    if proof is not None:
        _keep_mail(proof, letter)


def _purge_on(registered_at: datetime, mailed_at: datetime) -> date:
    kept = firm()
    first, last = local_day(registered_at, kept.zone), local_day(mailed_at, kept.zone)
    return rules.purge_on(first, last, kept.purge_after_mail_days, kept.purge_latest_days)


def _keep_mail(proof: RegistrationProof, letter: Letter) -> None:
    proof.mail_subject, proof.mail_text = letter.subject, letter.text
    proof.message_id, proof.mailed_to = letter.message_id, letter.to_address


def confirm(manager: Manager, link: PersonalLink, sender: Sender, *, page_text: str, at: datetime) -> bool:
    """Confirm by the button behind the mailed link: the contract is concluded, a review is owed.

    A second click is harmless and returns False. Raises RuleViolation for a link that has expired meanwhile.
    """
    links.use(link, at=at)
    if manager.state != State.REGISTERED:
        return False
    case = actions.move(actions.case_of(manager, at=at), Verb.CONFIRM, actor=None, at=at)
    _complete_proof(manager, link, sender, page_text, at)
    owe_review(manager, case, at)
    if firm().withdrawal_days:
        letters.welcome(manager, case, withdraw_until=actions.withdrawal_ends_at(at), at=at)
    return True


def _complete_proof(manager: Manager, link: PersonalLink, sender: Sender, page_text: str, at: datetime) -> None:
    proof = queries.proof_of(manager.id)
    if proof is None:
        return
    letter = db.session.scalar(sa.select(Letter).where(Letter.link_id == link.id).order_by(Letter.id).limit(1))
    if letter is not None:
        _keep_mail(proof, letter)  # the very mail whose link was used
    proof.confirmed_at, proof.confirmed_ip, proof.confirmed_agent = at, sender.ip[:45], sender.agent[:400]
    proof.confirm_page_text = page_text


def owe_review(manager: Manager, case: AdmissionCase, at: datetime) -> None:
    """Give the review to who reviewed before, else to the reviewer with the fewest open ones, and tell all reviewers."""
    today = local_day(at, firm().zone)
    reviewer = queries.reviewer_there(case.reviewer_id, today) or queries.least_busy_reviewer(today)
    if reviewer is not None:
        case.reviewer_id = manager.owner_id = reviewer.id
    for colleague in reviewers():
        if colleague.hears_at_once:
            letters.notice(manager, colleague, reviewer, at=at)


def check_name(manager: Manager, values: dict[str, Any], *, at: datetime) -> None:
    """Keep the parts of the name as the person checked them; raise RuleViolation at the field."""
    change_contact_data(manager, values, actor=None, at=at)
    tell("admission.name_checked", manager, at=at)


def withdraw(manager: Manager, *, actor: Any, at: datetime, reason: str | None = None, objected: bool = False) -> bool:
    """Take the registration back and queue the receipt; a second click is harmless and returns False.

    `objected` says that the person never registered and objects to our keeping the data: the receipt says so.

    Raises RuleViolation at `reason` where a colleague (`actor`) gives none.
    """
    if actor is not None and not (reason or "").strip():
        raise RuleViolation(N_("Please give the reason."), field="reason")
    if manager.state in (State.WITHDRAWN, State.ERASED):
        return False
    case = actions.move(actions.case_of(manager, at=at), Verb.WITHDRAW, actor=actor, at=at, reason=reason)
    links.revoke_all(manager, at=at, purpose=letters.CONFIRMATION)
    letters.receipt(manager, case, objected=objected, at=at)
    return True


def _one_at_a_time() -> None:
    """Wait for whoever registers; until the end of the transaction. On SQLite the write lock does.

    So two forms with the same address make one case.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(REGISTRATIONS_LOCK)))
