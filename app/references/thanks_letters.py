"""The letter that tells somebody that the feedback helped: it asks for nothing, and so counts as no request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.ledger import queries as ledger
from app.ledger.guard_rules import Decision
from app.mail import guards, purposes
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import Block, Composed, compose, speaking
from app.mail.models import Letter
from app.mail.typed import Words, typed_blocks
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.references.thanks_queries import PURPOSE, Giver, new_key
from app.settings.queries import firm
from app.timeline import record

purposes.register(PURPOSE, N_("Your feedback helped"))


def draft(manager: Manager, contact: Any) -> Words:
    """Return subject and message as proposed, in the contact's language; the new client is not named."""
    with speaking(contact.language):
        message = [
            _("You told us how %(manager)s works. That helped: another company has decided for %(manager)s, and what you said "
              "stood behind it.", manager=manager.name),
            _("Thank you. There is nothing for you to do."),
        ]  # fmt: skip
        return Words(_("Your feedback helped"), "\n\n".join(message))


def compose_letter(contact: Any, words: Words, writer: Any) -> Composed:
    """Write the letter as it goes."""
    with speaking(contact.language):
        blocks: list[Block] = [f"{contact.salutation()},", *typed_blocks(words.text)]
        closing: list[Block] = ["\n".join(filter(None, (_("Kind regards"), writer.name if writer else "", firm().name)))]
        return compose(contact.language, blocks, closing=closing)


def thank(mandate: Mandate, giver: Giver, contact: Any, words: Words, *, actor: Any, at: datetime) -> Letter:
    """Queue the letter, once per mandate and contact.

    Raises RuleViolation for somebody who does not want to hear from us, cannot be written to, or was thanked already.
    """
    if giver.is_never:
        raise RuleViolation(N_("This person asked us not to write any more."))
    held = _guard(contact.id, at)
    if not held.may_ask:
        raise RuleViolation(N_("We leave this person in peace until %(until)s."), until=held.until)
    if not giver.has_mail:
        raise RuleViolation(N_("No mail address of this person is known. Please enter it first."))
    if giver.thanked_at is not None:
        raise RuleViolation(N_("This person was told already."))
    bodies = compose_letter(contact, words, actor)
    record("references.thanked", contact, actor=actor, at=at, also=[mandate, contact.client])
    return queue(
        key=new_key(mandate.id, contact.id),
        to=Recipient(contact.email or "", contact.name, contact.language),
        subject=words.subject,
        text=bodies.text,
        html=bodies.html,
        purpose=PURPOSE,
        at=at,
        about=contact,
        sender=Sender(actor.name, actor.email),
        guard=PURPOSE,
        guard_args={"contact_id": contact.id, "manager_id": mandate.manager_id},
        automatic=False,
    )


def _guard(contact_id: int, at: datetime) -> Decision:
    """Return what keeps us from writing: wishes and the pause after a "no". Thanks ask for nothing, so rest and budget do not count."""
    return ledger.guard(contact_id, local_day(at, firm().zone), is_agreed=True)


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    held = _guard(letter.guard_args.get("contact_id", 0), at)
    if held.may_ask:
        return guards.SEND
    is_for_good = held.until is None
    return guards.Skip(
        N_("This person asked us not to write any more.") if is_for_good else N_("We leave this person in peace for now.")
    )


guards.register(PURPOSE, _still_wanted)
