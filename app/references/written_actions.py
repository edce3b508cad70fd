"""From the draft of a written reference to its release and revocation. Nothing commits."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import links
from app.core.dates import add_working_days, local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.ledger import actions as ledger
from app.ledger.models import Ask
from app.ledger.rules import Channel, Purpose, Reply
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail.actions import cancel_unsent
from app.mandates.models import Mandate
from app.references import written_queries
from app.references.models import WrittenReference
from app.references.written_letters import ASK, LINK, REMINDER, Parts, remind, send, tell_owner
from app.references.written_rules import Scope, State, Verb, check
from app.settings.queries import firm
from app.timeline import record


class Refusal(enum.StrEnum):
    """How a client declines behind the link."""

    NOT_NOW = "not_now"
    NO = "no"
    NEVER = "never"  # asks not to be asked any more


@dataclass(frozen=True)
class Wording:
    """The two blocks, and the rating from 1 to 5 that stays with us."""

    situation: str
    results: str
    rating: int | None = None


def keep_draft(mandate: Mandate, contact: Any, wording: Wording, *, actor: Any, at: datetime) -> WrittenReference:
    """Begin a reference about the manager who is on the mandate, in the contact's language.

    Raises RuleViolation without a signed contract or a manager, and while another one is in the making.
    """
    if mandate.manager is None or mandate.signed_on is None or mandate.lost_on is not None:
        raise RuleViolation(N_("A reference is about a manager who is on a signed mandate."))
    if written_queries.open_of(mandate.id, mandate.manager.id) is not None:
        raise RuleViolation(N_("A reference of this mandate is in the making already."))
    reference = WrittenReference(
        mandate=mandate,
        manager=mandate.manager,
        contact=contact,
        language=contact.language,
        situation=wording.situation,
        results=wording.results,
        rating=wording.rating,
        state=State.DRAFT,
        made_at=at,
        made_by_id=getattr(actor, "id", None),
    )
    db.session.add(reference)
    db.session.flush()
    _tell("references.drafted", reference, actor, at)
    return reference


def change(reference: WrittenReference, wording: Wording) -> None:
    """Change a draft."""
    check(reference.state, Verb.CHANGE)
    reference.situation, reference.results, reference.rating = wording.situation, wording.results, wording.rating


def discard(reference: WrittenReference, *, actor: Any, at: datetime) -> None:
    """Delete a draft; what may have been with the client before stays in the ledger."""
    check(reference.state, Verb.DISCARD)
    _tell("references.discarded", reference, actor, at)
    db.session.delete(reference)


def ask(
    reference: WrittenReference,
    parts: Parts,
    *,
    benefit_id: int | None,
    override_reason: str | None,
    actor: Any,
    at: datetime,
) -> Ask:
    """Send the draft to the contact behind a link, and write the request into the ledger.

    Asked again within the days of rest without an answer, it is the one reminder of that request. Raises RuleViolation for
    a contact who cannot be written to, or where the guard holds back and nobody says why to ask nevertheless.
    """
    check(reference.state, Verb.SEND)
    check_contact(reference, at)
    today = local_day(at, firm().zone)
    entry = written_queries.ask_of(reference)
    if entry is not None and written_queries.can_remind(entry, today):
        entry.reminded_on = today
    else:
        what = ledger.What(Purpose.REFERENCE, Channel.MAIL, mandate=reference.mandate, benefit_id=benefit_id)
        entry = ledger.ask(reference.contact, what, actor=actor, at=at, override_reason=override_reason)
    link = _new_link(reference, expires_at=at + timedelta(days=firm().reference_link_days), at=at)
    entry.link_id = link.id
    reference.state, reference.sent_at = State.SENT, at
    _tell("references.asked", reference, actor, at)
    send(reference, parts, ASK, link, actor=actor, at=at)
    return entry


def remind_of(ask_id: int, *, at: datetime) -> bool:
    """Send the one reminder of a request if it is due; say whether it went. Of two schedulers one writes."""
    entry = db.session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    if entry is None or entry.answer is not None or entry.reminded_on is not None:
        return False
    today = local_day(at, firm().zone)
    if today < reminder_on(entry):
        return False
    entry.reminded_on = today  # also where there is nothing to remind of: not looked at again
    reference = written_queries.behind(entry.link_id) if entry.link_id else None
    link = db.session.get(PersonalLink, entry.link_id) if entry.link_id else None
    if reference is None or reference.state != State.SENT or link is None or link.state(at) is not LinkState.FOUND:
        return False
    try:
        check_contact(reference, at)
    except RuleViolation:
        return False
    _tell("references.reminded", reference, None, at)
    remind(reference, entry, at=at)
    return True


def reminder_on(entry: Ask) -> date:
    """Return the day from which the one reminder of an unanswered request goes out by itself."""
    settings = firm()
    return add_working_days(
        entry.asked_on, settings.ask_remind_working_days, entry.contact.client.region, settings.free_month_days
    )


def check_contact(reference: WrittenReference, at: datetime) -> None:
    """Raise RuleViolation for a contact who has left or has no mail address."""
    left_on = reference.contact.left_on
    if left_on is not None and left_on <= local_day(at, firm().zone):
        raise RuleViolation(N_("This person is no longer with the client."))
    if not reference.contact.email:
        raise RuleViolation(N_("No mail address of this person is known. Please enter it first."))


def _new_link(reference: WrittenReference, *, expires_at: datetime | None, at: datetime) -> PersonalLink:
    """Return a new link of the reference; the former one is no longer valid."""
    _end_link(reference, at)
    contact = reference.contact
    link = links.issue(ASK, contact, language=reference.language, at=at, expires_at=expires_at, recipient=contact.name)
    reference.link_id = link.id
    return link


def _end_link(reference: WrittenReference, at: datetime) -> None:
    former = db.session.get(PersonalLink, reference.link_id) if reference.link_id else None
    if former is not None:
        links.revoke(former, at=at)


def take_back(reference: WrittenReference, *, actor: Any, at: datetime) -> None:
    """Make a draft again of what is with the client; its link ends. A letter that had not gone yet counts as no request."""
    check(reference.state, Verb.TAKE_BACK)
    _end_link(reference, at)
    taken_back = N_("The request was taken back.")
    not_reminded = cancel_unsent(taken_back, prefix=f"{REMINDER}/{reference.link_id}/")
    stopped = cancel_unsent(taken_back, prefix=f"{ASK}/{reference.link_id}/")
    entry = written_queries.ask_of(reference)
    if not_reminded and entry is not None:
        entry.reminded_on = None
    if stopped and entry is not None and entry.link_id == reference.link_id:
        if entry.reminded_on is not None:
            entry.reminded_on = None
        else:
            db.session.delete(entry)
    reference.state, reference.link_id = State.DRAFT, None
    _tell("references.taken_back", reference, actor, at)


def release(reference: WrittenReference, situation: str, results: str, scope: Scope, signed: str, *, at: datetime) -> None:
    """Keep the client's wording, frozen from now on; the link no longer ends, so that it can be revoked behind it."""
    check(reference.state, Verb.RELEASE)
    reference.situation, reference.results, reference.scope = situation, results, scope
    reference.state, reference.released_at, reference.released_by = State.RELEASED, at, signed[:200]
    link = db.session.get(PersonalLink, reference.link_id) if reference.link_id else None
    if link is not None:
        link.expires_at = None
    _answer(reference, Reply.YES, at)
    _tell("references.released", reference, None, at)
    tell_owner(reference, N_("%(person)s has released a reference"), N_("%(person)s has released a reference for %(manager)s."),
               said=None, at=at)  # fmt: skip


