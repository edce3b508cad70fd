"""Whoever did not enter their own data is told within a month where they came from, and can object.

Art. 14 of the GDPR: for managers entered by a colleague or brought along by an import.
Source: docs/domain.md, "Admission of managers".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.admission import letters
from app.admission.models import AdmissionCase, DataOrigin
from app.admission.registration_actions import withdraw
from app.admission.state_rules import LEFT
from app.core.dates import add_months, local_day
from app.core.environment import environment
from app.core.errors import N_, RuleViolation
from app.core.vocabulary import Words
from app.db import db
from app.links import actions as links
from app.mail import purposes
from app.mail.actions import Recipient, queue
from app.mail.compose import LINK_PLACE, Block, Facts, compose, speaking
from app.managers.models import Manager
from app.managers.rules import SOURCES, Source
from app.managers.vocabulary import SOURCES as SOURCE_WORDS
from app.settings.queries import firm
from app.timeline import record as tell
from app.timeline.steps import set_step
from app.users.models import User

OBJECTION = "admission.objection"
purposes.register(OBJECTION, N_("Notice of Art. 14 with a link to object"))

INTEREST, CONSENT, REQUEST = "interest", "consent", "request"
GROUNDS: Words = {
    INTEREST: _l("Legitimate interest in proposing mandates (Art. 6(1)(f) GDPR)"),
    REQUEST: _l("Steps before a contract, asked for by the person (Art. 6(1)(b) GDPR)"),
    CONSENT: _l("Consent (Art. 6(1)(a) GDPR)"),
}


@dataclass(frozen=True)
class Standing:
    """How the notice stands: told, or owed until `due_on` (inclusive). `waits` says that its batch was not started."""

    origin: DataOrigin | None
    due_on: date
    is_late: bool
    waits: bool


def due_on(entered_on: date) -> date:
    """Return the last day of the law's month, inclusive."""
    return add_months(entered_on, 1)


def is_owed(manager: Manager) -> bool:
    """Say whether the notice is owed at all: not to who registered, nor to who is gone."""
    return manager.source != Source.REGISTRATION and manager.state not in LEFT


def standing(manager: Manager, case: AdmissionCase | None, today: date) -> Standing | None:
    """Return how the notice to this manager stands; None where none is owed and none was given."""
    if manager.source == Source.REGISTRATION:
        return None
    origin = db.session.get(DataOrigin, manager.id)
    told = origin is not None and origin.is_told
    if not told and not is_owed(manager):
        return None
    due = due_on(local_day(manager.created_at, firm().zone))
    return Standing(origin, due, not told and due < today, _waits(case))


def notify(manager: Manager, *, source: str | None, ground: str, at: datetime) -> DataOrigin:
    """Keep where the data came from and on what ground, and queue the notice with its link to object, once.

    Who came in by a batch that nobody has started yet is not written to: call it again when it is. Without an address, or
    without a source, the owner gets it as a step to do by hand. Raises RuleViolation for an unknown source or ground.
    """
    if source and source not in SOURCES:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field="source", key=source)
    if ground not in GROUNDS:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field="ground", key=ground)
    db.session.flush()  # a new manager gets the number
    origin = db.session.get(DataOrigin, manager.id)
    if origin is not None and origin.is_told:
        return origin
    if origin is None:
        origin = DataOrigin(manager_id=manager.id, noted_at=at)
        db.session.add(origin)
    origin.source, origin.ground = source or None, ground
    if not _waits(db.session.get(AdmissionCase, manager.id)) and manager.state not in LEFT:
        _tell(manager, origin, at)
    db.session.flush()
    return origin


