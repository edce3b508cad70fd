"""Names are found as people type them, on both databases; the index is kept by the database itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.clients.models import Client, Contact
from app.core.names import fold, searchable
from app.db import db, unit_of_work
from app.managers.models import Manager
from app.search import names as search_names
from app.search.models import SearchName
from app.search.names import matching, words_of
from app.search.queries import find
from tests.conftest import TUESDAY_MORNING
from tests.factories import make_manager, make_referee

pytestmark = pytest.mark.sql


def manager(first: str, last: str, particle: str | None = None, **given) -> Manager:
    made = Manager(
        state="released", first_name=first, last_name=last, particle=particle, language="de", created_at=TUESDAY_MORNING, **given
    )
    made.name_changed()
    return made


@pytest.fixture
def people(app):
    with unit_of_work():
        client = Client(
            name="Velbrink Antriebstechnik GmbH", sort_name="velbrink antriebstechnik", region="DE-BY", created_at=TUESDAY_MORNING
        )
        contact = Contact(client=client, first_name="Rainer", last_name="Osterkamp", language="de", created_at=TUESDAY_MORNING)
        contact.name_changed()
        db.session.add_all(
            [
                manager("Jürgen", "Maaßdorf", phone="+494012345678"),
                manager("Anneke", "Berg", "van der"),
                manager("Özlem", "Bergmann"),
                client,
                contact,
            ]
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jürgen", ["Jürgen Maaßdorf"]),
        ("juergen", ["Jürgen Maaßdorf"]),
        ("JURGEN", ["Jürgen Maaßdorf"]),
        ("maassdorf", ["Jürgen Maaßdorf"]),
        ("assdo", ["Jürgen Maaßdorf"]),  # a part of the word
        ("berg", ["Anneke van der Berg", "Özlem Bergmann"]),
        ("berg anne", ["Anneke van der Berg"]),
        ("be", ["Anneke van der Berg", "Özlem Bergmann"]),  # two letters: how the last name begins
        ("be an", ["Anneke van der Berg"]),
        ("velbrink", ["Velbrink Antriebstechnik GmbH"]),
        ("osterkamp", ["Rainer Osterkamp"]),
        ("040 12345678", ["Jürgen Maaßdorf"]),
        ("+49 40 1234-5678", ["Jürgen Maaßdorf"]),
        ("nobody", []),
        ("%", []),
        ("_____", []),
        ("' OR 1=1 --", []),
        ('"', []),
        ("NEAR(", []),
        ("*" * 300, []),
    ],
)
def test_the_search_field_finds_people_as_they_are_typed(people, text, found):
    assert [hit.name for group in find(text) for hit in group.hits] == found


def test_a_changed_name_is_found_and_the_old_one_is_not(people):
    with unit_of_work():
        one = db.session.scalar(sa.select(Manager).where(Manager.last_name == "Maaßdorf"))
        one.last_name = "Petersen"
        one.name_changed()

    assert [hit.name for group in find("petersen") for hit in group.hits] == ["Jürgen Petersen"]
    assert find("maassdorf") == []


def test_what_is_deleted_by_a_bulk_statement_is_no_longer_found(people):
    with unit_of_work():
        db.session.execute(sa.delete(Manager).where(Manager.last_name == "Bergmann"))

    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchName).where(SearchName.folded.like("%bergmann%"))) == 0
    assert [hit.name for group in find("berg") for hit in group.hits] == ["Anneke van der Berg"]


@pytest.mark.parametrize("frequent", [2, 10_000])
def test_both_plans_agree_with_a_slow_exact_reference(app, monkeypatch, frequent):
    monkeypatch.setattr(search_names, "FREQUENT", frequent)  # a number, so that few names try the plan for many
    firsts, lasts = ["Anna", "Jörn", "Zoë", "Ian"], ["Müller", "Mulder", "Aal", "Meyer-Lindt", "Öhm", "van Aken"]
    with unit_of_work():
        db.session.add_all([manager(first, last) for first in firsts for last in lasts])

    for text in ["müller", "mul", "an", "a", "aal ann", "meyer", "lindt jo", "oe", "oehm", "ohm zoe", "ake", "i mu", "xyz"]:
        words = words_of(text)
        condition = matching("manager", text, Manager.id, Manager.folded_name, Manager.sort_name)
        got = set(db.session.scalars(sa.select(Manager.id).where(condition)))
        assert got == {one.id for one in db.session.scalars(sa.select(Manager)) if fits(one, words)}, text


def fits(one: Manager, words: search_names.Words) -> bool:
    text = searchable(f"{one.first_name} {one.last_name}")
    if not words.long:
        first, *rest = words.short
        return one.sort_name.startswith(first) and all(f" {w}" in f" {text}" for w in rest)
    return all(w in text for w in words.long) and all(f" {w}" in f" {text}" for w in words.short)


def test_folding_makes_spellings_alike():
    assert fold("Jürgen Maaßdorf") == fold("JUERGEN MAASSDORF") == "juergen maassdorf"


def test_the_page_shows_groups_and_leads_to_the_list(people, office):
    page = office.open("/search?q=berg")

    assert page.status == 200
    assert "Anneke van der Berg" in page.text and "Managers" in page.text


@pytest.mark.parametrize("text", ["%00", "a" * 5000, "%F0%9F%A6%86", "';--", "ID 99999999999999999999"])
def test_odd_texts_get_an_answer(people, office, text):
    assert office.open(f"/search?q={text}").status in (200, 400, 404)


@pytest.mark.parametrize("text", ["dahlmann", "Ute Dahl", "nordwerk", "Nordwerk AG", "da"])
def test_a_referee_is_found_by_name_and_company(app, text):
    referee = make_referee(make_manager(last_name="Aldenhoff"))

    assert [(hit.name, hit.note, hit.path) for group in find(text) for hit in group.hits] == [
        ("Ute Dahlmann", "Nordwerk AG", f"/references/referees/{referee.id}")
    ]


def test_the_number_of_a_referee_finds_only_who_may_be_called(app):
    manager = make_manager(last_name="Aldenhoff")
    make_referee(manager, number_kept="+494055590010")
    make_referee(manager, last_name="Bredow", number_kept="+494055590011", consent_on=None, consent_how=None)
    make_referee(manager, last_name="Petersen", number_kept="+494055590012", objected_on=TUESDAY_MORNING.date())

    found = {
        number: [hit.name for group in find(number) for hit in group.hits]
        for number in ("040 55590010", "040 55590011", "040 55590012")
    }

    assert found == {"040 55590010": ["Ute Dahlmann"], "040 55590011": [], "040 55590012": []}


def test_a_referee_who_was_removed_is_found_no_more(app):
    referee = make_referee(make_manager())
    with unit_of_work():
        referee.company = "Elbguss GmbH"
        referee.name_changed()
    assert [hit.note for group in find("elbguss") for hit in group.hits] == ["Elbguss GmbH"]
    assert find("nordwerk") == []

    with unit_of_work():
        db.session.execute(sa.delete(type(referee)))

    assert find("elbguss") == find("dahlmann") == []


def test_the_page_shows_referees_without_a_number(app, office):
    make_referee(make_manager(), number_kept="+494055590010")

    page = office.open("/search?q=nordwerk")

    assert "Ute Dahlmann" in page.text and "Referees" in page.text and "55590010" not in page.text
