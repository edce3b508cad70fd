"""Who may change a mandate, and who sees its money: in pages, previews and timeline."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.mandates.models import Extension, Mandate
from app.timeline.models import Event
from app.users import belongings
from tests.factories import make_mandate, make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql

AMOUNTS = ("1,890", "1890", "1,450", "1450", "1,950", "1950", "440", "23.3", "Margin", "rate")


@pytest.fixture
def mandate(office) -> Mandate:
    """With rates, a change of rates and an open extension with rates."""
    mandate = make_mandate(owner=office.user, planned=True, client_rate=Decimal(1890), manager_rate=Decimal(1450))
    page = office.open(f"/mandates/{mandate.id}/rates/new")
    page.fill(client_rate="1950", effective_on="2026-04-01", reason="1,950 agreed by phone").submit()
    page = office.open(f"/mandates/{mandate.id}/extensions/new")
    page.fill(new_end_on="2026-10-30", signed_on="", reason="More to do", client_rate="1950.00").submit().submit()
    return reload(mandate)


def main_of(text: str) -> str:
    """The page without the frame around it."""
    return text[text.index("<main") : text.index("</main>")]


@pytest.mark.parametrize("role", ["consultant", "assistant", "auditor"])
def test_money_is_not_seen_by_those_whom_it_does_not_concern(app, mandate, role):
    page = Office(app, make_user(role=role)).open(f"/mandates/{mandate.id}")

    assert page.status == 200
    shown = main_of(page.text)
    assert "Rates or days changed from 1 April 2026" in shown  # that they changed is told, not to what
    shown = shown.replace("Rates or days changed", "")
    for amount in AMOUNTS:
        assert f"€{amount}" not in shown
        assert f">{amount}" not in shown
    assert "1,950" not in shown
    assert "Margin" not in shown


def test_owner_team_leads_and_administrators_see_money(app, office, lead, administrator, mandate):
    colleague = make_user()
    office.open(f"/mandates/{mandate.id}/edit").fill(colleague_ids=[str(colleague.id)]).submit()

    for who in (office, lead, administrator, Office(app, colleague)):
        page = who.open(f"/mandates/{mandate.id}")
        assert "€1,890" in page.text
        assert "€440" in page.text
        assert "23.3%" in page.text


def test_no_event_about_a_mandate_holds_an_amount(office, mandate):
    mandate = reload(mandate)
    change = db.session.scalars(sa.select(Extension)).one()
    office.open(f"/mandates/{mandate.id}/extensions/{change.id}").fill(signed_on="2026-03-17").submit().submit()

    db.session.rollback()
    told = db.session.scalars(sa.select(Event).where(Event.kind.like("mandates.%"))).all()

    assert {"mandates.rates_changed", "mandates.extended"} <= {event.kind for event in told}
    assert not any(amount in str(event.facts) for event in told for amount in ("1890", "1950", "1,950", "1450"))


@pytest.mark.parametrize("path", ["edit", "contract", "manager", "rates/new", "lost", "extensions/new", "extensions/{change}"])
def test_others_may_read_and_not_change(app, mandate, path):
    change = db.session.scalar(sa.select(Extension.id))
    for role in ("consultant", "assistant", "auditor"):
        stranger = Office(app, make_user(role=role))
        address = f"/mandates/{mandate.id}/" + path.format(change=change)
        assert stranger.open(address).status == 403
        assert stranger.post(address, {}).status in (400, 403)
        assert "Change the term" not in stranger.open(f"/mandates/{mandate.id}").text


def test_assistants_set_next_steps_and_notes_and_auditors_change_nothing(app, mandate):
    assistant, auditor = Office(app, make_user(role="assistant")), Office(app, make_user(role="auditor"))

    page = assistant.open(f"/mandates/{mandate.id}/next-step").fill(next_step="Call back", next_step_on="2026-03-20").submit()
    assert "Call back" in page.text
    assistant.open(f"/mandates/{mandate.id}/notes/new").fill(text="Called").submit()

    for path in ("next-step", "notes/new"):
        assert auditor.open(f"/mandates/{mandate.id}/{path}").status == 403


def test_colleagues_on_the_team_change_what_they_do_not_own(app, office):
    colleague = make_user()
    mandate = make_mandate(owner=office.user, colleagues=(colleague,))

    page = Office(app, colleague).open(f"/mandates/{mandate.id}/edit").fill(goal="Together").submit()

    assert page.status == 200
    assert reload(mandate).goal == "Together"


def test_the_list_shows_no_money_to_anybody(office, mandate):
    assert "€" not in office.open("/mandates?view=all").text


def test_open_mandates_are_handed_over_with_their_talks(office):
    mine = make_mandate(owner=office.user, planned=True)
    make_mandate(owner=office.user, signed=False, lost_on=date(2026, 3, 1), lost_reason="No budget")
    successor = make_user(first_name="Jan")
    assert [(one.kind.name, one.count) for one in belongings.open_of(office.user.id) if one.kind.name == "mandates"] == [
        ("mandates", 1)
    ]

    with unit_of_work():
        belongings.KINDS["mandates"].hand_over(office.user, successor, None, datetime(2026, 3, 17, 8, tzinfo=UTC))

    assert reload(mine).owner_id == successor.id
    assert [one.kind.name for one in belongings.open_of(office.user.id) if one.kind.name == "mandates"] == []


def test_a_signed_out_visitor_sees_nothing(app, mandate):
    visitor = Office(app)

    assert visitor.open(f"/mandates/{mandate.id}", follow=False).status == 302
    assert visitor.post(f"/mandates/{mandate.id}/lost", {}).status in (400, 401)
