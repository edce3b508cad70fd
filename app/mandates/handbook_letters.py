"""The letter by which the client accepts a version of the handbook behind a link; seen by a person before it goes."""

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
from app.mandates import plan_queries
from app.mandates.models import Mandate
from app.mandates.plan_models import HandbookVersion
from app.mandates.rules import check_live
from app.settings.queries import firm
from app.timeline import record

PURPOSE = "mandates.handbook"
LINK_HOLDS = timedelta(days=90)

purposes.register(PURPOSE, N_("Handbook to accept"))


def draft(mandate: Mandate, version: HandbookVersion, writer: Any) -> Words:
    """Return the letter as proposed, in the contact's language."""
    person = mandate.contact
    assert person is not None
    with speaking(person.language):
        what = _("Mandate handbook, version %(number)d", number=version.number)
        parts = [
            f"{person.salutation()},",
            _("Here is what we agreed for the mandate “%(title)s”: goal, milestones, evaluation moments and exit plan.",
              title=mandate.title),
            version.summary or "",
            _("Please read it and accept it behind the link. It takes a minute or two and needs no password. "
              "If something is not right, simply answer this mail."),
            "\n".join(filter(None, (_("Kind regards"), writer.name, firm().name))),
        ]  # fmt: skip
        return Words(f"{what}: {mandate.title}"[:200], "\n\n".join(filter(None, parts)))


def written(words: Words, language: str) -> Composed:
    """Return both bodies of the letter, with the button that leads to the handbook."""
    with speaking(language):
        return compose(language, typed_blocks(words.text), button=(_("Read and accept"), LINK_PLACE))


def send(mandate: Mandate, version: HandbookVersion, words: Words, *, actor: Any, at: datetime) -> Letter:
    """Queue the letter to the mandate's contact with a new link; one sent before is no longer valid.

    Raises RuleViolation for a version that is not open, and for a contact without a mail address.
    """
    check_live(mandate.is_live)
    if not plan_queries.is_open(version):
        raise RuleViolation(N_("This version was accepted or given up meanwhile."))
    person = mandate.contact
    if person is None or not person.email:
        raise RuleViolation(N_("No mail address of this person is known. Please enter it first."))
    if version.link_id and (old := db.session.get(PersonalLink, version.link_id)):
        links.revoke(old, at=at)
    link = links.issue(PURPOSE, person, language=person.language, at=at, expires_at=at + LINK_HOLDS, recipient=person.name)
    version.link_id, version.sent_at = link.id, at
    record("mandates.handbook_sent", mandate, actor=actor, at=at, number=version.number, name=person.name)
    bodies = written(words, person.language)
    return queue(
        key=f"{PURPOSE}/{version.id}/{link.id}",
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
        guard_args={"version_id": version.id},
        automatic=False,
    )


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    """It goes only while its version waits for the client and its link is the one that counts."""
    version = db.session.get(HandbookVersion, letter.guard_args.get("version_id"), populate_existing=True)
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if version is None or not plan_queries.is_open(version):
        return guards.Skip(N_("This version was accepted or given up meanwhile."))
    if link is None or version.link_id != link.id or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    mandate = db.session.get(Mandate, version.mandate_id, populate_existing=True)
    if mandate is None or not mandate.is_live:
        return guards.Skip(N_("This mandate is over; nothing about it changes any more."))
    if mandate.contact_id != link.subject_id:
        return guards.Skip(N_("Somebody else is asked by now."))
    return guards.SEND


guards.register(PURPOSE, _still_wanted)
