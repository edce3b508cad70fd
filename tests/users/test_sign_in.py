"""Signing in and out, limits of sessions, the same answer for known and unknown accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.users import passwords, sign_in
from app.users.models import UserSession
from tests import factories
from tests.factories import PASSWORD, make_user, reload
from tests.office import Office, Page

pytestmark = pytest.mark.sql
WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def known(app):
    return make_user(email="k.ostendorff@example.org", password=passwords.hashed(PASSWORD))


def sign_in_as(app, email: str, password: str = PASSWORD, path: str = "/login?lang=en") -> Page:
    return Office(app).open(path).fill(email=email, password=password).submit(follow=False)


def test_the_right_password_opens_the_desk(app, known):
    answer = sign_in_as(app, "K.Ostendorff@Example.org ")

    assert (answer.status, answer.headers["Location"]) == (303, "/today")
    assert answer.office.open("/settings").status == 200


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(app, known):
    wrong = sign_in_as(app, known.email, "not-the-password")
    unknown = sign_in_as(app, "nobody@example.org", "not-the-password")

    assert wrong.status == unknown.status == 422
    assert WRONG in wrong.text
    assert WRONG in unknown.text
    assert 'value="k.ostendorff@example.org"' in wrong.text


def test_a_disabled_account_and_one_without_a_password_do_not_open(app):
    make_user(email="gone@example.org", password=passwords.hashed(PASSWORD), active=False)
    make_user(email="invited@example.org")

    assert WRONG in sign_in_as(app, "gone@example.org").text
    assert WRONG in sign_in_as(app, "invited@example.org").text


def test_nothing_typed_is_refused_at_the_fields(app):
    answer = sign_in_as(app, "", "")

    assert answer.status == 422
    assert 'href="#email"' in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "/%5Cevil", "javascript:x", "/\tx", "/login", ""]
)
def test_next_leads_only_to_a_path_of_our_own(app, known, wanted):
    from urllib.parse import quote

    answer = sign_in_as(app, known.email, path=f"/login?next={quote(wanted)}")

    expected = "/%5Cevil" if wanted == "/%5Cevil" else "/today"
    assert answer.headers["Location"] == expected


def test_after_signing_in_one_is_where_one_wanted_to_be(app, known):
    asked = Office(app).open("/settings/password", follow=False)
    assert asked.headers["Location"] == "/login?next=/settings/password"

    assert sign_in_as(app, known.email, path=asked.headers["Location"]).headers["Location"] == "/settings/password"


def test_the_session_key_changes_at_sign_in_and_only_its_hash_is_kept(app, known):
    visitor = Office(app)
    page = visitor.open("/login")
    before = visitor.client.get_cookie("lotse").value

    page.fill(email=known.email, password=PASSWORD).submit()

    with visitor.client.session_transaction() as session:
        key = session["_user_id"]
    kept = db.session.scalars(sa.select(UserSession)).one()
    assert visitor.client.get_cookie("lotse").value != before
    assert kept.key_hash != key
    assert len(key) >= 43


def test_signing_out_ends_the_session_on_the_server(app, known):
    page = sign_in_as(app, known.email)
    stolen = page.office.client.get_cookie("lotse").value

    page.office.open("/logout").submit()

    thief = Office(app)
    thief.client.set_cookie("lotse", stolen)
    assert thief.open("/settings", follow=False).status == 302
    assert page.office.open("/settings", follow=False).status == 302


def test_signing_out_takes_a_click(app, known):
    page = sign_in_as(app, known.email)

    assert page.office.open("/logout").status == 200
    assert page.office.open("/settings").status == 200


def test_a_session_ends_after_twelve_hours_without_use(app, known, clock):
    client = sign_in_as(app, known.email).office.client

    clock.move(timedelta(hours=11, minutes=59))
    assert fetch(app, client) == 200
    clock.move(timedelta(hours=12, minutes=6))
    assert fetch(app, client) == 302


def test_a_session_ends_after_seven_days_in_any_case(app, known, clock):
    client = sign_in_as(app, known.email).office.client

    for _half_day in range(13):
        clock.move(timedelta(hours=11, minutes=50))
        assert fetch(app, client) == 200
    clock.move(timedelta(hours=13, minutes=30))
    assert fetch(app, client) == 302


def fetch(app, client) -> int:
    with app.app_context():
        return client.get("/settings").status_code


def test_when_a_session_was_last_used_is_written_every_five_minutes(app, known, clock):
    client = sign_in_as(app, known.email).office.client
    kept = db.session.scalars(sa.select(UserSession)).one()
    began = kept.last_seen_at

    clock.move(timedelta(minutes=4))
    fetch(app, client)
    assert reload(kept).last_seen_at == began

    clock.move(timedelta(minutes=2))
    fetch(app, client)
    assert reload(kept).last_seen_at == clock.now()


def test_user_and_session_are_one_statement(app, office):
    said: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        office.client.get("/logout")

    assert len([text for text in said if "user_account" in text or "user_session" in text]) == 1


def test_disabling_an_account_ends_its_sessions(app, known, administrator):
    page = sign_in_as(app, known.email)

    administrator.open(f"/users/{known.id}").form("disablings").submit()

    assert page.office.open("/settings", follow=False).status == 302


def test_too_many_tries_are_held_off_for_known_and_unknown_alike(app, known, clock):
    answers = {}
    for email in (known.email, "nobody@example.org"):
        for _try in range(10):
            assert sign_in_from(app, email, "wrong", email).status == 422
        answers[email] = sign_in_from(app, email, PASSWORD, email)

    for answer in answers.values():
        assert answer.status == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
        assert "Too many tries. Please wait 15 minutes, then try again." in answer.text

    clock.move(timedelta(minutes=15, seconds=1))
    assert sign_in_from(app, known.email, PASSWORD, "").status == 303


def sign_in_from(app, email: str, password: str, host: str) -> Page:
    """Each account from an address of its own."""
    visitor = Office(app)
    visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{len(host) + 1}"
    return visitor.open("/login?lang=en").fill(email=email, password=password).submit(follow=False)


def test_too_many_tries_from_one_address_are_held_off_whatever_the_account(app, known):
    for number in range(10):
        assert sign_in_as(app, f"somebody{number}@example.org", "wrong").status == 422

    assert sign_in_as(app, known.email).status == 429


def test_colleagues_behind_one_address_do_not_lock_each_other_out(app, known):
    for _time in range(12):
        assert sign_in_as(app, known.email).status == 303


def test_the_password_is_compared_even_where_there_is_no_account(app, monkeypatch):
    compared = []
    real = passwords.verify_password
    monkeypatch.setattr(passwords, "verify_password", lambda text, kept: compared.append(kept) or real(text, kept))

    sign_in_as(app, "nobody@example.org", "something")

    assert len(compared) == 1


@pytest.mark.parametrize(
    "language, words",
    [("de", "Die E-Mail-Adresse oder das Passwort stimmt nicht."), ("nl", "Het e-mailadres of het wachtwoord klopt niet.")],
)
def test_refusals_speak_the_reader_s_language(app, language, words):
    assert words in sign_in_as(app, "nobody@example.org", "x", f"/login?lang={language}").text


def test_a_post_without_a_token_changes_nothing(app, office):
    assert office.post("/logout", {}).status == 400
    assert office.open("/settings").status == 200


def test_a_key_made_up_opens_nothing(app):
    visitor = Office(app)
    with visitor.client.session_transaction() as session:
        session["_user_id"] = "1"

    assert visitor.open("/settings", follow=False).status == 302


def test_a_user_with_token_in_the_address_is_nobody(app, known):
    assert Office(app).open(f"/settings?auth_token={known.fs_uniquifier}", follow=False).status == 302


def test_browsers_are_named_in_two_words(app):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    with app.test_request_context(headers={"User-Agent": agent}):
        assert sign_in.browser() == "Firefox, Linux"


def test_factories_sign_in_is_the_same_session(office):
    assert office.open("/settings").status == 200
    assert factories.reload(office.user).active


def test_sessions_long_over_are_forgotten(app, known, clock):
    from app.reminders.ticks import housekeeping

    sign_in_as(app, known.email)
    clock.move(timedelta(days=91))
    sign_in_as(app, known.email)

    housekeeping(clock.now())

    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 1
