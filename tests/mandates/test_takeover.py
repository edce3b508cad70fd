"""Another manager from a day to come: until then the present one stays, on the day a tick carries it out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.db import acting_as, db
from app.mandates import ticks
from app.mandates.candidate_models import Candidate, ManagerSpell
from app.mandates.models import Mandate
from app.talks.models import Talk
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql

FIRST_ON = date(2026, 5, 4)
AT = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)  # half past midnight in Berlin


@pytest.fixture
def former():
    return make_manager(last_name="Aldenhoff")


@pytest.fixture
def coming():
    return make_manager(first_name="Marijke", last_name="Dollart")


@pytest.fixture
def mandate(office, former) -> Mandate:
    """From 2 March to 30 September 2026, signed through its pages, so that its talks are planned."""
    client = make_client(region="DE-HH")
    contact = make_contact(client)
    office.open(f"/mandates/new?client={client.id}").fill(title="Interim CFO", contact_id=str(contact.id)).submit()
    found = db.session.scalars(sa.select(Mandate)).one()
    terms = {"signed_on": "2026-02-20", "starts_on": "2026-03-02", "ends_on": "2026-09-30", "contact_id": str(contact.id)}
    office.open(f"/mandates/{found.id}/contract").fill(manager_name=f"ID {former.id}", **terms).submit()
    return reload(found)


def plan(office, mandate, manager, first_on: str = "2026-05-04"):
    change = {"manager_name": f"ID {manager.id}", "first_on": first_on, "reason": "Retires"}
    return office.open(f"/mandates/{mandate.id}/manager").fill(**change).submit()


def tick(clock, at: datetime = AT) -> int:
    clock.move_to(at)
    db.session.rollback()  # else the tick reads what the test saw before
    with acting_as("scheduler"):
        return ticks.take_over(clock.now()).done


def due(manager) -> list[date]:
    db.session.rollback()
    wanted = sa.select(Talk.due_on).where(Talk.manager_id == manager.id, Talk.state == "due", Talk.kind == "quality")
    return list(db.session.scalars(wanted.order_by(Talk.due_on)))


FORMER_UNTIL = [date(2026, 3, 16), date(2026, 4, 27)]
COMING_FROM = [date(2026, 5, 18), date(2026, 6, 29), date(2026, 8, 10)]


def test_until_the_first_day_the_present_manager_stays_and_then_the_new_one_is_on_it(office, mandate, former, coming, clock):
    base = f"/mandates/{mandate.id}"
    all_former = due(former)
    page = plan(office, mandate, coming)

    assert page.status == 200 and "Marijke Dollart takes over from" in page.text
    assert reload(mandate).manager_id == former.id
    assert f"{former.name}</a> for" in page.text and "from Mon 4 May" in page.text
    assert (due(former), due(coming)) == (FORMER_UNTIL, COMING_FROM)
    assert all_former[:2] == FORMER_UNTIL
    assert tick(clock, datetime(2026, 5, 3, 21, 0, tzinfo=UTC)) == 0
    assert reload(mandate).manager_id == former.id

    assert [tick(clock), tick(clock)] == [1, 0]

    assert reload(mandate).manager_id == coming.id
    assert (due(former), due(coming)) == ([], COMING_FROM)
    assert [(one.manager_id, one.starts_on, one.ends_on, one.reason) for one in reload(mandate).spells] == [
        (former.id, date(2026, 3, 2), date(2026, 5, 3), "Retires"),
        (coming.id, FIRST_ON, None, None),
    ]
    assert "Marijke Dollart</a> for" in office.open(base).text


def test_a_day_that_was_missed_is_made_up_for(office, mandate, coming, clock):
    plan(office, mandate, coming)

    assert tick(clock, datetime(2026, 5, 20, 8, 0, tzinfo=UTC)) == 1
    assert reload(mandate).manager_id == coming.id


def test_called_off_everything_is_as_before(office, mandate, former, coming, clock):
    before = due(former)
    plan(office, mandate, coming)
    page = office.open(f"/mandates/{mandate.id}/manager")
    assert "Marijke Dollart takes over on 4 May 2026; until then" in page.text

    page = page.form("/manager/removal").submit()

    assert (due(former), due(coming)) == (before, [])
    assert [(one.manager_id, one.ends_on, one.reason) for one in reload(mandate).spells] == [(former.id, None, None)]
    assert "does not take over" in page.text
    assert tick(clock) == 0 and reload(mandate).manager_id == former.id
    assert plan(office, mandate, coming, "2026-05-11").status == 200


def test_another_change_is_refused_until_the_planned_one_is_called_off(office, mandate, former, coming):
    late = office.open(f"/mandates/{mandate.id}/manager")
    plan(office, mandate, coming)

    change = {"manager_name": f"ID {former.id}", "first_on": "2026-06-01", "reason": "No"}
    assert late.fill(**change).submit().status in (409, 422)
    form = {"new_end_on": "2026-04-30", "signed_on": "2026-03-17", "reason": "Less"}
    page = office.open(f"/mandates/{mandate.id}/extensions/new").fill(**form).submit()
    assert page.status == 422 and "Another manager takes over on" in page.text


def test_a_later_end_keeps_the_talks_before_the_change_and_lengthens_the_new_plan(office, mandate, former, coming, clock):
    plan(office, mandate, coming)
    form = {"new_end_on": "2026-12-18", "signed_on": "2026-03-17", "reason": "More"}

    office.open(f"/mandates/{mandate.id}/extensions/new").fill(**form).submit().submit()

    longer = [*COMING_FROM, date(2026, 9, 21), date(2026, 11, 2)]
    assert (due(former), due(coming)) == (FORMER_UNTIL, longer)
    assert tick(clock) == 1
    assert (due(former), due(coming)) == ([], longer)
    closing = sa.select(sa.func.count(Talk.id)).where(Talk.kind == "closing", Talk.state == "due")
    assert db.session.scalar(closing) == 1


def test_talks_with_both_go_with_whoever_is_on_it_that_day(office, mandate, former, coming, clock):
    for day in ("2026-04-29", "2026-06-10"):
        office.open(f"/mandates/{mandate.id}/plan/moments/new").fill(planned_on=day).submit()
    texts = {"goal": "93 %", "exit_plan": "Successor", "handed_over": "Keys", "exit_on": "2026-09-01"}
    office.open(f"/mandates/{mandate.id}/edit").fill(**texts).submit()
    office.open(f"/mandates/{mandate.id}/plan/milestones/new").fill(title="Line 2", due_on="2026-06-01").submit()
    plan(office, mandate, coming)
    office.open(f"/mandates/{mandate.id}/handbook").form("/versions").submit()
    office.open(f"/mandates/{mandate.id}/handbook/1/acceptance").submit()

    def with_both() -> list[int]:
        db.session.rollback()
        wanted = sa.select(Talk.manager_id).where(Talk.kind == "evaluation").order_by(Talk.due_on)
        return list(db.session.scalars(wanted))

    assert with_both() == [former.id, coming.id]
    tick(clock)
    assert with_both() == [coming.id, coming.id]


def test_who_is_not_released_keeps_the_reason_of_the_lead_until_the_day(app, office, lead, mandate, former, clock):
    queued = make_manager(last_name="Emden", state="queue")
    assert plan(office, mandate, queued).status == 422
    change = {"manager_name": f"ID {queued.id}", "first_on": "2026-05-04", "reason": "Retires", "override_reason": "Known well"}
    page = lead.open(f"/mandates/{mandate.id}/manager").fill(**change).submit()
    assert reload(mandate).manager_override_reason is None and "The manager was not released." not in page.text

    tick(clock)

    assert reload(mandate).manager_override_reason == "Known well"


def test_the_short_list_follows_on_the_day(office, mandate, former, coming, clock):
    base = f"/mandates/{mandate.id}/candidates"
    for manager in (former, coming):
        office.open(base).fill(manager_name=f"ID {manager.id}").submit()
    plan(office, mandate, coming)

    def chosen() -> list[int]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Candidate.manager_id).where(Candidate.state == "chosen")))

    assert chosen() == [former.id]
    tick(clock)
    assert chosen() == [coming.id]


def test_who_was_erased_meanwhile_does_not_come(app, office, mandate, former, coming, clock):
    before = due(former)
    plan(office, mandate, coming)
    erase_it(app, coming)

    assert tick(clock) == 1

    assert reload(mandate).manager_id == former.id
    assert [one.ends_on for one in db.session.scalars(sa.select(ManagerSpell))] == [None]
    assert due(former) == before


def erase_it(app, manager) -> None:
    admin = Office(app, make_user(role="lead"))
    page = admin.open(f"/managers/{manager.id}/erasure")
    names = page.forms[0]["names"]
    field = next(name for name in names if name not in ("csrf_token", "form_key", "version"))
    page.fill(**{field: f"ID {manager.id}"}).submit()


def test_both_managers_pages_and_the_warning_know_of_it(office, mandate, former, coming):
    plan(office, mandate, coming)

    assert "2 Mar to 3 May" in " ".join(office.open(f"/managers/{former.id}").text.split())
    assert "4 May to 30 Sep" in " ".join(office.open(f"/managers/{coming.id}").text.split())
    other = make_client()
    contact = make_contact(other)
    office.open(f"/mandates/new?client={other.id}").fill(title="Interim CIO", contact_id=str(contact.id)).submit()
    number = db.session.scalar(sa.select(sa.func.max(Mandate.id)))
    terms = {"signed_on": "2026-03-10", "starts_on": "2026-06-01", "ends_on": "2026-07-31", "contact_id": str(contact.id)}
    page = office.open(f"/mandates/{number}/contract").fill(manager_name=f"ID {coming.id}", **terms).submit()
    assert "At the same time Marijke Dollart is on another mandate" in page.text


def extension_of(office, mandate):
    change = {"new_end_on": "2026-12-18", "signed_on": "", "reason": "More to do"}
    return office.open(f"/mandates/{mandate.id}/extensions/new").fill(**change).submit()


def test_an_extension_warns_of_what_the_one_who_takes_over_has_then(office, mandate, former, coming):
    plan(office, mandate, coming)
    make_mandate(manager=former, title="Interim-Vertrieb", starts_on=date(2026, 6, 1), ends_on=date(2026, 11, 30))
    make_mandate(manager=coming, title="Interim-Einkauf", starts_on=date(2026, 10, 5), ends_on=date(2026, 12, 18))

    preview = extension_of(office, mandate)

    assert "Interim-Einkauf" in preview.text
    assert "Interim-Vertrieb" not in preview.text


def test_what_ended_before_somebody_took_over_was_not_at_the_same_time(office, mandate, coming, clock):
    make_mandate(manager=coming, title="Interim-Einkauf", starts_on=date(2025, 10, 1), ends_on=date(2026, 4, 10))
    clock.move_to(datetime(2026, 5, 4, 8, 0, tzinfo=UTC))

    page = plan(office, mandate, coming)

    assert reload(mandate).manager_id == coming.id
    assert "At the same time" not in page.text
    assert "another mandate at the same time" not in extension_of(office, mandate).text
