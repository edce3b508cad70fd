"""Invitation, update and cancellation of an appointment, with a calendar file, to everybody who takes part.

One calendar entry per talk: its UID stays, its sequence rises with each change. Whom which letter was queued for is
kept on the talk (`invited`), so that whoever drops out is told. What goes is decided at sending time (`still_wanted`).
Source: docs/domain.md, "Reminders and mails"; docs/decisions, "Mail".
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.clients.models import Contact
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.mail import guards
from app.mail.actions import Recipient, Sender, calendar_part, cancel_unsent, queue
from app.mail.calendar import Appointment, Person, calendar_text, method_of
from app.mail.guards import SEND, Decision, Skip
from app.mail.models import Letter
from app.mail.rules import State as LetterState
from app.managers.models import Manager
from app.settings.queries import firm
from app.talks import invitation_letters as letters
from app.talks.invitation_letters import Draft, Occasion
from app.talks.models import Talk
from app.talks.rules import Side, State
from app.users.models import User

GUARD = "talks.invitation"
PURPOSES = {
    "invitation": "talks.invitation",
    "moved": "talks.update",
    "quality": "talks.update",
    "people": "talks.update",
    "cancelled": "talks.cancellation",
    "replaced": "talks.cancellation",
    "held": "talks.cancellation",
    "declined": "talks.cancellation",
}

NEWER = N_("A newer letter about this appointment takes its place.")
NOT_ARRANGED = N_("The talk was held, declined or cancelled in the meantime.")
OVER = N_("The appointment is over.")
NOT_THERE = N_("This person does not take part any more.")
NEVER_TOLD = N_("This person was never invited, so there is nothing to call off.")


@dataclass(frozen=True)
class Invitee:
    """Somebody who takes part; `key` is "contact-7", "manager-7", "referee-7" or "user-7". `person` has name, email, language."""

    key: str
    person: Any
    is_colleague: bool

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.person.email, self.person.name, self.person.language)


def invitees(talk: Talk) -> list[Invitee]:
    """Return everybody who takes part and has a mail address, the people outside first."""
    found = [*_outside(talk), *_inside(talk)]
    return [one for one in {one.key: one for one in found}.values() if one.person.email]


def outside(talk: Talk) -> list[Invitee]:
    """Return those outside the firm who take part and have a mail address; the first is whom the talk is with."""
    return [one for one in invitees(talk) if not one.is_colleague]


def _outside(talk: Talk) -> list[Invitee]:
    found = []
    if talk.side in (Side.CLIENT, Side.BOTH) and talk.contact is not None:
        found.append(Invitee(f"contact-{talk.contact.id}", talk.contact, False))
    if talk.side in (Side.MANAGER, Side.BOTH) and talk.manager is not None:
        found.append(Invitee(f"manager-{talk.manager.id}", talk.manager, False))
    if talk.side == Side.REFEREE and talk.referee is not None:
        found.append(Invitee(f"referee-{talk.referee.id}", talk.referee, False))
    return found + [Invitee(f"contact-{one.contact_id}", one.contact, False) for one in talk.participants if one.contact]


def _inside(talk: Talk) -> list[Invitee]:
    colleagues = [talk.owner] if talk.owner is not None else []
    colleagues += [one.user for one in talk.participants if one.user is not None]
    return [Invitee(f"user-{user.id}", user, True) for user in colleagues if user.active]


def invite(talk: Talk, *, at: datetime, words: Draft | None = None, tell_outside: bool = True) -> list[Letter]:
    """Queue the first invitation to the appointment; return the letters.

    `words` are those of the letter to the person the talk is with, as edited; the others get the usual ones in their
    own language. Without `tell_outside` only colleagues get the entry in their calendar.
    """
    if talk.calendar_uid is None:
        talk.calendar_uid = f"talk-{uuid.uuid4().hex}@{environment().mail_from.rpartition('@')[2]}"
    else:
        talk.calendar_sequence += 1  # arranged anew after it was called off: the same entry
    return _tell(talk, "invitation", at, words, tell_outside)


def update(
    talk: Talk, occasion: Occasion, *, at: datetime, words: Draft | None = None, tell_outside: bool | None = None
) -> list[Letter]:
    """Queue an update of the same calendar entry; people who drop out get a cancellation. Return the letters.

    People outside get it if they were invited, unless `tell_outside` says otherwise. Nothing for a talk that never had
    an invitation.
    """
    if talk.calendar_uid is None:
        return []
    if tell_outside is None:
        tell_outside = any(not key.startswith("user-") for key in talk.invited)
    talk.calendar_sequence += 1
    return _tell(talk, occasion, at, words, tell_outside)


def cancel(talk: Talk, *, at: datetime, occasion: Occasion = "cancelled") -> list[Letter]:
    """Queue a cancellation to everybody who was invited; return the letters. The talk keeps its UID.

    `occasion` is one of `letters.OFF` and gives the reason in a sentence.
    """
    if talk.calendar_uid is None or not talk.invited:
        return []
    talk.calendar_sequence += 1
    _take_back(talk, list(talk.invited))
    told = _told_before(talk)
    gone = [one for one in _by_key(talk, talk.invited) if one.key in told]
    queued = [_queue(talk, one, occasion, at, None) for one in gone]
    talk.invited = {}
    return queued


def _tell(talk: Talk, occasion: Occasion, at: datetime, words: Draft | None, tell_outside: bool) -> list[Letter]:
    """Queue a letter to each who takes part, and a cancellation to each who did so until now."""
    db.session.flush()
    everybody = invitees(talk)
    now = [one for one in everybody if one.is_colleague or tell_outside]
    _take_back(talk, [*talk.invited, *(one.key for one in now)])
    told = _told_before(talk)
    first = next((one.key for one in now if not one.is_colleague), None)
    queued = [
        _queue(talk, one, occasion if one.key in told else "invitation", at, words if one.key == first else None) for one in now
    ]
    present = {one.key for one in everybody}
    dropped = _by_key(talk, [key for key in talk.invited if key not in present])
    queued += [_queue(talk, one, "replaced", at, None) for one in dropped if one.key in told]
    # Somebody who was told by word of mouth this time still has the entry, and hears of the next change.
    untold = {key: sequence for key, sequence in talk.invited.items() if key in present}
    talk.invited = untold | {one.key: talk.calendar_sequence for one in now}
    return queued


def _take_back(talk: Talk, keys: Sequence[str]) -> None:
    for key in dict.fromkeys(keys):
        cancel_unsent(NEWER, prefix=_prefix(talk.id, key))


def _prefix(talk_id: int, key: str) -> str:
    return f"talks.invitation/{talk_id}/{key}/"


def _told_before(talk: Talk) -> set[str]:
    """Return the keys of those to whom a letter about this appointment went, or may have gone."""
    sent = db.session.scalars(
        sa.select(Letter.key).where(
            Letter.key.startswith(f"talks.invitation/{talk.id}/", autoescape=True),
            sa.or_(Letter.state == LetterState.SENT, Letter.first_attempt_at.is_not(None)),
        )
    )
    return {key.split("/")[2] for key in sent}


def _by_key(talk: Talk, keys: Any) -> list[Invitee]:
    """Return those named by `keys`, whether they still take part or not; who has left no address is left out."""
    found = []
    for key in keys:
        kind, _, number = key.partition("-")
        person: Any = db.session.get(_class_of(kind), int(number))
        if person is not None and person.email:
            found.append(Invitee(key, person, kind == "user"))
    return found


_CLASSES: dict[str, Any] = {"contact": Contact, "manager": Manager, "user": User}


def _class_of(kind: str) -> Any:
    # Relations upwards go by name: the references' room lies above this one.
    return sa.inspect(Talk).relationships["referee"].entity.class_ if kind == "referee" else _CLASSES[kind]


def _queue(talk: Talk, to: Invitee, occasion: Occasion, at: datetime, words: Draft | None) -> Letter:
    cancelled = occasion in letters.OFF
    if to.is_colleague:
        subject = letters.inside_subject(talk, to.person.language, occasion)
        written = letters.compose_inside(talk, to.person, occasion)
    else:
        words = words or letters.draft(talk, to.person.language, occasion)
        subject = words.subject
        written = letters.compose_outside(talk, to.person, occasion, words)
    owner = talk.owner
    return queue(
        key=f"{_prefix(talk.id, to.key)}{talk.calendar_sequence}",
        to=to.recipient,
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=PURPOSES[occasion],
        at=at,
        about=talk,
        sender=Sender(owner.name, owner.email) if owner is not None else Sender(),
        attachments=[calendar_part(_calendar(talk, to, at, cancelled), method_of(cancelled))],
        guard=GUARD,
        guard_args={"talk_id": talk.id, "sequence": talk.calendar_sequence, "recipient": to.key, "cancels": cancelled},
        automatic=words is None,
    )


def _calendar(talk: Talk, to: Invitee, at: datetime, cancelled: bool) -> str:
    assert talk.calendar_uid is not None
    assert talk.appointment_at is not None
    house = environment().mail_from if not firm().mailbox else firm().mailbox
    owner = talk.owner
    organizer = Person(owner.email, owner.name) if owner is not None else Person(house, firm().name)
    people = [to] if cancelled else invitees(talk)
    with letters.speaking(to.person.language):
        description = "\n".join(
            filter(None, [*(f"{label}: {value}" for label, value in letters.facts(talk)[1:]), letters.cited_clause(talk)])
        )
    title = (
        letters.inside_subject(talk, to.person.language, "invitation")
        if to.is_colleague
        else letters.summary(talk, to.person.language)
    )
    return calendar_text(
        Appointment(
            uid=talk.calendar_uid,
            sequence=talk.calendar_sequence,
            starts_at=talk.appointment_at,
            minutes=talk.minutes or 30,
            zone=talk.appointment_zone or firm().zone,
            summary=title,
            description=description,
            location=talk.place or "",
            organizer=organizer,
            sent_by=house,
            attendees=[Person(one.person.email, one.person.name) for one in people],
            url=f"{environment().public_url.rstrip('/')}/talks/{talk.id}" if to.is_colleague else "",
        ),
        at=at,
        cancelled=cancelled,
    )


def still_wanted(letter: Letter, at: datetime) -> Decision:
    """Decide from the live state whether an invitation, update or cancellation still goes."""
    args = letter.guard_args
    talk = db.session.get(Talk, args["talk_id"], populate_existing=True)
    if talk is None:
        return Skip(NOT_ARRANGED)
    is_newer = talk.calendar_sequence > args["sequence"]
    takes_part = talk.state == State.ARRANGED and args["recipient"] in talk.invited
    if talk.ends_at is not None and talk.ends_at <= at:
        return Skip(OVER)
    if args["cancels"]:
        if takes_part and is_newer:
            return Skip(NEWER)
        return SEND if _was_told(letter) else Skip(NEVER_TOLD)
    if talk.state != State.ARRANGED:
        return Skip(NOT_ARRANGED)
    if args["recipient"] not in talk.invited:
        return Skip(NOT_THERE)
    return Skip(NEWER) if is_newer else SEND


def _was_told(letter: Letter) -> bool:
    """Whether another letter about this appointment went to the same person, or may have gone."""
    other = db.session.scalar(
        sa.select(Letter.id)
        .where(
            Letter.key.startswith(_prefix(letter.guard_args["talk_id"], letter.guard_args["recipient"]), autoescape=True),
            Letter.id != letter.id,
            sa.or_(Letter.state == LetterState.SENT, Letter.first_attempt_at.is_not(None)),
        )
        .limit(1)
    )
    return other is not None


guards.register(GUARD, still_wanted)
