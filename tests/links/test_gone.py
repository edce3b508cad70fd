"""Links of every purpose when what they are about has gone, and opened as scanners do: a page, nothing told, never a 500."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import links
from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.links.models import PersonalLink
from app.links.purposes import PURPOSES
from app.managers.models import Manager
from app.privacy import actions as privacy
from tests.asking.test_invitation import due_talk, invited
from tests.factories import make_contact, make_manager, make_talk, make_user
from tests.office import Office

pytestmark = pytest.mark.sql
NOBODY = 987_654


def path_of(link: PersonalLink) -> str:
    return links.url_of(link).removeprefix("http://localhost")


def tables() -> dict[str, int]:
    """Return how many rows each table has, but for those that count tries and sessions."""
    db.session.rollback()
    return {
        one.name: db.session.scalar(sa.select(sa.func.count()).select_from(one)) or 0
        for one in db.metadata.sorted_tables
        if one.name not in ("throttle_hit", "user_session", "form_post", "audit_change")
    }


def token_of(browser: Any) -> str:
    """Return what each form of this visitor carries, from any page with one."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/login").get_data(as_text=True))
    assert found
    return found.group(1)


def everybody() -> list[Any]:
    return [make_manager(), make_contact(), make_user(), make_user().team]


def test_of_each_purpose_and_about_whomever_it_says_something(app: Flask, clock: FrozenClock) -> None:
    """A link that leads nowhere: its request, report or reference is gone, or it is about somebody of another kind."""
    subjects = everybody()
    with unit_of_work():
        made = [
            links.issue(purpose, db.session.merge(subject), language="en", at=clock.now())
            for purpose in PURPOSES
            for subject in subjects
        ]
        for link in made[:: len(subjects)]:
            link.subject_id = NOBODY
    browser = app.test_client()
    token = token_of(browser)

    for link in made:
        path, about = path_of(link), f"{link.purpose} about {link.subject_type} {link.subject_id}"
        posts = [
            browser.post(path, data={"csrf_token": token, **given}) for given in ({}, {"answer": "never"}, {"answer": "object"})
        ]
        for answer in (browser.get(path), browser.head(path), *posts):
            assert answer.status_code < 500, about
            assert answer.headers["Cache-Control"] == "no-store", about


def test_a_scanner_that_opens_it_many_times_changes_nothing(office: Office, app: Flask) -> None:
    link = db.session.get_one(PersonalLink, invited(office, due_talk(office)).link_id)
    path, before, browser = path_of(link), tables(), app.test_client()

    for _time in range(25):
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
    assert browser.options(path).status_code == 200
    assert browser.put(path).status_code == 405

    assert tables() == before
    db.session.refresh(link)
    assert link.uses == 0


@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_after_the_manager_is_erased_a_clients_links_do_not_name_him(
    office: Office, app: Flask, clock: FrozenClock, language: str
) -> None:
    first = due_talk(office)
    with unit_of_work():
        mandate, manager = first.mandate, first.mandate.manager
        first.contact.language = language
        manager.first_name, manager.last_name = "Ottokar", "Zwirnemann"
        manager.name_changed()
        mandate.title = "Werkleitung mit Ottokar Zwirnemann"
    numbers = [
        invited(office, first, message="Ottokar Zwirnemann is with you, and well.").link_id,
        invited(office, make_talk(mandate=first.mandate, kind="closing", planned=True), way="form").link_id,
    ]
    paths = [path_of(db.session.get_one(PersonalLink, number)) for number in numbers]
    browser = app.test_client()
    assert all("Zwirnemann" in browser.get(path).get_data(as_text=True) for path in paths)

    with unit_of_work():
        privacy.erase(db.session.get_one(Manager, first.mandate.manager_id), actor=None, at=clock.now())
    given = {"csrf_token": token_of(browser), "answer": "never"}

    for path in paths:
        for answer in (browser.get(path), browser.post(path, data=given), browser.get(path)):
            text = answer.get_data(as_text=True)
            assert answer.status_code < 500
            assert f'lang="{language}"' in text or answer.status_code in (302, 303, 404)
            assert "Zwirnemann" not in text
            assert "Ottokar" not in text
