"""Sending to a real mail server that misbehaves: nothing lost, nothing twice, one bad letter holds up no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app, links
from app.core.clock import FrozenClock, stopwatch
from app.core.environment import CONFIG
from app.core.errors import N_
from app.db import db, unit_of_work
from app.mail import Recipient, cancel_unsent, guards, queries
from app.mail.delivery import Undelivered
from app.mail.guards import GUARDS, SEND, Decision, Fresh, Skip
from app.mail.models import Letter, LetterAttempt
from app.mail.rules import LINK_PLACE, Fault, Priority, State
from app.mail.ticks import GAVE_UP, LINK_ENDED, NOT_READY, REFUSED, _after_fault, _claim, send_due
from config import Config
from tests.factories import make_team
from tests.mail.letters import again, put, send, send_four_at_once
from tests.servers import MailServer

pytestmark = pytest.mark.sql
MINUTE = timedelta(minutes=1)


@pytest.fixture
def guard() -> Iterator[dict[str, Decision | Exception]]:
    """A guard that says what the test puts under "says"."""
    told: dict[str, Decision | Exception] = {"says": SEND}

    def answer(_letter: Letter, _at: datetime) -> Decision:
        said = told["says"]
        if isinstance(said, Exception):
            raise said
        return said

    guards.register("tests.guard", answer)
    yield told
    del GUARDS["tests.guard"]


def attempts(letter: Letter) -> list[tuple[str | None, int | None]]:
    rows = queries.attempts_of(again(letter))
    return [(attempt.outcome, attempt.code) for attempt in reversed(rows)]


def test_a_letter_arrives_once_and_its_attempt_is_kept(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    letter = put()

    assert send().sent == 1
    assert send().sent == 0

    assert again(letter).state == State.SENT and again(letter).sent_at == clock.now()
    assert attempts(letter) == [("sent", 250)]
    assert [delivery.recipients for delivery in server.deliveries] == [("a.roelofs@example.org",)]
    assert server.deliveries[0].sender == "post@hafenkontor.example"


def test_a_hundred_letters_go_over_one_connection_at_sixty_a_second(app: Flask, server: MailServer) -> None:
    for _ in range(100):
        put()

    started = time.process_time()
    assert send().sent == 100
    took = time.process_time() - started

    assert server.connections == 1
    assert len({message["X-Lotse-Key"] for message in server.messages}) == 100
    # Seconds of work, mail server included, not of waiting: other tests share the machine.
    assert took < 100 / 60


def test_security_letters_go_first(app: Flask, server: MailServer) -> None:
    put(key="digest", priority=Priority.BULK)
    put(key="reminder")
    put(key="reset", priority=Priority.SECURITY)

    send()

    assert [message["X-Lotse-Key"] for message in server.messages] == ["reset", "reminder", "digest"]


def test_a_refusal_for_now_is_tried_after_1_5_15_60_minutes_then_hourly_for_72_hours(
    app: Flask, server: MailServer, clock: FrozenClock
) -> None:
    server.replies["a.roelofs@example.org"] = "451 4.7.1 later"
    letter, started = put(), clock.now()

    waits = []
    while again(letter).state == State.QUEUED:
        due = again(letter).next_attempt_at
        waits.append((due - clock.now()) / MINUTE)
        clock.move_to(due - timedelta(seconds=1))
        assert send().sent == 0 and len(attempts(letter)) == len(waits) - 1
        clock.move_to(due)
        send()

    assert waits[:7] == [0, 1, 5, 15, 60, 60, 60]
    assert clock.now() - started == timedelta(hours=72)
    assert (again(letter).state, again(letter).reason) == (State.FAILED, GAVE_UP)
    assert set(attempts(letter)) == {("not_now", 451)}


def test_a_server_that_is_down_for_two_days_loses_nothing(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    letters = [put() for _ in range(20)]
    server.stop()
    for _ in range(48):
        send()
        clock.move(timedelta(hours=1))
    assert queries.trouble() is not None

    server.start()
    while send().next_in is not None:
        clock.move(MINUTE)

    assert [again(letter).state for letter in letters] == [State.SENT] * 20
    assert len(server.deliveries) == 20
    assert queries.trouble() is None


def test_a_dead_server_costs_one_try_a_round_and_not_one_per_letter(app: Flask, server: MailServer) -> None:
    letters = [put() for _ in range(5)]
    server.stop()

    assert send().next_in == 30
    assert send().postponed == 0

    assert [attempts(letter) for letter in letters] == [[("server_away", None)], [], [], [], []]


def test_a_refused_recipient_fails_that_letter_alone(app: Flask, server: MailServer) -> None:
    server.replies["gone@example.org"] = "550 5.1.1 unknown user"
    bad = put(to=Recipient("gone@example.org", "", "de"))
    good = put()

    done = send()

    assert (done.sent, done.failed) == (1, 1)
    assert (again(bad).state, again(bad).reason) == (State.FAILED, REFUSED)
    assert attempts(bad) == [("refused", 550)]
    assert "unknown user" in queries.attempts_of(bad)[0].reply
    assert again(good).state == State.SENT


def test_a_refused_sender_stops_the_queue_and_no_letter(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    server.sender_reply = "553 5.7.1 not yours"
    letters = [put() for _ in range(3)]

    for _ in range(40):  # far longer than 72 hours
        assert send().sent == 0
        clock.move(timedelta(hours=2))
    trouble = queries.trouble()
    assert trouble and trouble.fault == "sender_refused" and "not yours" in trouble.reply
    assert [again(letter).state for letter in letters] == [State.QUEUED] * 3

    server.sender_reply = None
    assert send().sent == 3
    assert queries.trouble() is None


def test_a_stopped_queue_is_tried_again_after_three_minutes(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    server.sender_reply = "553 no"
    put()
    assert send().next_in == 180

    server.sender_reply = None
    assert send().sent == 0
    clock.move(timedelta(minutes=3))

    assert send().sent == 1


def test_a_refused_sign_in_stops_the_queue(config: Config, clock: FrozenClock) -> None:
    with MailServer(login=("post", "geheim")) as server:
        app = create_app(replace(config, mail_url=server.url), clock)
        with app.app_context():
            server.refuse_login = True
            letter = put()
            assert send().sent == 0
            assert again(letter).state == State.QUEUED and queries.trouble()

            server.refuse_login = False
            clock.move(timedelta(minutes=3))
            assert send().sent == 1
            db.session.remove()
            db.engine.dispose()


def test_a_reply_that_is_cut_off_gives_one_more_copy_with_the_same_message_id(
    app: Flask, server: MailServer, clock: FrozenClock
) -> None:
    server.drop_replies = 1
    letter = put()

    send()
    assert again(letter).state == State.QUEUED
    clock.move(MINUTE)
    send()

    assert again(letter).state == State.SENT
    assert [message["Message-ID"] for message in server.messages] == [letter.message_id] * 2


def test_a_server_that_keeps_silent_costs_one_timeout_and_holds_up_nobody_for_good(
    app: Flask, server: MailServer, clock: FrozenClock
) -> None:
    letter = put()
    server.delay = 5

    started = stopwatch()
    send()
    took = stopwatch() - started

    assert 1.8 < took < 4
    assert again(letter).state == State.QUEUED and attempts(letter) == [("not_now", None)]
    server.delay = 0
    clock.move(MINUTE)
    assert send().sent == 1


def test_a_letter_that_cannot_be_made_ready_fails_after_five_tries_and_others_go(
    app: Flask, server: MailServer, clock: FrozenClock, guard: dict
) -> None:
    guard["says"] = RuntimeError("boom")
    bad, good = put(guard="tests.guard"), put()

    send()
    assert again(good).state == State.SENT
    for minutes in (1, 5, 15, 60):
        clock.move(timedelta(minutes=minutes))
        send()

    assert (again(bad).state, again(bad).reason) == (State.FAILED, NOT_READY)
    assert attempts(bad) == [("not_ready", None)] * 5
    assert "boom" not in queries.attempts_of(bad)[0].reply


def test_the_live_state_decides_whether_it_goes(app: Flask, server: MailServer, guard: dict) -> None:
    guard["says"] = Skip(N_("The talk was cancelled."))
    letter = put(guard="tests.guard")

    assert send().not_wanted == 1

    assert (again(letter).state, again(letter).reason) == (State.CANCELLED, "The talk was cancelled.")
    assert server.deliveries == []


def test_the_live_state_decides_what_is_sent_and_the_record_keeps_that(app: Flask, server: MailServer, guard: dict) -> None:
    guard["says"] = Fresh(subject="7 things", text="Fresh\n")
    letter = put(guard="tests.guard", subject="5 things", text="Old\n")

    send()

    assert server.messages[0]["Subject"] == "7 things"
    assert server.messages[0].get_content().strip() == "Fresh"
    assert (again(letter).subject, again(letter).text) == ("7 things", "Fresh\n")


def test_a_personal_link_is_put_in_when_sending_and_kept_nowhere(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    team = make_team()
    with unit_of_work():
        link = links.issue("tests.team", team, language="nl", at=clock.now())
    letter = put(text=f"Open {LINK_PLACE}\n", html=f'<a href="{LINK_PLACE}">x</a>', link_id=link.id)

    send()

    url = links.url_of(link)
    bodies = [part.get_content() for part in server.messages[0].walk() if not part.is_multipart()]
    assert all(url in body for body in bodies) and len(bodies) == 2
    assert again(letter).text == f"Open {LINK_PLACE}\n"
    token = url.rpartition("/")[2]
    for table in ("letter", "letter_attempt", "audit_change", "personal_link"):
        assert token not in str(db.session.execute(sa.text(f"SELECT * FROM {table}")).all())


def test_a_letter_whose_link_was_taken_back_is_not_sent(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    team = make_team()
    with unit_of_work():
        link = links.issue("tests.team", team, language="nl", at=clock.now())
    letter = put(text=f"Open {LINK_PLACE}\n", link_id=link.id)
    with unit_of_work():
        links.revoke(db.session.merge(link), at=clock.now())

    send()

    assert (again(letter).state, again(letter).reason) == (State.CANCELLED, LINK_ENDED)
    assert server.deliveries == []


def test_a_claim_of_a_process_that_was_killed_is_free_after_twice_the_timeout(
    app: Flask, server: MailServer, clock: FrozenClock
) -> None:
    letter = put()
    with unit_of_work():
        assert _claim("killed") is not None

    assert send().next_in == 4
    clock.move(timedelta(seconds=4))

    assert send().sent == 1
    assert attempts(letter) == [(None, None), ("sent", 250)]


def test_a_claim_that_ran_out_ends_nothing_any_more(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    letter = put()
    with unit_of_work():
        frozen = _claim("frozen")
    clock.move(timedelta(seconds=4))
    with unit_of_work():
        assert _claim("other") is not None

    with unit_of_work():
        assert frozen and _after_fault(frozen, Undelivered(Fault.REFUSED, 550, "no"), concerns_all=False)

    now = again(letter)
    assert (now.claimed_by, now.state, now.failures) == ("other", State.QUEUED, 0)
    assert attempts(letter) == [("refused", 550), (None, None)]


@pytest.mark.usefixtures("guard")  # which takes the one below away too
def test_who_was_frozen_with_a_letter_in_hand_does_not_send_it(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    def thawed(_letter: Letter, _at: datetime) -> Decision:
        clock.move(timedelta(seconds=3))
        return SEND

    guards.register("tests.guard", thawed)
    letter = put(guard="tests.guard")

    assert send().sent == 0

    assert server.deliveries == [] and attempts(letter) == [("not_ready", None)]
    guards.register("tests.guard", lambda _letter, _at: SEND)
    clock.move(MINUTE)
    assert send().sent == 1


def test_four_processes_send_each_letter_once(app: Flask, server: MailServer) -> None:
    letters = [put() for _ in range(40)]
    assert send_four_at_once(app) == 40
    assert sorted(message["X-Lotse-Key"] for message in server.messages) == sorted(letter.key for letter in letters)


def test_taken_back_while_it_was_on_its_way_it_shows_as_sent(app: Flask, server: MailServer, guard: dict) -> None:
    letter = put(key="on/its/way")
    server.delay = 0.5
    sender = threading.Thread(target=lambda: _send_in(app))
    sender.start()
    while again(letter).claimed_by is None:
        pass
    with unit_of_work():
        cancel_unsent("x", prefix="on/its/")
    sender.join()

    assert again(letter).state == State.SENT and again(letter).reason is None


def _send_in(app: Flask) -> None:
    with app.app_context():
        send_due("other")
        db.session.remove()


def test_letters_in_a_folder_are_the_bytes_that_smtp_carries(
    app: Flask, server: MailServer, config: Config, clock: FrozenClock, tmp_path: Path
) -> None:
    put(key="one", text="Grüße\n.\n..\nEnde\n")
    send()
    folder = tmp_path / "post"
    app.extensions[CONFIG] = replace(config, mail_url=f"file:{folder}")
    letter = put(key="two", text="Grüße\n.\n..\nEnde\n")
    send()
    send()

    files = list(folder.iterdir())
    assert [file.suffix for file in files] == [".eml"]
    written = files[0].read_bytes()
    carried = server.deliveries[0].content
    first = db.session.scalars(sa.select(Letter).where(Letter.key == "one")).one()
    assert (
        written.replace(letter.message_id.encode(), first.message_id.encode()).replace(b"X-Lotse-Key: two", b"X-Lotse-Key: one")
        == carried
    )
    assert db.session.query(LetterAttempt).count() == 2
