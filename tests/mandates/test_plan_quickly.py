"""Writing and settling the plan without a detour: what a busy colleague does in one click."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.db import db
from app.mandates.course_models import HandoverItem
from app.mandates.models import Mandate
from app.mandates.plan_models import HandbookVersion, MandateGoal, Milestone
from tests.factories import make_client, make_contact, make_mandate, save

pytestmark = pytest.mark.sql
NEXT = {"next": "1"}


def milestones() -> list[tuple[str, str, date | None]]:
    db.session.rollback()
    rows = sa.select(Milestone.title, Milestone.state, Milestone.reached_on).order_by(Milestone.id)
    return [tuple(row) for row in db.session.execute(rows).all()]


def test_one_milestone_after_the_other_is_written_down(office):
    mandate = make_mandate(owner=office.user)
    base = f"/mandates/{mandate.id}/plan"

    page = office.open(f"{base}/milestones/new").fill(title="Shifts", due_on="2026-04-01").submit(**NEXT)
    assert page.path == f"{base}/milestones/new"
    page = page.fill(title="Backlog", due_on="2026-05-01").submit()

    assert page.path == base
    assert [title for title, _state, _on in milestones()] == ["Shifts", "Backlog"]


@pytest.mark.parametrize(
    ("place", "values", "model"),
    [
        ("plan/goals/new", {"title": "93 % on time"}, MandateGoal),
        ("handover/new", {"text": "Badges"}, HandoverItem),
    ],
)
def test_goals_and_handover_items_go_on_to_the_next_too(office, place, values, model):
    mandate = make_mandate(owner=office.user, stage=4)

    page = office.open(f"/mandates/{mandate.id}/{place}").fill(**values).submit(**NEXT)

    assert page.path == f"/mandates/{mandate.id}/{place}"
    assert db.session.scalar(sa.select(sa.func.count(model.id))) == 1


def test_a_milestone_is_reached_with_one_click(office):
    mandate = make_mandate(owner=office.user, stage=3)
    save(Milestone(mandate_id=mandate.id, title="Shifts", due_on=date(2026, 4, 1)))

    page = office.open(f"/mandates/{mandate.id}/plan").form("completion").submit()

    assert milestones() == [("Shifts", "reached", date(2026, 3, 17))]
    assert "/completion" not in page.text
    assert "Milestone reached on 17 March 2026: Shifts" in office.open(f"/mandates/{mandate.id}").text


def test_two_who_click_at_once_reach_it_once(office, lead):
    mandate = make_mandate(owner=office.user, stage=3)
    save(Milestone(mandate_id=mandate.id, title="Shifts", due_on=date(2026, 4, 1)))
    mine, theirs = (one.open(f"/mandates/{mandate.id}/plan").form("completion") for one in (office, lead))

    mine.submit()

    assert theirs.submit().status == 409


@pytest.fixture
def moved_once(office) -> str:
    """The address of a milestone that the client accepted and that was moved once, with a reason."""
    mandate = make_mandate(owner=office.user, stage=3)
    step = save(Milestone(mandate_id=mandate.id, title="Shifts", due_on=date(2026, 4, 1)))
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    content = {"milestones": [{"key": step.id, "title": "Shifts", "means": "", "owner": "", "due_on": "2026-04-01"}]}
    accepted = {"made_at": at, "presented_on": at.date(), "accepted_on": at.date(), "accepted_at": at}
    words = {"accepted_by": "Insa Wirdum", "accepted_how": "meeting"}
    save(HandbookVersion(mandate_id=mandate.id, number=1, content=content, **accepted, **words))
    address = f"/mandates/{mandate.id}/plan/milestones/{step.id}"
    office.open(address).fill(due_on="2026-05-04", reason="Supplier late").submit()
    return address


def reason() -> str | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Milestone.reason))


def test_each_move_of_what_was_accepted_has_a_reason_of_its_own(office, moved_once):
    page = office.open(moved_once).fill(due_on="2026-06-01").submit()

    assert page.status == 422 and "write why it is moved or dropped" in page.text
    assert page.fill(reason="Two hands missing").submit().status == 200
    assert reason() == "Two hands missing"


def test_a_reason_stays_where_the_milestone_does(office, moved_once):
    office.open(moved_once).fill(title="Shifts agreed", owner="Plant manager").submit()
    assert reason() == "Supplier late"
    office.open(moved_once).fill(state="dropped", reason="Not needed").submit()
    assert reason() == "Not needed"
    office.open(moved_once).fill(state="planned").submit()

    assert reason() is None


def test_the_only_contact_is_chosen_already(office):
    client = make_client()
    contact = make_contact(client)

    office.open(f"/mandates/new?client={client.id}").fill(title="Interim CFO").submit()
    unknown = make_mandate(owner=office.user, contact=contact, signed=False, contact_id=None)

    assert db.session.scalar(sa.select(Mandate.contact_id).where(Mandate.title == "Interim CFO")) == contact.id
    assert office.open(f"/mandates/{unknown.id}/contract").forms[-1]["fields"]["contact_id"] == [str(contact.id)]


def test_of_two_contacts_none_is_chosen(office):
    client = make_client()
    make_contact(client)
    make_contact(client)

    page = office.open(f"/mandates/new?client={client.id}")

    assert page.forms[-1]["fields"]["contact_id"] == [""]
