"""Whole lives of a mandate in the database: what people and the clock do, at random, and what holds after each deed."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.mandates import actions, spell_actions
from app.mandates.end_actions import Proposal
from app.mandates.models import Mandate
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.plan_rules import plan
from app.talks.rules import DeclineReason, Kind, State
from app.talks.state_rules import Channel
from tests.factories import make_client, make_contact, make_manager, make_user

pytestmark = pytest.mark.sql

OPEN, SETTLED = ("due", "arranged"), ("held", "declined")
START, END = date(2026, 3, 2), date(2026, 9, 30)
DEEDS = 24


class Life:
    """One mandate, one colleague, a few managers; `day` only goes on."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.day = START
        self.user = make_user("lead")
        self.managers = [make_manager(last_name=name) for name in ("Aldenhoff", "Dollart", "Emden")]
        client = make_client(region="DE-BY")
        contact = make_contact(client)
        self.settled_end: date | None = None  # the closing talk was held or declined for this end
        with unit_of_work():
            mandate = actions.create(
                client, actions.Facts("CFO"), contact=contact, owner=self.user, actor=self.user, at=self.at, today=START
            )
            contract = actions.Contract(date(2026, 2, 20), START, END)
            actions.sign(
                mandate, contract, manager=self.managers[0], contact=contact, actor=self.user, at=self.at, today=self.day
            )
        self.id = mandate.id

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, time(9), UTC)

    @property
    def mandate(self) -> Mandate:
        return db.session.get_one(Mandate, self.id)

    def talks(self, *states: str) -> list[Talk]:
        found = sa.select(Talk).where(Talk.mandate_id == self.id, Talk.kind.in_(("quality", "closing")))
        return list(db.session.scalars((found.where(Talk.state.in_(states)) if states else found).order_by(Talk.id)))

    def goes_on(self) -> str:
        """Let days pass, the tick run, and one thing be done; return what, with "refused" where a rule said no."""
        self.day += timedelta(days=self.chance.randint(0, 12))
        known = len(self.talks())
        with unit_of_work():
            spell_actions.carry_out(self.mandate, at=self.at, today=self.day)
        assert len(self.talks()) == known  # they were planned with the change
        verb = self.chance.choice(
            ["end", "replace", "plan", "stay", "put_off", "arrange", "postpone", "hold", "decline", "cancel"]
        )
        try:
            with unit_of_work():
                getattr(self, f"_{verb}")()
        except RuleViolation:
            return f"{verb} refused"
        return verb

    def _end(self) -> None:
        new_end = self.day + timedelta(days=self.chance.randint(5, 300))
        signed_on = max(self.day, self.mandate.last_signed_on or self.day)
        proposal = Proposal(new_end, "Otherwise", signed_on=signed_on)
        actions.extend(self.mandate, proposal, actor=self.user, at=self.at, today=self.day)
        self.settled_end = None

    def _replace(self, days: int = 0) -> None:
        manager = self.chance.choice([one for one in self.managers if one.id != self.mandate.manager_id])
        first_on = self.day + timedelta(days=days)
        given = {"first_on": first_on, "reason": "Ill", "actor": self.user, "at": self.at, "today": self.day}
        actions.replace_manager(self.mandate, db.session.merge(manager), **given)

    def _plan(self) -> None:
        self._replace(self.chance.randint(1, 60))

    def _stay(self) -> None:
        spell_actions.call_off(self.mandate, "Not after all", actor=self.user, at=self.at)

    def _one(self, *states: str) -> Talk:
        found = self.talks(*states)
        if not found:
            raise RuleViolation("Nothing to do.")
        return self.chance.choice(found)

    def _put_off(self) -> None:
        day = self.day + timedelta(days=self.chance.randint(1, 40))
        talks.put_off(self._one(*OPEN), day, actor=self.user, at=self.at, today=self.day)

    def _terms(self) -> talks.Terms:
        starts_at = self.at + timedelta(days=self.chance.randint(1, 60))
        return talks.Terms(starts_at, "Europe/Berlin", 30, Channel.PHONE, "+49 89 1")

    def _arrange(self) -> None:
        talks.arrange(self._one("due"), self._terms(), actor=self.user, at=self.at, tell_outside=False)

    def _postpone(self) -> None:
        talks.postpone(self._one("arranged"), self._terms(), actor=self.user, at=self.at, tell_outside=False)

    def _hold(self) -> None:
        talk = self._one(*OPEN)
        talk.state, talk.held_at, talk.sort_on = State.HELD, self.at, self.day
        self._settle(talk)

    def _decline(self) -> None:
        talk = self._one(*OPEN)
        talks.decline(talk, DeclineReason.NO_TIME, None, actor=self.user, at=self.at)
        self._settle(talk)

    def _settle(self, talk: Talk) -> None:
        if talk.kind == Kind.CLOSING:
            self.settled_end = self.mandate.ends_on

    def _cancel(self) -> None:
        why = self.chance.choice([None, "The client was dissolved"])
        talks.cancel(self._one(*OPEN), "Not now", actor=self.user, at=self.at, no_closing_reason=why)


def check(life: Life, held: dict[int, tuple], told: list[str]) -> None:
    mandate = life.mandate
    now = {talk.id: (talk.state, talk.manager_id, talk.held_at, talk.due_on) for talk in life.talks(*SETTLED)}
    assert all(now.get(key) == talk for key, talk in held.items()), told
    _check_closing(life, mandate, told)
    assert mandate.ends_on == mandate.agreed_end_on
    spells = mandate.spells
    assert [one.ends_on is None for one in spells] == [False] * (len(spells) - 1) + [True], told
    assert all(one.ends_on + timedelta(days=1) == other.starts_on for one, other in pairwise(spells)), told
    on_it = [one.manager_id for one in spells if one.starts_on <= life.day and (one.ends_on is None or life.day <= one.ends_on)]
    assert on_it == [mandate.manager_id], told
    planned = mandate.takes_over
    for talk in life.talks(*OPEN):
        if talk.side == "manager":
            comes = planned is not None and talk.sort_on >= planned.starts_on
            is_moved = planned is not None and {"put_off", "arrange", "postpone"} & set(told)  # by a person, over the day
            assert talk.manager_id == (planned.manager_id if comes and planned else mandate.manager_id) or is_moved, told
    due = [(talk.side, talk.manager_id, talk.due_on) for talk in life.talks("due") if talk.kind == "quality"]
    # By a person; or by a signing, that makes all due on the day after it that were overdue.
    assert len(set(due)) == len(due) or {"put_off", "end"} & set(told), told


def _check_closing(life: Life, mandate: Mandate, told: list[str]) -> None:
    waiting = [talk for talk in life.talks(*OPEN) if talk.kind == "closing"]
    if len(waiting) == 1:
        return
    wanted = next(one.due_on for one in plan(mandate.starts_on, mandate.ends_on, "DE-BY") if one.kind is Kind.CLOSING)
    near = [
        talk for talk in life.talks(*SETTLED) if talk.kind == "closing" and talk.due_on and abs((talk.due_on - wanted).days) <= 10
    ]
    is_settled = bool(near) or life.settled_end == mandate.ends_on or bool(mandate.no_closing_reason)
    assert waiting == [] and is_settled, told


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_nothing_held_is_lost_and_each_end_has_its_closing_talk(app, seed):
    life, told = Life(seed), []
    for _deed in range(DEEDS):
        held = {talk.id: (talk.state, talk.manager_id, talk.held_at, talk.due_on) for talk in life.talks(*SETTLED)}
        told.append(life.goes_on())
        check(life, held, told)
    assert sum("refused" not in verb for verb in told) > 4
