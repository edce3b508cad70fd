"""At most so many letters a minute, over all processes: the rest waits, goes by itself, and is not late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.mail.rules import Priority, State, pace_ends
from app.mail.ticks import _claim
from app.reminders.heart import beat
from app.settings import queries as settings
from app.settings.models import FirmSetting
from tests.conftest import TUESDAY_MORNING
from tests.mail.letters import again, put, send, send_four_at_once
from tests.office import Office
from tests.servers import MailServer

pytestmark = pytest.mark.sql
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def most(app: Flask) -> Iterator[int]:
    with unit_of_work():
        db.session.add(FirmSetting(name="letters_a_minute", value=3))
    settings.forget()
    yield 3
    settings.forget()


def test_no_more_go_within_any_minute(app: Flask, server: MailServer, clock: FrozenClock, most: int) -> None:
    letters = [put() for _ in range(8)]
    sent = []
    for _ in range(130):
        sent.append(send().sent)
        clock.move(SECOND)

    assert [again(letter).state for letter in letters] == [State.SENT] * 8
    assert max(sum(sent[at : at + 60]) for at in range(len(sent))) == most
    assert (sent[0], sent[60], sent[120]) == (3, 3, 2)


def test_what_waits_goes_once_the_minute_is_over(app: Flask, server: MailServer, clock: FrozenClock, most: int) -> None:
    for _ in range(4):
        put()

    done = send()

    assert (done.sent, done.next_in) == (3, 60)
    clock.move(timedelta(seconds=20))
    assert send().next_in == 40


def test_who_waits_before_a_screen_goes_first(app: Flask, server: MailServer, clock: FrozenClock, most: int) -> None:
    for _ in range(9):
        put()
    send()
    put(key="reset", priority=Priority.SECURITY)
    clock.move(MINUTE)

    send()

    assert [message["X-Lotse-Key"] for message in server.messages][3] == "reset"


def test_what_never_reached_the_server_takes_nobodys_place(app: Flask, server: MailServer, most: int) -> None:
    for _ in range(3):
        put(guard="no.such.guard")  # cannot be made ready
    for _ in range(3):
        put()

    assert send().sent == 3


def test_several_processes_together_keep_to_it(app: Flask, server: MailServer, most: int) -> None:
    for _ in range(20):
        put()
    assert send_four_at_once(app) == most


def test_a_letter_that_is_held_is_not_late(app: Flask, server: MailServer, clock: FrozenClock, most: int) -> None:
    for _ in range(200):
        put()
    for _ in range(20):
        send()
        clock.move(MINUTE)
    send()
    with unit_of_work():
        db.session.execute(db.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    beat("tests", clock.now())

    health = Office(app).client.get("/healthz").get_json()

    assert health["oldest_unsent_seconds"] == 0
    with unit_of_work():
        assert _claim("tests") is None


def test_the_page_says_that_letters_wait_for_the_minute(office: Office, server: MailServer, most: int) -> None:
    for _ in range(3):
        put()
    send()
    assert "in a minute" not in office.open("/mail").text
    put()

    assert "No more than 3 letters go out in a minute" in office.open("/mail").text


def test_a_clock_set_back_holds_nobody() -> None:
    now = TUESDAY_MORNING
    assert pace_ends(now, now) == now + MINUTE
    assert pace_ends(now - MINUTE, now) is None
    assert pace_ends(now + SECOND, now) == now + SECOND + MINUTE  # another host's clock, a second ahead
    assert pace_ends(now + timedelta(days=3), now) is None
    assert pace_ends(None, now) is None
