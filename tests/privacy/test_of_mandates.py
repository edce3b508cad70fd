"""Erasure of who was on a mandate, or only on its short list: no name and no words are left there, nor in the audit trail."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.core.clock import clock as now
from app.db import acting_as, db, unit_of_work
from app.managers.models import Manager
from app.mandates.candidate_models import Candidate, ManagerSpell
from app.mandates.course_models import HandoverItem, ManagerReport, StatusCheck
from app.mandates.plan_models import MandateGoal, Milestone
from app.privacy import actions
from app.talks.models import Talk
from app.timeline.steps import add_note
from tests.factories import make_manager, make_mandate, make_talk, reload

pytestmark = pytest.mark.sql
TRACES = ("Quastenberg", "quastenberg", "Ruderboot")


@pytest.fixture
def manager(app):
    return make_manager(first_name="Wilhelmine", last_name="Quastenberg", email="w.q@example.org")


def kept(*records) -> None:
    """Write records through the audit trail."""
    with acting_as("command"), unit_of_work():
        db.session.add_all(records)


def traces() -> list[str]:
    """Return every row of every table in which the person still shows."""
    db.session.rollback()
    rows = [(table.name, row) for table in db.metadata.sorted_tables for row in db.session.execute(sa.select(table))]
    return [f"{name} {row}" for name, row in rows if any(trace in str(row) for trace in TRACES)]


def erase(manager) -> None:
    assert traces()
    with acting_as("command"), unit_of_work():
        actions.erase(db.session.get_one(Manager, manager.id), actor=None, at=now().now())


def test_the_words_of_the_manager_leave_the_audit_trail_too(manager):
    mandate = make_mandate(manager=manager, stage=3)
    report = {"days": 16, "tasks": "Ruderboot verkauft", "obstacles": "Quastenberg war krank", "sent_in_at": now().now()}
    answers = {"de_risk": {"answer": "yes", "evidence": "Ruderboot"}}
    kept(
        ManagerSpell(mandate_id=mandate.id, manager_id=manager.id, starts_on=mandate.starts_on),
        ManagerReport(mandate_id=mandate.id, manager_id=manager.id, month=date(2026, 3, 1), **report),
        StatusCheck(mandate_id=mandate.id, manager_id=manager.id, regime="de", occasion="start", due_on=date(2026, 1, 12), answers=answers),
    )  # fmt: skip

    erase(manager)

    assert traces() == []


def test_lines_of_the_plan_lose_the_last_name_in_the_audit_trail_those_taken_off_too(manager):
    mandate = make_mandate(manager=manager, stage=3, successor="Frau Quastenberg")
    goal = MandateGoal(mandate_id=mandate.id, position=1, title="Quastenbergs Plan steht")
    step = Milestone(mandate_id=mandate.id, title="Bericht", owner="Quastenberg", due_on=date(2026, 4, 1))
    item = HandoverItem(mandate_id=mandate.id, kind="knowledge", text="Liste von Quastenberg")
    kept(goal, step, item)
    with acting_as("command"), unit_of_work():
        db.session.delete(db.session.get_one(Milestone, step.id))

    erase(manager)

    assert traces() == []
    assert reload(goal).title == f"ID {manager.id} Plan steht"


def test_a_mandate_on_whose_short_list_somebody_was_names_nobody(manager):
    chosen = make_manager(last_name="Aldersum")
    mandate = make_mandate(signed=False, goal="Quastenberg soll es richten", next_step="Quastenberg absagen", manager=chosen)
    talk = make_talk(mandate=mandate, kind="quality", side="client", record="Quastenberg war zu teuer")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    given = {"mandate_id": mandate.id, "added_at": at, "added_by_id": mandate.owner_id}
    kept(
        Candidate(manager_id=manager.id, state="declined", reason="Ruderboot", **given),
        Candidate(manager_id=chosen.id, state="chosen", note="Besser als Quastenberg", **given),
    )
    with acting_as("command"), unit_of_work():
        add_note(mandate, "Mit Quastenberg telefoniert", actor=None, at=at)

    erase(manager)

    assert traces() == []
    assert reload(mandate).manager_id == chosen.id
    assert reload(mandate).goal == f"ID {manager.id} soll es richten"
    assert db.session.get_one(Talk, talk.id).record == f"ID {manager.id} war zu teuer"
