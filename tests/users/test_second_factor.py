"""The authenticator app: set up, asked for, used once, recovered, required."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from passlib.totp import TOTP

from app import create_app
from app.core.errors import RuleViolation
from app.db import db
from app.users import passwords
from tests.factories import PASSWORD, make_user, reload
from tests.office import Office, Page

pytestmark = pytest.mark.sql


@pytest.fixture
def known(app):
    return make_user(email="k.ostendorff@example.org", password=passwords.hashed(PASSWORD))


class App:
    """An authenticator app on a telephone."""

    def __init__(self, page: Page, clock) -> None:
        key = re.search(r"<samp[^>]*>(.*?)</samp>", page.text)
        self.totp, self.clock = TOTP(key=key[1].replace(" ", "")), clock

    def code(self) -> str:
        return self.totp.generate(time=self.clock.now().timestamp()).token


def set_up(person: Office, clock) -> tuple[App, list[str]]:
    page = person.open("/settings/second-factor").submit()
    telephone = App(page, clock)
    done = page.fill(code=telephone.code()).submit()
    assert done.status == 200
    clock.move(timedelta(seconds=30))
    return telephone, re.findall(r"<samp[^>]*>([0-9a-f-]{14})</samp>", done.text)


def give_password(app, person) -> Page:
    return Office(app).open("/login?lang=en&next=/settings").fill(email=person.email, password=PASSWORD).submit()


def test_signing_in_asks_for_the_code_and_nothing_opens_before(app, known, clock):
    telephone, codes = set_up(Office(app, known), clock)
    assert len(codes) == 10

    page = give_password(app, known)
    assert "Code from your authenticator app" in page.text
    assert page.office.open("/settings", follow=False).status == 302

    inside = page.fill(code=telephone.code()).submit()
    assert inside.status == 200
    assert "<h1>Settings</h1>" in inside.text


def test_a_wrong_code_is_refused_at_its_field(app, known, clock):
    set_up(Office(app, known), clock)

    refused = give_password(app, known).fill(code="000000").submit()

    assert refused.status == 422
    assert "This code is not right, or was used already." in refused.text


def test_a_code_works_once(app, known, clock):
    telephone, _codes = set_up(Office(app, known), clock)
    code = telephone.code()
    give_password(app, known).fill(code=code).submit()

    assert give_password(app, known).fill(code=code).submit().status == 422


def test_a_recovery_code_opens_once(app, known, clock):
    _telephone, codes = set_up(Office(app, known), clock)

    def recover() -> Page:
        waiting = give_password(app, known)
        return waiting.office.open("/login/recovery-code?lang=en").fill(code=codes[3].upper()).submit()

    assert recover().status in (200, 404)  # signed in: on the desk
    assert recover().status == 422
    assert len(reload(known).mf_recovery_codes) == 9
    assert codes[3] not in str(known.mf_recovery_codes)


def test_codes_are_counted_too(app, known, clock):
    telephone, _codes = set_up(Office(app, known), clock)
    page = give_password(app, known)
    for _try in range(10):
        page = page.fill(code="000000").submit()
        assert page.status == 422

    assert page.fill(code=telephone.code()).submit().status == 429


def test_waiting_longer_than_ten_minutes_means_the_password_again(app, known, clock):
    telephone, _codes = set_up(Office(app, known), clock)
    page = give_password(app, known)

    clock.move(timedelta(minutes=10))

    again = page.fill(code=telephone.code()).submit()
    assert "Please sign in again." in again.text


def test_the_picture_is_a_file_of_our_own_and_gone_afterwards(app, known, clock):
    person = Office(app, known)
    page = person.open("/settings/second-factor").submit()

    assert 'src="/settings/second-factor/code.svg"' in page.text
    picture = person.open("/settings/second-factor/code.svg")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert "no-store" in picture.headers["Cache-Control"]
    assert " style=" not in picture.text

    page.fill(code=App(page, clock).code()).submit()
    assert person.open("/settings/second-factor/code.svg").status == 404


def test_switching_it_off_takes_the_password(app, known, clock):
    person = Office(app, known)
    set_up(person, clock)

    assert person.open("/settings/second-factor/off").fill(password="wrong").submit().status == 422
    assert reload(known).has_second_factor
    person.open("/settings/second-factor/off").fill(password=PASSWORD).submit()
    assert not reload(known).has_second_factor


def test_new_recovery_codes_take_the_place_of_the_old(app, known, clock):
    person = Office(app, known)
    _telephone, old = set_up(person, clock)

    shown = person.open("/settings/second-factor/recovery-codes").fill(password=PASSWORD).submit()

    new = re.findall(r"<samp[^>]*>([0-9a-f-]{14})</samp>", shown.text)
    assert len(new) == 10
    assert not set(new) & set(old)


def test_an_administrator_switches_it_off_for_a_lost_telephone(app, known, clock, administrator):
    set_up(Office(app, known), clock)

    administrator.open(f"/users/{known.id}").form("second-factor").submit()

    assert not reload(known).has_second_factor
    assert give_password(app, known).status == 200


def test_the_secret_is_kept_encrypted(app, known, clock):
    telephone, _codes = set_up(Office(app, known), clock)

    kept = reload(known).tf_totp_secret
    assert telephone.totp.base32_key not in kept
    assert telephone.totp.hex_key not in kept


@pytest.mark.parametrize(
    "role, is_asked", [("administrator", True), ("lead", True), ("consultant", False), ("assistant", False), ("auditor", False)]
)
def test_administrators_and_leads_must_set_one_up(config, clock, role, is_asked):
    app = create_app(replace(config, require_mfa="auto"), clock)
    with app.app_context():
        person = Office(app, make_user(role=role))
        asked = person.open("/settings", follow=False)
        assert (asked.headers.get("Location") == "/settings/second-factor") is is_asked
        if is_asked:
            assert person.post("/settings/sessions/ends", {}).status in (400, 403)
            set_up(person, clock)
            assert person.open("/settings", follow=False).status == 200
        db.session.remove()
        db.engine.dispose()


def test_a_business_no_says_what_to_do(app, known):
    from app.users import actions, second_factor

    second_factor.propose(known)
    with pytest.raises(RuleViolation, match="the app shows now"):
        actions.switch_second_factor_on(known, "123", at=app.extensions["lotse.clock"].now())
