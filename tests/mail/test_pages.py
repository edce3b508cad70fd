"""/mail: every letter and its fate; and the command that queues test letters."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from app.core.clock import FrozenClock
from app.mail import Recipient, queries
from app.mail.models import Letter
from app.mail.rules import LINK_PLACE, State
from app.web.kept import look_anew
from tests.factories import make_user
from tests.mail.letters import again, put, send
from tests.office import Office
from tests.servers import MailServer
from tests.statements import counted

pytestmark = pytest.mark.sql


def test_the_list_shows_each_letter_with_its_fate(office: Office, server: MailServer) -> None:
    put(subject="Invitation", to=Recipient("gone@example.org", "Gone Man", "de"))
    server.replies["gone@example.org"] = "550 unknown"
    send()
    put(subject="Digest")

    page = office.open("/mail")

    assert page.status == 200
    assert "Invitation" in page.text and "Gone Man" in page.text and "refused it for good" in page.text
    assert "Digest" in page.text
    failed = office.open("/mail?state=failed").text
    assert "Invitation" in failed and "Digest" not in failed


def test_a_letter_is_found_by_a_part_of_name_address_or_subject(office: Office) -> None:
    put(subject="100 % ready")
    put(subject="100 of them")

    assert "of them" not in office.open("/mail?q=100+%25").text
    assert "ready" in office.open("/mail?q=ROELOFS").text


def test_the_list_is_paged_and_takes_the_same_few_statements(office: Office) -> None:
    for _ in range(60):
        put()

    office.open("/mail")
    with counted(office.app) as statements:
        first = office.open("/mail")
    assert len(statements) <= 6, statements
    assert first.text.count("/mail/") >= 50 and "after=" in first.text
    assert office.open("/mail?after=nonsense").status == 400


def test_the_page_of_a_letter_tells_all_but_the_personal_link(office: Office, server: MailServer) -> None:
    letter = put(text=f"Bitte hier: {LINK_PLACE}\n<script>alert(1)</script>", key="a/key")
    server.replies["a.roelofs@example.org"] = "451 4.3.0 busy"
    page = office.open(f"/mail/{letter.id}")

    assert page.status == 200
    for shown in ("Anneke Roelofs", "a.roelofs@example.org", "a/key", "Test letter", LINK_PLACE):
        assert shown in page.text
    assert "<script>alert" not in page.text


def test_a_failed_letter_is_sent_again_from_its_page(office: Office, server: MailServer) -> None:
    letter = put()
    server.replies["a.roelofs@example.org"] = "550 unknown"
    send()
    server.replies.clear()

    page = office.open(f"/mail/{letter.id}")
    assert "550" in page.text
    after = page.form("/attempts").submit()

    assert after.status == 200
    send()
    assert again(letter).state == State.SENT


def test_pressing_twice_sends_a_copy_once(office: Office, server: MailServer) -> None:
    letter = put()
    send()
    page = office.open(f"/mail/{letter.id}").form("/attempts")

    page.submit()
    page.submit()

    assert again(letter).state == State.SENT
    assert queries.counts() == {"queued": 1, "sent": 1, "failed": 0, "cancelled": 0}


def test_a_failed_letter_is_sent_again_from_the_list_with_its_own_message_id(office: Office, server: MailServer) -> None:
    letter = put()
    server.replies["a.roelofs@example.org"] = "550 unknown"
    send()
    server.replies.clear()

    office.open("/mail").form("/attempts").submit()
    send()

    assert again(letter).state == State.SENT
    assert [message["Message-ID"] for message in server.messages] == [letter.message_id]


def test_sent_again_in_two_windows_a_failed_letter_goes_once(office: Office, server: MailServer) -> None:
    letter = put()
    server.replies["a.roelofs@example.org"] = "550 unknown"
    send()
    server.replies.clear()
    first, second = (office.open(f"/mail/{letter.id}").form("/attempts") for _ in range(2))

    first.submit()
    send()
    late = second.submit()

    assert late.status == 422 and "changed meanwhile" in late.text
    send()
    assert len(server.deliveries) == 1


def test_an_auditor_reads_and_sends_nothing(app: Flask, server: MailServer) -> None:
    letter = put()
    send()
    auditor = Office(app, make_user(role="auditor"))

    assert "Send again" not in auditor.open(f"/mail/{letter.id}").text
    assert auditor.post(f"/mail/{letter.id}/attempts", {}).status in (400, 403)
    assert Office(app).client.get("/mail").status_code == 302


def test_the_page_says_why_no_letter_goes(office: Office, server: MailServer) -> None:
    server.sender_reply = "553 not yours"
    put()
    send()

    page = office.open("/mail")

    assert "No letter can be sent at present." in page.text and "not yours" in page.text


def test_every_page_says_that_the_mail_server_does_not_let_us_in_until_it_does(
    office: Office, server: MailServer, clock: FrozenClock
) -> None:
    def banner() -> bool:
        look_anew("mail stopped")  # read at most every 15 seconds
        return "No letter can be sent at present." in office.open("/clients").text

    assert not banner()
    put()
    server.sender_reply = "553 not yours"
    send()
    assert banner() and "does not let us in" in office.open("/clients").text

    server.sender_reply = None
    clock.move(timedelta(minutes=3))
    send()
    assert not banner()


def test_a_server_that_is_away_for_a_moment_is_no_news(office: Office, server: MailServer, clock: FrozenClock) -> None:
    server.stop()
    put()
    send()
    assert "cannot be reached" not in office.open("/clients").text

    for _ in range(11):
        clock.move(timedelta(minutes=1))
        send()
    look_anew("mail stopped")
    assert "The mail server cannot be reached." in office.open("/clients").text


def test_the_pages_speak_the_readers_language(app: Flask) -> None:
    letter = put()
    german = Office(app, make_user(language="de"))

    assert "wartet" in german.open("/mail").text
    assert "Empfänger" in german.open(f"/mail/{letter.id}").text


def test_a_letters_fate_on_a_record(app: Flask) -> None:
    put()
    with app.test_request_context():
        letters = app.extensions["sqlalchemy"].session.query(Letter).all()
        html = render_template_string(
            '{% from "mail/fate.html" import letters_panel with context %}{{ letters_panel(letters) }}', letters=letters
        )

    assert "A letter" in html and "Anneke Roelofs" in html


def test_test_letters_are_queued_and_their_keys_printed(app: Flask, server: MailServer) -> None:
    run = app.test_cli_runner()

    many = run.invoke(args=["mail", "test", "someone@example.org", "--count", "3", "--json"])
    one = run.invoke(args=["mail", "test", "someone@example.org"])

    keys = [*json.loads(many.output), one.output.strip()]
    assert many.exit_code == one.exit_code == 0 and len(set(keys)) == 4
    send()
    assert sorted(message["X-Lotse-Key"] for message in server.messages) == sorted(keys)
    assert {message["Subject"] for message in server.messages} == {
        "Testbrief 1 von 3",
        "Testbrief 2 von 3",
        "Testbrief 3 von 3",
        "Testbrief 1 von 1",
    }


def test_a_wrong_address_is_refused_in_one_line(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["mail", "test", "nobody"])

    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["mail", "test"], ["mail", "test", "a@example.org", "--count", "0"], ["mail", "test", "a@example.org", "--count", "x"]],
)
def test_wrong_usage_is_2(app: Flask, arguments: list[str]) -> None:
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 2
