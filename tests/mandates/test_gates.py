"""Passing the gates of a mandate through its pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.mandates import gate_actions
from app.mandates.candidate_models import ManagerSpell
from app.mandates.course_models import GoalView, HandoverItem
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, MandateGoal, Milestone, StageChange
from app.talks.models import Talk
from tests.factories import make_mandate, make_talk, reload, save
from tests.office import Office

pytestmark = pytest.mark.sql
ALL = {"goal": "93 % on time", "exit_plan": "Successor", "handed_over": "Plans", "exit_on": date(2026, 6, 30)}
HELD = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def gate(office: Office, mandate: Mandate):
    return office.open(f"/mandates/{mandate.id}/stage-changes/new")


def talks_of(mandate: Mandate) -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(sa.select(Talk.kind, Talk.state).where(Talk.mandate_id == mandate.id)).all())


def ready_to_close(owner) -> Mandate:
    """In handover, over since 13 March 2026, with all that its close asks for."""
    mandate = make_mandate(
        owner=owner,
        stage=4,
        ends_on=date(2026, 3, 13),
        successor="N. N.",
        next_step="Call",
        next_step_on=date(2026, 3, 20),
        **ALL,
    )
    goal = save(MandateGoal(mandate_id=mandate.id, position=1, title="Backlog"))
    save(HandoverItem(mandate_id=mandate.id, kind="access", text="Badges", done_on=date(2026, 3, 12)))
    for side in ("client", "manager", "provider"):
        save(
            GoalView(mandate_id=mandate.id, goal_id=goal.id, side=side, percent=80, given_on=date(2026, 3, 11), given_by="N. N.")
        )
    for kind, side in (("closing", "client"), ("evaluation", "both")):
        make_talk(kind, side, mandate=mandate, state="held", held_at=HELD)
    make_talk("quality", "manager", mandate=mandate, state="due", due_on=date(2026, 3, 10))
    make_talk("aftercare", "client", mandate=mandate, state="due", due_on=date(2026, 6, 11))
    save(ManagerSpell(mandate_id=mandate.id, manager_id=mandate.manager_id, starts_on=date(2026, 1, 12)))
    return mandate


def test_analysis_ends_by_a_lead_with_a_reason_that_stays_visible(lead):
    mandate = make_mandate(owner=lead.user, **ALL)

    refused = gate(lead, mandate).submit()
    assert refused.status == 422
    assert "please write the reason" in refused.text
    page = gate(lead, mandate).fill(override_reason="Plan agreed by phone").submit()

    assert reload(mandate).stage == 3
    assert "Plan agreed by phone" in page.text
    assert "passed by override" in page.text
    assert f"by {lead.user.short_name}" in page.text
    assert "The handbook is accepted" not in page.text
    change = db.session.scalars(sa.select(StageChange)).one()
    assert change.missing == ["handbook", "moments"]


def test_whoever_is_no_lead_reads_what_is_missing_and_cannot_pass(office):
    mandate = make_mandate(owner=office.user, **ALL)

    page = gate(office, mandate)

    assert "has not accepted any version" in page.text
    assert "the mandate goes on by itself. A lead can let it pass before" in page.text
    assert "Pass nevertheless" not in page.text
    assert reload(mandate).stage == 2


def test_execution_is_left_by_a_person_once_nothing_is_missing(office):
    mandate = make_mandate(owner=office.user, stage=3, ends_on=date(2026, 4, 10), **ALL)
    milestone = save(Milestone(mandate_id=mandate.id, title="Shift plan", due_on=date(2026, 3, 1)))
    assert "At least one milestone is overdue" in gate(office, mandate).text

    with unit_of_work():
        found = db.session.get_one(Milestone, milestone.id)
        found.state, found.reached_on = "reached", date(2026, 3, 1)
    gate(office, mandate).submit()

    assert reload(mandate).stage == 4


def test_a_close_ends_what_is_left_and_keeps_the_aftercare_talk(office):
    mandate = ready_to_close(office.user)
    page = gate(office, mandate)
    assert "These talks are called off" in page.text

    page = page.fill(talks_reason="The mandate is over").submit()

    assert "Closed on" in page.text
    closed = reload(mandate)
    assert (closed.closed_on, closed.next_step, closed.stage) == (date(2026, 3, 17), None, 4)
    assert talks_of(mandate) == {"closing": "held", "evaluation": "held", "quality": "cancelled", "aftercare": "due"}
    assert db.session.scalar(sa.select(ManagerSpell.ends_on)) == date(2026, 3, 13)
    assert gate(office, mandate).status == 200


def test_of_two_who_close_at_once_one_wins_and_the_other_sees_why(office, lead):
    mandate = ready_to_close(office.user)
    mine, theirs = gate(office, mandate), gate(lead, mandate)

    mine.submit()
    second = theirs.submit()

    assert second.status == 409
    db.session.rollback()
    assert len(db.session.scalars(sa.select(StageChange)).all()) == 1


def test_what_came_to_be_missing_meanwhile_is_shown_before_it_is_overridden(lead):
    mandate = ready_to_close(lead.user)
    save(HandoverItem(mandate_id=mandate.id, kind="other", text="Keys"))
    page = gate(lead, mandate)
    db.session.execute(sa.delete(Talk).where(Talk.kind == "evaluation"))
    db.session.commit()

    again = page.fill(override_reason="Keys follow").submit()

    assert again.status == 422
    assert "something else is missing" in again.text
    assert "No evaluation talk with client and manager was held." in again.text
    assert reload(mandate).closed_on is None

    again.submit()

    assert reload(mandate).closed_on is not None


def test_before_the_last_day_nobody_closes(lead):
    mandate = make_mandate(owner=lead.user, stage=4, ends_on=date(2026, 12, 30), **ALL)

    page = gate(lead, mandate)

    assert "The last day of the mandate has not come yet (Wed 30 December)." in page.text
    assert "a mandate is not closed, not even by a lead" in page.text
    assert f'href="/mandates/{mandate.id}/extensions/new"' in page.text
    assert "Pass nevertheless" not in page.text


def test_nobody_is_sent_to_a_lead_who_could_not_help_either(office):
    mandate = make_mandate(owner=office.user, signed=False)

    page = gate(office, mandate)

    assert "Without a manager and a signed contract a mandate does not go on, not even for a lead." in page.text
    assert "A lead can" not in page.text


def test_what_is_missing_says_from_when_and_leads_to_the_talk_itself(office):
    early = make_mandate(owner=office.user, stage=3, ends_on=date(2026, 12, 30), **ALL)
    assert "The exit countdown before the end has not begun yet (Wed 4 November)." in gate(office, early).text
    closing = make_mandate(owner=office.user, stage=4, ends_on=date(2026, 3, 13), **ALL)
    talk = make_talk("closing", "client", mandate=closing, state="due", due_on=date(2026, 3, 10))

    for page in (gate(office, closing), office.open(f"/mandates/{closing.id}")):
        found = page.text.partition("The closing talk was neither held nor declined.")[2]
        assert f'href="/talks/{talk.id}"' in found.partition("</li>")[0]


def test_a_lead_returns_an_extended_mandate_to_execution(lead, office):
    mandate = make_mandate(owner=office.user, stage=4, **ALL)

    gate(lead, mandate).form("stage-changes").fill(back_reason="Extended by a quarter").submit()

    assert reload(mandate).stage == 3
    assert "Extended by a quarter" in lead.open(f"/mandates/{mandate.id}").text
    assert "Return to execution" not in gate(office, mandate).text


def test_an_accepted_handbook_with_moments_ends_the_analysis_by_itself(office, clock):
    mandate = make_mandate(owner=office.user, **ALL)
    save(EvaluationMoment(mandate_id=mandate.id, planned_on=date(2026, 4, 1)))
    save(
        HandbookVersion(
            mandate_id=mandate.id, number=1, content={}, made_at=clock.now(), presented_on=date(2026, 3, 1),
            accepted_on=date(2026, 3, 2), accepted_how="meeting",
        )
    )  # fmt: skip
    with unit_of_work():
        mine = db.session.get_one(Mandate, mandate.id)
        assert gate_actions.leave_if_ready(mine, actor=None, at=clock.now(), today=date(2026, 3, 16))

    assert reload(mandate).stage == 3