def given_by_hand(manager: Manager, on: date, *, actor: Any, at: datetime) -> None:
    """Note that the notice was handed over or posted on that day.

    Raises RuleViolation at `given_on` for a day to come or before the entering, and where source and ground are not noted.
    """
    origin = db.session.get(DataOrigin, manager.id)
    if origin is None or origin.source is None:
        raise RuleViolation(N_("Please note first where the data came from."), field="source")
    if origin.is_told:
        raise RuleViolation(N_("The notice was given already."))
    zone = firm().zone
    if not local_day(manager.created_at, zone) <= on <= local_day(at, zone):
        raise RuleViolation(N_("This day must lie between the entering and today."), field="given_on")
    origin.by_hand_on, origin.by_hand_by_id = on, actor.id
    tell("admission.art14_by_hand", manager, actor=actor, at=at, given_on=on)


def object_to(manager: Manager, *, at: datetime) -> bool:
    """Take the person out by the link: withdrawn, with a receipt, erased when the days are over.

    A second click is harmless and returns False.
    """
    if not withdraw(manager, actor=None, at=at, objected=True):
        return False
    tell("admission.objected", manager, at=at)
    return True


def blocks(manager: Manager, origin: DataOrigin) -> list[Block]:
    """Return the notice in the language spoken at the moment, without its link."""
    kept = firm()
    return [
        f"{manager.salutation()},",
        _(
            "We keep data about you in order to propose you to our clients as an interim manager. You did not give them to us by "
            "registering yourself, so we tell you what we keep and where it came from (Art. 14 GDPR)."
        ),
        Facts(
            [
                (_("Who keeps them"), _who(kept)),
                (_("Where they came from"), str(SOURCE_WORDS[origin.source or Source.OTHER])),
                (_("On what ground"), str(GROUNDS[origin.ground])),
                (_("What we keep"), _("Name, ways to reach you, career, papers, availability and what we talk about.")),
                (_("What for"), _("To review your papers and to propose mandates to you.")),
                (_("Who gets them"), _("A client to whom we propose you, and only after we have asked you.")),
                (_("How long"), ngettext(
                    "Until you object or withdraw; then they are erased after %(num)d day at the latest.",
                    "Until you object or withdraw; then they are erased after %(num)d days at the latest.",
                    kept.withdrawn_kept_days,
                )),
                (_("Your number with us"), f"ID {manager.id}"),
            ]
        ),
        _(
            "You can ask us at any time what we keep of you, have it corrected, restricted, handed over or erased, object to our "
            "keeping it or take back a consent, and complain to a supervisory authority."
        ),
    ]  # fmt: skip


def _who(kept: Any) -> str:
    return f"{kept.name}, {kept.mailbox or environment().mail_from}"


def _waits(case: AdmissionCase | None) -> bool:
    return case is not None and case.batch is not None and case.batch.started_at is None


def _tell(manager: Manager, origin: DataOrigin, at: datetime) -> None:
    if not manager.email or not origin.source:
        _leave_to_the_owner(manager, origin, at)
        return
    until = at + timedelta(days=firm().objection_link_days)
    link = links.issue(OBJECTION, manager, language=manager.language, at=at, expires_at=until, recipient=f"ID {manager.id}")
    with speaking(manager.language):
        subject = _("Where your data with us came from")
        after: list[Block] = [_("You need do nothing if this is all right for you.")]
        written = compose(
            manager.language, blocks(manager, origin), button=(_("Object and have my data erased"), LINK_PLACE), closing=after
        )
    queue(
        key=f"{OBJECTION}/{manager.id}",
        to=Recipient(manager.email, manager.name, manager.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=OBJECTION,
        at=at,
        about=manager,
        link_id=link.id,
        guard=letters.LINK_GUARD,
    )
    origin.told_at = at
    tell("admission.art14_told", manager, at=at)


def _leave_to_the_owner(manager: Manager, origin: DataOrigin, at: datetime) -> None:
    today, owner = local_day(at, firm().zone), (db.session.get(User, manager.owner_id) if manager.owner_id else None)
    if manager.next_step is not None:
        return  # the case shows it as owed all the same
    with speaking(owner.language if owner is not None else firm().language):
        step = _("Give the notice of Art. 14 by hand") if origin.source else _("Note where the data came from (Art. 14)")
    due = due_on(local_day(manager.created_at, firm().zone))
    set_step(manager, step, max(due, today), actor=None, at=at, today=today)
