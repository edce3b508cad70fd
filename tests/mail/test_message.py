"""A letter's bytes: headers that hold what was meant, and nothing that a text smuggles in."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.actions import calendar_part
from app.mail.message import CannotBeWritten, write
from app.mail.models import Letter
from app.mail.policy import POLICY
from app.mail.rules import LINK_PLACE, one_line

AT = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)


def letter(**given: Any) -> Letter:
    values: dict[str, Any] = {
        "key": "talks.invitation/12/1",
        "message_id": "<abc@hafenkontor.example>",
        "to_address": "r.osterkamp@example.org",
        "to_name": "Dr. Rainer Osterkamp",
        "from_name": "Jürgen Maaßdorf",
        "reply_to": "j.maassdorf@hafenkontor.example",
        "language": "de",
        "subject": "Gespräch am Dienstag",
        "text": "Guten Tag,\n\nGrüße\n",
        "html": "",
        "attachments": [],
        "automatic": True,
    }
    return Letter(**{**values, **given})


def read(letter: Letter, link_url: str | None = None) -> tuple[EmailMessage, bytes]:
    envelope = write(letter, firm_address="post@hafenkontor.example", firm_name="Hafenkontor Interim", link_url=link_url, at=AT)
    return message_from_bytes(envelope.content, policy=policy.default), envelope.content  # type: ignore[return-value]


def test_the_headers_say_who_writes_to_whom_and_for_what() -> None:
    message, raw = read(letter())

    assert str(message["From"]) == "Jürgen Maaßdorf <post@hafenkontor.example>"
    assert str(message["Reply-To"]) == "Jürgen Maaßdorf <j.maassdorf@hafenkontor.example>"
    assert str(message["To"]) == '"Dr. Rainer Osterkamp" <r.osterkamp@example.org>'
    assert message["Subject"] == "Gespräch am Dienstag"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<abc@hafenkontor.example>"
    assert message["X-Lotse-Key"] == "talks.invitation/12/1"
    assert message["Auto-Submitted"] == "auto-generated"
    assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_letter_that_a_person_wrote_is_not_marked_as_automatic() -> None:
    assert read(letter(automatic=False))[0]["Auto-Submitted"] is None


def test_without_a_colleague_the_firm_writes() -> None:
    message, _raw = read(letter(from_name="", reply_to=""))

    assert str(message["From"]) == "Hafenkontor Interim <post@hafenkontor.example>"
    assert message["Reply-To"] is None


@given(name=st.text(max_size=80), subject=st.text(max_size=200), body=st.text(max_size=300))
def test_no_text_becomes_a_header(name: str, subject: str, body: str) -> None:
    hostile = one_line(f"{subject}\r\nBcc: everybody@example.org")
    written = one_line(name)
    message, _raw = read(letter(subject=hostile, from_name=written, to_name=written, text=body))

    assert message["Bcc"] is None
    assert len(message["To"].addresses) == 1 and message["To"].addresses[0].addr_spec == "r.osterkamp@example.org"
    assert len(message["From"].addresses) == 1 and message["From"].addresses[0].addr_spec == "post@hafenkontor.example"
    assert not message.defects


def test_a_line_break_in_a_header_is_refused_even_past_the_cleaning() -> None:
    with pytest.raises(ValueError):
        read(letter(subject="x\nBcc: everybody@example.org"))
    with pytest.raises(ValueError):
        read(letter(message_id="<a@b>\r\nBcc: everybody@example.org"))


def test_an_international_domain_goes_as_dns_knows_it() -> None:
    message, _raw = read(letter(to_address="post@straße.example"))

    assert message["To"].addresses[0].addr_spec == "post@xn--strae-oqa.example"


def test_a_local_part_that_mail_servers_refuse_is_said_before() -> None:
    with pytest.raises(CannotBeWritten):
        read(letter(to_address="jürgen@example.org"))


def test_the_personal_link_stands_in_both_bodies() -> None:
    message, _raw = read(letter(text=f"Open {LINK_PLACE}", html=f'<a href="{LINK_PLACE}">x</a>'), "https://lotse.example/p/abc")

    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and plain.get_content().strip() == "Open https://lotse.example/p/abc"
    assert html and 'href="https://lotse.example/p/abc"' in html.get_content()


def test_a_letter_does_not_go_without_its_personal_link() -> None:
    with pytest.raises(CannotBeWritten):
        read(letter(text=f"Open {LINK_PLACE}"), None)


def test_a_calendar_is_there_to_answer_and_as_a_file() -> None:
    text = "BEGIN:VCALENDAR\r\nSUMMARY:Gespräch\r\nEND:VCALENDAR\r\n"
    message, _raw = read(letter(html="<p>x</p>", attachments=[calendar_part(text, "REQUEST")]))

    parts = {part.get_content_type(): part for part in message.walk()}
    assert message.get_content_type() == "multipart/mixed"
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["text/calendar"].get_content_charset() == "utf-8"
    assert parts["text/calendar"].get_payload(decode=True).decode() == text  # type: ignore[union-attr]
    assert [part.get_content_type() for part in message.get_payload()[0].get_payload()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]  # type: ignore[union-attr, index]
    assert parts["application/ics"].get_filename() == "invitation.ics"
    assert parts["application/ics"].get_content() == text.encode()


@pytest.mark.parametrize("prefix", ["Abgesagt: ", "Neuer Termin: ", "Erinnerung: ", ""])
@pytest.mark.parametrize("kind", ["Verlängerungsgespräch", "Qualitätsgespräch", "Abschlussgespräch"])
@pytest.mark.parametrize("name", ["Jürgen Maaßdorf", "Bärbel Öztürk", "Anna Meier", "Dr. Jürgen von der Größe-Überlingen"])
def test_a_subject_keeps_every_blank_however_it_is_folded(prefix, kind, name):
    subject = f"{prefix}{kind} mit {name}"

    folded = POLICY.fold_binary("Subject", POLICY.header_store_parse("Subject", subject)[1])

    assert all(len(line) <= 78 for line in folded.decode("ascii").split("\r\n"))
    assert str(make_header(decode_header(folded.decode("ascii").partition(": ")[2].strip()))) == subject
