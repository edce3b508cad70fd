"""The letter that asks client or manager behind a link how far the goals were reached; seen by a person before it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import N_
from app.db import db
from app.ledger import actions as ledger
from app.ledger.queries import open_of_mandate
from app.ledger.rules import Channel, Purpose
from app.links.models import PersonalLink
from app.mail import guards, purposes
from app.mail.compose import speaking
from app.mail.models import Letter
from app.mail.typed import Words
from app.mandates import link_letters
from app.mandates.course_models import ViewRequest
from app.mandates.evaluation_actions import check_open
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.timeline import record

PURPOSE = "mandates.goal_view"
LINK_HOLDS = timedelta(days=60)
BUTTON = _l("Answer now")
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
            _("The mandate “%(title)s” is coming to its end. We would like to know how far, in your view, its goals were reached.",
              title=mandate.title),
            _("The link below asks for one number from 0 to 100 for each goal, and a comment if you like. "
              "It takes less than a minute and needs no password."),
            "\n".join(filter(None, (_("Kind regards"), writer.name, firm().name))),
        ]  # fmt: skip
        return Words(_("How far were the goals reached?"), "\n\n".join(parts))


def ask(mandate: Mandate, side: str, words: Words, *, actor: Any, at: datetime, override_reason: str | None = None) -> Letter:
    """Queue the letter with a new link; one sent before is no longer valid.

    Raises RuleViolation for a closed mandate, nobody to ask, a person without a mail address, or a contact who is not to
    be asked while nobody says why to ask nevertheless.
    """
    check_open(mandate)
    person = person_of(mandate, side)
    if side == "client" and person is not None and person.email:
        _into_ledger(mandate, person, override_reason, actor=actor, at=at)
    request = db.session.get(ViewRequest, (mandate.id, side))
    link = link_letters.new_link(PURPOSE, person, request.link_id if request else None, holds=LINK_HOLDS, at=at)
    if request is None:
        request = ViewRequest(mandate_id=mandate.id, side=side)
        db.session.add(request)
    request.link_id, request.asked_at = link.id, at
    mandate.changed_at = at
    record(f"mandates.asked_{side}", mandate, actor=actor, at=at)
    args = {"mandate_id": mandate.id, "side": side}
    return link_letters.send(PURPOSE, mandate, person, words, BUTTON, link, guard_args=args, actor=actor, at=at)


def _into_ledger(mandate: Mandate, contact: Any, override_reason: str | None, *, actor: Any, at: datetime) -> None:
    """Write the request into the contact's ledger: agreed in the handbook, but wishes and the pause after a "no" hold."""
    before = open_of_mandate(mandate.id, contact.id, Purpose.VIEWS)
    what = ledger.What(Purpose.VIEWS, Channel.MAIL, is_agreed=True, mandate=mandate)
    ledger.ask(contact, what, actor=actor, at=at, override_reason=override_reason)
    if before is not None:  # its link is no longer valid
        ledger.end(before, at=at)


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    args = letter.guard_args
    mandate = db.session.get(Mandate, args.get("mandate_id"), populate_existing=True)
    request = db.session.get(ViewRequest, (args.get("mandate_id"), args.get("side")), populate_existing=True)
    person = person_of(mandate, request.side) if mandate is not None and request is not None else None
    return link_letters.still_valid(letter, request.link_id if request else None, mandate, person.id if person else None, at)


def _kept_back(letter: Letter, _at: datetime) -> None:
    """Take a request whose letter was not sent after all out of the ledger; where a newer one goes, it stands."""
    request = db.session.get(ViewRequest, (letter.guard_args.get("mandate_id"), letter.guard_args.get("side")))
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if request is None or request.side != "client" or link is None or request.link_id != link.id:
        return
    entry = open_of_mandate(request.mandate_id, link.subject_id, Purpose.VIEWS)
    if entry is not None:
        ledger.forget(entry)


guards.register(PURPOSE, _still_wanted, _kept_back)
