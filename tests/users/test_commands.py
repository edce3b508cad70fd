"""`users add`, `users list`, `users first-link` and the page behind that link."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.users import passwords, queries
from app.users.models import User
from tests.factories import PASSWORD, make_user
from tests.office import Office

pytestmark = pytest.mark.sql


def run(app, *arguments: str):
    return app.test_cli_runner().invoke(args=["users", *arguments])


def add(app, email="a.roelofs@example.org", role="consultant", name="Dr. Anneke van der Roelofs", password=PASSWORD):
    return run(app, "add", email, "--role", role, "--name", name, "--password", password)


def test_a_user_is_added_and_signs_in(app):
    said = add(app, email="A.Roelofs@example.org")

    assert (said.exit_code, said.stderr) == (0, "")
    assert "a.roelofs@example.org" in said.stdout
    user = queries.by_email("a.roelofs@example.org")
    assert (user.title, user.first_name, user.particle, user.last_name) == ("Dr.", "Anneke", "van der", "Roelofs")
    assert (user.role, user.team.name, user.is_reviewer) == ("consultant", "Firm", True)
    assert passwords.matches(user, PASSWORD)
    assert Office(app).open("/login").fill(email=user.email, password=PASSWORD).submit(follow=False).status == 303


@pytest.mark.parametrize("role", ["administrator", "lead", "consultant", "assistant", "auditor"])
def test_every_role_can_be_added(app, role):
    assert add(app, role=role).exit_code == 0
    assert queries.by_email("a.roelofs@example.org").role == role


def test_json_says_what_was_added(app):
    said = run(app, "add", "a@example.org", "--role", "lead", "--name", "Anneke Roelofs", "--password", PASSWORD, "--json")

    assert json.loads(said.stdout) == {"id": 1, "email": "a@example.org", "role": "lead", "name": "Anneke Roelofs"}


@pytest.mark.parametrize("wrong, code, words", [
    ({"password": "short"}, 1, "at least 12 characters"),
    ({"password": "password1234"}, 1, "easy to guess"),
    ({"email": "no-address"}, 1, "not a mail address"),
    ({"role": "emperor"}, 2, "emperor"),
    ({"name": "  "}, 2, "name"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(app, wrong, code, words):
    said = add(app, **wrong)

    assert said.exit_code == code
    assert words in said.stderr
    assert said.stdout == ""
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_an_address_can_be_added_once(app):
    add(app)
    said = add(app, email="A.ROELOFS@EXAMPLE.ORG")

    assert said.exit_code == 1
    assert said.stderr.strip() == "There is an account with this address already."


def test_an_option_left_out_is_wrong_usage(app):
    assert run(app, "add", "a@example.org").exit_code == 2


def test_the_list_names_everyone(app):
    make_user(email="a@example.org", role="lead")
    make_user(email="b@example.org", active=False)

    assert "a@example.org" in run(app, "list").stdout
    listed = json.loads(run(app, "list", "--json").stdout)
    assert [(row["email"], row["active"]) for row in listed] == [("a@example.org", True), ("b@example.org", False)]


def link_of(app) -> str:
    said = run(app, "first-link")
    assert said.exit_code == 0
    found = re.search(r"http://localhost(/p/\S+)", said.stdout)
    return found[1] if found else ""


FORM = {"name": "Katrin Ostendorff", "email": "k@example.org", "language": "en", "password": PASSWORD, "again": PASSWORD}


def test_the_first_administrator_opens_the_account_behind_a_link(app):
    path = link_of(app)
    assert Office(app).open(path).status == 200
    assert Office(app).open(path).status == 200
    assert not queries.is_administered()

    done = Office(app).open(path + "?lang=en").fill(**FORM).submit()
    assert "Your account is open." in done.text
    inside = done.fill(email="k@example.org", password=PASSWORD).submit(follow=False)

    assert inside.status == 303
    db.session.rollback()
    assert queries.by_email("k@example.org").role == "administrator"
    assert Office(app).open(path).status == 410
    assert run(app, "first-link").stdout == ""


def test_the_link_stays_the_same_until_it_expires(app, clock):
    first = link_of(app)
    assert link_of(app) == first

    clock.move(timedelta(days=7))

    assert Office(app).open(first).status == 410
    assert link_of(app) != first


def test_nothing_is_printed_where_there_is_an_administrator(app):
    make_user(role="administrator")

    assert run(app, "first-link").stdout == ""


def test_a_refused_form_leaves_the_link_usable_and_keeps_what_was_typed(app):
    path = link_of(app)

    refused = Office(app).open(path).fill(**{**FORM, "password": "short", "again": "short"}).submit()

    assert refused.status == 422
    assert 'value="Katrin Ostendorff"' in refused.text
    assert Office(app).open(path).status == 200


def test_two_at_once_make_one_administrator(app):
    path = link_of(app)
    pages = [Office(app).open(path).fill(**{**FORM, "email": f"k{number}@example.org"}) for number in range(4)]

    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda page: in_context(app, page), pages))

    assert sum(status == 303 for status in answers) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def in_context(app, page) -> int:
    with app.app_context():
        try:
            return page.submit(follow=False).status
        finally:
            db.session.remove()
