"""The open personal links of a record, and taking one back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.links.purposes import PURPOSES
from app.mail.purposes import PURPOSES as LETTERS
from tests.asking.test_invitation import Client, asks, due_talk, invited
from tests.factories import make_contact, make_manager, make_user
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql
WORDS = "Invitation to a talk"


def test_every_purpose_of_a_link_has_words(app: Flask) -> None:
    assert {purpose for purpose in PURPOSES if purpose not in LETTERS and not purpose.startswith("users.")} == set()


def test_a_link_shows_on_each_record_it_belongs_to(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)
    person = talk.contact.name

    for kind, number in (("talk", talk.id), ("contact", talk.contact_id), ("client", talk.contact.client_id)):
        page = office.open(f"/links/{kind}/{number}")
        assert WORDS in page.text
        assert person in page.text
        assert "until Sat 16 May" in page.text
    for kind, number in (("manager", talk.mandate.manager_id), ("contact", make_contact().id)):
        assert "No open links" in office.open(f"/links/{kind}/{number}").text


@pytest.mark.parametrize(
    "path", ["/clients/{client}", "/clients/{client}/contacts/{contact}", "/talks/{talk}", "/mandates/{mandate}"]
)
def test_each_record_leads_to_its_links(office: Office, path: str) -> None:
    talk = due_talk(office)
    numbers = {"client": talk.contact.client_id, "contact": talk.contact_id, "talk": talk.id, "mandate": talk.mandate_id}

    assert 'href="/links/' in office.open(path.format(**numbers)).text
    assert 'href="/links/' in office.open(f"/managers/{make_manager().id}").text


def test_a_link_that_is_taken_back_opens_nothing(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)

    page = office.open(f"/links/contact/{talk.contact_id}").form("revocation").submit()

    assert "No open links" in page.text
    assert client.open().status_code == 410
    assert "taken back: Invitation to a talk" in office.open(f"/clients/{talk.contact.client_id}/contacts/{talk.contact_id}").text


def test_taking_back_twice_and_of_another_record_changes_nothing(office: Office) -> None:
    talk = due_talk(office)
    link_id = invited(office, talk).link_id
    stranger = make_contact()
    page = office.open(f"/links/contact/{talk.contact_id}")
    action = page.forms[0]["action"]

    elsewhere = office.post(f"/links/contact/{stranger.id}/{link_id}/revocation", dict(page.forms[0]["fields"]), True)
    assert "This link is no longer open." in elsewhere.text
    page.submit()
    again = office.post(action, {**page.forms[0]["fields"], "form_key": ["another"]}, True)
    assert "This link is no longer open." in again.text


def test_links_that_have_ended_do_not_show(office: Office, clock: FrozenClock) -> None:
    talk = due_talk(office)
    invited(office, talk)

    clock.move_to(datetime(2026, 5, 18, 8, 0, tzinfo=UTC))

    assert asks()
    assert "No open links" in office.open(f"/links/talk/{talk.id}").text


def test_who_may_not_change_the_record_sees_no_button(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)

    auditor = Office(office.app, make_user(role="auditor")).open(f"/links/talk/{talk.id}")
    assert WORDS in auditor.text
    assert auditor.forms == [] or all("revocation" not in form["action"] for form in auditor.forms)


@pytest.mark.parametrize("path", ["/links/user/1", "/links/talk/999", "/links/contact/0"])
def test_other_records_have_no_page(office: Office, path: str) -> None:
    assert office.open(path).status == 404


def test_the_page_asks_few_statements(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)
    office.open(f"/links/client/{talk.contact.client_id}")
    with counted(office.app) as statements:
        office.open(f"/links/client/{talk.contact.client_id}")

    assert len(statements) <= 6
