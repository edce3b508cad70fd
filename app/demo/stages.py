"""What the demo firm's mandates have beside their talks: milestones, handbooks, handover, views of the goals, gates."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.core.dates import last_working_day_on_or_before, next_working_day
from app.db import db, unit_of_work
from app.demo.courses import Course
from app.mail.ticks import send_due
from app.mandates import handbook_actions, handbook_letters, handbook_rules, plan_actions, plan_queries
from app.mandates.handbook_actions import Acceptance
from app.mandates.handbook_rules import Seen
from app.mandates.models import Mandate
from app.mandates.rules import Stage
from app.users.models import User

Move = Callable[..., datetime]
ACCEPTED_AFTER, ADJUSTED_AFTER = 12, 70  # days after the plan was written; after the start
ADJUSTED_BY = timedelta(days=21)


def found(number: int) -> tuple[Mandate, User]:
    """Return the mandate and who looks after it."""
    mandate = db.session.get_one(Mandate, number)
    return mandate, db.session.get_one(User, mandate.owner_id)


class Stages:
    """Leads one mandate from its plan to the last weeks, as far as the present allows."""

    def __init__(self, chance: random.Random, now_on: date, move: Move) -> None:
        self.chance, self.now_on, self.move = chance, now_on, move

    def agree(self, number: int, course: Course, written_after: int) -> None:
        """Write the plan and present it; the client accepts it after some two weeks, unless the course says otherwise."""
        mandate, _owner = found(number)
        assert mandate.starts_on is not None
        written_on = next_working_day(mandate.starts_on + timedelta(days=written_after), mandate.region)
        if written_on >= self.now_on:
            return
        at = self.move(written_on, 15)
        with unit_of_work():
            mandate, owner = found(number)
            self._write(mandate, course, owner, at)
        if course.accepted == "unseen":
            return
        self._present(number, None, written_on, by_link=course.accepted in ("open", "link"))
        if course.accepted != "open":
            self._accept(number, written_on + timedelta(days=ACCEPTED_AFTER), course.accepted)

    def _write(self, mandate: Mandate, course: Course, owner: User, at: datetime) -> None:
        assert mandate.starts_on is not None and mandate.ends_on is not None
        days, last = (mandate.ends_on - mandate.starts_on).days, max(len(course.steps) - 1, 1)
        for place, (title, means, answers) in enumerate(course.steps):
            due_on = mandate.starts_on + timedelta(days=14 + (days - 28) * place // last)
            step = plan_actions.Step(title, means, answers, next_working_day(due_on, mandate.region))
            plan_actions.add_milestone(mandate, step, actor=owner, at=at)
        plan_actions.propose_moments(mandate, at=at)

    def _present(self, number: int, summary: str | None, day: date, *, by_link: bool) -> None:
        at = self.move(day, 16)
        with unit_of_work():
            mandate, owner = found(number)
            version = handbook_actions.present(mandate, summary, actor=owner, at=at, today=day)
            if by_link:
                letter = handbook_letters.draft(mandate, version, owner)
                handbook_letters.send(mandate, version, letter, actor=owner, at=at)
        send_due("demo")

    def _accept(self, number: int, day: date, how: str) -> None:
        mandate, _owner = found(number)
        day = next_working_day(day, mandate.region)
        if day >= self.now_on:
            return
        at = self.move(day, 11)
        with unit_of_work():
            mandate, owner = found(number)
            version = next(one for one in plan_queries.versions_of(number) if plan_queries.is_open(one))
            assert mandate.contact is not None
            digest = handbook_rules.digest(version.content) if how == "link" else None
            given = Acceptance(mandate.contact.name, day, how, digest)
            handbook_actions.accept(mandate, version, given, actor=None if digest else owner, at=at, today=day)

    def go_along(self, number: int, course: Course) -> None:
        """Reach the milestones whose day has come; where the course says so, one was moved and the handbook agreed anew."""
        mandate, _owner = found(number)
        assert mandate.starts_on is not None
        if course.adjusted and mandate.stage >= Stage.EXECUTION:
            days_ago = course.adjusted.get("open_days_ago")
            adjusted_on = (
                self.now_on - timedelta(days=days_ago) if days_ago else mandate.starts_on + timedelta(days=ADJUSTED_AFTER)
            )
            adjusted_on = last_working_day_on_or_before(adjusted_on, mandate.region)
            self._reach(number, adjusted_on)
            self._adjust(number, course, adjusted_on, is_open=bool(days_ago))
        self._reach(number, self.now_on - timedelta(days=2))

    def _reach(self, number: int, until: date) -> None:
        mandate, _owner = found(number)
        assert mandate.ends_on is not None
        for step in [one for one in plan_queries.milestones_of(number) if one.state == "planned"]:
            day = min(step.due_on + timedelta(days=self.chance.choice((-3, 0, 0, 1))), mandate.ends_on - timedelta(days=2))
            day = last_working_day_on_or_before(day, mandate.region)
            if day < until:
                self._write_step(number, step.id, day, state="reached")

    def _adjust(self, number: int, course: Course, day: date, *, is_open: bool) -> None:
        adjusted = course.adjusted
        moved = list(plan_queries.milestones_of(number))[adjusted["step"]]
        self._write_step(number, moved.id, day, later=ADJUSTED_BY, reason=adjusted["reason"])
        if "added" in adjusted:
            title, means, answers = adjusted["added"]
            at = self.move(day, 14, 30)
            with unit_of_work():
                mandate, owner = found(number)
                step = plan_actions.Step(title, means, answers, next_working_day(day + ADJUSTED_BY, mandate.region))
                plan_actions.add_milestone(mandate, step, actor=owner, at=at)
        self._present(number, adjusted["summary"], day, by_link=is_open)
        if not is_open:
            self._accept(number, day + timedelta(days=6), "mail")

    def _write_step(
        self,
        number: int,
        step_id: int,
        day: date,
        *,
        later: timedelta | None = None,
        state: str = "planned",
        reason: str | None = None,
    ) -> None:
        at = self.move(day, 14)
        with unit_of_work():
            mandate, owner = found(number)
            step = next(one for one in plan_queries.milestones_of(number) if one.id == step_id)
            due_on = next_working_day(step.due_on + later, mandate.region) if later else step.due_on
            reached_on = day if state == "reached" else None
            new = plan_actions.Step(step.title, step.means, step.owner, due_on, state, reached_on, reason or step.reason)
            plan_actions.change_milestone(mandate, step, new, actor=owner, at=at, today=day, seen=Seen.ACCEPTED)
