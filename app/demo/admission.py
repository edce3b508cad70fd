"""The admission of the demo firm: registrations, papers, reviews and letters, each on its day through the real actions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template

from app.admission import (
    actions,
    follow_up,
    freshness_actions,
    letter_actions,
    paper_actions,
    queries,
    queue_actions,
    reaction_actions,
    registration_actions,
    registration_views,
    review_actions,
    review_queries,
    stage_letters,
    step_actions,
)
from app.admission.arrival_actions import papers_came
from app.admission.letter_rules import kind_for
from app.admission.link_views import facts_of
from app.admission.models import AdmissionCase
from app.admission.registration_actions import Registration, Sender
from app.admission.registration_forms import AnswerForm, RegistrationForm
from app.admission.state_rules import Verb
from app.admission.wording import words_of
from app.core.dates import next_working_day
from app.core.phones import shown_phone
from app.db import db, unit_of_work
from app.demo import meetings, papers
from app.demo.applicants import APPLICANTS, ASKED_DAYS_AGO, ENTERED, PAUSED, SAID, Applicant, Step
from app.links.models import PersonalLink
from app.mail.ticks import send_due
from app.managers.document_actions import add_document
from app.managers.models import Manager, ManagerDocument
from app.users.models import User

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
)
PHONES = {"de": "+4915155501{:03d}", "nl": "+316555501{:02d}", "en": "+4915155502{:03d}"}
LEAD = 1
REVIEWERS = {"de": (2, 1, 2, 6), "nl": (5, 7), "en": (6,)}  # places in story.COLLEAGUES
OUTSIDE = ("confirm", "papers", "withdraw")  # what the person does, on any day
BY_REVIEW = {"short": Verb.FALL_SHORT, "pass": Verb.PASS, "refuse": Verb.REFUSE}


class Admission:
    """The admission while it is being built; `move(day, hour)` moves the clock and returns the instant."""

    def __init__(self, chance: random.Random, now_on: date, move: Callable[..., datetime], colleagues: list[int]) -> None:
        self.chance, self.now_on, self.move, self.colleagues = chance, now_on, move, colleagues
        self.pages: dict[str, str] = {}

    def build(self, managers: list[int]) -> None:
        """Let everybody register and go on; `managers` are those of story.PEOPLE, by place."""
        for number, one in enumerate(APPLICANTS):
            manager_id = self._register(number, one)
            for step in one.steps:
                self._go(manager_id, step, one)
        for place, (paper, steps) in ENTERED.items():
            self._take_in(managers[place], place, paper)
            for step in steps:
                self._go(managers[place], step)
        self._fall_silent(managers[PAUSED])

    def _at(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        return self.move(self.now_on - timedelta(days=days_ago), hour, minute)

    # Registering

    def _register(self, number: int, one: Applicant) -> int:
        at = self._at(one.days_ago, self.chance.randint(7, 8), self.chance.randint(0, 59))
        email = f"{one.name.split()[-1].lower().translate(_PLAIN)}@interim.example"
        phone = PHONES[one.language].format(number + 10)
        cv = None
        if one.paper:
            quality, form = one.paper.split()
            cv = papers.cv(papers.Person(one.name, email, shown_phone(phone), one.language), number, quality, form, at.date())
        given = registration_actions.checked(Registration(one.name, email, phone, one.language, self._page(one.language), cv))
        with unit_of_work():
            registration_actions.register(given, self._sender(number), may_mail=True, at=at)
            manager = queries.by_email(given.email)
            assert manager is not None
            manager_id = manager.id
        self._read(manager_id, at)
        send_due("demo")
        return manager_id

    def _sender(self, number: int) -> Sender:
        return Sender(f"203.0.113.{number + 10}", AGENTS[number % len(AGENTS)])

    def _page(self, language: str) -> str:
        """Return the words of the public page, as everybody who registers sees them."""
        if language not in self.pages:
            with current_app.test_request_context(f"/register?lang={language}"):
                form = RegistrationForm(formdata=None)
                self.pages[language] = words_of(
                    render_template("admission/register.html", form=form, **registration_views.wording())
                )
        return self.pages[language]

    def _confirm(self, manager_id: int, at: datetime, one: Applicant) -> None:
        with current_app.test_request_context(f"/register?lang={one.language}"):
            facts = facts_of(db.session.get_one(Manager, manager_id))
            shown = words_of(render_template("admission/confirm.html", form=AnswerForm(formdata=None), **facts))
        with unit_of_work():
            manager = db.session.get_one(Manager, manager_id)
            link = db.session.scalars(
                sa.select(PersonalLink).where(
                    PersonalLink.subject_id == manager_id, PersonalLink.purpose == "admission.confirmation"
                )
            ).one()
            registration_actions.confirm(manager, link, self._sender(APPLICANTS.index(one)), page_text=shown, at=at)
            if one.form is not None:
                parts = ("title", "first_name", "particle", "last_name")
                values = {name: getattr(manager, name) for name in parts} | {"form_of_address": one.form}
                registration_actions.check_name(manager, values, at=at)
        self._hand_over(manager_id, one, self.move(min(next_working_day(at.date(), "DE-HH"), self.now_on), 12))

    def _hand_over(self, manager_id: int, one: Applicant, at: datetime) -> None:
        """Let the lead give the review to a colleague of the applicant's language, where it is somebody else's."""
        places = REVIEWERS[one.language]
        to = self.colleagues[places[APPLICANTS.index(one) % len(places)]]
        with unit_of_work():
            if db.session.get_one(AdmissionCase, manager_id).reviewer_id != to:
                lead = db.session.get_one(User, self.colleagues[LEAD])
                queue_actions.to_many(
                    [manager_id], queue_actions.Deed.HAND_OVER, to=to, reason=None, may_change=lead.may_change, actor=lead, at=at
                )

    # Papers

    def _add(self, manager: Manager, place: int, paper: str, actor: User | None, at: datetime) -> None:
        quality, form = paper.split()
        person = papers.Person(manager.name, manager.email or "", shown_phone(manager.mobile or ""), manager.language)
        name, content = papers.cv(person, place, quality, form, at.date())
        add_document(manager, "cv", content, name=name, made_on=None, received_on=at.date(), actor=actor, at=at)

    def _read(self, manager_id: int, at: datetime) -> None:
        document = review_queries.latest_paper(manager_id)
        if document is None:
            return
        seen = paper_actions.look_at(review_queries.file_of(document), document.kind, at.date())
        number = document.id
        with unit_of_work():
            paper_actions.keep(db.session.get_one(ManagerDocument, number), seen, at=at)

    def _take_in(self, manager_id: int, place: int, paper: str) -> None:
        """Give somebody whom a colleague entered a case, a CV and a reviewer, on the next morning."""
        entered_at = db.session.get_one(Manager, manager_id).created_at
        at = self.move(entered_at.date(), 16)
        with unit_of_work():
            manager = db.session.get_one(Manager, manager_id)
            owner = db.session.get_one(User, manager.owner_id)
            actions.case_of(manager, at=at).reviewer_id = owner.id
            self._add(manager, place, paper, owner, at)
        self._read(manager_id, at)

    # What happens then

    def _go(self, manager_id: int, step: Step, one: Applicant | None = None) -> None:
        at = self._when(manager_id, step)
        if at is None:
            return
        if step.deed == "confirm":
            assert one is not None
            self._confirm(manager_id, at, one)
        elif step.deed == "interview":
            meetings.hold(self.chance, manager_id, self.colleagues[REVIEWERS["de"][0]], at.date(), self.move)
        else:
            with unit_of_work():
                self._do(db.session.get_one(AdmissionCase, manager_id), step, at)
        if step.deed == "papers":
            self._read(manager_id, at)
        send_due("demo")

    def _when(self, manager_id: int, step: Step) -> datetime | None:
        """Return the instant of a step: colleagues work on working days, and the clock goes by its own date; None ahead."""
        minute = self.chance.randint(0, 59)
        day = self.now_on - timedelta(days=step.days_ago)
        if step.deed == "tick":
            due_on = db.session.get_one(AdmissionCase, manager_id).next_on
            return self.move(due_on, 9) if due_on is not None and due_on <= self.now_on else None
        if step.deed in OUTSIDE:
            return self.move(day, 9 if step.deed == "confirm" else 12, minute)
        return self.move(min(next_working_day(day, "DE-HH"), self.now_on), self.chance.randint(13, 16), minute)

    def _do(self, case: AdmissionCase, step: Step, at: datetime) -> None:
        manager, reviewer = case.manager, db.session.get_one(User, case.reviewer_id)
        if step.deed == "take":
            review_actions.open_review(case, review_queries.latest_paper(manager.id), actor=reviewer, at=at)
        elif step.deed in BY_REVIEW:
            self._decide(case, BY_REVIEW[step.deed], step.what, reviewer, at)
        elif step.deed == "tick":
            follow_up.advance(manager.id, at)
        elif step.deed == "papers":
            self._add(manager, 0, step.what, None, at)
            document = review_queries.latest_paper(manager.id)
            assert document is not None
            papers_came(manager, document, actor=None, at=at)
        elif step.deed == "halt":
            actions.move(case, Verb.HALT, actor=reviewer, at=at, reason=step.what)
        elif step.deed == "withdraw":
            registration_actions.withdraw(manager, actor=None, at=at)
        elif step.deed == "reaction":
            said_on = at.date()
            reaction_actions.keep(manager, step.what, SAID[manager.language], said_on, actor=reviewer, at=at, today=said_on)
        else:
            self._write(case, Verb.ADMIT, "", reviewer, at)

    def _decide(self, case: AdmissionCase, verb: Verb, reason: str, reviewer: User, at: datetime) -> None:
        document = review_queries.latest_paper(case.manager_id)
        review = review_actions.open_review(case, document, actor=reviewer, at=at)
        review_actions.save_verdicts(review, document, review.verdicts)
        self._write(case, verb, reason, reviewer, at, review)

    def _write(self, case: AdmissionCase, verb: Verb, reason: str, reviewer: User, at: datetime, review: Any = None) -> None:
        """Send the letter of a step and do the step, as its page does."""
        manager, kind = case.manager, kind_for(verb, case.standing)
        matter = letter_actions.matter_of(manager, case, kind, writer=reviewer, today=at.date(), review=review)
        words = stage_letters.draft(kind, matter)
        step_actions.take(manager, verb, words, reason=reason or None, actor=reviewer, at=at)

    def _fall_silent(self, manager_id: int) -> None:
        """Let three letters about papers and availability stay without an answer: paused."""
        for days_ago in ASKED_DAYS_AGO:
            at = self._at(days_ago, 8)
            with unit_of_work():
                freshness_actions.advance(manager_id, at=at)
            send_due("demo")


_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
