"""The last weeks of the demo firm's mandates: successor, handover, phasing out, the views of the goals, the close."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.core.dates import last_working_day_on_or_before, next_working_day
from app.db import db, unit_of_work
from app.demo.courses import Course
from app.demo.stages import Move, found
from app.demo.talking import Talking
from app.mandates import evaluation_actions, exit_actions, exit_rules, gate_actions, gate_queries, gate_rules, handover_actions
from app.mandates.handover_rules import Kind, State
from app.mandates.models import Mandate
from app.mandates.rules import Stage
from app.users.models import User

NAMED_AFTER = 50  # days after the start
LISTED_BEFORE, BEGUN_BEFORE, CLOSED_AFTER = 50, 30, 8  # days before and after the end
JUDGED = {"manager": 11, "client": 8, "provider": 6}  # days before the end


class Endings:
    """Hands one mandate over and closes it, as far as the present allows."""

    def __init__(self, now_on: date, move: Move, lead_id: int, talking: Talking) -> None:
        self.now_on, self.move, self.lead_id, self.talking = now_on, move, lead_id, talking

    def _before(self, mandate: Mandate, days: int) -> date:
        """Return a working day so many days before the end, yesterday at the latest."""
        assert mandate.ends_on is not None
        day = min(mandate.ends_on - timedelta(days=days), self.now_on - timedelta(days=1))
        return last_working_day_on_or_before(day, mandate.region)

    def name_successor(self, number: int, course: Course) -> None:
        mandate, _owner = found(number)
        assert mandate.starts_on is not None
        day = next_working_day(mandate.starts_on + timedelta(days=NAMED_AFTER), mandate.region)
        if course.successor and day < self.now_on:
            at = self.move(day, 10)
            with unit_of_work():
                mandate, owner = found(number)
                exit_actions.name_successor(mandate, course.successor, actor=owner, at=at)

    def finish(self, number: int, course: Course) -> None:
        """Hand over, go on to the last stage, ask for the views; close where the course says so."""
        mandate, _owner = found(number)
        if mandate.stage != Stage.EXECUTION or not course.items:
            return
        begun_on = self._before(mandate, BEGUN_BEFORE)
        listed_on = self._before(mandate, LISTED_BEFORE)
        self._plan_exit(number, course, listed_on)
        self._hand_over(number, course, listed_on)
        at = self.move(begun_on, 12)
        with unit_of_work():
            mandate, owner = found(number)
            gate_actions.go_on(mandate, actor=owner, at=at, today=begun_on)
        for side in (side for side in JUDGED if side in course.views):
            self._judge(number, course, side)
        if course.joint_talk:
            self._ask_for_talk(number)
        if course.closes or course.closed_because:
            self._close(number, course.closed_because)

    def _plan_exit(self, number: int, course: Course, day: date) -> None:
        if not course.phasing:
            return
        at = self.move(day, 10)
        with unit_of_work():
            mandate, owner = found(number)
            assert mandate.starts_on is not None and mandate.ends_on is not None
            most = mandate.days_per_week or Decimal(4)
            months = exit_rules.phasing_months(mandate.starts_on, mandate.ends_on)
            days: dict[date, Decimal | None] = {month: max(most - place, Decimal(1)) for place, month in enumerate(months)}
            exit_actions.plan_phasing(mandate, days, actor=owner, at=at)

    def _hand_over(self, number: int, course: Course, listed_on: date) -> None:
        at = self.move(listed_on, 10, 30)
        with unit_of_work():
            mandate, owner = found(number)
            for kind, text, receiver, days, *_state in course.items:
                assert mandate.ends_on is not None
                due_on = last_working_day_on_or_before(mandate.ends_on - timedelta(days=days), mandate.region)
                handover_actions.add(mandate, handover_actions.Item(Kind(kind), text, receiver, due_on), actor=owner, at=at)
        for _kind, text, _receiver, days, state, *reason in course.items:
            if state != State.OPEN:
                self._settle(number, text, State(state), self._before(mandate, days), reason)

    def _settle(self, number: int, text: str, state: State, day: date, reason: list[str]) -> None:
        at = self.move(day, 11)
        with unit_of_work():
            mandate, owner = found(number)
            item = next(one for one in handover_actions.items_of(number) if one.text == text)
            done_on = day if state is State.DONE else None
            told: dict[str, Any] = {"done_on": done_on, "reason": reason[0] if reason else None}
            handover_actions.settle(mandate, item, state, **told, actor=owner, at=at, today=day)

    def _judge(self, number: int, course: Course, side: str) -> None:
        mandate, owner = found(number)
        day = self._before(mandate, JUDGED[side])
        at = self.move(day, 13)
        with unit_of_work():
            mandate, owner = found(number)
            by = {"client": mandate.contact, "manager": mandate.manager, "provider": owner}[side]
            notes = course.view_notes.get(side, [])
            answers = {
                goal.id: evaluation_actions.Given(percent, (notes[place] or None) if notes else None)
                for place, (goal, percent) in enumerate(zip(gate_queries.goals_of(number), course.views[side], strict=True))
            }
            assert by is not None
            evaluation_actions.keep_views(mandate, side, answers, given_by=by.name, actor=owner, at=at, today=day)

    def _ask_for_talk(self, number: int) -> None:
        mandate, _owner = found(number)
        day = self._before(mandate, JUDGED["provider"] - 2)
        at = self.move(day, 15)
        with unit_of_work():
            mandate, owner = found(number)
            talk_id = evaluation_actions.propose_talk(mandate, owner, actor=owner, at=at, today=day).id
        self.talking.arrange(talk_id, next_working_day(self.now_on + timedelta(days=3), mandate.region), 14, days_before=5)

    def _close(self, number: int, because: str | None) -> None:
        mandate, _owner = found(number)
        assert mandate.ends_on is not None
        day = next_working_day(mandate.ends_on + timedelta(days=CLOSED_AFTER), mandate.region)
        at = self.move(day, 16)
        with unit_of_work():
            mandate, owner = found(number)
            lacking = gate_rules.missing(mandate.stage, gate_queries.facts_of(mandate, day))
            actor = db.session.get_one(User, self.lead_id) if because else owner
            told: dict[str, Any] = {"override_reason": because, "talks_reason": because or ""}
            gate_actions.go_on(mandate, seen=lacking, **told, actor=actor, at=at, today=day)
