"""The demo firm, built through the real actions with a clock that is moved from day to day.

Letters of the past are delivered on their day, so the outbox has a history. Only the last days are left to whoever looks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from app.admission import art14
from app.clients import actions as clients
from app.clients.models import Client
from app.core.clock import CLOCK, FrozenClock
from app.core.dates import last_working_day_on_or_before, next_working_day
from app.core.money import CURRENCIES
from app.db import acting_as, db, unit_of_work
from app.demo import meetings, story
from app.demo.admission import Admission
from app.demo.stages import Stages
from app.demo.story import DOMAIN, PASSWORD, SIGN_INS, WORDS, Term
from app.demo.words import CLAUSE, STEPS
from app.mail.ticks import send_due
from app.managers import actions as managers
from app.managers.models import Manager
from app.mandates import actions as mandates
from app.mandates import rules as mandate_rules
from app.mandates.end_actions import Proposal
from app.mandates.models import Mandate
from app.settings import actions as settings
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.question_rules import AnswerType, questions
from app.talks.rules import DeclineReason, Kind, Side
from app.talks.state_rules import Channel
from app.timeline.steps import add_note, set_step
from app.users import actions as users
from app.users import team_actions as teams
from app.users.models import Team, User

__all__ = ["PASSWORD", "SIGN_INS", "build"]

ZONE = "Europe/Berlin"
LEFT_OPEN = 9  # days before today in which nobody has kept the talks: something must be due


def build(seed: int, at: datetime) -> None:
    """Build the firm as it stands at the instant `at`; the same seed and instant give the same firm."""
    with _frozen_clock(at) as clock, acting_as("command"):
        firm = _Firm(random.Random(seed), at, clock)
        firm.hire()
        firm.meet_clients()
        firm.meet_managers()
        for term in sorted(story.TERMS, key=lambda term: term.starts if term.starts is not None else -20):
            firm.run(term)
        firm.admit()
        firm.interview()
        firm.today()


@contextmanager
def _frozen_clock(at: datetime) -> Iterator[FrozenClock]:
    kept = current_app.extensions[CLOCK]
    clock = FrozenClock(at)
    current_app.extensions[CLOCK] = clock
    try:
        yield clock
    finally:
        current_app.extensions[CLOCK] = kept


def _later(mandate: Mandate, days: int) -> date:
    assert mandate.ends_on is not None
    return last_working_day_on_or_before(mandate.ends_on + timedelta(days=days), mandate.region)


class _Firm:
    """The firm while it is being built."""

    def __init__(self, chance: random.Random, at: datetime, clock: FrozenClock) -> None:
        self.chance, self.at, self.clock = chance, at, clock
        self.now_on = at.astimezone(ZoneInfo(ZONE)).date()
        self.colleagues: list[int] = []
        self.clients: list[int] = []
        self.managers: list[int] = []

    def _day(self, days: int) -> date:
        return self.now_on + timedelta(days=days)

    def _move(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Move the clock to a local time of `day`, never past the present; return the instant."""
        at = min(datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)), self.at)
        self.clock.move_to(at)
        return self.clock.now()

    def _user(self, place: int) -> User:
        return db.session.get_one(User, self.colleagues[place])

    def _pick(self, language: str, what: str) -> str:
        return self.chance.choice(WORDS[language][what])

    def hire(self) -> None:
        at = self._move(self._day(-400))
        with unit_of_work():
            settings.change({"name": "Hafenkontor Interim", "region": "DE-HH", "mailbox": f"kontor@{DOMAIN}"})
            for login, role, form, first, last, language, team in story.COLLEAGUES:
                found = db.session.scalar(sa.select(Team).where(Team.name == team)) or teams.add_team(team)
                user = users.add(
                    email=f"{login}@{DOMAIN}", role=role, first_name=first, last_name=last, form_of_address=form,
                    language=language, team=found, password=PASSWORD, at=at,
                )  # fmt: skip
                if language == "nl":
                    user.zone, user.region = "Europe/Amsterdam", "NL"
                user.notices_in_digest = login not in ("lead", "consultant")  # the others read of registrations once a day
                self.colleagues.append(user.id)

    def meet_clients(self) -> None:
        for number, company in enumerate(story.COMPANIES):
            at = self._move(self._day(-390 + number))
            with unit_of_work():
                owner = self._user(2 if company.region[:2] not in ("NL", "BE") else 5)
                client = clients.enter(
                    {"name": company.name, "industry": company.industry, "headcount": company.headcount,
                     "turnover_millions": company.turnover, "city": company.city, "postcode": company.postcode, "region": company.region},
                    owner=owner, actor=owner, at=at, today=at.date(),
                )  # fmt: skip
                for place, (form, title, first, particle, last, role, position, language) in enumerate(company.contacts):
                    clients.enter_contact(client, {
                        "form_of_address": form, "title": title, "first_name": first, "particle": particle, "last_name": last,
                        "role": role, "job_title": position, "language": language, "channel": self.chance.choice(("phone", "video")),
                        "email": f"contact{number}.{place}@client.example", "phone": f"+4940555{number:02d}{place:02d}0",
                    }, actor=owner, at=at)  # fmt: skip
                db.session.flush()
                self.clients.append(client.id)

    def meet_managers(self) -> None:
        lead = 1
        for number, person in enumerate(story.PEOPLE):
            at = self._move(self._day(-380 + number * 2 if number < story.RELEASED else -40 + number))
            with unit_of_work():
                dutch = person[-1] == "nl"
                manager = self._enter(number, person, self._user(5 if dutch else 2), self._user(lead), at)
                if self.chance.random() < 0.5:
                    add_note(manager, self._pick(person[-1], "note"), actor=self._user(2), at=at)
                art14.notify(manager, source=manager.source, ground=art14.INTEREST, at=at)
                self.managers.append(manager.id)
            send_due("demo")

    def _enter(self, number: int, person: tuple[Any, ...], owner: User, lead: User, at: datetime) -> Manager:
        form, title, first, particle, last, headline, functions, industries, regions, languages, rate, newcomer, language = person
        return managers.enter(
            {"form_of_address": form, "title": title, "first_name": first, "particle": particle, "last_name": last,
             "headline": headline, "functions": functions.split(), "industries": industries.split(), "regions": regions.split(),
             "languages": languages.split(), "rate": Decimal(rate), "is_newcomer": newcomer, "language": language,
             "country": "NL" if language == "nl" else "DE", "email": f"manager{number}@interim.example",
             "mobile": f"+4915155500{number:03d}", "source": self.chance.choice(("recommendation", "event", "application"))},
            owner=owner, actor=lead, at=at, today=at.date(),
            released_because="Aus dem früheren Bestand übernommen, persönlich bekannt" if number < story.RELEASED else None,
        )  # fmt: skip

    def admit(self) -> None:
        Admission(self.chance, self.now_on, self._move, self.colleagues).build(self.managers)

    def interview(self) -> None:
        meetings.hold_all(self.chance, self.managers, [self.colleagues[2], self.colleagues[5]], self.now_on, self._move)

    # Mandates

    def run(self, term: Term) -> None:
        opened = self._move(self._day((term.starts if term.starts is not None else 10) - 30))
        with unit_of_work():
            mandate = self._open(term, opened)
            mandate_id = mandate.id
        if term.starts is None or term.manager is None:
            return
        signed_at = self._move(self._day(term.starts - 12), 11)
        with unit_of_work():
            self._sign(db.session.get_one(Mandate, mandate_id), term, signed_at)
        stages = Stages(self.chance, self.now_on, self._move)
        stages.agree(mandate_id)
        if term.longer:
            self._keep_talks(mandate_id, self._day(-term.longer[0]))
            self._change_end(mandate_id, term.longer)
        self._keep_talks(mandate_id, self._day(-LEFT_OPEN))
        stages.go_along(mandate_id)
        stages.finish(mandate_id, self._user(1))
        if term.open_change:
            self._propose(mandate_id, term.open_change)

    def _open(self, term: Term, at: datetime) -> Mandate:
        owner = self._user(term.owner)
        client = db.session.get_one(Client, self.clients[term.company])
        mandate = mandates.create(
            client, self._facts(term),
            contact=next(one for one in client.contacts if one.role == "sponsor"), owner=owner, colleague_ids=[self.colleagues[1]] if self.chance.random() < 0.3 else (),
            actor=owner, at=at, today=at.date(),
        )  # fmt: skip
        db.session.flush()
        return mandate

    def _facts(self, term: Term) -> mandates.Facts:
        """The exit plan with what is handed over, two weeks before the end that was first agreed."""
        has_term = bool(term.exit_plan) and term.starts is not None
        return mandates.Facts(
            term.title,
            goal=term.goal or None,
            exit_plan=term.exit_plan or None,
            handed_over=term.exit_plan if has_term else None,
            exit_on=self._day((term.starts or 0) + term.days - 14) if has_term else None,
        )

    def _sign(self, mandate: Mandate, term: Term, at: datetime) -> None:
        assert term.starts is not None and term.manager is not None
        manager = db.session.get_one(Manager, self.managers[term.manager])
        starts_on = next_working_day(self._day(term.starts), mandate.region)
        ends_on = last_working_day_on_or_before(starts_on + timedelta(days=term.days), mandate.region)
        contact = mandate.contact
        assert contact is not None
        language = contact.language
        mandates.sign(
            mandate,
            mandates.Contract(
                signed_on=at.date(), starts_on=starts_on, ends_on=ends_on, has_quality_clause=term.clause, clause=CLAUSE[language],
                terms=mandate_rules.Terms(client_rate=Decimal(term.client_rate), manager_rate=manager.rate, days_per_week=Decimal(self.chance.choice((4, 5)))),
                currency=CURRENCIES[1] if mandate.region.startswith("CH") else CURRENCIES[0],
            ),
            manager=manager, contact=contact, actor=self._user(term.owner), at=at, today=at.date(),
        )  # fmt: skip

    def _change_end(self, mandate_id: int, longer: tuple[int, int, str]) -> None:
        days_ago, days, reason = longer
        at = self._move(self._day(-days_ago), 15)
        with unit_of_work():
            mandate = db.session.get_one(Mandate, mandate_id)
            new_end = _later(mandate, days)
            mandates.extend(
                mandate,
                Proposal(new_end, reason, signed_on=at.date()),
                actor=db.session.get_one(User, mandate.owner_id),
                at=at,
                today=at.date(),
            )
        send_due("demo")

    def _propose(self, mandate_id: int, change: tuple[int, str]) -> None:
        at = self._move(self._day(-2), 10)
        with unit_of_work():
            mandate = db.session.get_one(Mandate, mandate_id)
            new_end = _later(mandate, change[0])
            mandates.propose(
                mandate, Proposal(new_end, change[1]), actor=db.session.get_one(User, mandate.owner_id), at=at, today=at.date()
            )

    # Talks

    def _keep_talks(self, mandate_id: int, until: date) -> None:
        due = db.session.scalars(
            sa.select(Talk.id)
            .where(Talk.mandate_id == mandate_id, Talk.state == "due", Talk.due_on < until)
            .order_by(Talk.due_on, Talk.id)
        ).all()
        for number in due:
            fate = self.chance.random()
            if fate < 0.1:
                self._decline(number)
            elif fate > 0.06:
                self._arrange_and_hold(number)

    def _decline(self, number: int) -> None:
        talk = db.session.get_one(Talk, number)
        at = self._move(talk.due_on or self.now_on, 10)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            language = talk.person.language
            reason = DeclineReason.EXTENSION_SAYS_IT_ALL if talk.kind == Kind.EXTENSION else DeclineReason.NO_TIME
            note = str(WORDS[language]["declined"]) if talk.kind == Kind.EXTENSION else None
            talks.decline(talk, reason, note, actor=db.session.get_one(User, talk.owner_id), at=at)

    def _terms(self, talk: Talk, day: date, hour: int, minute: int = 0) -> talks.Terms:
        channel = self.chance.choice((Channel.PHONE, Channel.PHONE, Channel.VIDEO))
        place = (
            (talk.person.phone or talk.person.mobile or "+49405550000")
            if channel is Channel.PHONE
            else "https://video.example/hafenkontor"
        )
        starts_at = datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))
        return talks.Terms(starts_at, ZONE, 60 if talk.kind == Kind.CLOSING else 30, channel, place)

    def _arrange(self, number: int, day: date, hour: int, days_before: int = 5) -> None:
        at = self._move(day - timedelta(days=days_before), 9, 20)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            talks.arrange(talk, self._terms(talk, day, hour), actor=db.session.get_one(User, talk.owner_id), at=at)
        send_due("demo")

    def _arrange_and_hold(self, number: int) -> None:
        talk = db.session.get_one(Talk, number)
        day = next_working_day((talk.due_on or self.now_on) + timedelta(days=self.chance.randint(0, 2)), "DE-HH")
        hour = self.chance.choice((9, 10, 11, 14, 15))
        self._arrange(number, day, hour)
        at = self._move(day, hour + 1)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            talks.log(talk, self._record(talk), actor=db.session.get_one(User, talk.owner_id), at=at)

    def _record(self, talk: Talk) -> talks.Record:
        language = talk.person.language
        answers = {q.key: self._answer(q, language) for q in questions(Kind(talk.kind), Side(talk.side))}
        promised = self.chance.random() < 0.15
        assert talk.appointment_at is not None
        day = talk.appointment_at.date()
        return talks.Record(
            held_at=talk.appointment_at, minutes=self.chance.randint(18, 40), answers=answers,
            notes=self._pick(language, "notes") if self.chance.random() < 0.7 else None,
            step=self._pick(language, "step") if promised else None,
            step_on=next_working_day(day + timedelta(days=7), "DE-HH") if promised else None,
            step_owner_id=talk.owner_id if promised else None,
        )  # fmt: skip

    def _answer(self, question: Any, language: str) -> Any:
        if question.type is AnswerType.SCALE:
            return self.chance.choices((2, 3, 4, 5), (5, 20, 50, 25))[0]
        if question.type is AnswerType.PERCENT:
            return self.chance.choice((40, 60, 80))
        if question.type is AnswerType.ZERO_TO_TEN:
            return self.chance.choice((7, 8, 9, 9, 10))
        if question.type is AnswerType.CHOICE:
            return self.chance.choices(question.choices, [6] + [1] * (len(question.choices) - 1))[0]
        return self._pick(language, question.key) if question.key in WORDS[language] else None

    # The present

    def today(self) -> None:
        """Arrange what lies in the days around today, keep promises, set next steps, and send somebody on leave."""
        self._keep_promises()
        self._arrange_this_week()
        at = self._move(self.now_on, self.at.astimezone(ZoneInfo(ZONE)).hour)
        with unit_of_work():
            for place, number in enumerate(self.managers):
                manager = db.session.get_one(Manager, number)
                if place % 3:
                    set_step(
                        manager,
                        self._step(manager.language),
                        next_working_day(self._day(place % 24), "DE-HH"),
                        actor=self._user(2),
                        at=at,
                        today=self.now_on,
                    )
                if place < story.RELEASED and place % 4:
                    managers.set_availability(
                        manager, self._day(10 + 3 * place), actor=self._user(2), at=at, today=self.now_on - timedelta(days=place)
                    )
            for number in db.session.scalars(sa.select(Mandate.id).where(Mandate.closed_on.is_(None))).all()[:12]:
                mandate = db.session.get_one(Mandate, number)
                language = mandate.contact.language if mandate.contact else "de"
                set_step(
                    mandate,
                    self._step(language),
                    next_working_day(self._day(1 + number), "DE-HH"),
                    actor=self._user(2),
                    at=at,
                    today=self.now_on,
                )
            teams.note_absence(self._user(6), self._day(-1), self._day(6), self._user(2))
        send_due("demo")

    def _step(self, language: str) -> str:
        return self.chance.choice(STEPS[language])

    def _keep_promises(self) -> None:
        open_ones = db.session.scalars(sa.select(Talk.id).where(Talk.step_on < self._day(-3), Talk.step_done_on.is_(None))).all()
        for number in open_ones:
            talk = db.session.get_one(Talk, number)
            day = talk.step_on or self.now_on
            at = self._move(day, 16)
            with unit_of_work():
                talk = db.session.get_one(Talk, number)
                talks.step_done(talk, actor=db.session.get_one(User, talk.owner_id), at=at, today=day)

    def _arrange_this_week(self) -> None:
        due = db.session.scalars(
            sa.select(Talk.id)
            .where(Talk.state == "due", Talk.due_on >= self._day(-LEFT_OPEN), Talk.due_on <= self._day(12))
            .order_by(Talk.due_on, Talk.id)
        ).all()
        for place, number in enumerate(due):
            if place % 3 == 0:
                day = next_working_day(self._day(1 + place // 3), "DE-HH")
                self._arrange(number, day, 10 + place % 5, days_before=(day - self.now_on).days + 1)
