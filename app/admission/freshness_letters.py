"""The letter that asks a released manager for newer papers and for a day, and its two reminders."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.admission import freshness_queries as queries
from app.admission import freshness_rules as rules
from app.admission.freshness_rules import Facts, Needs
from app.admission.models import FreshnessRound
from app.core.dates import local_day
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.links import actions as links
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, queue
from app.mail.compose import LINK_PLACE, Block, Bullets, compose, speaking
from app.mail.models import Letter
from app.managers.models import Manager
from app.settings.queries import firm
from app.users.models import User
from app.web.formats import full_date, month

FRESHNESS, CAME = "admission.freshness", "admission.papers_came"
LINK_HOLDS = timedelta(days=365)  # also brings back who was paused

purposes.register(FRESHNESS, N_("Are papers and availability still up to date?"))
purposes.register(CAME, N_("Notice that new papers came by link"))


def ask(manager: Manager, one: FreshnessRound, open_needs: Needs, facts: Facts, *, at: datetime) -> Letter:
    """Queue the letter of the round that is due; once per round and number, however often this is called."""
    link = _link(manager, one, at)
    today = local_day(at, firm().zone)
    with speaking(manager.language):
        body: list[Block] = [f"{manager.salutation()},", _opening(one), Bullets(_questions(open_needs, facts, today))]
        if one.letters == rules.MOST_LETTERS:
            last = full_date(rules.pause_on(today, queries.terms()))
            body.append(
                _("This is our last letter about it. If we hear nothing until %(day)s, we stop proposing you to clients for the time "
                  "being; one click behind the link brings you back, whenever you like.", day=last)
            )  # fmt: skip
        subject = _subject(open_needs, one.letters)
        closing: list[Block] = [_("It takes less than a minute and needs no password. Thank you!")]
        written = compose(manager.language, body, button=(_("Answer now"), LINK_PLACE), closing=closing)
    return queue(
        key=f"{FRESHNESS}/{one.id}/{one.letters}",
        to=Recipient(manager.email or "", manager.name, manager.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=FRESHNESS,
        at=at,
        about=manager,
        link_id=link.id,
        guard=FRESHNESS,
        guard_args={"round_id": one.id, "number": one.letters},
    )


def _link(manager: Manager, one: FreshnessRound, at: datetime) -> PersonalLink:
    """Return the link of the round: one and the same in all its letters."""
    link = db.session.get(PersonalLink, one.link_id) if one.link_id else None
    if link is None:
        link = links.issue(
            FRESHNESS, manager, language=manager.language, at=at, expires_at=at + LINK_HOLDS, recipient=manager.name
        )
        one.link_id = link.id
    return link


def _subject(open_needs: Needs, number: int) -> str:
    if not open_needs.papers:
        subject = _("Are you still free?")
    elif not open_needs.availability:
        subject = _("May we have your newest papers?")
    else:
        subject = _("Are you still free, and are your papers up to date?")
    return subject if number == 1 else _("A reminder: %(subject)s", subject=subject)


def _opening(one: FreshnessRound) -> str:
    if one.letters == 1:
        return _(
            "We would like to propose you to clients with details that are up to date. For that we need a short answer from you:"
        )
    return _("We wrote to you on %(day)s and have not heard from you yet. Perhaps our letter was lost; this is still open:",
             day=full_date(one.last_sent_on))  # fmt: skip


def _questions(open_needs: Needs, facts: Facts, today: date) -> list[str]:
    questions = []
    if open_needs.availability:
        day = rules.proposed_day(facts, today)
        known = facts.available_from is not None or day > today
        if not known:
            questions.append(_("From which day are you free? We have no day of yours yet."))
        elif day > today:
            questions.append(
                _("Are you still free from %(day)s? One click is enough; you can name another day as well.", day=full_date(day))
            )
        else:
            questions.append(_("Are you still free now? One click is enough; you can name another day as well."))
    if open_needs.papers and facts.papers_on is not None:
        questions.append(
            _("Your papers are from %(month)s. What you have done since then is what clients ask about first: please send us the newest.",
              month=month(facts.papers_on))
        )  # fmt: skip
    elif open_needs.papers:
        questions.append(_("We have no papers of yours yet. Please send us your CV."))
    return questions


def papers_came(manager: Manager, to: User, *, at: datetime, document_id: int) -> Letter:
    """Queue the notice to a colleague that this manager sent new papers by link."""
    url = f"{environment().public_url.rstrip('/')}/managers/{manager.id}"
    with speaking(to.language):
        body: list[Block] = [
            f"{to.salutation()},",
            _("The interim manager with the ID %(number)d has sent new papers. A look at them is owed.", number=manager.id),
        ]
        subject = _("New papers from the interim manager with the ID %(number)d", number=manager.id)
        written = compose(to.language, body, button=(_("Open the record"), url))
    return queue(
        key=f"{CAME}/{document_id}/user-{to.id}",
        to=Recipient(to.email, to.name, to.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=CAME,
        at=at,
        about=manager,
        guard="admission.notice",
    )


def _still_open(letter: Letter, at: datetime) -> guards.Decision:
    """It goes only while the round waits for an answer, is at this very letter, and the person may be asked."""
    args = letter.guard_args
    one = db.session.get(FreshnessRound, args.get("round_id"), populate_existing=True) if args.get("round_id") else None
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if one is None or link is None or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    today, terms = local_day(at, firm().zone), queries.terms()
    facts = queries.facts_of(one.manager_id)
    if one.ended_on is not None or one.letters != args.get("number") or not rules.may_ask(facts, today, terms):
        return guards.Skip(N_("There is nothing to ask any more."))
    if not queries.asked(one) & rules.needs(facts, today, terms):
        return guards.Skip(N_("It was answered in the meantime."))
    return guards.SEND


guards.register(FRESHNESS, _still_open)
