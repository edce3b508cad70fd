"""Written references go with the manager: wording, links, letters, audit trail; nothing of them is left anywhere."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.clients.models import Contact
from app.core.clock import clock as now
from app.db import acting_as, db, unit_of_work
from app.ledger.models import Ask
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.privacy import actions
from app.references.models import OutsideCall, WrittenReference
from tests.factories import make_manager, make_mandate, save
from tests.office import Office
from tests.privacy.test_erasure import rows
from tests.references.test_written import Client, references

pytestmark = pytest.mark.sql
TRACES = ("Nelkenduft", "Quastenberg")


@pytest.fixture
def mandate(office: Office) -> Mandate:
    found = make_mandate(owner=office.user, manager=make_manager(first_name="Wilhelmine", last_name="Quastenberg"))
    with unit_of_work():
        db.session.get_one(Contact, found.contact_id).language = "en"
    return found


def erase(mandate: Mandate) -> None:
    db.session.rollback()
    with acting_as("command"), unit_of_work():
        actions.erase(db.session.get_one(Manager, mandate.manager_id), actor=None, at=now().now())


def draft(office: Office, mandate: Mandate) -> None:
    office.open(f"/mandates/{mandate.id}/reference/new").fill(situation="Nelkenduft", results="Nelkenduft").submit()


def letters(prefix: str = "references.") -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).where(Letter.purpose.startswith(prefix)).order_by(Letter.id)))


def test_a_released_reference_goes_with_its_link_letters_and_trail(office: Office, mandate: Mandate, app: Flask):
    client = Client(app, asked_with(office, mandate))
    client.release(situation="Nelkenduft und Frau Quastenberg", results="Nelkenduft", name="Nelkenduft")
    reference = references()[0]
    save(
        OutsideCall(
            manager_id=mandate.manager_id, reference_id=reference.id, caller="Somebody", called_on=now().now().date(), noted_at=now().now()
        )
    )  # fmt: skip
    office.open(f"/mandates/{mandate.id}/reference/{reference.id}/link").fill(message="Nelkenduft").submit()
    send_due("test")

    erase(mandate)

    assert references() == [] and db.session.scalars(sa.select(PersonalLink)).all() == []
    assert [line for line in rows().split("\n") if any(trace in line for trace in TRACES)] == []
    assert {(one.text, one.subject, one.to_address) for one in letters()} == {("", "", "")}
    assert client.open().status_code == 404


def asked_with(office: Office, mandate: Mandate) -> WrittenReference:
    draft(office, mandate)
    preview = office.open(f"/mandates/{mandate.id}/reference/{references()[-1].id}/letter").fill(message="Nelkenduft").submit()
    preview.form(0).submit()
    return references()[-1]


def test_what_waits_is_not_sent_and_what_the_client_said_goes(office: Office, mandate: Mandate, app: Flask):
    client = Client(app, asked_with(office, mandate))
    client.answer("decline", how="no", said="Nelkenduft")

    erase(mandate)
    send_due("test")

    assert all(one.state == "cancelled" and one.sent_at is None for one in letters())
    entry = db.session.scalars(sa.select(Ask)).one()
    assert (entry.answer, entry.said, entry.link_id) == ("no", None, None)
    assert [line for line in rows().split("\n") if "Nelkenduft" in line] == []


def test_references_about_others_stay(office: Office, mandate: Mandate, app: Flask):
    other = make_mandate(owner=office.user)
    with unit_of_work():
        db.session.get_one(Contact, other.contact_id).language = "en"
    client = Client(app, asked_with(office, other))
    client.release()
    draft(office, mandate)

    erase(mandate)

    assert [one.mandate_id for one in references()] == [other.id]
    assert "Now it is calm." in client.text() and letters()[0].text != ""


def test_a_page_of_the_mandate_still_opens_and_asks_for_none(office: Office, mandate: Mandate, app: Flask):
    asked_with(office, mandate)

    erase(mandate)

    assert office.open(f"/mandates/{mandate.id}").status == 200
    page = office.open(f"/mandates/{mandate.id}/reference")
    assert page.status == 200 and "/reference/new" not in page.text
