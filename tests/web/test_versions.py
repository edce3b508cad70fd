"""Two people saved one record: the second chooses, field by field, and nothing is lost or overwritten unseen."""

from __future__ import annotations

import re
from datetime import date

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from app.web.versions import as_chosen, opened_at
from tests.factories import make_client, make_manager, reload
from tests.office import Office, Page

pytestmark = pytest.mark.sql


def conflict(office: Office, lead: Office, path: str, theirs: dict[str, object], mine: dict[str, object]) -> Page:
    """Both open the page; the lead saves, then the office."""
    first, second = lead.open(path), office.open(path)
    assert first.fill(**theirs).submit().status == 200
    page = second.fill(**mine).submit()
    assert page.status == 409
    return page


def proposed(page: Page) -> dict[str, str]:
    """Return for each field in question which version is chosen when the page opens; "" for none."""
    names = re.findall(r'<legend id="both-([\w-]+)"', page.text)
    chosen = dict(re.findall(r'name="keep\.([\w-]+)" value="(\w+)" required checked', page.text))
    return {name: chosen.get(name, "") for name in names}


def test_only_what_both_changed_has_to_be_chosen(office: Office, lead: Office) -> None:
    manager = make_manager(owner=office.user, headline="Finanzen")
    page = conflict(
        office, lead, f"/managers/{manager.id}/edit",
        {"city": "Bremen", "headline": "Werkleitung"}, {"city": "Kiel", "note": "Ruft\nam Montag zurück"},
    )  # fmt: skip

    assert proposed(page) == {"city": "", "headline": "saved", "note": "mine"}
    assert page.text.count("both of you changed this") == 1
    assert f"{lead.user.first_name[0]}. {lead.user.last_name}, today 08:40" in page.text

    saved = page.fill(**{"keep.city": "saved"}).submit()

    assert saved.status == 200
    now = reload(manager)
    assert (now.city, now.headline, now.note) == ("Bremen", "Werkleitung", "Ruft\r\nam Montag zurück".replace("\r\n", "\n"))


def test_without_a_choice_nothing_is_saved_and_the_page_says_so(office: Office, lead: Office) -> None:
    manager = make_manager(owner=office.user)
    page = conflict(office, lead, f"/managers/{manager.id}/edit", {"city": "Bremen"}, {"city": "Kiel"})

    again = page.submit()

    assert again.status == 409
    assert "Please choose a version for each field" in again.text
    assert 'value="Kiel"' in again.text and "Bremen" in again.text
    assert reload(manager).city == "Bremen"
    assert again.keep("mine").submit().status == 200
    assert reload(manager).city == "Kiel"


def test_several_choices_a_select_and_a_box_are_taken_as_chosen(office: Office, lead: Office) -> None:
    manager = make_manager(owner=office.user, regions=("NL",), language="de")
    page = conflict(
        office, lead, f"/managers/{manager.id}/edit",
        {"regions": ["BE", "DE-BY"], "language": "nl"}, {"regions": ["AT"], "language": "en"},
    )  # fmt: skip
    assert set(proposed(page)) >= {"regions", "language"}
    assert "Bavaria" in page.text and "Austria" in page.text

    page.fill(**{"keep.regions": "saved", "keep.language": "mine"}).submit()

    now = reload(manager)
    assert sorted(now.regions) == ["BE", "DE-BY"]
    assert now.language == "en"


def test_what_is_changed_on_the_page_itself_is_saved(office: Office, lead: Office) -> None:
    manager = make_manager(owner=office.user)
    page = conflict(office, lead, f"/managers/{manager.id}/edit", {"note": "Von ihr"}, {"note": "Von mir"})

    page.fill(**{"keep.note": "mine", "note": "Von ihr und von mir"}).submit()

    assert reload(manager).note == "Von ihr und von mir"


def test_a_third_person_in_between_is_seen_too(office: Office, lead: Office) -> None:
    client = make_client(owner=office.user)
    page = conflict(office, lead, f"/clients/{client.id}/edit", {"city": "Augsburg"}, {"city": "München"})
    lead.open(f"/clients/{client.id}/edit").fill(city="Ulm").submit()

    again = page.keep("mine").submit()

    assert again.status == 409
    assert "Ulm" in again.text and "München" in again.text
    assert reload(client).city == "Ulm"


def test_a_button_tells_what_happened_and_can_be_pressed_again(office: Office, lead: Office) -> None:
    manager = make_manager(owner=office.user, next_step="Anrufen", next_step_on=date(2026, 3, 18))
    old = office.open(f"/managers/{manager.id}").form("completion")
    lead.open(f"/managers/{manager.id}/next-step").fill(next_step="Vertrag schicken").submit()

    page = old.submit()

    assert page.status == 409
    assert "What happened in the meantime" in page.text and "Vertrag schicken" in page.text
    assert "Do it nevertheless" in page.text
    assert reload(manager).next_step == "Vertrag schicken"
    assert page.submit().status == 200
    assert reload(manager).next_step is None


def test_one_who_may_not_change_it_any_more_is_told_so(office: Office, lead: Office) -> None:
    manager = make_manager(owner=office.user)
    old = office.open(f"/managers/{manager.id}/edit").fill(note="Von mir")
    lead.open(f"/managers/{manager.id}/erasure").fill(confirmation=str(manager.id)).submit()

    assert old.submit().status in (403, 404, 409)
    assert reload(manager).note is None


def test_names_of_rows_go_with_their_list() -> None:
    posted = ImmutableMultiDict(
        {
            "version": "3",
            "choose.fields": "goals title",
            "keep.goals": "saved",
            "keep.title": "mine",
            "title": "A",
            "goals-0-name": "x",
            "goalsize": "7",
            "saved.goals-0-name": "y",
            "saved.goals-1-name": "z",
            "saved.title": "B",
        }
    )

    chosen = as_chosen(posted)

    assert chosen.to_dict() == {"version": "3", "title": "A", "goalsize": "7", "goals-0-name": "y", "goals-1-name": "z"}


@pytest.mark.parametrize("key", [None, "", "abc", "zz-1", "f" * 60, "-5-x", "1" * 300])
def test_odd_keys_tell_no_time(key: str | None) -> None:
    assert opened_at(key) is None or opened_at(key).year < 2200
