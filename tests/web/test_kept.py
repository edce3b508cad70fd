"""Pages that are kept: never another person's, never yesterday's, never a form's key twice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from app.db import db, unit_of_work
from app.users.models import User
from app.web.forms import KEY_HOLE, TOKEN_HOLE
from tests.factories import make_client, make_manager, make_user
from tests.office import Office

pytestmark = pytest.mark.sql


def keys_of(text: str) -> list[str]:
    return re.findall(r'name="form_key" type="hidden" value="([^"]*)"', text)


def test_a_list_asked_for_again_is_the_same(office):
    make_manager(last_name="Maaßdorf")

    assert office.open("/managers").text == office.open("/managers").text


def test_a_list_shows_what_was_changed_meanwhile(office):
    client = make_client(name="Velbrink Antriebstechnik")
    office.open("/clients")
    with unit_of_work():
        db.session.get_one(type(client), client.id).name = "Velbrink Getriebebau"

    assert "Velbrink Getriebebau" in office.open("/clients").text


def test_who_lost_a_right_sees_no_money_at_once(office):
    make_manager(rate=1450, owner=office.user)
    assert "1,450" in office.open("/managers").text
    with unit_of_work():
        db.session.get_one(User, office.user.id).role = "assistant"

    assert "1,450" not in office.open("/managers").text


def test_each_reads_in_the_own_language_and_under_the_own_name(app, office):
    other = Office(app, make_user(language="nl", last_name="Waddinxma"))
    office.open("/managers")

    page = other.open("/managers").text

    assert 'lang="nl"' in page and "Waddinxma" in page and office.user.last_name not in page


def test_days_move_on(office, clock):
    make_manager(next_step="Call", next_step_on=clock.today("Europe/Berlin"), owner=office.user)
    today = office.open("/managers").text
    clock.move_to(clock.now() + timedelta(days=1))

    assert office.open("/managers").text != today


def test_every_form_has_a_key_of_its_own_each_time(office):
    manager = make_manager(owner=office.user, next_step="Call")
    keys = [key for _time in range(3) for key in keys_of(office.open(f"/managers/{manager.id}").text)]

    assert len(keys) >= 6
    assert len(set(keys)) == len(keys)
    assert all(len(key) > 20 for key in keys)


def test_a_form_of_a_kept_page_is_accepted(office):
    manager = make_manager(owner=office.user)
    office.open(f"/managers/{manager.id}")

    page = office.open(f"/managers/{manager.id}").form("/notes/new").fill(text="Called about availability").submit()

    assert "Called about availability" in page.text
    assert "Called about availability" in office.open(f"/managers/{manager.id}").text


def test_what_was_just_done_is_told_once(office):
    manager = make_manager(owner=office.user)
    office.open(f"/managers/{manager.id}")
    told = office.open(f"/managers/{manager.id}/edit").fill(city="Bremen").submit()

    assert "Saved." in told.text
    assert "Saved." not in office.open(f"/managers/{manager.id}").text


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_page_comes_in_the_encoding_that_was_asked_for(office, encoding):
    for _time in range(2):
        answer = office.client.get("/managers", headers={"Accept-Encoding": encoding})
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["\ue000token\ue000", "\ue000key\ue000"])
def test_nobody_can_type_a_hole(office, typed):
    manager = make_manager(owner=office.user, headline=f"before {typed} after", next_step="Call")

    for path in (f"/managers/{manager.id}", "/managers"):
        page = office.open(path)
        assert page.status == 200
    assert f"before {typed} after" in office.open(f"/managers/{manager.id}").text


def test_holes_are_others_in_each_process():
    code = "from app.web.forms import KEY_HOLE, TOKEN_HOLE; print(ascii(KEY_HOLE + TOKEN_HOLE))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )

    assert other.stdout.strip() and other.stdout.strip() != ascii(KEY_HOLE + TOKEN_HOLE)
    assert KEY_HOLE != TOKEN_HOLE
