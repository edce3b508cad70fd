"""What the demo firm's mandates have beside their talks: goals, milestones, handbooks, views of the goals, gates."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from app.core.dates import next_working_day
from app.db import db, unit_of_work
from app.mandates import evaluation_actions, gate_actions, gate_queries, gate_rules, handbook_actions, plan_actions, plan_queries
from app.mandates.handbook_actions import Acceptance
from app.mandates.handbook_rules import Seen
from app.mandates.models import Mandate
from app.mandates.rules import Stage
from app.users.models import User

Move = Callable[..., datetime]
WRITTEN_AFTER, ACCEPTED_AFTER = 12, 24  # days after the start
MILESTONES = {
    "de": (
        ("Bestandsaufnahme abgeschlossen", "Gespräche, Zahlen der letzten zwölf Monate", "Interim Manager"),
        ("Maßnahmenplan abgestimmt", "Arbeitstreffen mit den Bereichen", "Interim Manager"),
        ("Erste Maßnahmen wirken", "Zwei Tage je Woche vor Ort in jeder Schicht", "Bereichsleitung"),
        ("Steuerung im Tagesgeschäft", "Kennzahlen je Schicht, Runde um acht Uhr", "Bereichsleitung"),
        ("Halbzeit: Ziele geprüft", "Gemeinsame Sitzung", "Auftraggeber"),
        ("Verantwortung liegt im Team", "Vertretungsplan, Schulungen", "Teamleitung"),
        ("Nachfolge eingearbeitet", "Vier Wochen Doppelbesetzung", "Auftraggeber"),
    ),
    "nl": (
        ("Situatie in kaart gebracht", "Gesprekken, cijfers van twaalf maanden", "Interim-manager"),
        ("Plan van aanpak afgestemd", "Werksessies met de afdelingen", "Interim-manager"),
        ("Eerste maatregelen werken", "Twee dagen per week op de werkvloer", "Afdelingshoofd"),
        ("Halverwege: doelen getoetst", "Gezamenlijke bijeenkomst", "Opdrachtgever"),
        ("Verantwoordelijkheid ligt bij het team", "Vervangingsplan, training", "Teamleider"),
        ("Opvolger ingewerkt", "Vier weken samen", "Opdrachtgever"),
    ),
    "en": (
        ("Analysis complete", "Talks, figures of twelve months", "Interim manager"),
        ("Action plan agreed", "Workshops with the departments", "Interim manager"),
        ("First measures work", "Two days a week with each shift", "Head of department"),
        ("Half time: goals checked", "Joint session", "Client"),
        ("The team carries it", "Deputies named, training", "Team lead"),
        ("Successor trained", "Four weeks side by side", "Client"),
    ),
}
MOVED = {
    "de": ("Lieferant kommt drei Wochen später", "Meilenstein verschoben, sonst wie vereinbart"),
    "nl": ("De leverancier komt drie weken later", "Mijlpaal verschoven, verder zoals afgesproken"),
    "en": ("The supplier comes three weeks later", "One milestone moved, the rest as agreed"),
}


class Stages:
    """Leads one mandate through its stages, as far as the present allows."""

    def __init__(self, chance: random.Random, now_on: date, move: Move) -> None:
        self.chance, self.now_on, self.move = chance, now_on, move

    def _mandate(self, number: int) -> tuple[Mandate, User]:
        mandate = db.session.get_one(Mandate, number)
        return mandate, db.session.get_one(User, mandate.owner_id)

    def agree(self, number: int) -> None:
        """Write the plan and present it; the client accepts it after some three weeks."""
        mandate, _owner = self._mandate(number)
        assert mandate.starts_on is not None
        written_on = mandate.starts_on + timedelta(days=WRITTEN_AFTER)
        if written_on >= self.now_on:
            return
        at = self.move(written_on, 16)
        with unit_of_work():
            mandate, owner = self._mandate(number)
            self._write(mandate, owner, at)
            handbook_actions.present(mandate, None, actor=owner, at=at, today=written_on)
        self._accept(number, written_on + timedelta(days=ACCEPTED_AFTER - WRITTEN_AFTER), "meeting")

    def _write(self, mandate: Mandate, owner: User, at: datetime) -> None:
        assert mandate.starts_on is not None and mandate.ends_on is not None
        for goal in (part.strip().rstrip(".") for part in (mandate.goal or "").split(", ")):
            plan_actions.add_goal(mandate, goal[:1].upper() + goal[1:], None, at=at)
        steps, days = MILESTONES[self._language(mandate)], (mandate.ends_on - mandate.starts_on).days
        for place, (title, means, answers) in enumerate(steps):
            due_on = mandate.starts_on + timedelta(days=14 + (days - 28) * place // (len(steps) - 1))
            step = plan_actions.Step(title, means, answers, next_working_day(due_on, mandate.region))
            plan_actions.add_milestone(mandate, step, actor=owner, at=at)
        plan_actions.propose_moments(mandate, at=at)

    def _accept(self, number: int, day: date, how: str) -> None:
        if day >= self.now_on:
            return
        at = self.move(day, 11)
        with unit_of_work():
            mandate, owner = self._mandate(number)
            version = next(one for one in plan_queries.versions_of(number) if plan_queries.is_open(one))
            assert mandate.contact is not None
            given = Acceptance(mandate.contact.name, day, how)
            handbook_actions.accept(mandate, version, given, actor=owner, at=at, today=day)

    def go_along(self, number: int) -> None:
        """Reach the milestones whose day has come; in a mandate that is on its way for long, one was moved and agreed anew."""
        mandate, _owner = self._mandate(number)
        if mandate.stage < Stage.EXECUTION:
            return
        for step in list(plan_queries.milestones_of(number)):
            reached_on = step.due_on + timedelta(days=self.chance.choice((-3, 0, 0, 1)))
            if reached_on < self.now_on - timedelta(days=2):
                self._write_step(number, step.id, max(reached_on, step.due_on - timedelta(days=3)), state="reached")
        ahead = [step for step in plan_queries.milestones_of(number) if step.state == "planned"]
        assert mandate.starts_on is not None
        moved_on = mandate.starts_on + timedelta(days=70)
        if len(ahead) > 1 and moved_on < self.now_on - timedelta(days=15):
            self._write_step(number, ahead[0].id, moved_on, later=21)
            at = self.move(moved_on, 15)
            with unit_of_work():
                mandate, owner = self._mandate(number)
                handbook_actions.present(mandate, MOVED[self._language(mandate)][1], actor=owner, at=at, today=moved_on)
            self._accept(number, moved_on + timedelta(days=6), "mail")

    def _write_step(self, number: int, step_id: int, day: date, later: int = 0, state: str = "planned") -> None:
        at = self.move(day, 14)
        with unit_of_work():
            mandate, owner = self._mandate(number)
            step = next(one for one in plan_queries.milestones_of(number) if one.id == step_id)
            reason = MOVED[self._language(mandate)][0] if later else None
            new = plan_actions.Step(
                step.title, step.means, step.owner, step.due_on + timedelta(days=later), state, day if state == "reached" else None, reason
            )  # fmt: skip
            plan_actions.change_milestone(mandate, step, new, actor=owner, at=at, today=day, seen=Seen.ACCEPTED)

    def finish(self, number: int, lead: User) -> None:
        """In the last weeks go on to the last stage; after the end the three views are there, one of them far off."""
        mandate, _owner = self._mandate(number)
        if mandate.stage != Stage.EXECUTION or mandate.ends_on is None:
            return
        begun_on = min(mandate.ends_on - timedelta(days=30), self.now_on - timedelta(days=1))
        if begun_on < mandate.ends_on - timedelta(days=56) or self.now_on < mandate.ends_on - timedelta(days=30):
            return
        at = self.move(begun_on, 10)
        with unit_of_work():
            mandate, owner = self._mandate(number)
            lacking = gate_rules.missing(mandate.stage, gate_queries.facts_of(mandate, begun_on))
            if lacking:
                return
            gate_actions.go_on(mandate, actor=owner, at=at, today=begun_on)
        for side, by in (("client", mandate.contact), ("manager", mandate.manager), ("provider", lead)):
            self._judge(number, side, by)

    def _judge(self, number: int, side: str, by: Any) -> None:
        mandate, _owner = self._mandate(number)
        assert mandate.ends_on is not None
        day = min(mandate.ends_on - timedelta(days=5), self.now_on - timedelta(days=1))
        at = self.move(day, 13)
        with unit_of_work():
            mandate, owner = self._mandate(number)
            shares = {
                goal.id: evaluation_actions.Given({"client": 85, "manager": 90, "provider": 80}[side] - (place == 1) * (30 if side == "client" else 10))
                for place, goal in enumerate(gate_queries.goals_of(number))
            }  # fmt: skip
            evaluation_actions.keep_views(mandate, side, shares, given_by=by.name, actor=owner, at=at, today=day)

    @staticmethod
    def _language(mandate: Mandate) -> str:
        return mandate.contact.language if mandate.contact is not None else "de"
