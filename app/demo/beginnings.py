"""How the demo firm's mandates begin: what scoping says, and the short list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from app.core.dates import last_working_day_on_or_before, next_working_day
from app.db import db, unit_of_work
from app.demo.courses import Course
from app.demo.stages import Move, found
from app.managers.models import Manager
from app.mandates import actions as mandates
from app.mandates import candidate_actions, scoping_actions
from app.mandates.candidate_models import Candidate
from app.mandates.candidate_rules import ENDS, State

ROADS = {
    State.PRESENTED: (State.PRESENTED,),
    State.CLIENT_INTERVIEW: (State.PRESENTED, State.CLIENT_INTERVIEW),
    State.CHOSEN: (State.PRESENTED, State.CLIENT_INTERVIEW, State.CHOSEN),
    State.DECLINED: (State.PRESENTED, State.DECLINED),
    State.WITHDREW: (State.PRESENTED, State.WITHDREW),
}
APART = 4  # days between two states


class Beginnings:
    """Scopes mandates and puts managers on their short lists."""

    def __init__(self, now_on: date, move: Move, managers: list[int]) -> None:
        self.now_on, self.move, self.managers = now_on, move, managers

    def scope(self, number: int, course: Course, day: date, exit_on: date | None) -> None:
        """Write down what was asked in scoping, as far as the course knows it."""
        at = self.move(day, 14)
        with unit_of_work():
            mandate, owner = found(number)
            facts = mandates.Facts(
                course.title,
                course.goal,
                course.reports_to,
                course.exit_plan,
                course.handed_over,
                exit_on,
                function=course.function,
            )
            place = course.place if course.means else None  # asked with the means
            scoping = scoping_actions.Scoping(course.reach, course.expectations, course.means, course.culture, place)
            goals = [(title, measure) for title, measure in course.goals]
            scoping_actions.change(mandate, facts, scoping, goals, actor=owner, at=at, today=day)

    def list_all(self, number: int, course: Course, manager: int | None, signed_on: date | None) -> None:
        """Put the course's candidates on the short list; the manager of a signed mandate was chosen the day before."""
        if manager is not None and signed_on is not None:
            self._lead(number, manager, State.CHOSEN, "", signed_on - timedelta(days=1))
        for place, state, reason, days in course.candidates:
            self._lead(number, place, State(state), reason, self.now_on + timedelta(days=days))

    def _lead(self, number: int, place: int, state: State, reason: str, last_on: date) -> None:
        region, road = found(number)[0].region, ROADS[state]
        days = [last_on - timedelta(days=APART * before) for before in range(len(road), -1, -1)]
        added_on, *days = [next_working_day(day, region) if day > self.now_on else self._past(day, region) for day in days]
        at = self.move(added_on, 10)
        with unit_of_work():
            mandate, owner = found(number)
            manager = db.session.get_one(Manager, self.managers[place])
            candidate_actions.add(mandate, manager, override_reason=None, actor=owner, at=at)
        for hour, (step, day) in enumerate(zip(road, days, strict=True), 11):
            at = self.move(min(day, self._past(self.now_on, region)), hour)
            self._change(number, place, step, day, reason if step in ENDS else "", at)

    def _past(self, day: date, region: str) -> date:
        return last_working_day_on_or_before(min(day, self.now_on - timedelta(days=1)), region)

    def _change(self, number: int, place: int, to: State, on: date, reason: str, at: datetime) -> None:
        with unit_of_work():
            mandate, owner = found(number)
            wanted = sa.select(Candidate).where(Candidate.mandate_id == number, Candidate.manager_id == self.managers[place])
            candidate = db.session.scalars(wanted).one()
            candidate_actions.change(
                mandate, candidate, to, on=on, reason=reason, until=None, actor=owner, at=at, today=at.date()
            )
