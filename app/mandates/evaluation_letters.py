"""The letter that asks client or manager behind a link how far the goals were reached; seen by a person before it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app import links
from app.core.errors import N_, RuleViolation
from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import LINK_PLACE, Composed, compose, speaking
from app.mail.models import Letter
from app.mail.typed import Words, typed_blocks
from app.mandates.course_models import ViewRequest
from app.mandates.evaluation_actions import check_open
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.timeline import record

PURPOSE = "mandates.goal_view"
LINK_HOLDS = timedelta(days=60)
ASKED = ("client", "manager")

purposes.register(PURPOSE, N_("How far were the goals reached?"))


def person_of(mandate: Mandate, side: str) -> Any:
    """Return whom the letter asks: the client's contact or the manager; None where there is none."""
    return mandate.contact if side == "client" else mandate.manager


def draft(mandate: Mandate, side: str, writer: Any) -> Words:
    """Return the letter as proposed, in the person's language."""
    person = person_of(mandate, side)
    with speaking(person.language):
        parts = [
            f"{person.salutation()},",
            _("The mandate “%(title)s” comes to its end. We would like to know how far its goals were reached, as you see it.",
              title=mandate.title),
            _("Behind the link you give one number from 0 to 100 for each goal, and a word on it if you like. "
              "It takes less than a minute and needs no password."),
            "\n".join(filter(None, (_("Kind regards"), writer.name, firm().name))),
        ]  # fmt: skip
        return Words(_("How far were the goals reached?"), "\n\n".join(parts))


def written(words: Words, language: str) -> Composed:
    """Return both bodies of the letter, with the button that leads to the questions."""
    with speaking(language):
        return compose(language, typed_blocks(words.text), button=(_("Answer now"), LINK_PLACE))


def ask(mandate: Mandate, side: str, words: Words, *, actor: Any, at: datetime) -> Letter:
    """Queue the letter with a new link; one sent before is no longer valid.

    Raises RuleViolation for a closed mandate, nobody to ask, or a person without a mail address.
    """
    check_open(mandate)
    person = person_of(mandate, side)
    if person is None or not person.email:
        raise RuleViolation(N_("No mail address of this person is known. Please enter it first."))
    request = db.session.get(ViewRequest, (mandate.id, side))
    if request is None:
        request = ViewRequest(mandate_id=mandate.id, side=side, asked_at=at)
        db.session.add(request)
    elif request.link_id and (old := db.session.get(PersonalLink, request.link_id)):
        links.revoke(old, at=at)
    link = links.issue(PURPOSE, person, language=person.language, at=at, expires_at=at + LINK_HOLDS, recipient=person.name)
    request.link_id, request.asked_at = link.id, at
    mandate.changed_at = at
    record(f"mandates.asked_{side}", mandate, actor=actor, at=at)
    bodies = written(words, person.language)
    return queue(
        key=f"{PURPOSE}/{mandate.id}/{side}/{link.id}",
        to=Recipient(person.email, person.name, person.language),
        subject=words.subject,
        text=bodies.text,
        html=bodies.html,
        purpose=PURPOSE,
        at=at,
        about=mandate,
        sender=Sender(actor.name, actor.email),
        link_id=link.id,
        guard=PURPOSE,
        guard_args={"mandate_id": mandate.id, "side": side},
        automatic=False,
    )


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    """It goes only while its link is the one that counts and the mandate is not over."""
    args = letter.guard_args
    mandate = db.session.get(Mandate, args.get("mandate_id"), populate_existing=True)
    request = db.session.get(ViewRequest, (args.get("mandate_id"), args.get("side")), populate_existing=True)
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if request is None or link is None or request.link_id != link.id or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    if mandate is None or not mandate.is_live:
        return guards.Skip(N_("This mandate is over; nothing about it changes any more."))
    if person_of(mandate, request.side) is None or person_of(mandate, request.side).id != link.subject_id:
        return guards.Skip(N_("Somebody else is asked by now."))
    return guards.SEND


guards.register(PURPOSE, _still_wanted)
