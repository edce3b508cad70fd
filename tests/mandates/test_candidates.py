"""The short list through its pages, and the profiles."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.db import db
from app.mandates.candidate_models import Candidate
from app.mandates.models import Mandate
from tests.factories import make_client, make_manager, make_mandate, reload
from tests.mandates.test_scoping import text_of
from tests.statements import counted

pytestmark = pytest.mark.sql


def only() -> Candidate:
    db.session.rollback()
    return db.session.scalars(sa.select(Candidate)).one()


def test_a_released_manager_is_proposed_presented_and_chosen(office):
    mandate = make_mandate(owner=office.user, signed=False)
    manager = make_manager(first_name="Marijke", last_name="Dollart", state="released")
    page = office.open(f"/mandates/{mandate.id}/candidates").fill(manager_name="Dollart").submit()
    assert "proposed" in page.text
    path = f"/mandates/{mandate.id}/candidates/{only().id}"

    office.open(path).fill(state="presented", on="2026-03-02").submit()
    assert only().non_circumvention_until == date(2027, 3, 2)
    assert office.open(path).fill(state="declined").submit().status == 422
    stale = office.open(path)
    office.open(path).fill(state="chosen").submit()

    assert reload(mandate).manager_id == manager.id
    assert stale.fill(state="declined", reason="No").submit().status == 409


def test_the_protection_does_not_end_before_the_presentation(office):
    mandate = make_mandate(owner=office.user, signed=False)
    make_manager(last_name="Dollart", state="released")
    office.open(f"/mandates/{mandate.id}/candidates").fill(manager_name="Dollart").submit()
    path = f"/mandates/{mandate.id}/candidates/{only().id}"
    office.open(path).fill(state="presented", on="2026-03-02").submit()

    refused = office.open(path).fill(state="client_interview", on="2026-03-10", until="2026-03-01").submit()

    assert refused.status == 422
    assert "The protection cannot end before the presentation on 2 March 2026" in refused.text
    assert refused.fill(until="2026-03-02").submit().status == 200
    assert only().non_circumvention_until == date(2026, 3, 2)


def state_of(manager) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(Candidate.state).where(Candidate.manager_id == manager.id)).one()


def listed(office, mandate, *managers) -> dict:
    """Propose these managers; return the path of each on the short list."""
    base = f"/mandates/{mandate.id}/candidates"
    for manager in managers:
        office.open(base).fill(manager_name=f"ID {manager.id}").submit()
    db.session.rollback()
    rows = db.session.scalars(sa.select(Candidate).where(Candidate.mandate_id == mandate.id))
    return {row.manager_id: f"{base}/{row.id}" for row in rows}


def test_the_one_chosen_is_the_manager_of_the_mandate_and_nobody_else_is(office):
    mandate = make_mandate(owner=office.user, signed=False)
    first, second, third = (make_manager(last_name=name) for name in ("Dollart", "Emden", "Leer"))
    paths = listed(office, mandate, first, second)
    office.open(paths[first.id]).fill(state="presented", on="2026-03-02").submit()
    office.open(paths[first.id]).fill(state="chosen").submit()

    office.open(paths[second.id]).fill(state="chosen").submit()
    assert (state_of(first), state_of(second), reload(mandate).manager_id) == ("presented", "chosen", second.id)
    timeline = office.open(f"/mandates/{mandate.id}").text
    assert f"{first.name} is no longer chosen, and on the shortlist as before" in timeline

    office.open(f"/mandates/{mandate.id}/manager").fill(manager_name=f"ID {third.id}").submit()
    assert (state_of(second), reload(mandate).manager_id) == ("proposed", third.id)
    listed(office, mandate, third)
    assert state_of(third) == "chosen"

    office.open(paths[first.id]).fill(state="chosen").submit()
    office.open(paths[first.id]).fill(state="withdrew", reason="Another task").submit()
    assert (state_of(first), reload(mandate).manager_id) == ("withdrew", None)


def test_the_short_list_follows_the_contract_and_a_replacement(office):
    mandate = make_mandate(owner=office.user, signed=False)
    first, second = make_manager(last_name="Dollart"), make_manager(last_name="Emden")
    paths = listed(office, mandate, first, second)
    office.open(paths[first.id]).fill(state="chosen").submit()
    office.open(paths[second.id]).fill(state="declined", reason="Too far away").submit()
    contract = {"starts_on": "2026-03-02", "ends_on": "2026-09-30", "contact_id": str(mandate.contact_id)}
    page = office.open(f"/mandates/{mandate.id}/contract").fill(manager_name=f"ID {second.id}", **contract).submit()
    assert page.status == 200
    assert (state_of(first), state_of(second)) == ("proposed", "chosen")

    page = office.open(paths[second.id]).fill(state="withdrew", reason="Ill").submit()
    assert page.status == 422 and "first put another one on the mandate" in page.text
    change = {"manager_name": f"ID {first.id}", "first_on": "2026-03-17", "reason": "Ill"}
    office.open(f"/mandates/{mandate.id}/manager").fill(**change).submit()

    assert (state_of(first), state_of(second), reload(mandate).manager_id) == ("chosen", "proposed", first.id)


def test_one_who_is_not_released_needs_a_lead_with_a_reason(office, lead):
    mandate = make_mandate(owner=office.user, signed=False)
    make_manager(last_name="Dollart", state="queue")
    assert office.open(f"/mandates/{mandate.id}/candidates").fill(manager_name="Dollart").submit().status == 422

    page = lead.open(f"/mandates/{mandate.id}/candidates").fill(manager_name="Dollart", override_reason="Known well").submit()

    assert "Known well" in page.text


def test_a_manager_on_another_mandate_is_named_with_a_warning(office):
    manager = make_manager(last_name="Dollart", state="released")
    other = make_mandate(manager=manager)
    mandate = make_mandate(owner=office.user, signed=False)

    page = office.open(f"/mandates/{mandate.id}/candidates").fill(manager_name="Dollart").submit()

    assert f"another mandate or chosen for it: {other.number}" in page.text


def test_the_page_of_a_manager_names_short_lists_and_mandates_of_before(office):
    manager, other = make_manager(last_name="Dollart"), make_manager(last_name="Emden")
    path = f"/managers/{manager.id}"

    def asked() -> int:
        counts = []
        for _time in range(3):
            with counted(office.app) as statements:
                office.open(path)
            counts.append(len(statements))
        return min(counts)

    few = asked()
    assert "On shortlists" not in office.open(path).text
    for number in range(3):
        mandate = make_mandate(owner=office.user, signed=False, client=make_client(name=f"Werk {number}"))
        listed(office, mandate, manager, other)
    lost = make_mandate(owner=office.user, client=make_client(name="Werk lost"), signed=False)
    listed(office, lost, manager)
    db.session.execute(sa.update(Mandate).where(Mandate.id == lost.id).values(lost_on=date(2026, 3, 17), lost_reason="Price"))
    db.session.commit()
    was_on = make_mandate(owner=office.user, manager=manager, client=make_client(name="Werk before"))
    change = {"manager_name": f"ID {other.id}", "first_on": "2026-03-17", "reason": "Ill"}
    office.open(f"/mandates/{was_on.id}/manager").fill(**change).submit()

    text = " ".join(office.open(path).text.split())

    assert all(f"Werk {number}" in text for number in range(3)) and "proposed" in text and "Werk lost" not in text
    assert "Werk before" in text and "16 Mar" in text
    assert asked() == few


def test_an_anonymous_profile_holds_no_piece_of_name_mail_or_phone(office):
    mandate = make_mandate(owner=office.user, signed=False)
    manager = make_manager(
        first_name="Marijke",
        last_name="Dollart",
        state="released",
        email="m.dollart@firm.example",
        phone="+49401234567",
        rate=1433,
        headline="Marijke leads plants",
    )
    page = office.open(f"/mandates/{mandate.id}/candidates").fill(manager_name="Dollart").submit()
    assert "The anonymous profile leaves out the line about the manager" in page.text
    path = f"/mandates/{mandate.id}/candidates/{only().id}/profile.pdf"

    hidden, named = (office.client.get(path + query) for query in ("?anonymous=1&language=de", "?language=de"))

    text = text_of(hidden.data)[1]
    assert f"ID {manager.id}" in text
    for piece in ("Marijke", "Dollart", "firm.example", "1234567", "1433"):
        assert piece not in text
        assert piece.encode() not in hidden.data
    assert "Marijke Dollart" in text_of(named.data)[1]
    assert "1433" not in text_of(named.data)[1]
