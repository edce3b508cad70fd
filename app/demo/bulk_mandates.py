"""What many mandates have beside their talks: goals, plan, handbook, gates, short list, reports, checks, handover, views.

Everything follows from the mandate's row and one random source. What the plan says now is what the client accepted last, but
for a few where a change waits; past months are reported, so that nobody is written to on the day of the load.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from app.core.dates import add_months
from app.demo.words import COURSE, MILESTONES, MOVED
from app.mandates import rules
from app.mandates.candidate_models import Candidate, ManagerSpell
from app.mandates.course_models import GoalView, HandoverItem, ManagerReport, PhasingMonth, StatusCheck
from app.mandates.gate_rules import SIDES
from app.mandates.handbook_rules import proposed_moments
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, MandateGoal, Milestone, StageChange
from app.mandates.status_rules import QUESTIONS, Occasion, due_dates, regime_of
from app.timeline.models import Event, EventSubject

MODELS = (
    ManagerSpell, Candidate, MandateGoal, Milestone, EvaluationMoment, HandbookVersion, GoalView, StageChange, ManagerReport,
    HandoverItem, PhasingMonth, StatusCheck, Event, EventSubject,
)  # fmt: skip  # in the order in which they are inserted
NUMBERED = (MandateGoal, Milestone, EvaluationMoment, Event)  # others refer to these by number
WRITTEN_AFTER, ACCEPTED_AFTER = 12, 24  # days after the start
HANDOVER_DAYS, CLOSED_AFTER, COUNTDOWN_DAYS = 28, 10, 56
SCOPED_OF, LOST_OF = 33, 97  # one of so many is in scoping, or lost
REPORTED_DAYS = 365  # back; older ones lie in folders
TALKS_OF_PLAN = 3  # of the talks of a mandate the first one is the closing talk, then evaluation talks of the first moments
GAP_GOAL = 1  # of the goals, by place: where the client sees less
_WEEKEND = (0, 0, 0, 0, 0, 2, 1)
_TOLD = (
    "mandates.stage_left",
    "mandates.analysis_left",
    "mandates.execution_left",
    "mandates.closed",
)  # by the stage that is left

Rows = dict[Any, list[dict[str, Any]]]


@dataclass(frozen=True)
class People:
    """Who stands on a mandate, by name, the client's region, and the number of another manager."""

    client: str
    contact: str
    manager: str
    region: str
    other_id: int


def stage_on(starts_on: date, ends_on: date, today: date) -> int:
    """Return the stage that fits a term: analysis in its first weeks, handover in its last."""
    if ends_on <= today + timedelta(days=HANDOVER_DAYS):
        return rules.Stage.HANDOVER
    return rules.Stage.ANALYSIS if starts_on + timedelta(days=ACCEPTED_AFTER) >= today else rules.Stage.EXECUTION


def scope(place: int, language: str, ends_on: date, today: date) -> dict[str, Any]:
    """Return goal and exit plan; of a few, in scoping or lost, that there is no term."""
    words, is_lost = COURSE[language], place % LOST_OF == LOST_OF - 1
    texts = {name: words[name] for name in ("goal", "reports_to", "exit_plan", "handed_over")}
    successor = words["successor"] if ends_on < today + timedelta(days=35) else None
    row = {**texts, "exit_on": ends_on - timedelta(days=14), "successor": successor, "lost_on": None, "lost_reason": None}
    if not is_lost and place % SCOPED_OF != SCOPED_OF - 1:
        return row
    gone = ("signed_on", "starts_on", "first_end_on", "ends_on", "closed_on", "exit_on", "manager_id", "successor")
    row |= {**dict.fromkeys(gone), "stage": rules.Stage.SCOPING}
    if is_lost:
        row |= {"lost_on": today - timedelta(days=place % 200 + 1), "lost_reason": "Intern besetzt"}
        row |= {"next_step": None, "next_step_on": None}
    return row


def talk_of(mandate: dict[str, Any], round_: int) -> tuple[str, str, date] | None:
    """Return kind, side and day of the talk of this round (from 0) that the plan asks for; None for quality talks."""
    if round_ == 0:
        return "closing", "client", _working(mandate["ends_on"] - timedelta(days=14))
    if round_ < TALKS_OF_PLAN:
        moments = proposed_moments(mandate["starts_on"], mandate["ends_on"])
        if len(moments) >= round_:
            return "evaluation", "both", moments[round_ - 1]
    return None


def _working(day: date) -> date:
    return day + timedelta(days=_WEEKEND[day.weekday()])


