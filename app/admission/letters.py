"""Mails about registering, in the language of whoever gets them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.admission.models import AdmissionCase
from app.admission.state_rules import Fee
from app.core.dates import local_day
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.links import actions as links
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, queue
from app.mail.compose import LINK_PLACE, Block, Composed, compose, speaking
from app.mail.models import Letter
from app.mail.rules import Priority
from app.managers.models import Manager
from app.managers.rules import State
from app.settings.queries import firm
from app.web.formats import full_date, money

CONFIRMATION, KNOWN, WELCOME = "admission.confirmation", "admission.known", "admission.welcome"
NOTICE, RECEIPT = "admission.notice", "admission.receipt"
LINK_GUARD = "admission.link"

purposes.register(CONFIRMATION, N_("Link to confirm a registration"))
purposes.register(KNOWN, N_("Answer to a registration from a known address"))
purposes.register(WELCOME, N_("Receipt of a confirmed registration"))
purposes.register(NOTICE, N_("Notice that a registration was confirmed"))
purposes.register(RECEIPT, N_("Receipt of a withdrawal"))


def confirmation(manager: Manager, case: AdmissionCase, *, at: datetime) -> Letter:
    """Queue the mail whose link leads to the button that confirms; the fee is the one agreed to when registering."""
    days = firm().confirm_link_days
    link = _link(CONFIRMATION, manager, at, at + timedelta(days=days))
    with speaking(manager.language):
        body: list[Block] = [
            f"{manager.salutation()},",
            _("You have registered with %(firm)s as an interim manager.", firm=firm().name),
            ngettext(
                "Your registration counts only once you press the button behind this link. It holds for %(num)d day.",
                "Your registration counts only once you press the button behind this link. It holds for %(num)d days.",
                days,
            ),
            *([_binding(case.fee_amount)] if case.fee_amount else []),
        ]
        after: list[Block] = [
            ngettext(
                "You did not register? Then do nothing, or say so behind the link: without your confirmation everything is deleted "
                "after %(num)d day at the latest.",
                "You did not register? Then do nothing, or say so behind the link: without your confirmation everything is deleted "
                "after %(num)d days at the latest.",
                firm().purge_latest_days,
            )
        ]
        subject = _("Please confirm your registration")
        written = compose(manager.language, body, button=(_("Confirm your registration"), LINK_PLACE), closing=after)
    return _queue(manager, CONFIRMATION, subject, written, at, link)


def _binding(fee: int) -> str:
    return _("Confirming is binding: you then owe %(fee)s once, plus VAT.", fee=money(fee))


def known(manager: Manager, *, at: datetime) -> Letter:
    """Queue the mail to an address that we know: it says so, and leads to the person's own state."""
    link = _link(KNOWN, manager, at, at + timedelta(days=firm().confirm_link_days))
    with speaking(manager.language):
        body: list[Block] = [
            f"{manager.salutation()},",
            _("Somebody has just entered this e-mail address on our registration page. We know it already: you have the ID %(number)d "
              "with us, and nothing was changed or added.", number=manager.id),
            _("Behind the link you see how your admission stands. If it was not you, you need do nothing."),
        ]  # fmt: skip
        subject = _("You are registered with us already")
        written = compose(manager.language, body, button=(_("See how it stands"), LINK_PLACE))
    return _queue(manager, KNOWN, subject, written, at, link)


def welcome(manager: Manager, case: AdmissionCase, *, withdraw_until: datetime, at: datetime) -> Letter:
    """Queue the receipt of the confirmation; its link is the one to withdraw."""
    link = _link(WELCOME, manager, at, withdraw_until)
    with speaking(manager.language):
        last = local_day(withdraw_until - timedelta(seconds=1), firm().zone)
        body: list[Block] = [
            f"{manager.salutation()},",
            _("Thank you, your registration is confirmed. With us you have the ID %(number)d.", number=manager.id),
            ngettext(
                "We review your papers within %(num)d working day and then write to you.",
                "We review your papers within %(num)d working days and then write to you.",
                firm().review_working_days,
            ),
            *([_("The fee of %(fee)s, plus VAT, will be invoiced.", fee=money(case.fee_amount))] if case.fee_amount else []),
            _("You can withdraw your registration until %(day)s, without giving a reason.", day=full_date(last)),
        ]
        subject = _("Your registration is confirmed")
        written = compose(manager.language, body, button=(_("Withdraw my registration"), LINK_PLACE))
    return _queue(manager, WELCOME, subject, written, at, link)


