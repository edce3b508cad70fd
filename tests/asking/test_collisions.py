"""What people and colliding days do to requests: wrong input, two windows, changes between showing, sending and answering."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db, unit_of_work
from app.ledger.models import ContactWish
from app.talks.models import Talk
from tests.asking.test_invitation import Client, asks, compose, due_talk, invited, letters
from tests.factories import make_contact, make_talk, reload
from tests.mail.letters import send
from tests.office import Office

pytestmark = pytest.mark.sql


def state_of(purpose: str) -> list[tuple[str, str | None]]:
    return [(one.state, one.reason) for one in letters(purpose)]


def say_never(contact: Any) -> None:
    with unit_of_work():
        db.session.add(ContactWish(contact_id=contact.id, never=True, said_on=date(2026, 3, 17)))


def test_a_quality_talk_asked_for_with_an_extension_talk_holds_its_letter_back_not(office: Office) -> None:
    first = due_talk(office)
    extension = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 27))

    invited(office, extension, bundled=[str(first.id)])
    send()

    assert state_of("asking.invitation")[0][0] == "sent"


def test_who_said_never_is_not_reminded_by_hand(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)
    say_never(talk.contact)

    shown = office.open(f"/talks/{talk.id}/invitation")
    assert "Do not ask any more" in shown.text
    assert compose(office, talk).status == 422


def test_a_talk_that_was_cancelled_before_its_letter_went_is_asked_for_no_more(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)
    office.open(f"/talks/{talk.id}/cancellation").fill(note="No need").submit()
    assert reload(talk).state == "cancelled"
    send()

    assert state_of("asking.invitation")[0][0] != "sent"


def test_behind_the_link_of_a_cancelled_talk(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)
    office.open(f"/talks/{talk.id}/cancellation").fill(note="No need").submit()
    assert "nothing is asked any more" in client.open().get_data(as_text=True)


def test_who_says_no_before_a_letter_that_waits_was_asked_that_day(office: Office) -> None:
    quality = due_talk(office)
    invited(office, quality)
    extension = make_talk(mandate=quality.mandate, kind="extension", due_on=date(2026, 6, 1))
    compose(office, extension).form(0).submit()
    assert asks()[1].asked_on == date(2026, 4, 7)

    office.open(f"/talks/{extension.id}/declination").fill(decline_reason="no_time").submit()
    send()

    # The letter for the quality talk was kept back: nobody was asked for that one.
    assert [(one.purpose, one.asked_on, one.answer) for one in asks()] == [("extension", date(2026, 3, 17), "no")]
    assert "sent" not in {one.state for one in letters("asking.invitation")}  # nobody is written to right after a "no"


def test_what_is_called_off_before_its_letter_went_was_never_asked(office: Office) -> None:
    quality = due_talk(office)
    invited(office, quality)
    extension = make_talk(mandate=quality.mandate, kind="extension", due_on=date(2026, 6, 1))
    compose(office, extension).form(0).submit()

    office.open(f"/talks/{extension.id}/cancellation").fill(note="No need").submit()

    assert [one.purpose for one in asks()] == ["quality"]


def test_once_another_time_was_proposed_the_composer_says_so(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    Client(app, invited(office, talk).link_id).answer("other", said="Tuesday")
    shown = office.open(f"/talks/{talk.id}/invitation")
    assert "not answered yet" not in shown.text
    assert "Tuesday" in shown.text
    assert "answered already" in compose(office, talk).text


def test_two_windows_make_one_talk_with_somebody_else(office: Office) -> None:
    talk = due_talk(office, state="declined", decline_reason="no_time")
    other = make_contact(talk.contact.client, first_name="Ute", last_name="Zweite")
    first = office.open(f"/talks/{talk.id}/other-contact")
    second = office.open(f"/talks/{talk.id}/other-contact")
    first.fill(contact=str(other.id)).submit()
    second.fill(contact=str(other.id)).submit()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Talk)) == 2


def test_what_is_asked_in_the_same_message_is_named_in_the_letter(office: Office) -> None:
    first = due_talk(office)
    extension = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 27))
    shown = compose(office, first, bundled=[str(extension.id)])
    assert "In the same talk I would like to ask why you extended" in shown.text


@pytest.mark.parametrize(
    "given",
    [{"overall": "²"}, {"progress": "²"}, {"progress": "33"}, {"change_next": "x" * 20_000}, {"may_quote": "\0"}],
)
def test_a_draft_keeps_only_what_can_be_an_answer(office: Office, app: Flask, given: dict[str, str]) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk, way="form").link_id)
    client.answer("form", draft="1", **given)
    assert client.open().status_code == 200
    assert office.open(f"/talks/{talk.id}").status == 200
