"""The reference window on Today and in the digest: on its day, for its owner, told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.db import db
from app.reminders.queries import items_for
from app.reminders.rules import What
from app.reminders.ticks import send_digests
from tests.factories import make_contact, make_mandate, make_user
from tests.office import Office
from tests.references.test_window import FIRST, extend, rate
from tests.reminders.test_digest import letters

pytestmark = pytest.mark.sql


def move(clock: FrozenClock, day: date, hour: int = 7) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC))


def is_told(user: Any, clock: FrozenClock) -> bool:
    db.session.rollback()
    before = len(letters("reminders.digest"))
    send_digests(clock.now())
    new = letters("reminders.digest")[before:]
    return any("Reference window open: ask Rainer Osterholz" in one.text for one in new if one.to_address == user.email)


def test_it_stands_on_today_on_its_day_and_is_told_once(app: Flask, clock: FrozenClock):
    user, other = make_user(), make_user()
    mandate = make_mandate(owner=user, contact=make_contact(last_name="Osterholz"))
    rate(mandate, 5)
    path = f'/mandates/{mandate.id}/reference"'

    move(clock, FIRST - timedelta(days=1))
    assert not is_told(user, clock) and path not in Office(app, user).open("/today").text
    move(clock, FIRST)
    today = Office(app, user).open("/today").text
    assert "Reference window open: ask Rainer Osterholz" in today and path in today and "until Wed 10 June" not in today
    assert "Reference window" not in Office(app, other).open("/today").text
    assert is_told(user, clock)
    for day in (FIRST + timedelta(days=3), FIRST + timedelta(days=40)):
        move(clock, day)
        assert not is_told(user, clock)
        assert path in Office(app, user).open("/today").text
    move(clock, date(2026, 6, 10) - timedelta(days=20))
    assert "until Wed 10 June" in Office(app, user).open("/today").text  # the end of the window, once it is near


def test_a_rating_written_down_days_later_is_still_told(app: Flask, clock: FrozenClock):
    user = make_user()
    mandate = make_mandate(owner=user, contact=make_contact(last_name="Osterholz"))
    move(clock, FIRST + timedelta(days=20))
    assert not is_told(user, clock)
    rate(mandate, 4, FIRST + timedelta(days=6))
    move(clock, FIRST + timedelta(days=21))

    assert is_told(user, clock)


def test_the_signing_of_an_extension_tells_it_anew(app: Flask, clock: FrozenClock):
    user = make_user()
    mandate = make_mandate(owner=user, contact=make_contact(last_name="Osterholz"))
    rate(mandate, 5)
    move(clock, FIRST)
    assert is_told(user, clock)
    extend(mandate, date(2026, 4, 7))
    move(clock, date(2026, 4, 8))

    assert is_told(user, clock)
    assert [item.what for item in items_for(user, clock.now()) if item.what is What.REFERENCE] == [What.REFERENCE]
