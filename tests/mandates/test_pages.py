"""Opening, signing and changing mandates through the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import db
from app.mandates.models import Mandate, RateChange
from app.talks.models import Talk
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_user, reload
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql


def only() -> Mandate:
    db.session.rollback()
    return db.session.scalars(sa.select(Mandate)).one()


def open_talks(mandate: Mandate) -> list[Talk]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(Talk).where(Talk.mandate_id == mandate.id, Talk.state.in_(("due", "arranged"))).order_by(Talk.id)
        )
    )


# Opening ---------------------------------------------------------------------------------------------------


def test_a_new_mandate_begins_with_its_client(office):
    client = make_client(name="Brookdeich Logistik B.V.", region="NL")

    page = office.open("/mandates/new?q=brookdeich")

    assert f"/mandates/new?client={client.id}" in page.text
    assert "No client found" in office.open("/mandates/new?q=nobody").text


def test_mandates_are_numbered_by_year(office):
    client = make_client()

    for task in ("Interim CFO", "Interim CIO"):
        office.open(f"/mandates/new?client={client.id}").fill(title=task).submit()

    db.session.rollback()
    assert [one.number for one in db.session.scalars(sa.select(Mandate).order_by(Mandate.id))] == ["M-2026-001", "M-2026-002"]


def test_the_next_number_follows_the_highest_there_is(office):
    make_mandate(owner=office.user, year=2026, running=41)
    client = make_client()

    office.open(f"/mandates/new?client={client.id}").fill(title="Interim CFO").submit()

    assert db.session.scalar(sa.select(Mandate.running).where(Mandate.title == "Interim CFO")) == 42


def test_opening_twice_by_a_double_click_opens_one(office):
    page = office.open(f"/mandates/new?client={make_client().id}").fill(title="Interim CFO")

    page.submit()
    again = page.submit()

    assert only().title == "Interim CFO"
    assert "saved already" in again.text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": " "}, "fill this in"),
        ({"title": "x" * 121}, "longer than 120"),
        ({"title": "A", "next_step": "Call"}, "choose a day"),
        ({"title": "A", "next_step": "Call", "next_step_on": "2026-03-16"}, "This day is past"),
        ({"title": "A", "exit_on": "2026-02-29"}, "valid date"),
        ({"title": "nul \0"}, "cannot be stored"),
        ({"title": "A", "goal": "x" * 20_001}, "at most 20"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(office, given, sentence):
    page = office.open(f"/mandates/new?client={make_client().id}").fill(**given).submit()

    assert page.status == 422
    assert sentence in page.text
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mandate.id))) == 0


def test_unknown_clients_and_odd_addresses_are_answered_calmly(office):
    assert office.open("/mandates/new?client=999999").status == 404
    for odd in ("99999999999999999999", "abc", "-1", "²"):
        assert office.open(f"/mandates/new?client={odd}").status == 200
        assert office.open(f"/mandates?client={odd}&manager={odd}&stage={odd}&view={odd}").status == 200
    assert office.open(f"/mandates/{2**70}").status == 404
    assert office.open("/mandates?after=nonsense").status == 400


# The contract ----------------------------------------------------------------------------------------------


EXIT = {"exit_plan": "The successor is trained", "handed_over": "Shift plans, suppliers", "exit_on": date(2026, 9, 11)}


@pytest.fixture
def scoping(office) -> Mandate:
    return make_mandate(owner=office.user, signed=False, goal="93 % on time", **EXIT)


def sign(office: Office, mandate: Mandate, **given: object):
    term = {"signed_on": "2026-03-16", "starts_on": "2026-04-01", "ends_on": "2026-09-30"}
    return office.open(f"/mandates/{mandate.id}/contract").fill(**{**term, **given}).submit()


def test_signing_plans_the_talks_and_ends_scoping(office, scoping):
    manager = make_manager(first_name="Jürgen", last_name="Maaßdorf")

    page = sign(office, scoping, manager_name="juergen maassdorf", client_rate="1890", manager_rate="1450.50", clause="§ 7")

    assert page.status == 200
    mandate = reload(scoping)
    assert (mandate.manager_id, mandate.stage, mandate.ends_on) == (manager.id, 2, date(2026, 9, 30))
    assert (mandate.client_rate, mandate.manager_rate) == (Decimal("1890"), Decimal("1450.50"))
    assert len(open_talks(mandate)) > 4
    assert "Contract signed on 16 March 2026" in page.text
    assert "Scoping is done" in page.text


def test_without_goal_and_exit_plan_a_signed_mandate_stays_in_scoping_until_they_are_written(office):
    mandate = make_mandate(owner=office.user, signed=False)
    sign(office, mandate, manager_name=f"ID {make_manager().id}")
    assert reload(mandate).stage == 1
    assert "The exit plan names neither" in office.open(f"/mandates/{mandate.id}").text

    office.open(f"/mandates/{mandate.id}/edit").fill(goal="93 % on time", **EXIT | {"exit_on": "2026-09-11"}).submit()

    assert reload(mandate).stage == 2


def test_without_a_quality_clause_there_are_closing_and_aftercare_talks_only(office, scoping):
    sign(office, scoping, manager_name=f"ID {make_manager().id}", has_quality_clause=None)

    assert [talk.kind for talk in open_talks(scoping)] == ["closing", "aftercare"]


def test_where_several_managers_fit_one_is_chosen(office, scoping):
    first, second = (make_manager(first_name=name, last_name="Aldenhoff") for name in ("Henrike", "Henrik"))

    page = sign(office, scoping, manager_name="aldenhoff")
    assert page.status == 422
    assert f"ID {first.id}" in page.text
    page.fill(manager_id=str(second.id)).submit()

    assert reload(scoping).manager_id == second.id


def test_only_a_lead_puts_somebody_on_who_is_not_released(office, lead, scoping):
    manager = make_manager(state="interview")

    page = sign(office, scoping, manager_name=f"ID {manager.id}")
    assert page.status == 422
    assert "Only a released manager" in page.text
    assert "override_reason" not in page.text
    assert "write the reason" in sign(lead, scoping, manager_name=f"ID {manager.id}").text
    sign(lead, scoping, manager_name=f"ID {manager.id}", override_reason="Known to us for ten years")

    assert reload(scoping).manager_id == manager.id
    assert "Known to us for ten years" in office.open(f"/mandates/{scoping.id}").text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ends_on": "2026-03-31"}, "must not lie before the first day"),
        ({"ends_on": "2026-06-31"}, "valid date"),
        ({"starts_on": ""}, "required"),
        ({"signed_on": "2026-03-18"}, "cannot lie in the future"),
        ({"manager_name": "Nobody Known"}, "No manager has this name"),
        ({"manager_name": "%"}, "No manager has this name"),
        ({"manager_name": "99999999999"}, "No manager has this name"),
        ({"contact_id": ""}, "please choose one"),
        ({"contact_id": "999"}, "valid choice"),
        ({"currency": "XXX"}, "valid choice"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_and_nothing_happens(office, scoping, given, sentence):
    manager = make_manager()

    page = sign(office, scoping, **{"manager_name": f"ID {manager.id}", **given})

    assert page.status == 422
    assert sentence.lower() in page.text.lower()
    assert reload(scoping).signed_on is None
    assert open_talks(scoping) == []


def test_a_contract_is_signed_once(office, scoping):
    manager = make_manager()
    sign(office, scoping, manager_name=f"ID {manager.id}")

    page = sign(office, scoping, manager_name=f"ID {manager.id}", ends_on="2026-12-31")

    assert page.status == 422
    assert "signed already" in page.text


def test_a_manager_with_another_mandate_at_the_same_time_is_pointed_out(office, scoping):
    manager = make_manager(last_name="Castrup")
    make_mandate(manager=manager, title="Interim-Einkauf", ends_on=date(2026, 5, 29))

    page = sign(office, scoping, manager_name=f"ID {manager.id}")

    assert "At the same time Henrike Castrup is on another mandate: Interim-Einkauf" in page.text


# Changing --------------------------------------------------------------------------------------------------


@pytest.fixture
def mandate(office) -> Mandate:
    return make_mandate(owner=office.user, planned=True, client_rate=Decimal(1890), manager_rate=Decimal(1450))


def test_a_new_contact_takes_over_the_open_talks(office, mandate):
    somebody_else = make_contact(db.session.get(Mandate, mandate.id).client, first_name="Gesine", last_name="Tjarks")

    office.open(f"/mandates/{mandate.id}/edit").fill(contact_id=str(somebody_else.id)).submit()

    assert {talk.contact_id for talk in open_talks(mandate) if talk.side == "client"} == {somebody_else.id}
    assert "Gesine Tjarks is the contact from now on" in office.open(f"/mandates/{mandate.id}").text


def test_a_signed_mandate_keeps_a_contact(office, mandate):
    page = office.open(f"/mandates/{mandate.id}/edit").fill(contact_id="").submit()

    assert page.status == 422
    assert "needs a contact" in page.text


def test_another_owner_holds_the_open_talks_and_colleagues_join(office, mandate):
    jan, ilse = make_user(first_name="Jan"), make_user(first_name="Ilse")

    office.open(f"/mandates/{mandate.id}/edit").fill(
        owner_id=str(jan.id), colleague_ids=[str(office.user.id), str(ilse.id)]
    ).submit()

    mandate = reload(mandate)
    assert mandate.owner_id == jan.id
    assert sorted(mandate.colleague_ids) == sorted([office.user.id, ilse.id])
    assert {talk.owner_id for talk in open_talks(mandate)} == {jan.id}


def test_two_people_who_change_at_once_see_both_versions(office, lead, mandate):
    mine, theirs = (who.open(f"/mandates/{mandate.id}/edit") for who in (office, lead))
    theirs.fill(goal="Theirs").submit()

    conflict = mine.fill(goal="My own words").submit()

    assert conflict.status == 409
    assert "My own words" in conflict.text
    assert "Theirs" in conflict.text
    conflict.keep("mine").submit()
    assert reload(mandate).goal == "My own words"


def test_a_change_of_colleagues_alone_is_a_new_version_too(office, lead, mandate):
    mine = office.open(f"/mandates/{mandate.id}/edit")
    lead.open(f"/mandates/{mandate.id}/edit").fill(colleague_ids=[str(lead.user.id)]).submit()

    assert mine.fill(goal="Late").submit().status == 409


def test_another_manager_takes_over_the_open_talks(office, mandate):
    manager = make_manager(first_name="Marijke", last_name="Dollart")

    page = office.open(f"/mandates/{mandate.id}/manager").fill(manager_name="Dollart").submit()
    assert page.status == 422
    assert "why another manager takes over" in page.text
    page = page.fill(first_on="2026-03-17", reason="Fell ill").submit()

    assert {talk.manager_id for talk in open_talks(mandate) if talk.side == "manager"} == {manager.id}
    assert "Marijke Dollart takes over from" in page.text
    assert "Marijke Dollart is on the mandate from Tue 17 March on; the talks follow." in page.text
    assert "Managers on this mandate" in page.text
    assert page.text.count("Fell ill") > 1
    assert [(one.starts_on, one.ends_on, one.reason) for one in reload(mandate).spells] == [
        (date(2026, 1, 12), date(2026, 3, 16), "Fell ill"),
        (date(2026, 3, 17), None, None),
    ]


def test_rates_change_from_a_day_on_and_never_backwards(office, mandate):
    page = (
        office.open(f"/mandates/{mandate.id}/rates/new")
        .fill(client_rate="1950", effective_on="2026-03-16", reason="Agreed")
        .submit()
    )
    assert page.status == 422
    assert "never changed backwards" in page.text

    page.fill(effective_on="2026-04-01").submit()

    mandate = reload(mandate)
    assert mandate.terms_on(date(2026, 3, 31)).client_rate == Decimal(1890)
    assert mandate.terms_on(date(2026, 4, 1)).client_rate == Decimal(1950)
    assert db.session.scalars(sa.select(RateChange.manager_rate)).one() is None


def test_lost_needs_a_reason_and_is_for_mandates_without_a_contract(office, mandate):
    scoping = make_mandate(owner=office.user, signed=False)
    assert office.open(f"/mandates/{scoping.id}/lost").fill(lost_reason=" ").submit().status == 422

    page = office.open(f"/mandates/{scoping.id}/lost").fill(lost_reason="Client hired internally").submit()

    assert "Client hired internally" in page.text
    assert reload(scoping).lost_on == date(2026, 3, 17)
    refused = office.open(f"/mandates/{mandate.id}/lost").fill(lost_reason="No").submit()
    assert refused.status == 422
    assert "cannot be lost" in refused.text


def test_the_next_step_is_set_and_done(office, mandate):
    office.open(f"/mandates/{mandate.id}/next-step").fill(next_step="Call the sponsor", next_step_on="2026-03-20").submit()
    page = office.open(f"/mandates/{mandate.id}")
    assert "Call the sponsor" in page.text

    page = page.form("completion").submit()

    assert reload(mandate).next_step is None
    assert "Done: Call the sponsor" in page.text


def test_a_note_stands_on_the_timeline(office, mandate):
    page = office.open(f"/mandates/{mandate.id}").form("notes").fill(text="<b>Sponsor</b> is content").submit()

    assert "&lt;b&gt;Sponsor&lt;/b&gt; is content" in page.text


# The page --------------------------------------------------------------------------------------------------


def test_the_page_of_a_mandate_asks_at_most_five_things(app, office, mandate):
    office.open(f"/mandates/{mandate.id}")  # settings and names are read once

    with counted(app) as statements:
        assert office.open(f"/mandates/{mandate.id}").status == 200

    assert len(statements) <= 5, statements


def test_the_plan_is_drawn_and_listed(office, mandate):
    page = office.open(f"/mandates/{mandate.id}")

    assert 'class="lo-chart"' in page.text
    assert "Contract until 10 Jul" in page.text
    assert page.text.count("no appointment yet") == 10
    assert "style=" not in page.text


@pytest.mark.parametrize("language", ["de", "nl"])
def test_the_page_speaks_the_reader_s_language(app, mandate, language):
    reader = Office(app, make_user(language=language))

    page = reader.open(f"/mandates/{mandate.id}")

    assert {"de": "Auftragsklärung", "nl": "Afbakening"}[language] in page.text
    assert "looked after" not in page.text


def test_a_manager_s_and_a_client_s_page_show_their_mandates(office, mandate):
    assert mandate.title in office.open(f"/managers/{mandate.manager_id}").text
    assert mandate.title in office.open(f"/clients/{mandate.client_id}").text
