"""What comes back each month and each quarter in the demo firm's mandates: short reports and status checks."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from app.core.dates import ONE_DAY, add_working_days, is_working_day, next_working_day
from app.db import db, unit_of_work
from app.demo import checks
from app.demo.courses import Course
from app.demo.stages import Move, found
from app.mail.ticks import send_due
from app.mandates import report_actions, report_letters, report_queries, status_actions
from app.mandates.course_models import ManagerReport, StatusCheck
from app.mandates.models import Mandate
from app.mandates.report_queries import Owed
from app.mandates.status_rules import Occasion

CHECKED_BEFORE = timedelta(days=4)  # a younger check is still open
NEW = (Occasion.START, Occasion.MANAGER)  # nothing has grown close yet
LONGEST_WEEK = Decimal(5)


class Routine:
    """Has reports asked for and sent in, and status checks answered, up to the present."""

    def __init__(self, chance: random.Random, now_on: date, move: Move) -> None:
        self.chance, self.now_on, self.move = chance, now_on, move

    # Reports

    def report(self, number: int, course: Course) -> None:
        """Ask for each month that is over, and have the report come some days later; the course may leave one out."""
        mandate, _owner = found(number)
        owed = sorted(report_queries.of_mandate(mandate, self.now_on), key=lambda one: (one.month.asked_on, one.manager.id))
        for asked_on in sorted({one.month.asked_on for one in owed if one.month.asked_on < self.now_on}):
            at = self.move(asked_on, 8)
            with unit_of_work():
                report_letters.ask_what_is_due(number, at=at)
            send_due("demo")
        came = [one for one in owed if one.month.asked_on < self.now_on]
        if course.newest_missing:
            late = [one for one in came if add_working_days(one.month.asked_on, 5, "DE-HH") < self.now_on]
            came.remove(late[-1])
        self._send_in(number, course, came)

    def _send_in(self, number: int, course: Course, came: list[Owed]) -> None:
        mandate, _owner = found(number)
        former = [one for one in came if one.manager.id != mandate.manager_id]
        present = [one for one in came if one.manager.id == mandate.manager_id]
        split = 3 if course.replaced else 0  # the first three are those of the manager who left
        for several, texts in ((former, course.reports[:split]), (present, course.reports[split:])):
            for place, one in enumerate(several):
                self._keep(number, one, *texts[min(place, len(texts) - 1)])

    def _keep(self, number: int, owed: Owed, tasks: str, obstacles: str) -> None:
        day = next_working_day(owed.month.asked_on + timedelta(days=self.chance.randint(0, 3)), "DE-HH")
        if day >= self.now_on:
            return
        at = self.move(day, self.chance.randint(9, 18), 25)
        with unit_of_work():
            mandate, _owner = found(number)
            report = report_queries.report_of(number, owed.manager.id, owed.month.first_on)
            assert isinstance(report, ManagerReport)
            written = report_actions.Written(self._days(mandate, owed), tasks, obstacles or None)
            report_actions.send_in(report, written, at=at, today=day)

    def _days(self, mandate: Mandate, owed: Owed) -> Decimal:
        """Return the days worked: the working days of the month's part in the rhythm that was agreed, in halves."""
        spell = next(one for one in mandate.spells if one.manager_id == owed.manager.id)
        day, count = max(owed.month.first_on, spell.starts_on), 0
        while day <= owed.month.last_on:
            count += is_working_day(day, mandate.region)
            day += ONE_DAY
        return Decimal(round(2 * count * (mandate.days_per_week or LONGEST_WEEK) / LONGEST_WEEK)) / 2

    # Status checks

    def check(self, number: int, key: str) -> None:
        """Answer the checks whose day has passed."""
        wanted = sa.select(StatusCheck.id).where(
            StatusCheck.mandate_id == number, StatusCheck.done_on.is_(None), StatusCheck.due_on <= self.now_on - CHECKED_BEFORE
        )
        for check_id in db.session.scalars(wanted.order_by(StatusCheck.due_on, StatusCheck.id)).all():
            mandate, _owner = found(number)
            due_on = db.session.get_one(StatusCheck, check_id).due_on
            day = min(next_working_day(due_on + timedelta(days=2), mandate.region), self.now_on)
            at = self.move(day, 17)
            with unit_of_work():
                mandate, owner = found(number)
                check = db.session.get_one(StatusCheck, check_id)
                given, note = checks.answers(key, check.regime, is_first=check.occasion in NEW)
                status_actions.answer(check, mandate, given, note=note, actor=owner, at=at, today=day)
