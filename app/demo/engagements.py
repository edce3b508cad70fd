"""Running the demo firm's mandates: opened, signed, extended, each on its day through the real actions."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.clients.models import Client
from app.core.dates import last_working_day_on_or_before, next_working_day
from app.core.money import CURRENCIES
from app.db import db, unit_of_work
from app.demo.beginnings import Beginnings
from app.demo.courses import Course, courses
from app.demo.endings import Endings
from app.demo.routine import Routine
from app.demo.stages import Move, Stages, found
from app.demo.story import LOST_AFTER, Term
from app.demo.talking import LEFT_OPEN, Talking
from app.demo.words import CLAUSE
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.mandates import actions as mandates
from app.mandates import rules as mandate_rules
from app.mandates import spell_actions
from app.mandates.end_actions import Proposal
from app.mandates.models import Mandate
from app.users.models import User

LEAD = 1  # place in COLLEAGUES
HOME = "DE-HH"
SCOPED_AFTER, SIGNED_BEFORE = 4, 12  # days after it was opened, before the start


def _later(mandate: Mandate, days: int) -> date:
    assert mandate.ends_on is not None
    return last_working_day_on_or_before(mandate.ends_on + timedelta(days=days), mandate.region)


class People(NamedTuple):
    """The numbers of colleagues, clients and managers, by their places in the story."""

    colleagues: list[int]
    clients: list[int]
    managers: list[int]


class Engagements:
    """The mandates while they are run; `move(day, hour)` moves the clock and returns the instant."""

    def __init__(self, chance: random.Random, now_on: date, move: Move, people: People, talking: Talking) -> None:
        self.chance, self.now_on, self.move, self.talking = chance, now_on, move, talking
        self.colleagues, self.clients, self.managers = people
        self.courses: dict[int, Course] = {}  # by the mandate's number

    def _day(self, days: int) -> date:
        return self.now_on + timedelta(days=days)

    def _working_day(self, days: int) -> date:
        return last_working_day_on_or_before(self._day(days), HOME)

    def _user(self, place: int) -> User:
        return db.session.get_one(User, self.colleagues[place])

    def run(self, term: Term) -> None:
        """Open the mandate and lead it as far as the present allows."""
        course = courses()[term.key]
        opened_on = self._working_day((term.starts or 0) + term.opened)
        mandate_id = self._open(term, course, opened_on)
        self.courses[mandate_id] = course
        self._begin(mandate_id, term, course, opened_on)
        if course.lost_because:
            self._lose(mandate_id, course.lost_because, opened_on + timedelta(days=LOST_AFTER))
        if term.starts is None or term.manager is None:
            return
        self._sign(mandate_id, term, self._working_day(term.starts - SIGNED_BEFORE))
        self._lead(mandate_id, term, course)
        if term.open_change:
            self._propose(mandate_id, term.open_change)

    def _begin(self, mandate_id: int, term: Term, course: Course, opened_on: date) -> None:
        beginnings = Beginnings(self.now_on, self.move, self.managers)
        exit_on = None
        if course.handed_over:
            last = self._day((term.starts or 0) + (term.days or 150) - term.exit_before)
            exit_on = last_working_day_on_or_before(last, found(mandate_id)[0].region)
        beginnings.scope(mandate_id, course, next_working_day(opened_on + timedelta(days=SCOPED_AFTER), HOME), exit_on)
        signed_on = self._working_day(term.starts - SIGNED_BEFORE) if term.starts is not None else None
        beginnings.list_all(mandate_id, course, term.manager, signed_on)

    def _lead(self, mandate_id: int, term: Term, course: Course) -> None:
        """Lead a signed mandate: its plan, who takes over, its new end, the talks, the routine, and what ends it."""
        stages = Stages(self.chance, self.now_on, self.move)
        routine = Routine(self.chance, self.now_on, self.move)
        endings = Endings(self.now_on, self.move, self.colleagues[LEAD], self.talking)
        stages.agree(mandate_id, course, term.written)
        if course.replaced:
            self._replace(mandate_id, course.replaced)
        if term.longer:
            self.talking.keep(mandate_id, self._day(-term.longer[0]), course.notes)
            self._change_end(mandate_id, term.longer)
        self.talking.keep(mandate_id, self._day(-LEFT_OPEN), course.notes)
        stages.go_along(mandate_id, course)
        endings.name_successor(mandate_id, course)
        routine.report(mandate_id, course)
        routine.check(mandate_id, term.key)
        endings.finish(mandate_id, course)

    def _open(self, term: Term, course: Course, day: date) -> int:
        at = self.move(day)
        with unit_of_work():
            owner = self._user(term.owner)
            client = db.session.get_one(Client, self.clients[term.company])
            mandate = mandates.create(
                client, mandates.Facts(course.title, function=course.function),
                contact=next(one for one in client.contacts if one.role == "sponsor"), owner=owner, colleague_ids=[self.colleagues[LEAD]] if self.chance.random() < 0.3 else (),
                actor=owner, at=at, today=at.date(),
            )  # fmt: skip
            db.session.flush()
            return mandate.id

    def _lose(self, mandate_id: int, reason: str, day: date) -> None:
        mandate, _owner = found(mandate_id)
        at = self.move(next_working_day(day, mandate.region), 16)
        with unit_of_work():
            mandate, owner = found(mandate_id)
            mandates.lose(mandate, reason, lost_on=at.date(), actor=owner, at=at, today=at.date())

    def _replace(self, mandate_id: int, replaced: dict[str, Any]) -> None:
        mandate, _owner = found(mandate_id)
        assert mandate.starts_on is not None
        first_on = next_working_day(mandate.starts_on + timedelta(days=replaced["after_days"]), mandate.region)
        known_on = last_working_day_on_or_before(first_on - timedelta(days=4), mandate.region)
        self.talking.keep(mandate_id, known_on)
        at = self.move(known_on, 9, 30)
        with unit_of_work():
            mandate, owner = found(mandate_id)
            manager = db.session.get_one(Manager, self.managers[replaced["by"]])
            mandates.replace_manager(
                mandate, manager, first_on=first_on, reason=replaced["reason"], actor=owner, at=at, today=at.date()
            )
        if first_on <= self.now_on:
            at = self.move(first_on, 7)
            with unit_of_work():
                mandate, _owner = found(mandate_id)
                spell_actions.carry_out(mandate, at=at, today=first_on)
        send_due("demo")

    def _sign(self, mandate_id: int, term: Term, day: date) -> None:
        at = self.move(day, 11)
        with unit_of_work():
            self._sign_contract(db.session.get_one(Mandate, mandate_id), term, at)

    def _sign_contract(self, mandate: Mandate, term: Term, at: datetime) -> None:
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
        at = self.move(self._working_day(-days_ago), 15)
        with unit_of_work():
            mandate = db.session.get_one(Mandate, mandate_id)
            new_end = _later(mandate, days)
            mandates.extend(
                mandate,
                Proposal(new_end, reason, signed_on=at.date(), is_early_end=days < 0),
                actor=db.session.get_one(User, mandate.owner_id),
                at=at,
                today=at.date(),
            )
        send_due("demo")

    def _propose(self, mandate_id: int, change: tuple[int, str]) -> None:
        at = self.move(self._working_day(-2), 10)
        with unit_of_work():
            mandate = db.session.get_one(Mandate, mandate_id)
            new_end = _later(mandate, change[0])
            mandates.propose(
                mandate, Proposal(new_end, change[1]), actor=db.session.get_one(User, mandate.owner_id), at=at, today=at.date()
            )
