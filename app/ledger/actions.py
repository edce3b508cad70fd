"""Writing into the ledger: every request to a contact, and what was answered. Nothing commits.

Rooms that ask somebody call these in the same transaction, so that no request goes out that the ledger does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db, hold
from app.ledger import queries
from app.ledger.guard_rules import Decision, Hold
from app.ledger.models import Ask, ContactWish
from app.ledger.rules import Channel, Purpose, Reply, purpose_of
from app.settings.queries import firm
from app.timeline import record

REFUSED: dict[Hold, str] = {
    Hold.NEVER: N_("This person asked us not to ask again. Who asks nevertheless says why."),
    Hold.NOT_BEFORE: N_("This person asked not to be asked before %(until)s. Who asks nevertheless says why."),
    Hold.AFTER_NO: N_("This person said no; after that we wait until %(until)s. Who asks nevertheless says why."),
    Hold.REST: N_(
        "This person was asked a short while ago; the next request can go on %(until)s. Who asks nevertheless says why."
    ),
    Hold.BUDGET: N_("This person has been asked often enough within a year, until %(until)s. Who asks nevertheless says why."),
}


@dataclass(frozen=True)
class What:
    """What somebody is asked for, and how; `about` names the talk or the mandate."""

    purpose: Purpose
    channel: Channel
    is_agreed: bool = False
    mandate: Any = None
    talk: Any = None
    benefit_id: int | None = None


def check(decision: Decision, reason: str | None) -> list[str]:
    """Return the holds that `reason` overrides; raise RuleViolation at "override_reason" where they hold back and there is none."""
    if decision.may_ask:
        return []
    if not (reason or "").strip():
        held = decision.reason
        assert held is not None
        raise RuleViolation(REFUSED[held.hold], field="override_reason", until=held.until)
    return [one.hold.value for one in decision.reasons]


def ask(contact: Any, what: What, *, actor: Any, at: datetime, on: date | None = None, override_reason: str | None = None) -> Ask:
    """Write a request that goes out now, or `on` a later day, into the ledger, and return it.

    For a talk that this contact was asked for already nothing new is written: arranging, confirming and asking by another
    way belong to the one request. Raises RuleViolation where the guard holds back and nobody says why to ask nevertheless.
    """
    hold(contact)  # of two colleagues who ask at the very same moment, the second finds what the first has written
    day = on or local_day(at, firm().zone)
    known = queries.open_of_talk(what.talk.id, contact.id) if what.talk is not None else None
    if known is not None:
        moved(known, day, override_reason, actor=actor, at=at)
        return known
    overridden = check(queries.guard(contact.id, day, is_agreed=what.is_agreed), override_reason)
    entry = _entry(contact, what, actor, day)
    _nevertheless(entry, overridden, override_reason, actor, at)
    return entry


def moved(entry: Ask, day: date, override_reason: str | None, *, actor: Any, at: datetime) -> bool:
    """Have a request whose letter still waits for its day go on `day`; False where it went out already, or was answered.

    Raises RuleViolation where the guard holds back on that day and nobody says why to ask nevertheless.
    """
    if entry.answer is not None or entry.asked_on <= local_day(at, firm().zone):
        return False
    message = queries.of_message(entry)
    overridden = check(queries.guard(entry.contact_id, day, is_agreed=entry.is_agreed, but=message), override_reason)
    _nevertheless(entry, overridden, override_reason, actor, at)
    for number in message:
        db.session.get_one(Ask, number).asked_on = day
    return True


def _nevertheless(entry: Ask, overridden: list[str], override_reason: str | None, actor: Any, at: datetime) -> None:
    if overridden:
        entry.overridden, entry.override_reason = sorted({*entry.overridden, *overridden}), override_reason
        _tell("ledger.overridden", entry, actor, at, text=override_reason)


def ask_for_talk(
    talk: Any, channel: Channel, *, actor: Any, at: datetime, on: date | None = None, override_reason: str | None = None
) -> Ask | None:
    """Write the request for a talk as `ask` does; None for a talk that asks no contact for anything."""
    what = _what(talk, channel)
    if what is None:
        return None
    return ask(talk.contact, what, actor=actor, at=at, on=on, override_reason=override_reason)


def bundle(talk: Any, first: Ask) -> Ask | None:
    """Write a talk that is asked for in the same message as `first`: on its day, counting as part of it."""
    what = _what(talk, Channel(first.channel))
    if what is None or queries.open_of_talk(talk.id, talk.contact.id) is not None:
        return None
    entry = _entry(talk.contact, replace(what, is_agreed=True), first.asked_by, first.asked_on)
    entry.asked_by_id = first.asked_by_id
    return entry


def talk_agreed(talk: Any, *, actor: Any, at: datetime, override_reason: str | None = None) -> Ask | None:
    """Note that the contact said yes to a talk: a request of its own, by phone, where none was written before."""
    entry = ask_for_talk(talk, Channel.PHONE, actor=actor, at=at, override_reason=override_reason)
    return answer(entry, Reply.YES, local_day(at, firm().zone)) if entry is not None else None


def talk_held(talk: Any, *, actor: Any, at: datetime) -> Ask | None:
    """Note that a talk was held: it stands in the ledger on that day where no request was written; never refused."""
    what = _what(talk, Channel.PHONE)
    if what is None:
        return None
    held_on = local_day(talk.held_at or at, firm().zone)
    entry = queries.of_talk(talk.id, talk.contact.id) or _entry(talk.contact, what, actor, held_on)
    _end_all(queries.with_it(entry), at)
    has_gone = entry.asked_on <= local_day(at, firm().zone)
    return answer(entry, Reply.YES, max(held_on, entry.asked_on) if has_gone else held_on)


def talk_declined(talk: Any, *, has_left: bool, said: str | None, actor: Any, at: datetime) -> Ask | None:
    """Note the contact's "no" to a talk; where the contact has left it is no answer of a person, and starts no pause."""
    what = _what(talk, Channel.PHONE)
    if what is None:
        return None
    today = local_day(at, firm().zone)
    entry = queries.of_talk(talk.id, talk.contact.id) or _entry(talk.contact, what, actor, today)
    entry.said = said or entry.said
    _end_all(queries.with_it(entry), at)
    return answer(entry, Reply.LAPSED if has_left else Reply.NO, today)


