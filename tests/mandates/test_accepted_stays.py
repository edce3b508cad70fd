"""What a client has accepted never changes: whatever is planned, presented, accepted, renamed or moved afterwards."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.mail.compose import speaking
from app.mandates import actions as mandate_actions
from app.mandates import handbook_actions, handbook_document, plan_actions, plan_queries
from app.mandates.end_actions import Proposal
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, Milestone
from app.settings import actions as firm_actions
from tests.factories import make_contact, make_mandate, make_user, new_manager, save

AT = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 17)
DEEDS = (
    *("goal", "exit", "add goal", "change goal", "remove goal", "add step", "move step", "drop step", "reach step"),
    *("add moment", "remove moment", "rename client", "rename contact", "rename firm", "extend", "replace", "drop", "tamper"),
)
# What a plan is presented and accepted for comes often.
deeds = st.lists(
    st.tuples(st.one_of(st.sampled_from(DEEDS), st.sampled_from(("present", "accept"))), st.integers(0, 50)), max_size=25
)


class Case:
    """A mandate with a plan, and what was accepted of it at the moment it was."""

    def __init__(self) -> None:
        self.user = make_user()
        self.contact = make_contact(language="de")
        self.mandate_id = make_mandate(
            owner=self.user, contact=self.contact, stage=2,
            goal="93 % pünktlich", exit_plan="Nachfolge", handed_over="Schlüssel", exit_on=date(2026, 6, 30),
        ).id  # fmt: skip
        save(Milestone(mandate_id=self.mandate_id, title="Plan steht", due_on=date(2026, 4, 1), state="planned"))
        save(EvaluationMoment(mandate_id=self.mandate_id, planned_on=date(2026, 4, 15)))
        self.accepted: dict[int, str] = {}

    def do(self, deed: str, number: int, turn: int) -> None:
        try:
            with unit_of_work():
                self._do(db.session.get_one(Mandate, self.mandate_id), deed, number, turn, AT + timedelta(minutes=turn))
        except RuleViolation:
            db.session.rollback()

    def _do(self, mandate: Mandate, deed: str, number: int, turn: int, at: datetime) -> None:
        told: dict[str, Any] = {"actor": self.user, "at": at}
        goals, steps = plan_queries.goals_of(mandate.id), plan_queries.milestones_of(mandate.id)
        moments, versions = plan_queries.moments_of(mandate.id), plan_queries.versions_of(mandate.id)
        day = TODAY + timedelta(days=number)
        if deed == "present":
            handbook_actions.present(mandate, f"Stand {turn}", today=TODAY, **told)
        elif deed == "accept" and versions:
            shown = handbook_actions.Acceptance(f"N. N. {turn}", TODAY, "meeting")
            handbook_actions.accept(mandate, versions[number % len(versions)], shown, today=TODAY, **told)
        elif deed == "drop" and versions:
            handbook_actions.drop(mandate, versions[number % len(versions)], today=TODAY, **told)
        elif deed == "goal":
            mandate.goal = f"{number} % pünktlich"
        elif deed == "exit":
            mandate.exit_plan, mandate.exit_on = f"Nachfolge {number}", day
        elif deed == "add goal":
            plan_actions.add_goal(mandate, f"Ziel {turn}", f"{number} %", at=at)
        elif deed == "change goal" and goals:
            plan_actions.change_goal(mandate, goals[0], f"Ziel {turn}", None, number, at=at)
        elif deed == "remove goal" and goals:
            plan_actions.remove_goal(mandate, goals[number % len(goals)], at=at)
        elif deed == "add step":
            plan_actions.add_milestone(mandate, plan_actions.Step(f"Schritt {turn}", None, None, day), **told)
        elif deed.endswith("step") and steps:
            self._step(mandate, steps[number % len(steps)], deed, day, told)
        elif deed == "add moment":
            plan_actions.add_moment(mandate, day, at=at)
        elif deed == "remove moment" and moments:
            plan_actions.remove_moment(mandate, moments[number % len(moments)], at=at)
        elif deed == "rename client":
            mandate.client.name = f"Velbrink {number} GmbH"
        elif deed == "rename contact":
            assert mandate.contact is not None
            mandate.contact.last_name = f"Osterkamp-{number}"
        elif deed == "rename firm":
            firm_actions.change({"name": f"Elbhafen {number}"})
        elif deed == "extend":
            new_end = date(2026, 7, 10) + timedelta(days=number - 20)
            mandate_actions.extend(mandate, Proposal(new_end, "Mehr", signed_on=TODAY), today=TODAY, **told)
        elif deed == "replace":
            other = new_manager(last_name="Aldersum")
            db.session.add(other)
            db.session.flush()
            mandate_actions.replace_manager(mandate, other, first_on=day, reason="Krank", today=TODAY, **told)

    def _step(self, mandate: Mandate, step: Milestone, deed: str, day: date, told: dict[str, Any]) -> None:
        new = plan_actions.Step(step.title, "Zwei Leute", None, day, reason="Lieferant")
        state = {"drop step": "dropped", "reach step": "reached"}.get(deed, "planned")
        new = new._replace(state=state, reached_on=TODAY if state == "reached" else None)
        plan_actions.change_milestone(mandate, step, new, today=TODAY, seen=plan_queries.seen(step), **told)

    def tamper(self, number: int) -> None:
        """Try to write over what was accepted, as a mistake in our own code would."""
        for row in self.versions():
            name, value = (("content", {}), ("accepted_on", None), ("accepted_by", "Niemand"), ("number", 99))[number % 4]
            setattr(row, name, value)
            with pytest.raises(RuntimeError, match="never changes"):
                db.session.flush()
            db.session.rollback()

    def versions(self) -> list[HandbookVersion]:
        db.session.rollback()
        db.session.expire_all()
        wanted = sa.select(HandbookVersion).where(
            HandbookVersion.mandate_id == self.mandate_id, HandbookVersion.accepted_on.is_not(None)
        )
        return list(db.session.scalars(wanted.order_by(HandbookVersion.number)))

    def check(self) -> None:
        for row in self.versions():
            is_now = state_of(row)
            assert self.accepted.setdefault(row.id, is_now) == is_now
        assert len(self.versions()) == len(self.accepted)


def state_of(row: HandbookVersion) -> str:
    """Return everything that was agreed and how, with the papers in three languages, as one text."""
    left_out = {"link_id", "sent_at", "version"}
    kept = {one.key: getattr(row, one.key) for one in sa.inspect(HandbookVersion).column_attrs if one.key not in left_out}
    papers = {}
    for language in ("de", "nl", "en"):
        with speaking(language):
            papers[language] = hashlib.sha256(handbook_document.as_pdf(row)).hexdigest()
    return json.dumps([kept, papers], default=str, sort_keys=True)


@pytest.mark.sql
@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(course=deeds)
def test_what_was_accepted_stays_whatever_comes_after_it(app, course):
    case = Case()
    for turn, (deed, number) in enumerate([("present", 0), ("accept", 0), *course]):
        if deed == "tamper":
            case.tamper(number)
        else:
            case.do(deed, number, turn)
        if deed in ("accept", "tamper", "drop"):
            case.check()
    case.check()
    assert case.accepted


def test_a_long_course_makes_several_versions_and_keeps_each(app):
    """The same by hand, so that it is certain that versions followed one another."""
    case = Case()
    course = ("present", "accept", "rename firm", "rename client", "move step", "add step", "present", "accept", "tamper", "extend",
              "replace", "drop step", "remove moment", "add moment", "present", "accept", "goal", "present", "drop", "rename contact")  # fmt: skip

    for turn, deed in enumerate(course):
        if deed == "tamper":
            for number in range(4):
                case.tamper(number)
        else:
            case.do(deed, 1 if deed in ("move step", "drop step") else 3 if deed == "extend" else 0, turn)
        case.check()

    assert [row.number for row in case.versions()] == [1, 2, 3]