class Courses:
    """Makes the rows of one mandate after the other."""

    def __init__(self, chance: random.Random, at: datetime, first: dict[Any, int]) -> None:
        self.chance, self.at, self.today = chance, at, at.date()
        self.next_of: dict[Any, Callable[[], int]] = {model: count(first[model]).__next__ for model in NUMBERED}
        self.answers = {regime: [self._answers(regime) for _number in range(8)] for regime in QUESTIONS}

    def _answers(self, regime: Any) -> dict[str, Any]:
        answers = ("yes", "partly", "no", "no", "unknown")
        return {one.key: {"answer": self.chance.choice(answers), "evidence": ""} for one in QUESTIONS[regime]}

    def of(self, mandate: dict[str, Any], people: People, talk_ids: list[int]) -> Rows:
        """Return the rows of one mandate by model; `talk_ids` are those of its first talks, in the order of their rounds."""
        rows: Rows = defaultdict(list)
        if mandate["signed_on"] is None:
            self._short_list(rows, mandate, people)
            return rows
        self._spells(rows, mandate, people)
        goals, steps, moments = self._plan(rows, mandate, talk_ids)
        accepted_on = self._handbooks(rows, mandate, people, goals, steps, moments)
        self._gates(rows, mandate, accepted_on)
        self._views(rows, mandate, people, goals)
        self._reports(rows, mandate)
        self._checks(rows, mandate, people.region)
        self._end(rows, mandate, people)
        return rows

    def _instant(self, day: date, hour: int = 10) -> datetime:
        return min(datetime.combine(day, time(hour), UTC), self.at)

    def _short_list(self, rows: Rows, mandate: dict[str, Any], people: People) -> None:
        for place, state in enumerate(("presented", "proposed", "declined")):
            reason = "Branche fehlt" if state == "declined" else None
            rows[Candidate].append(self._candidate(mandate, people.other_id + place, state) | {"reason": reason})

    def _candidate(self, mandate: dict[str, Any], manager_id: int, state: str) -> dict[str, Any]:
        return {
            "mandate_id": mandate["id"], "manager_id": manager_id, "state": state, "reason": None,
            "presented_on": None if state == "proposed" else mandate["created_at"].date(), "added_at": mandate["created_at"],
            "added_by_id": mandate["owner_id"], "version": 1,
        }  # fmt: skip

    def _spells(self, rows: Rows, mandate: dict[str, Any], people: People) -> None:
        rows[Candidate].append(self._candidate(mandate, mandate["manager_id"], "chosen"))
        last_on = mandate["ends_on"] if mandate["closed_on"] else None
        spell = {"mandate_id": mandate["id"], "reason": None}
        since = mandate["starts_on"]
        if self.chance.random() < 0.03 and since + timedelta(days=40) < min(self.today, mandate["ends_on"]):
            since += timedelta(days=30)
            rows[ManagerSpell].append(
                spell | {"manager_id": people.other_id, "starts_on": mandate["starts_on"], "ends_on": since - timedelta(days=1), "reason": "Krank"}
            )  # fmt: skip
        rows[ManagerSpell].append(spell | {"manager_id": mandate["manager_id"], "starts_on": since, "ends_on": last_on})

    def _plan(self, rows: Rows, mandate: dict[str, Any], talk_ids: list[int]) -> tuple[Any, Any, Any]:
        """Goals, milestones and evaluation moments as they stand now; nothing in the first days."""
        if mandate["starts_on"] + timedelta(days=WRITTEN_AFTER) > self.today:
            return (), (), ()
        number, words = mandate["id"], COURSE[mandate["language"]]
        goals = [
            {"id": self.next_of[MandateGoal](), "mandate_id": number, "position": place, "title": title, "measure": measure}
            for place, (title, measure) in enumerate(words["goals"], start=1)
        ]
        steps = [self._step(mandate, *one) for one in self._days_of_steps(mandate)]
        moments = [
            {"id": self.next_of[EvaluationMoment](), "mandate_id": number, "planned_on": day,
             "talk_id": talk_ids[place + 1] if place + 1 < len(talk_ids) else None}
            for place, day in enumerate(proposed_moments(mandate["starts_on"], mandate["ends_on"]))
        ]  # fmt: skip
        rows[MandateGoal], rows[Milestone], rows[EvaluationMoment] = goals, steps, moments
        return goals, steps, moments

    def _days_of_steps(self, mandate: dict[str, Any]) -> Iterator[tuple[date, str, str, str]]:
        steps = MILESTONES[mandate["language"]]
        days = (mandate["ends_on"] - mandate["starts_on"]).days
        for place, step in enumerate(steps):
            yield (_working(mandate["starts_on"] + timedelta(days=14 + (days - 28) * place // (len(steps) - 1))), *step)

    def _step(self, mandate: dict[str, Any], due_on: date, title: str, means: str, owner: str) -> dict[str, Any]:
        is_reached = due_on < self.today and (mandate["closed_on"] is not None or self.chance.random() < 0.97)
        return {
            "id": self.next_of[Milestone](), "mandate_id": mandate["id"], "title": title, "means": means, "owner": owner,
            "due_on": due_on, "state": "reached" if is_reached else "planned", "reached_on": due_on if is_reached else None,
            "version": 1,
        }  # fmt: skip

    def _handbooks(
        self, rows: Rows, mandate: dict[str, Any], people: People, goals: Any, steps: Any, moments: Any
    ) -> date | None:
        """Return the day of the first acceptance; a sixth have a second version, and of some it waits for the client."""
        if not steps:
            return None
        content = _content(mandate, people, goals, steps, moments)
        first_on = mandate["starts_on"] + timedelta(days=WRITTEN_AFTER)
        accepted_on = mandate["starts_on"] + timedelta(days=ACCEPTED_AFTER)
        if mandate["stage"] == rules.Stage.ANALYSIS or accepted_on > self.today:
            rows[HandbookVersion].append(self._version(mandate, people, 1, content, first_on, None, None))
            return None
        has_second = self.chance.random() < 0.17 and first_on + timedelta(days=66) < min(self.today, mandate["ends_on"])
        before = content
        if has_second:
            moved = content["milestones"][-1]
            before = content | {"milestones": [*content["milestones"][:-1], moved | {"due_on": mandate["starts_on"].isoformat()}]}
        rows[HandbookVersion].append(self._version(mandate, people, 1, before, first_on, accepted_on, None))
        if has_second:
            waits = mandate["stage"] == rules.Stage.EXECUTION and self.chance.random() < 0.2
            given_on = (self.today if waits else accepted_on) + timedelta(days=-3 if waits else 42)
            told = MOVED[mandate["language"]][1]
            rows[HandbookVersion].append(
                self._version(mandate, people, 2, content, given_on, None if waits else given_on + timedelta(days=6), told)
            )
        return accepted_on

    def _version(
        self, mandate: dict[str, Any], people: People, number: int, content: Any, on: date, accepted_on: date | None, told: Any
    ) -> dict[str, Any]:
        is_accepted = accepted_on is not None and accepted_on <= self.today
        return {
            "mandate_id": mandate["id"], "number": number, "content": content, "summary": told, "made_at": self._instant(on),
            "made_by_id": mandate["owner_id"], "presented_on": on, "accepted_on": accepted_on if is_accepted else None,
            "accepted_at": self._instant(accepted_on) if accepted_on is not None and is_accepted else None,
            "accepted_by": people.contact if is_accepted else None, "accepted_how": "meeting" if is_accepted else None,
            "version": 1,
        }  # fmt: skip

    def _gates(self, rows: Rows, mandate: dict[str, Any], accepted_on: date | None) -> None:
        handover_on = mandate["ends_on"] - timedelta(days=HANDOVER_DAYS)
        days = (mandate["signed_on"], accepted_on or mandate["starts_on"], handover_on, mandate["closed_on"])
        passed = 4 if mandate["closed_on"] else mandate["stage"] - 1
        for stage, day in list(zip(rules.Stage, days, strict=True))[:passed]:
            is_override = stage is rules.Stage.EXECUTION and self.chance.random() < 0.03
            at, number = self._instant(min(day, self.today)), self.next_of[Event]()
            rows[StageChange].append({
                "mandate_id": mandate["id"], "from_stage": stage, "changed_on": min(day, self.today), "changed_at": at,
                "changed_by_id": mandate["owner_id"], "missing": ["late_milestones"] if is_override else [],
                "override_reason": "Mit der Geschäftsführung abgestimmt" if is_override else None,
            })  # fmt: skip
            rows[Event].append(
                {
                    "id": number,
                    "kind": _TOLD[stage - 1],
                    "at": at,
                    "actor_kind": "user",
                    "actor_id": mandate["owner_id"],
                    "facts": {},
                }
            )
            rows[EventSubject].append({"about_type": "mandate", "about_id": mandate["id"], "at": at, "event_id": number})

    def _views(self, rows: Rows, mandate: dict[str, Any], people: People, goals: Any) -> None:
        """After the end all three have judged, where it is closed; before the close one may still be missing."""
        if mandate["ends_on"] >= self.today:
            return
        by = {"client": people.contact, "manager": people.manager, "provider": "Unser Büro"}
        sides = SIDES if mandate["closed_on"] or self.chance.random() < 0.5 else SIDES[:2]
        for place, goal in enumerate(goals):
            for side in sides:
                percent = self.chance.randrange(60, 100, 5) - (25 if place == GAP_GOAL and side == "client" else 0)
                rows[GoalView].append({
                    "mandate_id": mandate["id"], "goal_id": goal["id"], "side": side, "percent": percent,
                    "given_on": mandate["ends_on"] - timedelta(days=5), "given_by": by[side],
                })  # fmt: skip

    def _reports(self, rows: Rows, mandate: dict[str, Any]) -> None:
        first_on = max(mandate["starts_on"], self.today - timedelta(days=REPORTED_DAYS)).replace(day=1)
        while first_on <= mandate["ends_on"]:
            last_on = min(add_months(first_on, 1) - timedelta(days=1), mandate["ends_on"])
            if last_on >= self.today:
                return
            is_last = last_on + timedelta(days=31) >= self.today
            has_come = not is_last or self.chance.random() < 0.9
            rows[ManagerReport].append({
                "mandate_id": mandate["id"], "manager_id": mandate["manager_id"], "month": first_on,
                "asked_at": self._instant(last_on + timedelta(days=1), 6),
                "days": Decimal(self.chance.randrange(8, 21)) if has_come else None,
                "tasks": COURSE[mandate["language"]]["report"] if has_come else None,
                "sent_in_at": self._instant(last_on + timedelta(days=3)) if has_come else None, "version": 1,
            })  # fmt: skip
            first_on = add_months(first_on, 1)

    def _checks(self, rows: Rows, mandate: dict[str, Any], region: str) -> None:
        regime = regime_of(region)
        if regime is None:
            return
        for due in due_dates(mandate["starts_on"], mandate["ends_on"]):
            is_done = due.on < self.today and (due.occasion == Occasion.START or self.chance.random() < 0.97)
            if not is_done and mandate["closed_on"]:
                continue
            rows[StatusCheck].append({
                "mandate_id": mandate["id"], "manager_id": mandate["manager_id"], "regime": regime, "occasion": due.occasion,
                "due_on": due.on, "answers": self.chance.choice(self.answers[regime]) if is_done else {},
                "done_on": due.on if is_done else None, "done_by_id": mandate["owner_id"] if is_done else None, "version": 1,
            })  # fmt: skip

    def _end(self, rows: Rows, mandate: dict[str, Any], people: People) -> None:
        """What is handed over in the last weeks, and for a tenth the months in which the manager phases out."""
        ends_on = mandate["ends_on"]
        if ends_on - timedelta(days=COUNTDOWN_DAYS) > self.today:
            return
        for place, (kind, text) in enumerate(COURSE[mandate["language"]]["items"]):
            due_on = ends_on - timedelta(days=21 - 7 * place)
            is_done = due_on < self.today and (mandate["closed_on"] is not None or self.chance.random() < 0.9)
            rows[HandoverItem].append({
                "mandate_id": mandate["id"], "kind": kind, "text": text, "receiver": people.contact, "due_on": due_on,
                "done_on": due_on if is_done else None, "version": 1,
            })  # fmt: skip
        if self.chance.random() < 0.1:
            month = ends_on.replace(day=1)
            rows[PhasingMonth].append({"mandate_id": mandate["id"], "month": month, "days_per_week": Decimal(2)})


def _content(mandate: dict[str, Any], people: People, goals: Any, steps: Any, moments: Any) -> dict[str, Any]:
    """Return the handbook as `plan_queries.content_now` would for these rows."""

    def iso(day: date | None) -> str:
        return day.isoformat() if day is not None else ""

    return {
        "number": rules.number(mandate["year"], mandate["running"]), "title": mandate["title"], "client": people.client,
        "contact": people.contact, "manager": people.manager, "starts_on": iso(mandate["starts_on"]),
        "ends_on": iso(mandate["ends_on"]), "reports_to": mandate["reports_to"], "place": "", "means": "",
        "goal": mandate["goal"], "goals": [{"key": one["id"], "title": one["title"], "measure": one["measure"]} for one in goals],
        "exit_plan": mandate["exit_plan"], "handed_over": mandate["handed_over"], "exit_on": iso(mandate["exit_on"]),
        "milestones": [
            {"key": one["id"], "title": one["title"], "means": one["means"], "owner": one["owner"], "due_on": iso(one["due_on"]),
             "reached_on": iso(one["reached_on"])}
            for one in steps
        ],
        "moments": [{"key": one["id"], "on": iso(one["planned_on"])} for one in moments],
    }  # fmt: skip