def talk_called_off(talk: Any, *, at: datetime) -> None:
    """End what was asked for a talk that we call off, or give to somebody else, and nobody answered."""
    entry = queries.of_talk(talk.id, talk.contact_id) if talk.contact_id is not None else None
    if entry is not None and entry.answer is None:
        end(entry, at=at)


def end(entry: Ask, *, at: datetime) -> None:
    """End a request that nobody answered, with all that was asked in its message."""
    _end_all((*queries.with_it(entry), entry), at)


def forget(entry: Ask) -> None:
    """Take a request whose message never went out of the ledger, with all that was to be asked in it."""
    for one in (*queries.with_it(entry), entry):
        db.session.delete(one)


def _end_all(entries: Iterable[Ask], at: datetime) -> None:
    """Have requests lapse; what has not gone out yet was never asked."""
    today = local_day(at, firm().zone)
    for one in entries:
        if one.asked_on <= today:
            answer(one, Reply.LAPSED, today)
        else:
            db.session.delete(one)


def answer(entry: Ask, reply: Reply, day: date) -> Ask:
    """Keep what was answered, the last word counts; the day of an unchanged answer stays.

    Who answers before the letter went that waits for a later day was asked by then, by another way.
    """
    entry.asked_on = min(entry.asked_on, day)
    if entry.answer != reply:
        entry.answer, entry.answered_on = reply, day
    return entry


def wish(
    contact: Any,
    *,
    not_before: date | None,
    never: bool,
    note: str | None,
    actor: Any,
    at: datetime,
) -> ContactWish:
    """Keep what the contact said about being asked; both empty: may be asked as usual again.

    Raises RuleViolation for a day that is over.
    """
    today = local_day(at, firm().zone)
    if not_before is not None and not_before <= today:
        raise RuleViolation(N_("Please give a day that lies ahead."), field="not_before")
    hold(contact)
    kept = queries.wish_of(contact.id)
    if kept is None:
        kept = ContactWish(contact_id=contact.id)
        db.session.add(kept)
    kept.not_before, kept.never, kept.note = None if never else not_before, never, note
    kept.said_on, kept.noted_by_id = today, getattr(actor, "id", None)
    event = "ledger.never" if never else "ledger.not_before" if not_before else "ledger.as_usual"
    record(event, contact, actor=actor, at=at, also=[contact.client], until_on=not_before, text=note)
    return kept


def _what(talk: Any, channel: Channel) -> What | None:
    purpose = purpose_of(talk.kind)
    if purpose is None or talk.contact is None:
        return None
    return What(purpose, channel, queries.talk_is_agreed(talk), talk.mandate, talk)


def _entry(contact: Any, what: What, actor: Any, day: date) -> Ask:
    entry = Ask(
        contact=contact,
        purpose=what.purpose,
        channel=what.channel,
        is_agreed=what.is_agreed,
        mandate=what.mandate,
        talk=what.talk,
        asked_by_id=getattr(actor, "id", None),
        asked_on=day,
        benefit_id=what.benefit_id,
        times=[],
        bundled=[],
        overridden=[],
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _tell(event: str, entry: Ask, actor: Any, at: datetime, **facts: Any) -> None:
    also = [entry.contact.client, *filter(None, [entry.mandate, entry.talk])]
    record(event, entry.contact, actor=actor, at=at, also=also, **facts)
