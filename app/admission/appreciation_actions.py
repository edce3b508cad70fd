"""Asking a manager about the interview, once, and keeping the answer without the person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.admission.appreciation_queries import request_of
from app.admission.appreciation_rules import HIGHEST, LOWEST, quarter_of
from app.admission.models import Appreciation, AppreciationRequest
from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.interviews.models import Interview
from app.links import actions as links
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, queue
from app.mail.compose import LINK_PLACE, Block, compose, speaking
from app.mail.models import Letter
from app.managers.models import Manager
from app.managers.rules import GONE
from app.settings.queries import firm
from app.users.models import User

PURPOSE = "admission.appreciation"
purposes.register(PURPOSE, N_("Three questions after the interview"))


def ask(interview_id: int, *, at: datetime) -> bool:
    """Queue the letter with the three questions, once for each interview; say whether it was queued now."""
    interview = db.session.get(Interview, interview_id, with_for_update=True, populate_existing=True)
    if interview is None or db.session.get(AppreciationRequest, interview_id) is not None:
        return False
    manager, holder = interview.manager, interview.talk.owner or db.session.get(User, interview.completed_by_id)
    if not manager.email or manager.state in GONE or holder is None:
        return False
    link = links.issue(
        PURPOSE,
        manager,
        language=manager.language,
        at=at,
        expires_at=at + timedelta(days=firm().appreciation_link_days),
        recipient=manager.name,
    )
    today = local_day(at, firm().zone)
    db.session.add(
        AppreciationRequest(
            interview_id=interview.id, manager_id=manager.id, team_id=holder.team_id, asked_on=today, link_id=link.id
        )
    )
    _write(manager, interview.id, link, at)
    return True


def _write(manager: Manager, interview_id: int, link: PersonalLink, at: datetime) -> Letter:
    with speaking(manager.language):
        body: list[Block] = [
            f"{manager.salutation()},",
            _("Thank you for the interview. May we ask you three things about it? It takes a minute and helps us to do better."),
        ]
        closing: list[Block] = [_("Your answers are kept without your name, and shown only together with those of others.")]
        written = compose(manager.language, body, button=(_("Answer three questions"), LINK_PLACE), closing=closing)
        subject = _("Three questions about our interview")
    return queue(
        key=f"{PURPOSE}/{interview_id}",
        to=Recipient(manager.email or "", manager.name, manager.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=PURPOSE,
        at=at,
        about=manager,
        link_id=link.id,
        guard=PURPOSE,
        guard_args={"manager_id": manager.id},
    )


def answer(link: PersonalLink, respect: int, substance: int, tip: str | None, *, at: datetime) -> bool:
    """Keep the answer for the team and the quarter; say whether it was the first: a second one changes nothing.

    Raises RuleViolation where nobody is asked any more, and for a rating outside 1 to 5.
    """
    asked = request_of(link.id, lock=True)
    if asked is None:
        raise RuleViolation(N_("There is nothing to ask any more."))
    for field, rating in (("respect", respect), ("substance", substance)):
        if not LOWEST <= rating <= HIGHEST:
            raise RuleViolation(N_("Please choose 1 to 5."), field=field)
    if asked.answered:
        return False
    asked.answered = True
    quarter = quarter_of(local_day(at, firm().zone))
    kept = Appreciation(id=secrets.randbelow(2**52) + 1, team_id=asked.team_id, year=quarter.year, quarter=quarter.number)
    kept.respect, kept.substance, kept.tip = respect, substance, (tip or "").strip() or None
    db.session.add(kept)
    return True


def _still_asked(letter: Letter, at: datetime) -> guards.Decision:
    manager = db.session.get(Manager, letter.guard_args.get("manager_id", 0), populate_existing=True)
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if manager is None or manager.state in GONE:
        return guards.Skip(N_("There is nothing to ask any more."))
    if not manager.email:
        return guards.Skip(N_("No mail address is known any more."))
    if link is None or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    return guards.SEND


guards.register(PURPOSE, _still_asked)
