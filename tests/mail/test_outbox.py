"""Letters go into the outbox once, and may be taken back while they wait."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.core.errors import N_, RuleViolation
from app.db import db, unit_of_work
from app.mail import Recipient, cancel_unsent, send_again
from app.mail.models import Letter
from app.mail.rules import State
from tests.factories import make_team
from tests.mail.letters import again, put, send
from tests.servers import MailServer

pytestmark = pytest.mark.sql


def test_the_same_key_is_one_letter_as_it_was_first_queued(app: Flask) -> None:
    first = put(key="talks.invitation/12/3", subject="First")
    second = put(key="talks.invitation/12/3", subject="Second")

    assert second.id == first.id
    assert again(first).subject == "First"
    assert db.session.query(Letter).count() == 1


def test_two_processes_with_the_same_key_make_one_letter(app: Flask) -> None:
    ids, ready = [], threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            ready.wait()
            ids.append(put(key="digest/2026-03-17/7").id)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 4 and len(set(ids)) == 1


def test_a_letter_taken_back_is_not_sent_and_says_why(app: Flask, server: MailServer) -> None:
    team = make_team()
    moved, other = put(key="talks.invitation/12/1", about=team), put(key="talks.invitation/13/1")

    with unit_of_work():
        assert cancel_unsent(N_("The talk was moved."), prefix="talks.invitation/12/") == 1
    send()

    assert (again(moved).state, again(moved).reason) == (State.CANCELLED, "The talk was moved.")
    assert again(other).state == State.SENT
    assert len(server.deliveries) == 1


def test_a_prefix_means_itself_also_where_it_holds_a_wildcard(app: Flask) -> None:
    kept = put(key="talks.invitation/112/1")

    with unit_of_work():
        assert cancel_unsent("x", prefix="talks.invitation/_12/") == 0

    assert again(kept).state == State.QUEUED


def test_taking_back_by_record_leaves_what_was_sent(app: Flask, server: MailServer) -> None:
    team = make_team()
    sent = put(about=team)
    send()
    waiting = put(about=team)

    with unit_of_work():
        assert cancel_unsent("x", about=team) == 1

    assert again(sent).state == State.SENT
    assert again(waiting).state == State.CANCELLED


def test_a_failed_letter_sent_again_keeps_its_message_id(app: Flask, server: MailServer) -> None:
    server.replies["a.roelofs@example.org"] = "550 5.1.1 unknown"
    letter = put()
    send()
    assert again(letter).state == State.FAILED

    server.replies.clear()
    with unit_of_work():
        back = send_again(again(letter), seen=State.FAILED, at=letter.created_at)
    send()

    assert back.id == letter.id
    assert again(letter).state == State.SENT
    assert server.messages[0]["Message-ID"] == letter.message_id


def test_a_sent_letter_sent_again_is_a_new_letter(app: Flask, server: MailServer) -> None:
    letter = put(key="k")
    send()

    letter = again(letter)
    with unit_of_work():
        copies = [send_again(letter, seen=letter.state, at=letter.created_at).key for _ in range(2)]
    send()

    assert copies == ["k#again-1", "k#again-2"]
    assert len({message["Message-ID"] for message in server.messages}) == 3


def test_a_waiting_letter_is_not_sent_again(app: Flask) -> None:
    letter = put()

    with pytest.raises(RuleViolation), unit_of_work():
        send_again(again(letter), seen=letter.state, at=letter.created_at)


def test_a_letter_for_later_waits(app: Flask, server: MailServer, clock: FrozenClock) -> None:
    put(not_before_at=clock.now() + timedelta(hours=2))

    assert send().next_in == 7200
    assert server.deliveries == []
    clock.move(timedelta(hours=2))
    assert send().sent == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c",
        "a b@example.org",
        "a@example.org\nBcc: b@example.org",
        "a@example.org,b@example.org",
        "<a@example.org>",
        "a" * 250 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused(app: Flask, address: str) -> None:
    with pytest.raises(RuleViolation):
        put(to=Recipient(address, "", "de"))
