"""Reviewers who chose so hear of confirmed registrations in the daily mail and not at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.reminders import digest
from tests.factories import make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql


def confirm_one(app) -> None:
    from tests.admission.test_registration import fill, mails, path_in

    visitor = Office(app)
    fill(visitor, "de")
    visitor.open(path_in(mails("admission.confirmation")[-1])).submit()


@pytest.mark.parametrize(
    ("given", "at_once", "counted"),
    [
        ({}, 1, 0),
        ({"notices_in_digest": True}, 0, 1),
        ({"notices_in_digest": True, "digest": False}, 1, 0),
        ({"notices_in_digest": True, "is_reviewer": False}, 0, 0),
    ],
)
def test_the_choice_decides_where_the_notice_stands(app, clock, given, at_once, counted):
    from tests.admission.test_registration import mails

    user = make_user(**given)
    confirm_one(app)
    clock.move_to(datetime(2026, 3, 18, 7, 0, tzinfo=UTC))

    assert len(mails("admission.notice")) == at_once
    assert digest.confirmed_since(reload(user), clock.now())[0] == counted


def test_the_line_stands_in_a_digest_with_nothing_else(app, clock):
    user = make_user(notices_in_digest=True)
    confirm_one(app)
    clock.move_to(datetime(2026, 3, 18, 7, 0, tzinfo=UTC))

    _subject, written = digest.write(reload(user), [], clock.now())

    assert "1 registration confirmed since Tue 17 March" in written.text and "/admission?state=confirmed" in written.text


def test_the_choice_is_kept(office):
    office.open("/settings").fill(notices_in_digest="y").submit()

    assert reload(office.user).notices_in_digest
