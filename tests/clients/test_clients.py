"""Clients and contacts through the pages."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.clients.models import Client, Contact
from app.db import db
from tests.factories import make_client, make_contact, make_mandate, make_user, new_client, reload, save_all
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql
LARGER_THAN_A_DATABASE = 2**63 + 5


def newest(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id.desc()).limit(1)).one()


def how_many(model) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


# Clients


def test_a_client_is_entered_with_its_facts(office):
    page = office.open("/clients/new").fill(
        name="Velbrink Antriebstechnik GmbH & Co. KG",
        region="DE-BY",
        industry="mechanical_engineering",
        headcount="480",
        turnover_millions="96",
        phone="0821 5550123",
        website="www.velbrink.example",
        street="Lechhauser Straße 4",
        postcode="86153",
        city="Augsburg",
    )
    page = page.submit()

    client = newest(Client)
    assert page.status == 200
    assert (client.sort_name, client.owner_id, client.country) == ("velbrink antriebstechnik", office.user.id, "DE")
    assert (client.phone, client.website) == ("+498215550123", "https://www.velbrink.example")
    assert "Client entered" in page.text
    assert "Bavaria" in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Vel\0brink"),
        ("name", "x" * 161),
        ("region", ""),
        ("region", "DE-XX"),
        ("industry", "juggling"),
        ("headcount", "-1"),
        ("headcount", str(LARGER_THAN_A_DATABASE)),
        ("headcount", "many"),
        ("turnover_millions", str(LARGER_THAN_A_DATABASE)),
        ("phone", "12"),
        ("website", "not a page"),
        ("website", "javascript:alert(1)"),
        ("postcode", "8615"),
        ("note", "x" * 20_001),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed_kept(office, field, value):
    page = office.open("/clients/new").fill(name="Velbrink GmbH", region="DE-BY", city="Augsburg")

    page = page.fill(**{field: value}).submit()

    assert page.status == 422
    assert how_many(Client) == 0
    assert page.forms[0]["fields"]["city"] == ["Augsburg"]


def test_two_clicks_enter_one_client(office):
    page = office.open("/clients/new").fill(name="Velbrink GmbH", region="DE-BY")

    page.submit()
    page.submit()

    assert how_many(Client) == 1


def test_a_client_known_already_is_shown_with_a_link(office):
    known = make_client(name="Brookdeich AG")

    page = office.open("/clients/new").fill(name="Brookdeich GmbH", region="DE-NI").submit()

    assert page.status == 200
    assert f'href="/clients/{known.id}"' in page.text
    assert how_many(Client) == 2


def test_a_change_is_told_in_words(office):
    client = make_client(owner=office.user)

    page = office.open(f"/clients/{client.id}/edit").fill(city="Augsburg", postcode="D-86153", headcount="480").submit()

    assert "Changed: headcount" in page.text
    assert reload(client).postcode == "86153"


def test_the_second_of_two_who_save_gets_both_versions(office, lead):
    client = make_client(owner=office.user)
    first = office.open(f"/clients/{client.id}/edit").fill(city="Augsburg")
    second = lead.open(f"/clients/{client.id}/edit").fill(city="München")
    first.submit()

    page = second.submit()

    assert page.status == 409
    assert "Augsburg" in page.text
    assert "München" in page.text
    assert reload(client).city == "Augsburg"
    page.keep("mine").submit()
    assert reload(client).city == "München"


def test_next_step_note_and_owner_of_a_client(office):
    client, colleague = make_client(owner=office.user), make_user()

    office.open(f"/clients/{client.id}/next-step").fill(next_step="Offer", next_step_on="2026-03-20").submit()
    page = office.open(f"/clients/{client.id}").form("notes").fill(text="They look for a plant manager").submit()
    assert "They look for a plant manager" in page.text
    assert "Fri 20 March" in page.text

    page = page.form("completion").submit()
    assert "No next step is set" in page.text
    page = office.open(f"/clients/{client.id}/owner").fill(owner_id=str(colleague.id)).submit()
    assert reload(client).owner_id == colleague.id
    assert office.open(f"/clients/{client.id}/edit").status == 403


def test_an_assistant_changes_the_address_of_a_client_only(app):
    client = make_client(owner=make_user(), name="Velbrink GmbH")
    assistant = Office(app, make_user(role="assistant"))

    page = assistant.open(f"/clients/{client.id}/edit")
    assert "name" not in page.forms[0]["names"]
    page.fill(city="Augsburg").submit()

    assert (reload(client).city, client.name) == ("Augsburg", "Velbrink GmbH")
    assert assistant.open("/clients/new").status == 403
    assert assistant.open(f"/clients/{client.id}/owner").status == 403


def test_an_auditor_changes_nothing(app):
    contact = make_contact()
    auditor = Office(app, make_user(role="auditor"))
    base = f"/clients/{contact.client_id}"

    assert auditor.open(base).status == 200
    assert auditor.open(f"{base}/contacts/{contact.id}").status == 200
    for path in ("edit", "owner", "next-step", "notes/new", "contacts/new", f"contacts/{contact.id}/edit"):
        assert auditor.open(f"{base}/{path}").status == 403


def names_on(page) -> list[str]:
    return [part.split("</a>")[0].split(">")[-1] for part in page.text.split('role="rowheader">')[1:]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Brookdeich AG", "Velbrink GmbH"]),
        ("q=velbr", ["Velbrink GmbH"]),
        ("q=Velbrink+GmbH+%26+Co.+KG", ["Velbrink GmbH"]),
        ("q=ve", ["Velbrink GmbH"]),
        ("q=nobody", []),
        ("q=%25%25%25", []),
        ("industry=food", ["Brookdeich AG"]),
        ("region=DE", ["Brookdeich AG", "Velbrink GmbH"]),
        ("region=DE-NI", ["Brookdeich AG"]),
        ("owner=mine", ["Velbrink GmbH"]),
        ("step=none", ["Velbrink GmbH"]),
        ("sort=next_step", ["Brookdeich AG"]),
        ("sort=newest", ["Brookdeich AG", "Velbrink GmbH"]),
    ],
)
def test_the_list_is_narrowed(office, query, found):
    make_client(name="Velbrink GmbH", owner=office.user)
    make_client(name="Brookdeich AG", industry="food", region="DE-NI", next_step="Offer", next_step_on=date(2026, 3, 20))

    assert names_on(office.open(f"/clients?{query}")) == found


def test_a_client_shows_its_mandates_and_people(office):
    mandate = make_mandate()

    page = office.open(f"/clients/{mandate.client_id}")

    assert f'href="/mandates/{mandate.id}"' in page.text
    assert mandate.contact.name in page.text


def test_pages_ask_the_database_the_same_few_times_whatever_the_length(office):
    def asked(path: str) -> int:
        """The fewest of three: settings and names are read every few seconds, whichever page is open then."""
        counts = []
        for _time in range(3):
            with counted(office.app) as statements:
                assert office.open(path).status == 200
            counts.append(len(statements))
        return min(counts)

    contact = make_contact()
    save_all(new_client() for _number in range(9))
    lists = ("/clients", "/clients?q=velbr", "/clients?region=DE&sort=newest")
    few = [asked(path) for path in lists]
    save_all(new_client() for _number in range(290))

    assert [asked(path) for path in lists] == few
    assert max(few) <= 6
    assert asked(f"/clients/{contact.client_id}") <= 8
    assert asked(f"/clients/{contact.client_id}/contacts/{contact.id}") <= 8


# Contacts


def test_a_contact_is_entered_in_the_language_of_the_country(office):
    client = make_client(region="NL", name="Scheldewerf B.V.")
    page = office.open(f"/clients/{client.id}/contacts/new")
    assert page.forms[0]["fields"]["language"] == ["nl"]

    page = page.fill(
        first_name="Femke", last_name="Rijnders", form_of_address="frau", role="hr", job_title="HR-directeur",
        email="F.Rijnders@Scheldewerf.example", phone="0118 555012", channel="video", zone="Europe/Amsterdam",
    ).submit()  # fmt: skip

    contact = newest(Contact)
    assert page.status == 200
    assert (contact.email, contact.phone, contact.zone) == ("f.rijnders@scheldewerf.example", "+31118555012", "Europe/Amsterdam")
    assert "Contact entered: Femke Rijnders" in page.text
    assert "Geachte mevrouw Rijnders" in office.open(f"/clients/{client.id}/contacts/{contact.id}").text


def test_a_contact_typed_in_one_go_is_split_to_be_checked(office):
    client = make_client()

    page = office.open(f"/clients/{client.id}/contacts/new").fill(last_name="Prof. Dr. Ingo von Hagen").submit()
    assert page.status == 422
    page.submit()

    contact = newest(Contact)
    assert (contact.title, contact.first_name, contact.particle, contact.last_name) == ("Prof. Dr.", "Ingo", "von", "Hagen")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", ""),
        ("last_name", "Oster\0kamp"),
        ("email", "nobody"),
        ("phone", "0"),
        ("role", "king"),
        ("channel", "pigeon"),
        ("zone", "Europe/Atlantis"),
        ("language", "fr"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(office, field, value):
    client = make_client()
    page = office.open(f"/clients/{client.id}/contacts/new").fill(last_name="Osterkamp", job_title="CFO")

    page = page.fill(**{field: value}).submit()

    assert page.status == 422
    assert how_many(Contact) == 0
    assert page.forms[0]["fields"]["job_title"] == ["CFO"]


def test_a_contact_leaves_and_comes_back(office):
    contact = make_contact(mobile="+491713920021")
    base = f"/clients/{contact.client_id}/contacts/{contact.id}"

    page = office.open(f"{base}/departure").fill(left_on="2027-02-29").submit()
    assert page.status == 422
    page = page.fill(left_on="2026-03-17").submit()
    assert reload(contact).left_on == date(2026, 3, 17)
    assert "is no longer there from 17 March 2026" in page.text
    assert "tel:+491713920021" not in page.text.split("Facts")[0]

    page.form("return").submit()
    assert reload(contact).left_on is None


def test_two_who_change_a_contact(office, lead):
    contact = make_contact()
    base = f"/clients/{contact.client_id}/contacts/{contact.id}"
    first, second = office.open(f"{base}/edit").fill(role="hr"), lead.open(f"{base}/edit").fill(role="finance")
    first.submit()

    page = second.submit()

    assert page.status == 409
    assert reload(contact).role == "hr"


def test_a_note_on_a_contact_shows_with_the_client_too(office):
    contact = make_contact()
    base = f"/clients/{contact.client_id}/contacts/{contact.id}"

    office.open(base).form("notes").fill(text="Prefers calls before nine").submit()

    assert "Prefers calls before nine" in office.open(base).text
    assert "Prefers calls before nine" in office.open(f"/clients/{contact.client_id}").text


def test_a_contact_is_found_at_the_own_client_only(office):
    contact, other = make_contact(), make_client()

    assert office.open(f"/clients/{other.id}/contacts/{contact.id}").status == 404
    assert office.open(f"/clients/{LARGER_THAN_A_DATABASE}").status == 404


def test_contacts_of_a_colleagues_client_are_changed_by_none_but_leads_and_assistants(app, office, lead):
    contact = make_contact(make_client(owner=make_user()))
    path = f"/clients/{contact.client_id}/contacts/{contact.id}/edit"

    assert office.open(path).status == 403
    assert lead.open(path).status == 200
    assert Office(app, make_user(role="assistant")).open(path).status == 200
