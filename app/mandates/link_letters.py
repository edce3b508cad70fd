"""Letters that a colleague writes about a mandate, with a button that leads behind a personal link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app import links
from app.core.errors import N_, RuleViolation
from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import LINK_PLACE, compose, speaking
from app.mail.models import Letter
from app.mail.typed import Words, typed_blocks
from app.mandates.models import Mandate


def new_link(purpose: str, person: Any, former_id: int | None, *, holds: timedelta, at: datetime) -> PersonalLink:
    """Return a new link for the person; the former one is no longer valid. Raises RuleViolation without a mail address."""
    if person is None or not person.email:
        raise RuleViolation(N_("No mail address of this person is known. Please enter it first."))
    if former_id and (former := db.session.get(PersonalLink, former_id)):
        links.revoke(former, at=at)
    return links.issue(purpose, person, language=person.language, at=at, expires_at=at + holds, recipient=person.name)


def send(
    purpose: str,
    mandate: Mandate,
    person: Any,
    words: Words,
    button: Any,
    link: PersonalLink,
    *,
    guard_args: dict[str, Any],
    actor: Any,
    at: datetime,
) -> Letter:
    """Queue the letter as the colleague left it; `button` are its lazy words, put into the person's language here."""
    with speaking(person.language):
        bodies = compose(person.language, typed_blocks(words.text), button=(str(button), LINK_PLACE))
    return queue(
        key=f"{purpose}/{link.id}",
        to=Recipient(person.email, person.name, person.language),
        subject=words.subject,
        text=bodies.text,
        html=bodies.html,
        purpose=purpose,
        at=at,
        about=mandate,
        sender=Sender(actor.name, actor.email),
        link_id=link.id,
        guard=purpose,
        guard_args=guard_args,
        automatic=False,
    )


def still_valid(
    letter: Letter, link_id: int | None, mandate: Mandate | None, person_id: int | None, at: datetime
) -> guards.Decision:
    """Send only while the letter's link is the one that counts, the mandate is not over and this person is still asked."""
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if link is None or link_id != link.id or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    if mandate is None or not mandate.is_live:
        return guards.Skip(N_("This mandate is over; nothing about it changes any more."))
    if person_id != link.subject_id:
        return guards.Skip(N_("Somebody else is asked by now."))
    return guards.SEND
