"""A mandate that is lost or closed: it is read, and asks for nothing any more."""

from __future__ import annotations

from datetime import date

import pytest

from app.mandates.course_models import StatusCheck
from tests.factories import make_mandate, reload, save

pytestmark = pytest.mark.sql
OVER = "This mandate is over; nothing about it changes any more."


@pytest.fixture
def closed(office):
    return make_mandate(owner=office.user, stage=4, goal="93 % on time", closed_on=date(2026, 3, 16), ends_on=date(2026, 3, 13))


def test_its_page_asks_for_nothing(office, closed):
    save(StatusCheck(mandate_id=closed.id, regime="de", occasion="start", due_on=date(2026, 1, 12), manager_id=closed.manager_id))

    page = office.open(f"/mandates/{closed.id}").text

    assert "No next step is set." not in page
    assert "Overdue check" not in page
    assert "closed 16 Mar" in page and page.count('<li class="is-done">') == 4
    for place in ("edit", "rates/new", "extensions/new", "manager", "stage-changes/new"):
        offered = f'href="/mandates/{closed.id}/{place}"'
        assert page.count(offered) == (1 if place == "edit" else 0), place


def test_a_lost_one_asks_for_no_step_either(office):
    lost = make_mandate(owner=office.user, signed=False, lost_on=date(2026, 3, 16), lost_reason="Hired somebody")

    assert "No next step is set." not in office.open(f"/mandates/{lost.id}").text


def test_goal_and_scoping_stay_as_they_were(office, closed):
    refused = office.open(f"/mandates/{closed.id}/edit").fill(goal="97 % on time").submit()
    assert (refused.status, OVER in refused.text, "97 % on time" in refused.text) == (422, True, True)

    scoping = office.open(f"/mandates/{closed.id}/scoping")
    assert OVER in scoping.text and "<fieldset disabled" in scoping.text
    assert scoping.fill(reach="Everything").submit().status == 422
    assert (reload(closed).goal, reload(closed).reach) == ("93 % on time", None)


def test_whoever_looks_after_it_can_still_be_changed(office, lead, closed):
    page = office.open(f"/mandates/{closed.id}/edit").fill(owner_id=str(lead.user.id)).submit()

    assert page.status == 200
    assert reload(closed).owner_id == lead.user.id


def test_it_takes_no_next_step_and_no_rates_from_an_old_page(office, closed):
    step = office.open(f"/mandates/{closed.id}/next-step").fill(next_step="Call", next_step_on="2026-03-20").submit()
    rates = office.open(f"/mandates/{closed.id}/rates/new")
    rates = rates.fill(client_rate="1900", effective_on="2026-03-13", reason="Forgotten").submit()

    for page, typed in ((step, "Call"), (rates, "Forgotten")):
        assert (page.status, OVER in page.text, typed in page.text) == (422, True, True)
    assert (reload(closed).next_step, reload(closed).rate_changes) == (None, [])