def notice(manager: Manager, to: Any, owner: Any, *, at: datetime) -> Letter:
    """Queue the notice to a reviewer that this registration was confirmed."""
    url = f"{environment().public_url.rstrip('/')}/admission/{manager.id}"
    with speaking(to.language):
        subject = _("The interim manager with the ID %(number)d has confirmed the registration", number=manager.id)
        body: list[Block] = [
            f"{to.salutation()},",
            _("The interim manager with the ID %(number)d has confirmed the registration.", number=manager.id),
            ngettext(
                "The review of the papers is owed within %(num)d working day.",
                "The review of the papers is owed within %(num)d working days.",
                firm().review_working_days,
            ),
            *([_("%(name)s looks after it.", name=owner.name)] if owner is not None else []),
        ]
        written = compose(to.language, body, button=(_("Open the record"), url))
    return queue(
        key=f"{NOTICE}/{manager.id}/user-{to.id}",
        to=Recipient(to.email, to.name, to.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=NOTICE,
        at=at,
        about=manager,
        guard=NOTICE,
    )


def receipt(manager: Manager, case: AdmissionCase, *, objected: bool = False, at: datetime) -> Letter | None:
    """Queue the receipt of a withdrawal or objection; None where no address is known."""
    if manager.email is None:
        return None
    days = firm().withdrawn_kept_days
    link = _link(RECEIPT, manager, at, at + timedelta(days=days + 1))
    with speaking(manager.language):
        body: list[Block] = [
            f"{manager.salutation()},",
            _(
                "You have objected to our keeping your data (ID %(number)d). We have noted it and no longer use them.",
                number=manager.id,
            )
            if objected
            else _("You have withdrawn your registration with the ID %(number)d. We have noted it.", number=manager.id),
            *_fee_after(case),
            ngettext(
                "Your data will be erased after %(num)d day at the latest, or at once if you wish it so: behind this link.",
                "Your data will be erased after %(num)d days at the latest, or at once if you wish it so: behind this link.",
                days,
            ),
        ]
        subject = _("We have noted your objection") if objected else _("Your registration is withdrawn")
        written = compose(manager.language, body, button=(_("Erase my data now"), LINK_PLACE))
    return _queue(manager, RECEIPT, subject, written, at, link)


def _fee_after(case: AdmissionCase) -> list[Block]:
    """Return what the receipt of a withdrawal says of the fee."""
    if case.fee == Fee.WAIVED:
        return [_("You owe nothing.")]
    if case.fee in (Fee.OWED, Fee.INVOICED):
        return [_("A review had begun, so the fee of %(fee)s plus VAT stays owed.", fee=money(case.fee_amount))]
    return []


def _link(purpose: str, manager: Manager, at: datetime, until: datetime) -> PersonalLink:
    return links.issue(purpose, manager, language=manager.language, at=at, expires_at=until, recipient=f"ID {manager.id}")


def _queue(manager: Manager, purpose: str, subject: str, written: Composed, at: datetime, link: PersonalLink | None) -> Letter:
    return queue(
        key=f"{purpose}/{manager.id}/{link.id if link else at.isoformat()}",
        to=Recipient(manager.email or "", manager.name, manager.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=purpose,
        at=at,
        about=manager,
        link_id=link.id if link else None,
        guard=LINK_GUARD if link else None,
        priority=Priority.SECURITY if purpose == CONFIRMATION else Priority.NORMAL,
    )


def _link_holds(letter: Letter, at: datetime) -> guards.Decision:
    """A mail with a link goes while the link can be used, and the one to confirm while there is something to confirm."""
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if link is None or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    manager = db.session.get(Manager, link.subject_id, populate_existing=True)
    gone = (State.ERASED,) if letter.purpose in (KNOWN, RECEIPT) else (State.ERASED, State.WITHDRAWN)
    if manager is None or manager.state in gone:
        return guards.Skip(N_("This person has withdrawn or was erased."))
    if letter.purpose == CONFIRMATION and manager.state != State.REGISTERED:
        return guards.Skip(N_("The registration was confirmed already."))
    return guards.SEND


def _still_there(letter: Letter, _at: datetime) -> guards.Decision:
    manager = db.session.get(Manager, letter.about_id, populate_existing=True) if letter.about_id else None
    if manager is None or manager.state in (State.ERASED, State.WITHDRAWN):
        return guards.Skip(N_("This person has withdrawn or was erased."))
    return guards.SEND


guards.register(LINK_GUARD, _link_holds)
guards.register(NOTICE, _still_there)
