"""The list of those not yet admitted, one case with its proof and who may see it, and what staff do with a reason."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.admission import actions
from app.admission.models import AdmissionCase
from app.db import db, unit_of_work
from app.mail.models import Letter
from app.managers.models import Manager
from app.timeline.models import Event
from tests.admission.test_registration import TYPED, mails, path_in
from tests.factories import make_manager, make_user, new_manager, reload, save_all
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql


@pytest.fixture
def confirmed(app) -> Manager:
    """Somebody who registered and confirmed, without a reviewer to own the case."""
    visitor = Office(app)
    visitor.open("/register?lang=en").fill(**TYPED).submit()
    visitor.open(path_in(mails()[0])).submit()
    return db.session.scalars(sa.select(Manager)).one()


def in_state(state: str, clock, **given) -> Manager:
    manager = make_manager(state=state, **given)
    with unit_of_work():
        actions.case_of(manager, at=clock.now())
    return manager


def test_the_list_shows_who_is_not_admitted_and_finds_by_name_and_state(office):
    make_manager(state="in_review", last_name="Leuchtenberg")
    make_manager(state="released", last_name="Fertig")
    make_manager(state="out", last_name="Draussen")

    everybody = office.open("/admission").text
    assert "Leuchtenberg" in everybody and "Fertig" not in everybody and "Draussen" not in everybody
    assert "Draussen" in office.open("/admission?state=out").text
    assert "Leuchtenberg" not in office.open("/admission?q=draus").text
    for odd in ("state=nonsense", "q=%00", "after=x", "state=erased"):
        assert office.open(f"/admission?{odd}").status in (200, 400)


def test_the_list_asks_as_many_statements_for_fifty_as_for_one(app, office):
    make_manager(state="confirmed")
    office.open("/admission")
    with counted(app) as few:
        office.open("/admission")
    save_all(new_manager(state="in_review") for _number in range(60))
    with counted(app) as many:
        page = office.open("/admission")

    assert len(few) == len(many) <= 8
    assert "after=" in page.text


@pytest.mark.parametrize("role, sees", [
    ("administrator", True), ("lead", True), ("auditor", True), ("consultant", False), ("assistant", False),
])  # fmt: skip
def test_who_sees_the_proof(app, confirmed, role, sees):
    colleague = Office(app, make_user(role))
    page = colleague.open(f"/admission/{confirmed.id}")

    assert page.status == 200
    assert ("Proof of registration" in page.text, "127.0.0.1" in page.text) == (sees, sees)
    assert colleague.open(f"/admission/{confirmed.id}/proof").status == (200 if sees else 403)


def test_the_owner_of_the_case_sees_the_proof_with_both_times_and_their_zone(app, confirmed):
    owner = make_user()
    with unit_of_work():
        db.session.get_one(Manager, confirmed.id).owner_id = owner.id

    page = Office(app, owner).open(f"/admission/{confirmed.id}/proof").text

    assert page.count("17 March 2026, 08:40:00 CET (Europe/Berlin)") == 2
    assert page.count("127.0.0.1") == 2
    for part in ("I accept the terms (version 1)", "Please confirm your registration", "[personal link]", "There is no claim"):
        assert part in page
    assert db.session.scalar(sa.select(Letter.message_id).order_by(Letter.id)).strip("<>") in page


def test_who_was_entered_by_us_has_no_proof(lead):
    manager = make_manager(state="confirmed")

    assert "nothing to prove" in lead.open(f"/admission/{manager.id}").text
    assert lead.open(f"/admission/{manager.id}/proof").status == 404


@pytest.mark.parametrize("state, verb, leads_to", [
    ("confirmed", "take", "in_review"),
    ("out", "bring_back", "in_review"),
    ("released", "withdraw", "withdrawn"),
])  # fmt: skip
def test_staff_move_a_case_with_a_reason_that_stands_on_the_timeline(lead, clock, state, verb, leads_to):
    manager = in_state(state, clock)

    page = lead.open(f"/admission/{manager.id}/steps/{verb}")
    if verb != "take":
        assert page.fill(reason=" ").submit().status == 422
        assert reload(manager).state == state
    lead.open(f"/admission/{manager.id}/steps/{verb}").fill(reason="So agreed on the phone").submit()

    assert reload(manager).state == leads_to
    assert "So agreed on the phone" in lead.open(f"/managers/{manager.id}").text


def test_the_clock_is_stopped_and_goes_on(lead, clock):
    manager = in_state("confirmed", clock)

    lead.open(f"/admission/{manager.id}/steps/halt").fill(reason="In hospital").submit()
    assert "In hospital" in lead.open(f"/admission/{manager.id}").text
    assert "the clock stands still since" in lead.open("/admission").text
    lead.open(f"/admission/{manager.id}/steps/go_on").fill(reason="Back").submit()

    assert db.session.get_one(AdmissionCase, manager.id, populate_existing=True).halted_on is None


def test_what_the_state_does_not_allow_is_a_sentence_and_offered_nowhere(lead, clock):
    manager = in_state("released", clock)

    assert "/steps/bring_back" not in lead.open(f"/admission/{manager.id}").text
    refused = lead.open(f"/admission/{manager.id}/steps/halt").fill(reason="x").submit()

    assert (refused.status, "No clock is going in this state." in refused.text) == (422, True)


def test_two_colleagues_who_act_on_the_same_page_do_not_both_win(lead, clock):
    manager = in_state("out", clock)
    first, second = (lead.open(f"/admission/{manager.id}/steps/bring_back") for _time in range(2))

    first.fill(reason="New papers announced").submit()

    assert second.fill(reason="Too late").submit().status == 409
    assert len(db.session.scalars(sa.select(Event).where(Event.kind == "admission.moved")).all()) == 1


def test_only_who_may_change_the_manager_acts(app, clock):
    manager = in_state("out", clock, owner=make_user())

    for role in ("consultant", "assistant", "auditor"):
        colleague = Office(app, make_user(role))
        assert "/steps/" not in colleague.open(f"/admission/{manager.id}").text
        assert colleague.open(f"/admission/{manager.id}/steps/bring_back").status == 403
        assert colleague.open(f"/admission/{manager.id}/fee").status == 403


def test_the_fee_is_invoiced_with_a_number_and_refunded_with_a_reason(lead, clock):
    manager = in_state("confirmed", clock)
    assert lead.open(f"/admission/{manager.id}/fee").status == 404
    with unit_of_work():
        case = db.session.get_one(AdmissionCase, manager.id)
        case.fee, case.fee_amount = "owed", 180

    assert lead.open(f"/admission/{manager.id}/fee").fill(fee="invoiced").submit().status == 422
    assert "R-17" in lead.open(f"/admission/{manager.id}/fee").fill(fee="invoiced", number="R-17").submit().text
    lead.open(f"/admission/{manager.id}/fee").fill(fee="paid").submit()
    assert lead.open(f"/admission/{manager.id}/fee").fill(fee="refunded").submit().status == 422
    lead.open(f"/admission/{manager.id}/fee").fill(fee="refunded", reason="Goodwill").submit()

    assert reload(case).fee == "refunded"
    assert lead.open(f"/admission/{manager.id}").status == 200


@pytest.mark.parametrize(
    "path", ["/admission/0", "/admission/999999", "/admission/9223372036854775808", "/admission/1/steps/confirm"]
)
def test_what_is_not_there_is_not_found(lead, path):
    assert lead.open(path).status == 404


def test_a_lead_s_release_ends_what_the_case_waited_for(lead, clock):
    manager = in_state("in_review", clock)
    with unit_of_work():
        actions.case_of(db.session.get_one(Manager, manager.id), at=clock.now()).halted_on = clock.today("Europe/Berlin")
        actions.case_of(db.session.get_one(Manager, manager.id), at=clock.now()).halt_reason = "On holiday"

    lead.open(f"/managers/{manager.id}/release").fill(reason="Known from two mandates").submit()

    case = db.session.get_one(AdmissionCase, manager.id)
    assert (case.next_on, case.halted_on) == (None, None)
    assert reload(manager).state == "released"
