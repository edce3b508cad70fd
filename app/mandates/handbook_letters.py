"""The letter by which the client accepts a version of the handbook behind a link; seen by a person before it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mail import guards, purposes
from app.mail.compose import speaking
from app.mail.models import Letter
from app.mail.typed import Words
from app.mandates import link_letters, plan_queries
from app.mandates.models import Mandate
from app.mandates.plan_models import HandbookVersion
from app.mandates.rules import check_live
from app.settings.queries import firm
from app.timeline import record

PURPOSE = "mandates.handbook"
LINK_HOLDS = timedelta(days=90)
BUTTON = _l("Read and accept")

purposes.register(PURPOSE, N_("Handbook for acceptance"))


def draft(mandate: Mandate, version: HandbookVersion, writer: Any) -> Words:
    """Return the letter as proposed, in the contact's language."""
    person = mandate.contact
    assert person is not None
    with speaking(person.language):
        what = _("Mandate handbook, version %(number)d", number=version.number)
        parts = [
            f"{person.salutation()},",
            _("The link below leads to what we agreed for the mandate “%(title)s”: goal, milestones, evaluation moments and exit plan.",
              title=mandate.title),
            version.summary or "",
            _("Please read the handbook and accept it by the link below. It takes a minute or two and needs no password. "
              "If something is not right, simply reply to this mail."),
            "\n".join(filter(None, (_("Kind regards"), writer.name, firm().name))),
        ]  # fmt: skip
        return Words(f"{what}: {mandate.title}"[:200], "\n\n".join(filter(None, parts)))


def send(mandate: Mandate, version: HandbookVersion, words: Words, *, actor: Any, at: datetime) -> Letter:
    """Queue the letter to the mandate's contact with a new link; one sent before is no longer valid.

    Raises RuleViolation for a version that is not open, and for a contact without a mail address.
    """
    check_live(mandate.is_live)
    if not plan_queries.is_open(version):
        raise RuleViolation(N_("This version was accepted or withdrawn meanwhile."))
    person = mandate.contact
    link = link_letters.new_link(PURPOSE, person, version.link_id, holds=LINK_HOLDS, at=at)
    assert person is not None
    version.link_id, version.sent_at = link.id, at
    record("mandates.handbook_sent", mandate, actor=actor, at=at, number=version.number, name=person.name)
    args = {"version_id": version.id}
    return link_letters.send(PURPOSE, mandate, person, words, BUTTON, link, guard_args=args, actor=actor, at=at)


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    version = db.session.get(HandbookVersion, letter.guard_args.get("version_id"), populate_existing=True)
    if version is None or not plan_queries.is_open(version):
        return guards.Skip(N_("This version was accepted or withdrawn meanwhile."))
    mandate = db.session.get(Mandate, version.mandate_id, populate_existing=True)
    return link_letters.still_valid(letter, version.link_id, mandate, mandate.contact_id if mandate else None, at)


guards.register(PURPOSE, _still_wanted)
