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
from app.core.clock import CLOCK, FrozenClock
from app.core.dates import last_working_day_on_or_before, next_working_day
from app.db import acting_as, db, unit_of_work
from app.demo import meetings, references, story
from app.demo.admission import Admission
from app.demo.asking import Asking
from app.demo.engagements import Engagements, People
from app.demo.story import DOMAIN, PASSWORD, SIGN_INS, WORDS
from app.demo.talking import Talking
from app.demo.words import STEPS
from app.mail.ticks import send_due
from app.managers import actions as managers
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.settings import actions as settings
from app.timeline.steps import add_note, set_step
from app.users import actions as users
from app.users import team_actions as teams
from app.users.models import Team, User

__all__ = ["PASSWORD", "SIGN_INS", "build"]

ZONE = "Europe/Berlin"


def build(seed: int, at: datetime) -> None:
    """Build the firm as it stands at the instant `at`; the same seed and instant give the same firm."""
    with _frozen_clock(at) as clock, acting_as("command"):
        firm = _Firm(random.Random(seed), at, clock)
        firm.hire()
        firm.meet_clients()
        firm.meet_managers()
        for term in sorted(story.TERMS, key=lambda term: term.starts if term.starts is not None else -20):
            firm.engagements.run(term)
        firm.admit()
        firm.interview()
        references.vouch(firm.managers, firm.colleagues[2], firm.now_on, firm._move)
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


class _Firm:
    """The firm while it is being built."""

    def __init__(self, chance: random.Random, at: datetime, clock: FrozenClock) -> None:
        self.chance, self.at, self.clock = chance, at, clock
        self.now_on = at.astimezone(ZoneInfo(ZONE)).date()
        self.colleagues: list[int] = []
        self.clients: list[int] = []
        self.managers: list[int] = []
        self.talking = Talking(chance, self.now_on, self._move)
        people = People(self.colleagues, self.clients, self.managers)
        self.engagements = Engagements(chance, self.now_on, self._move, people, self.talking)

    def _day(self, days: int) -> date:
        return self.now_on + timedelta(days=days)

    def _working_day(self, days: int) -> date:
        return last_working_day_on_or_before(self._day(days), "DE-HH")

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
            at = self._move(self._working_day(-390 + number))
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
            at = self._move(self._working_day(-380 + number * 2 if number < story.RELEASED else -40 + number))
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

    # The present

    def today(self) -> None:
        """Arrange what lies in the days around today, keep promises, set next steps, and send somebody on leave."""
        self.talking.keep_promises()
        self.talking.arrange_this_week()
        Asking(self.now_on, self._move).tell()
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
            for place, (number, course) in enumerate(self.engagements.courses.items()):
                mandate = db.session.get_one(Mandate, number)
                if course.step and mandate.is_live:
                    owner = db.session.get_one(User, mandate.owner_id)
                    step_on = next_working_day(self._day(1 + place), mandate.region)
                    set_step(mandate, course.step, step_on, actor=owner, at=at, today=self.now_on)
            teams.note_absence(self._user(6), self._day(-1), self._day(6), self._user(2))
        send_due("demo")

    def _step(self, language: str) -> str:
        return self.chance.choice(STEPS[language])