def decline(reference: WrittenReference, how: Refusal, said: str | None, *, at: datetime) -> None:
    """Keep that the client would rather not, in the ledger too."""
    check(reference.state, Verb.DECLINE)
    reference.state, reference.declined_at, reference.reason = State.DECLINED, at, said
    _answer(reference, Reply.LATER if how is Refusal.NOT_NOW else Reply.NO, at, said)
    if how is Refusal.NEVER:
        ledger.wish(reference.contact, not_before=None, never=True, note=None, actor=None, at=at)
    _tell("references.declined", reference, None, at)
    tell_owner(reference, N_("%(person)s would rather give no reference"), N_("%(person)s would rather give no reference for "
               "%(manager)s at present."), said=said, at=at)  # fmt: skip


def revoke(reference: WrittenReference, reason: str | None, *, actor: Any, at: datetime) -> None:
    """Take a released reference back, by the client behind the link (no actor) or by us on request."""
    check(reference.state, Verb.REVOKE)
    reference.state, reference.revoked_at, reference.reason = State.REVOKED, at, reason
    _tell("references.revoked", reference, actor, at)
    if actor is None:
        tell_owner(reference, N_("%(person)s has taken a reference back"), N_("%(person)s has taken the reference for %(manager)s "
                   "back. Please hand it out no more."), said=reason, at=at)  # fmt: skip


def send_link(reference: WrittenReference, parts: Parts, *, actor: Any, at: datetime) -> None:
    """Send a new link to a released reference; the former one ends. It asks for nothing, so it counts as no request."""
    check(reference.state, Verb.SEND_LINK)
    check_contact(reference, at)
    link = _new_link(reference, expires_at=None, at=at)
    _tell("references.link_sent", reference, actor, at)
    send(reference, parts, LINK, link, actor=actor, at=at)


def _answer(reference: WrittenReference, reply: Reply, at: datetime, said: str | None = None) -> None:
    entry = written_queries.ask_of(reference)
    if entry is not None and entry.answer is None:
        entry.said = said or entry.said
        ledger.answer(entry, reply, local_day(at, firm().zone))


def _tell(event: str, reference: WrittenReference, actor: Any, at: datetime) -> None:
    contact = reference.contact
    record(event, reference.mandate, actor=actor, at=at, also=[reference.manager, contact, contact.client])
