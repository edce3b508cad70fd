"""The letter that asks the manager for the short report of a month; it goes by itself, once for each month."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app import links
from app.core.dates import local_day
from app.core.errors import N_
from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import THE_FIRM, Recipient, Sender, queue
from app.mail.compose import LINK_PLACE, Block, Composed, compose, speaking
from app.mail.models import Letter
from app.managers.models import Manager
from app.managers.rules import GONE
from app.mandates import report_queries, report_rules
from app.mandates.course_models import ManagerReport
from app.mandates.models import Mandate
from app.mandates.report_rules import Month
from app.settings.queries import firm
from app.users.models import User
from app.web.formats import full_date
from app.web.formats import month as month_words

PURPOSE = "mandates.report"
LINK_HOLDS = timedelta(days=92)

purposes.register(PURPOSE, N_("Short report of a month"))


def ask_what_is_due(mandate_id: int, *, at: datetime) -> bool:
    """Ask for the reports of a mandate that are due and were not asked for; say whether there were any.

    Of two schedulers one writes: the key of the report (mandate, manager, month) is there once.
    """
    mandate = db.session.get(Mandate, mandate_id, with_for_update=True, populate_existing=True)
    due = report_queries.to_ask(local_day(at, firm().zone), mandate_id).get(mandate_id, ())
    if mandate is None:
        return False
    for manager_id, month in due:
        ask(mandate, db.session.get_one(Manager, manager_id), month, at=at)
    return bool(due)


def ask(mandate: Mandate, manager: Manager, month: Month, *, at: datetime) -> Letter | None:
    """Queue the letter of one month with its link; without a mail address a colleague is reminded of the report all the same."""
    if not manager.email:
        db.session.add(ManagerReport(mandate_id=mandate.id, manager_id=manager.id, month=month.first_on, asked_at=at))
        return None
    link = links.issue(PURPOSE, manager, language=manager.language, at=at, expires_at=at + LINK_HOLDS, recipient=manager.name)
    report = ManagerReport(mandate_id=mandate.id, manager_id=manager.id, month=month.first_on, asked_at=at, link_id=link.id)
    db.session.add(report)
    db.session.flush()
    owner = db.session.get(User, mandate.owner_id)
    subject, bodies = written(mandate, manager, month, owner)
    return queue(
        key=f"{PURPOSE}/{report.id}",
        to=Recipient(manager.email, manager.name, manager.language),
        subject=subject,
        text=bodies.text,
        html=bodies.html,
        purpose=PURPOSE,
        at=at,
        about=mandate,
        sender=Sender(owner.name, owner.email) if owner is not None else THE_FIRM,
        link_id=link.id,
        guard=PURPOSE,
        guard_args={"report_id": report.id},
    )


def written(mandate: Mandate, manager: Manager, month: Month, owner: User | None) -> tuple[str, Composed]:
    """Return subject and both bodies in the manager's language; no rate, no amount."""
    with speaking(manager.language):
        called = month_words(month.first_on)
        body: list[Block] = [
            f"{manager.salutation()},",
            _(
                "May we ask you for a short report on the mandate “%(title)s” for %(month)s: the days you worked, what you "
                "worked on, and what stood in the way? It takes less than a minute and needs no password.",
                title=mandate.title,
                month=called,
            ),
        ]
        until = full_date(report_rules.corrected_until(month.first_on))
        closing: list[Block] = [
            _("You can correct it by the same link until %(day)s.", day=until),
            "\n".join(filter(None, (_("Kind regards"), owner.name if owner is not None else "", firm().name))),
        ]
        bodies = compose(manager.language, body, button=(_("Write the report"), LINK_PLACE), closing=closing)
        return _("Short report for %(month)s: %(title)s", month=called, title=mandate.title), bodies


def _still_asked(letter: Letter, at: datetime) -> guards.Decision:
    """Nobody is written to who has left, whose mandate is over, or whose report is there."""
    report = db.session.get(ManagerReport, letter.guard_args.get("report_id", 0), populate_existing=True)
    if report is None or report.sent_in_at is not None:
        return guards.Skip(N_("The report has come in already."))
    mandate = db.session.get(Mandate, report.mandate_id, populate_existing=True)
    if mandate is None or not mandate.is_live:
        return guards.Skip(N_("This mandate is over; nothing about it changes any more."))
    manager = db.session.get(Manager, report.manager_id, populate_existing=True)
    if manager is None or manager.state in GONE:
        return guards.Skip(N_("There is nothing to ask any more."))
    if not manager.email:
        return guards.Skip(N_("No mail address is known any more."))
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if link is None or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    return guards.SEND


guards.register(PURPOSE, _still_asked)
