"""What makes a password good enough, how it is changed and set anew by mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.errors import RuleViolation
from app.db import db
from app.links.actions import url_of
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.users import passwords
from tests.factories import PASSWORD, make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql
NEW = "Priel-Bake-Tonne-17"


@pytest.fixture
def known(app):
    return make_user(email="k.ostendorff@example.org", password=passwords.hashed(PASSWORD))


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def path_of(letter: Letter) -> str:
    return url_of(db.session.get(PersonalLink, letter.link_id)).removeprefix("http://localhost")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "123456789012",
        "password1234",
        "Wachtwoord2026",
        "k.ostendorff@example.org",
        "Ostendorff-123",
        "x" * 129,
    ],
)
def test_easy_passwords_are_refused(app, password):
    with pytest.raises(RuleViolation):
        passwords.check(password, email="k.ostendorff@example.org", name="Katrin Ostendorff")


@pytest.mark.parametrize("password", ["correct horse battery staple", "Leuchtfeuer-29", "Ünïcödé-schlüssel", "lead-demo-2026-x"])
def test_long_ones_without_a_pattern_are_taken(app, password):
    assert passwords.check(password, email="lead@example.org", name="Katrin Ostendorff")


def test_the_hash_is_argon2_and_says_nothing(app, known):
    assert known.password.startswith("$argon2id$")
    assert PASSWORD not in known.password


def test_changing_the_password_asks_for_the_present_one_and_signs_out_elsewhere(app, known):
    here, elsewhere = Office(app, known), Office(app, known)

    refused = here.open("/settings/password").fill(old_password="wrong", password=NEW, again=NEW).submit()
    assert refused.status == 422
    assert "This is not your present password." in refused.text

    done = here.open("/settings/password").fill(old_password=PASSWORD, password=NEW, again=NEW).submit()

    assert done.status == 200
    assert "Your password is changed." in done.text
    assert passwords.matches(reload(known), NEW)
    assert elsewhere.open("/settings", follow=False).status == 302
    assert [letter.subject for letter in letters()] == ["Your password for Lotse was changed"]


def test_two_different_new_passwords_are_refused(app, known):
    refused = Office(app, known).open("/settings/password").fill(old_password=PASSWORD, password=NEW, again=PASSWORD).submit()

    assert refused.status == 422
    assert "The two passwords differ." in refused.text
    assert passwords.matches(reload(known), PASSWORD)


def test_a_lost_password_is_set_anew_by_a_link_that_works_once(app, known, clock):
    there = Office(app, known)
    asked = Office(app).open("/login/new-password?lang=en").fill(email=known.email).submit()
    assert "a mail with a link is on its way" in asked.text
    [letter] = letters()
    assert "[personal link]" in letter.text
    assert "/p/" not in letter.text + letter.html

    path = path_of(letter)
    assert Office(app).open(path).status == 200
    done = Office(app).open(path).fill(password=NEW, again=NEW).submit()

    assert "Your password is set." in done.text
    assert passwords.matches(reload(known), NEW)
    assert there.open("/settings", follow=False).status == 302
    assert Office(app).open(path).status == 410


def test_the_link_ends_after_two_hours(app, known, clock):
    Office(app).open("/login/new-password").fill(email=known.email).submit()
    path = path_of(letters()[0])

    clock.move(timedelta(hours=2))

    assert Office(app).open(path).status == 410


def test_an_easy_password_behind_the_link_is_refused_and_the_link_still_works(app, known):
    Office(app).open("/login/new-password").fill(email=known.email).submit()
    path = path_of(letters()[0])

    refused = Office(app).open(path).fill(password="short", again="short").submit()

    assert refused.status == 422
    assert Office(app).open(path).status == 200


def test_an_unknown_address_gets_the_same_page_and_no_letter(app, known):
    for_known = Office(app).open("/login/new-password?lang=en").fill(email=known.email).submit()
    for_unknown = Office(app).open("/login/new-password?lang=en").fill(email="nobody@example.org").submit()

    def told(text: str) -> list[str]:
        return re.findall(r"<p data-told>(.*?)</p>", text)

    assert told(for_known.text) == told(for_unknown.text) != []
    assert [letter.to_address for letter in letters()] == [known.email]


def test_a_newer_link_takes_the_place_of_the_older_one(app, known):
    for _time in range(2):
        Office(app).open("/login/new-password").fill(email=known.email).submit()
    older, newer = letters()

    assert Office(app).open(path_of(older)).status == 410
    assert Office(app).open(path_of(newer)).status == 200


def test_one_address_gets_three_links_an_hour(app, known):
    answers = [Office(app).open("/login/new-password").fill(email=known.email).submit() for _time in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert len(letters()) == 3


def test_a_disabled_account_gets_no_link(app):
    make_user(email="gone@example.org", active=False)

    Office(app).open("/login/new-password").fill(email="gone@example.org").submit()

    assert letters() == []


def test_no_secret_stands_in_the_audit_trail(app, known):
    from app.db.audit import AuditChange

    Office(app, known).open("/settings/password").fill(old_password=PASSWORD, password=NEW, again=NEW).submit()

    db.session.rollback()
    written = " ".join(str((row.old, row.new)) for row in db.session.scalars(sa.select(AuditChange)))
    assert "argon2" not in written
    assert "'password': 'changed'" in written
