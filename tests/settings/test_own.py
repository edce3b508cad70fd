"""One's own settings."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import db
from app.users.models import UserSession
from tests.factories import make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql


def test_name_language_looks_and_keys_are_kept(office):
    page = office.open("/settings").fill(
        first_name="Kaethe", particle="von der", last_name="Ostendorff", title="Dr.", form_of_address="frau",
        language="nl", theme="dark", zone="Europe/Zurich", region="CH-ZH", single_keys=None, digest=None,
    ).submit()  # fmt: skip

    assert page.status == 200
    user = reload(office.user)
    assert (user.name, user.form_of_address, user.language, user.theme) == ("Dr. Kaethe von der Ostendorff", "frau", "nl", "dark")
    assert (user.zone, user.region, user.single_keys, user.digest) == ("Europe/Zurich", "CH-ZH", False, False)
    assert user.sort_name == "ostendorff kaethe"
    assert '<html lang="nl" data-bs-theme="dark">' in page.text


def test_the_system_s_colours_leave_no_attribute(office):
    assert "data-bs-theme" not in office.open("/settings").text


def test_the_page_as_shown_changes_nothing(office):
    before = {
        column: getattr(office.user, column)
        for column in ("name", "language", "theme", "zone", "region", "single_keys", "digest", "phone")
    }

    office.open("/settings").submit()

    assert {column: getattr(reload(office.user), column) for column in before} == before


@pytest.mark.parametrize(
    "field, value",
    [
        ("last_name", ""),
        ("last_name", "x" * 81),
        ("first_name", "nul\0"),
        ("language", "xx"),
        ("theme", "pink"),
        ("zone", "Mars/Olympus"),
        ("region", "DE-XX"),
    ],
)
def test_wrong_input_is_refused(office, field, value):
    refused = office.open("/settings").fill(**{"title": "kept-title", field: value}).submit()

    assert refused.status == 422
    assert 'value="kept-title"' in refused.text
    assert reload(office.user).title is None


def test_role_and_address_cannot_be_slipped_in(office):
    fields = dict(office.open("/settings").forms[0]["fields"].items())

    office.post("/settings", {**fields, "role": "administrator", "email": "other@example.org", "is_reviewer": "y", "active": ""})

    user = reload(office.user)
    assert (user.role, user.active) == ("consultant", True)
    assert user.email != "other@example.org"


def test_what_an_administrator_changed_meanwhile_is_shown_beside_what_was_typed(office, administrator):
    mine = office.open("/settings").fill(last_name="Mine")
    administrator.open(f"/users/{office.user.id}/edit").fill(last_name="Theirs").submit()

    conflict = mine.submit()

    assert conflict.status == 409
    assert "Theirs" in conflict.text


def test_signing_out_everywhere_else_leaves_this_browser(app):
    user = make_user()
    here, elsewhere = Office(app, user), Office(app, user)

    page = here.open("/settings").form("sessions/ends").submit()

    assert "One other browser is signed out." in page.text
    assert elsewhere.open("/settings", follow=False).status == 302
    assert here.open("/settings", follow=False).status == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession).where(UserSession.ended_at.is_(None))) == 1


@pytest.mark.parametrize("language, title", [("de", "Einstellungen"), ("nl", "Instellingen"), ("en", "Settings")])
def test_the_page_speaks_three_languages(app, language, title):
    assert f"<h1>{title}</h1>" in Office(app, make_user(language=language)).open("/settings").text
