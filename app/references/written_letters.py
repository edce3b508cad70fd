"""Letters about written references: the one that asks, the one with a new link, and the word to the colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.dates import local_day
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.ledger import queries as ledger
from app.ledger.models import Ask
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import LINK_PLACE, Block, Composed, compose, speaking
from app.mail.models import Letter
from app.mail.typed import Words, typed_blocks
from app.references import written_queries
from app.references.models import WrittenReference
from app.references.written_rules import State
from app.settings.queries import firm
from app.users.models import User

ASK, LINK, ANSWER, REMINDER = "references.ask", "references.link", "references.answer", "references.reminder"
BUTTONS = {ASK: _l("Read, change, release"), LINK: _l("Open the reference")}

purposes.register(ASK, N_("Request for a written reference"))
purposes.register(REMINDER, N_("Reminder of a request for a reference"))
purposes.register(LINK, N_("Link to a released reference"))
purposes.register(ANSWER, N_("Answer about a reference"))


@dataclass(frozen=True)
class Parts:
    """A letter as the colleague puts it together; the salutation and the signature come with it."""

    subject: str
    message: str
    benefit: str = ""


def draft(reference: WrittenReference) -> Words:
    """Return subject and message of the request as proposed, in the contact's language."""
    with speaking(reference.language):
        names = {"manager": reference.manager.name, "title": reference.mandate.title}
        message = [
            _("In the mandate “%(title)s” you have seen how %(manager)s works. Would you tell others what came of it, in a few "
              "sentences?", **names),
            _("So that it takes you a few minutes only, we have drafted them from our talks. You change whatever you like, choose who "
              "may read them, and release them; you can take them back at any time. If it does not suit you, one click is enough "
              "too.", **names),
        ]  # fmt: skip
        return Words(_("A few sentences on the work of %(manager)s?", **names), "\n\n".join(message))


def draft_link(reference: WrittenReference) -> Words:
    """Return subject and message of the letter that brings a new link to a released reference."""
    with speaking(reference.language):
        message = _(
            "Here is a new link to what you released about %(manager)s. Behind it you see the wording, and you can take it back.",
            manager=reference.manager.name,
        )
        return Words(_("Your reference for %(manager)s", manager=reference.manager.name), message)


def compose_letter(reference: WrittenReference, parts: Parts, purpose: str, writer: Any) -> Composed:
    """Write the letter exactly as it goes, but for the link."""
    person = reference.contact
    with speaking(reference.language):
        blocks: list[Block] = [f"{person.salutation()},", *([parts.benefit] if parts.benefit else [])]
        blocks += typed_blocks(parts.message)
        closing: list[Block] = ["\n".join(filter(None, (_("Kind regards"), writer.name if writer else "", firm().name)))]
        return compose(reference.language, blocks, button=(str(BUTTONS[purpose]), LINK_PLACE), closing=closing)


def send(reference: WrittenReference, parts: Parts, purpose: str, link: PersonalLink, *, actor: Any, at: datetime) -> Letter:
    """Queue the letter; it is kept with the mandate."""
    person = reference.contact
    bodies = compose_letter(reference, parts, purpose, actor)
    return queue(
        key=f"{purpose}/{link.id}/{reference.id}",
        to=Recipient(person.email or "", person.name, reference.language),
        subject=parts.subject,
        text=bodies.text,
        html=bodies.html,
        purpose=purpose,
        at=at,
        about=reference.mandate,
        sender=Sender(actor.name, actor.email),
        link_id=link.id,
        guard=purpose,
        guard_args={"reference_id": reference.id},
        automatic=False,
    )


def remind(reference: WrittenReference, entry: Ask, *, at: datetime) -> Letter:
    """Queue the one reminder of a request, with its link; signed by who asked, else by whose mandate it is."""
    person, writer = reference.contact, entry.asked_by
    if writer is None or not writer.active:
        writer = db.session.get(User, reference.mandate.owner_id)
    with speaking(reference.language):
        subject = _("A reminder: %(subject)s", subject=draft(reference).subject)
        message = _(
            "A few days ago I asked you for a few sentences on the work of %(manager)s. The draft is behind the button, to be "
            "changed and released. If it does not suit you, one click says so; I will not remind you again.",
            manager=reference.manager.name,
        )
        benefit = entry.benefit.text(reference.language) if entry.benefit is not None else ""
        bodies = compose_letter(reference, Parts(subject, message, benefit), ASK, writer)
    return queue(
        key=f"{REMINDER}/{entry.link_id}/{reference.id}",
        to=Recipient(person.email or "", person.name, reference.language),
        subject=subject,
        text=bodies.text,
        html=bodies.html,
        purpose=REMINDER,
        at=at,
        about=reference.mandate,
        sender=Sender(writer.name, writer.email) if writer is not None else Sender(),
        link_id=entry.link_id,
        guard=ASK,
        guard_args={"reference_id": reference.id},
    )


def _behind(letter: Letter, state: State, at: datetime) -> WrittenReference | None:
    """Return the reference if it stands as the letter takes it to, and the letter's link is the one that counts."""
    reference = db.session.get(WrittenReference, letter.guard_args.get("reference_id"), populate_existing=True)
    link = db.session.get(PersonalLink, letter.link_id, populate_existing=True) if letter.link_id else None
    if reference is None or reference.state != state or link is None or link.state(at) is not LinkState.FOUND:
        return None
    return reference if reference.link_id == link.id else None


def _still_asked(letter: Letter, at: datetime) -> guards.Decision:
    reference = _behind(letter, State.SENT, at)
    if reference is None:
        return guards.Skip(N_("This reference was taken back or answered in the meantime, or its link is no longer valid."))
    entry: Ask | None = written_queries.ask_of(reference)
    today = local_day(at, firm().zone)
    person = ledger.person(reference.contact_id, today, but=(entry.id,) if entry is not None else ())
    held = person.decide(today, is_agreed=False).holds() if person is not None else {""}
    if entry is None or held - set(entry.overridden):
        return guards.Skip(N_("This person is not to be asked at present; a request went out or was declined in the meantime."))
    return guards.SEND


def _still_released(letter: Letter, at: datetime) -> guards.Decision:
    if _behind(letter, State.RELEASED, at) is None:
        return guards.Skip(N_("This reference was taken back or answered in the meantime, or its link is no longer valid."))
    return guards.SEND


guards.register(ASK, _still_asked)
guards.register(LINK, _still_released)


def tell_owner(reference: WrittenReference, subject: str, sentence: str, *, said: str | None, at: datetime) -> Letter | None:
    """Tell the colleague whose mandate it is what became of the reference; texts are message ids (N_)."""
    owner = db.session.get(User, reference.mandate.owner_id)
    if owner is None or not owner.active:
        return None
    with speaking(owner.language):
        names = {"person": reference.contact.name, "manager": reference.manager.name}
        blocks: list[Block] = [_(sentence, **names), *([f"“{said}”"] if said else [])]
        url = f"{environment().public_url.rstrip('/')}/mandates/{reference.mandate_id}/reference"
        bodies = compose(owner.language, blocks, button=(_("Open the reference"), url))
        subject = _(subject, **names)
    return queue(
        key=f"{ANSWER}/{reference.id}/{reference.state}",
        to=Recipient(owner.email, owner.name, owner.language),
        subject=subject,
        text=bodies.text,
        html=bodies.html,
        purpose=ANSWER,
        at=at,
        about=reference.mandate,
        guard_args={"reference_id": reference.id},
    )
