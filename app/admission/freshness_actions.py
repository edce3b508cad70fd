"""Asking released managers anew, pausing who stays silent, and what their answers do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.admission import actions, freshness_letters
from app.admission import freshness_queries as queries
from app.admission import freshness_rules as rules
from app.admission.freshness_rules import Back, Facts, Needs, Step
from app.admission.models import AdmissionCase, FreshnessRound
from app.admission.queries import least_busy_reviewer
from app.admission.state_rules import Verb
from app.core.dates import local_day, next_working_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.mail.compose import speaking
from app.managers.actions import set_availability
from app.managers.document_actions import add_document
from app.managers.models import Manager
from app.managers.rules import PAPERS, State
from app.settings.queries import firm
from app.timeline.steps import set_step
from app.users.models import User

FURTHEST = timedelta(days=2 * 366)


def advance(manager_id: int, *, at: datetime) -> bool:
    """Do what is due about one manager now, decided afresh under the lock; say whether there was anything."""
    manager = db.session.get(Manager, manager_id, with_for_update=True, populate_existing=True)
    if manager is None or not manager.email:
        return False
    today, terms = local_day(at, firm().zone), queries.terms()
    facts, rounds = queries.facts_of(manager_id), queries.rounds_of(manager_id)
    now = next((one for one in rounds if one.ended_on is None), None)
    step = rules.step(facts, queries.as_round(now) if now else None, [one.began_on for one in rounds], today, terms)
    if step is Step.WAIT:
        return False
    needs = rules.needs(facts, today, terms)
    if now is None:
        begun = FreshnessRound(manager_id=manager_id, number=len(rounds) + 1, letters=1, began_on=today, last_sent_on=today)
        begun.asks_papers, begun.asks_availability = needs.papers, needs.availability
        db.session.add(begun)
        db.session.flush()
        _write(manager, begun, needs, facts, at=at)
    elif step is Step.REMIND:
        now.letters += 1
        _write(manager, now, queries.asked(now) & needs, facts, at=at)
    elif step is Step.END:
        _end(now, "answered", today)
    else:
        _pause(manager, now, queries.asked(now) & needs, at=at)
    return True


def _write(manager: Manager, one: FreshnessRound, needs: Needs, facts: Facts, *, at: datetime) -> None:
    freshness_letters.ask(manager, one, needs, facts, at=at)
    one.last_sent_on = local_day(at, firm().zone)
    actions.case_of(manager, at=at).last_letter_on = one.last_sent_on


def _pause(manager: Manager, one: FreshnessRound, needs: Needs, *, at: datetime) -> None:
    one.asks_papers, one.asks_availability = needs.papers, needs.availability
    _end(one, "paused", local_day(at, firm().zone))
    actions.move(actions.case_of(manager, at=at), Verb.GO_STALE, actor=None, at=at)


def _end(one: FreshnessRound, outcome: str, today: date) -> None:
    one.ended_on, one.outcome = today, outcome


def say_free(manager: Manager, day: date | None, *, at: datetime) -> None:
    """Keep the day from which the manager says to be free; the same answer again on one day changes nothing.

    Raises RuleViolation at `day` for none, a past one, and one more than two years ahead.
    """
    today = local_day(at, firm().zone)
    if day is None:
        raise RuleViolation(N_("Please choose a day."), field="day")
    if day < today:
        raise RuleViolation(N_("This day is past; please choose today or a later one."), field="day")
    if day > today + FURTHEST:
        raise RuleViolation(N_("Please choose a day within the next two years."), field="day")
    _check_stands(manager)
    if (manager.available_from, manager.availability_confirmed_on) != (day, today):
        set_availability(manager, day, actor=None, at=at, today=today)
    answered(manager, availability_came=True, actor=None, at=at)


def give_papers(manager: Manager, kind: str, content: bytes, name: str | None, *, at: datetime) -> None:
    """Keep papers that came by link and tell who reviews them; raise RuleViolation at `kind` or `file`."""
    _check_stands(manager)
    if kind not in PAPERS:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field="kind", key=kind)
    today = local_day(at, firm().zone)
    document = add_document(
        manager, kind, content, name=name, made_on=None, received_on=today, actor=None, at=at,
        most_megabytes=firm().upload_megabytes,
    )  # fmt: skip
    db.session.flush()
    answered(manager, papers_came=True, actor=None, at=at)
    owe_look(manager, document.id, today, at=at)


def _check_stands(manager: Manager) -> None:
    if manager.state not in (State.RELEASED, State.PAUSED):
        raise RuleViolation(N_("Your admission has moved on since our letter; simply answer our mail."))


def owe_look(manager: Manager, document_id: int, today: date, *, at: datetime) -> None:
    """Give the look at new papers to who reviewed, else to the owner, and tell them."""
    case = db.session.get(AdmissionCase, manager.id)
    reviewer = db.session.get(User, case.reviewer_id) if case is not None and case.reviewer_id else None
    owner = db.session.get(User, manager.owner_id) if manager.owner_id else None
    to = next((one for one in (reviewer, owner) if one is not None and one.active), None) or least_busy_reviewer(today)
    if to is None:
        return
    if not manager.next_step:
        with speaking(to.language):
            words = _("Look at the new papers")
        due = next_working_day(today, firm().region, firm().free_month_days)
        set_step(manager, words, due, actor=None, at=at, today=today)
    freshness_letters.papers_came(manager, to, at=at, document_id=document_id)


def answered(manager: Manager, *, actor: Any, at: datetime, papers_came: bool = False, availability_came: bool = False) -> None:
    """Let papers or a day that came, from the person or a colleague, end a round and a pause that waited for them."""
    db.session.flush()
    today, terms = local_day(at, firm().zone), queries.terms()
    if manager.state == State.PAUSED:
        back = rules.back(queries.pause_reason(manager.id), papers_came=papers_came, availability_came=availability_came)
        if back is not Back.NOTHING:
            verb = Verb.NEW_PAPERS if back is Back.REVIEW else Verb.FREE_AGAIN
            actions.move(actions.case_of(manager, at=at), verb, actor=actor, at=at)
        return
    now = queries.open_round(manager.id)
    if now is None:
        return
    facts = queries.facts_of(manager.id)
    if not queries.asked(now) & rules.needs(facts, today, terms) or not rules.may_ask(facts, today, terms):
        _end(now, "answered", today)
