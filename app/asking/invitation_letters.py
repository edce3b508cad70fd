"""The letter that asks a client's contact for a talk: benefit first, clause, times, and a link to answer with one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.asking.invitation_drafts import draft
from app.asking.request_actions import FORM, PURPOSE, REMINDER, kept_back
from app.core.dates import local_day
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.ledger import queries as ledger
from app.ledger.models import Ask
from app.ledger.rules import Channel
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import LINK_PLACE, Block, Bullets, Composed, compose, speaking
from app.mail.models import Letter
from app.mail.typed import typed_blocks
from app.settings.queries import firm
from app.talks import invitation_letters as talk_letters
from app.talks import labels as talk_labels
from app.talks.models import Talk
from app.talks.rules import Kind, State
from app.users.models import User
from app.users.queries import leads_for
from app.web.formats import clock_time, day_long, zone_place

BUTTONS = {PURPOSE: _l("Choose a time, or answer otherwise"), FORM: _l("Answer in one minute")}

purposes.register(PURPOSE, N_("Invitation to a talk"))
purposes.register(FORM, N_("Three questions in writing"))
purposes.register(REMINDER, N_("Reminder of an invitation"))


@dataclass(frozen=True)
class Parts:
    """A letter as the colleague puts it together; `times` are shown in `zone`, and left out of one that asks in writing."""

    subject: str
    benefit: str
    message: str
    times: tuple[datetime, ...]
    zone: str
    is_form: bool = False
    also: tuple[Talk, ...] = ()  # asked for in the same message and talk

    @property
    def purpose(self) -> str:
        return FORM if self.is_form else PURPOSE


def _also(talk: Talk) -> str:
    if talk.kind == Kind.EXTENSION:
        return _("In the same talk I would like to ask why you extended, and what should be different in the new term.")
    return _("In the same talk we can also take up: %(kind)s.", kind=talk_labels.kind(talk.kind))


def compose_letter(talk: Talk, parts: Parts, writer: Any) -> Composed:
    """Write the letter exactly as it goes, but for the link."""
    person = talk.contact
    assert person is not None
    with speaking(person.language):
        blocks: list[Block] = [f"{person.salutation()},", *([parts.benefit] if parts.benefit else [])]
        blocks += [*typed_blocks(parts.message), *map(_also, parts.also)]
        if parts.is_form:
            blocks.append(_("Three questions, one minute, also on a phone. If you would rather talk, you can say so there too."))
        elif parts.times:
            blocks += [_("Would one of these times suit you?"), Bullets([when(one, parts.zone) for one in parts.times])]
        clause = talk_letters.cited_clause(talk)
        closing: list[Block] = [clause] if clause else []
        closing.append("\n".join(filter(None, (_("Kind regards"), writer.name if writer else "", firm().name))))
        return compose(person.language, blocks, button=(str(BUTTONS[parts.purpose]), LINK_PLACE), closing=closing)


def when(instant: datetime, zone: str) -> str:
    """Return "Friday 26 June 2026, 10:30 (time of Berlin)" in the language being spoken."""
    local = instant.astimezone(ZoneInfo(zone))
    return _(
        "%(day)s, %(time)s (time of %(place)s)", day=day_long(local.date()), time=clock_time(local.time()), place=zone_place(zone)
    )


def day_and_time(instant: datetime, zone: str) -> str:
    """Return "Friday 26 June 2026, 10:30" in the language being spoken, where the page names the zone for all times."""
    local = instant.astimezone(ZoneInfo(zone))
    return _("%(day)s, %(time)s", day=day_long(local.date()), time=clock_time(local.time()))


def send(
    entry: Ask,
    talk: Talk,
    parts: Parts,
    link: PersonalLink,
    *,
    actor: Any,
    at: datetime,
    not_before_at: datetime | None,
    attachments: Sequence[dict[str, Any]] = (),
) -> Letter:
    """Queue the letter of a request."""
    person = talk.contact
    assert person is not None
    bodies = compose_letter(talk, parts, actor)
    return queue(
        key=f"{parts.purpose}/{link.id}",
        to=Recipient(person.email or "", person.name, person.language),
        subject=parts.subject,
        text=bodies.text,
        html=bodies.html,
        purpose=parts.purpose,
        at=at,
        about=talk,
        sender=Sender(actor.name, actor.email),
        link_id=link.id,
        guard=parts.purpose,
        guard_args={"ask_id": entry.id},
        not_before_at=not_before_at,
        attachments=attachments,
        automatic=False,
    )


def remind(entry: Ask, talk: Talk, *, at: datetime) -> Letter:
    """Queue the one reminder of a request, with its link."""
    person, writer = talk.contact, writer_of(entry, talk)
    assert person is not None
    with speaking(person.language):
        subject = _("A reminder: %(subject)s", subject=draft(talk).subject)
        blocks: list[Block] = [f"{person.salutation()},", *([talk.benefit] if talk.benefit else [])]
        title = talk.mandate.title if talk.mandate is not None else ""
        blocks.append(
            _("A few days ago I asked you for a talk about the mandate “%(title)s”. One click is enough to answer, also if it does "
              "not suit you at present; I will not remind you again.", title=title)
            if entry.channel != Channel.FORM
            else _("A few days ago I asked you three questions about the mandate “%(title)s”. They take one minute; I will not "
                   "remind you again.", title=title)
        )  # fmt: skip
        closing: list[Block] = ["\n".join(filter(None, (_("Kind regards"), writer.name if writer else "", firm().name)))]
        bodies = compose(
            person.language,
            blocks,
            button=(str(BUTTONS[FORM if entry.channel == Channel.FORM else PURPOSE]), LINK_PLACE),
            closing=closing,
        )
    return queue(
        key=f"{REMINDER}/{entry.link_id}",
        to=Recipient(person.email or "", person.name, person.language),
        subject=subject,
        text=bodies.text,
        html=bodies.html,
        purpose=REMINDER,
        at=at,
        about=talk,
        sender=Sender(writer.name, writer.email) if writer is not None else Sender(),
        link_id=entry.link_id,
        guard=REMINDER,
        guard_args={"ask_id": entry.id},
    )


def writer_of(entry: Ask, talk: Talk) -> User | None:
    """Return in whose name a request is spoken of: who asked, else whose talk it is, if still in the house."""
    return next((one for one in (entry.asked_by, talk.owner) if one is not None and one.active), None)


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    """Send while the request stands: unanswered, its link valid, the talk not dealt with, and the guard does not hold back."""
    entry = db.session.get(Ask, letter.guard_args["ask_id"], populate_existing=True)
    talk = db.session.get(Talk, entry.talk_id, populate_existing=True) if entry is not None and entry.talk_id else None
    if entry is None or talk is None or entry.answer is not None:
        return guards.Skip(N_("This was answered in the meantime."))
    link = db.session.get(PersonalLink, entry.link_id, populate_existing=True) if entry.link_id else None
    if link is None or letter.link_id != link.id or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    if talk.state in (State.HELD, State.ARRANGED) or talk.cancelled_by_change or talk.contact_id != entry.contact_id:
        return guards.Skip(N_("The talk was held, declined or cancelled in the meantime."))
    person = ledger.person(entry.contact_id, local_day(at, firm().zone), but=ledger.of_message(entry))
    if person is None or (person.decide(local_day(at, firm().zone), is_agreed=entry.is_agreed).holds() - set(entry.overridden)):
        return guards.Skip(N_("This person is not to be asked at present; a request went out or was declined in the meantime."))
    return guards.SEND


guards.register(PURPOSE, _still_wanted, kept_back)
guards.register(FORM, _still_wanted, kept_back)
guards.register(REMINDER, _still_wanted)


def tell_owner(talk: Talk, subject: str, sentence: str, *, said: str | None, key: str, at: datetime) -> None:
    """Tell the colleague whose talk it is what was answered. Texts are message ids (N_).

    Where nobody has the talk, or who has it is no longer in the house: who has the mandate, else the leads.
    """
    for reader in _readers(talk):
        _tell(reader, talk, subject, sentence, said=said, key=f"{key}/{reader.id}", at=at)


def _readers(talk: Talk) -> list[User]:
    if talk.owner is not None and talk.owner.active:
        return [talk.owner]
    in_charge = db.session.get(User, talk.mandate.owner_id) if talk.mandate is not None else None
    return [in_charge] if in_charge is not None and in_charge.active else leads_for(talk.owner_id or 0)


def _tell(owner: User, talk: Talk, subject: str, sentence: str, *, said: str | None, key: str, at: datetime) -> None:
    with speaking(owner.language):
        names = {"person": talk.contact.name if talk.contact is not None else "", "kind": talk_labels.kind(talk.kind)}
        blocks: list[Block] = [_(sentence, **names), *([f"“{said}”"] if said else [])]
        url = f"{environment().public_url.rstrip('/')}/talks/{talk.id}"
        bodies = compose(owner.language, blocks, button=(_("Open the talk"), url))
        subject = _(subject, **names)
    queue(
        key=key, to=Recipient(owner.email, owner.name, owner.language), subject=subject, text=bodies.text, html=bodies.html,
        purpose="asking.answer", at=at, about=talk,
    )  # fmt: skip


purposes.register("asking.answer", N_("Answer of a client"))
