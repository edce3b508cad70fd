"""What becomes of a request that never went out, that somebody else is asked in place of, or whose appointment fell away."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from app.asking.ticks import remind
from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.ledger.models import ContactWish
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.talks import actions
from app.talks.models import Talk
from tests.asking.test_invitation import Client, asks, compose, due_talk, invited, letters
from tests.factories import make_contact, make_talk, make_user, reload
from tests.mail.letters import send
from tests.office import Office

pytestmark = pytest.mark.sql


def never(contact_id: int) -> None:
    db.session.rollback()
    with unit_of_work():
        db.session.add(ContactWish(contact_id=contact_id, never=True, said_on=date(2026, 3, 17)))


def shown(client: Client) -> str:
    return str(client.open().get_data(as_text=True))


def other_of(talk: Talk) -> int:
    return make_contact(talk.mandate.client, last_name="Wilkens", language="en").id


def test_a_letter_that_is_kept_back_at_sending_was_no_request(office: Office) -> None:
    first = due_talk(office)
    talk_id, contact_id, client_id = first.id, first.contact_id, first.contact.client_id
    extension = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 27))
    invited(office, first, bundled=[str(extension.id)])
    assert contact_id is not None
    never(contact_id)

    send()

    assert letters("asking.invitation")[0].state == "cancelled"
    assert asks() == []
    assert db.session.scalars(sa.select(PersonalLink)).one().revoked_at is not None
    assert "Not asked after all: the letter was kept back" in office.open(f"/talks/{talk_id}").text
    assert "0 of 8 in 12 months" in office.open(f"/clients/{client_id}/contacts/{contact_id}").text


def test_a_reminder_that_is_kept_back_leaves_the_request_as_it_is(office: Office, clock: FrozenClock) -> None:
    talk = due_talk(office)
    contact_id = talk.contact_id
    assert contact_id is not None
    invited(office, talk)
    send()
    clock.move_to(datetime(2026, 3, 24, 8, 0, tzinfo=UTC))
    assert remind(clock.now()).done == 1
    never(contact_id)

    send()

    assert letters("asking.reminder")[0].state == "cancelled"
    assert [entry.answer for entry in asks()] == [None]


def test_asking_somebody_else_before_the_letter_went_leaves_nothing_in_the_ledger(office: Office) -> None:
    talk = due_talk(office)
    other = other_of(talk)
    invited(office, talk)

    office.open(f"/talks/{talk.id}/other-contact").fill(contact=str(other)).submit()
    send()

    assert letters("asking.invitation")[0].reason == "Somebody else is asked in place of this person."
    assert asks() == []


def test_asking_somebody_else_after_the_letter_went_ends_the_request(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    talk_id, other = talk.id, other_of(talk)
    client = Client(app, invited(office, talk).link_id)
    send()

    office.open(f"/talks/{talk_id}/other-contact").fill(contact=str(other)).submit()

    assert [entry.answer for entry in asks()] == ["lapsed"]
    assert client.open().status_code == 410


def test_a_contact_who_is_replaced_at_the_mandate_is_asked_no_more(office: Office) -> None:
    talk = due_talk(office)
    talk_id, mandate_id, other = talk.id, talk.mandate_id, other_of(talk)
    invited(office, talk)
    send()

    office.open(f"/mandates/{mandate_id}/edit").fill(contact_id=str(other)).submit()

    assert db.session.get_one(Talk, talk_id).contact_id == other
    assert [entry.answer for entry in asks()] == ["lapsed"]


@pytest.mark.parametrize("ending", ["cancellation", "declination"])
def test_what_was_asked_with_a_talk_ends_with_it(office: Office, ending: str) -> None:
    first = due_talk(office)
    extension = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 27))
    first_id, second_id = first.id, extension.id
    invited(office, first, bundled=[str(extension.id)])
    send()
    given = {"note": "No need"} if ending == "cancellation" else {"decline_reason": "no_time"}

    office.open(f"/talks/{first_id}/{ending}").fill(**given).submit()

    assert {entry.talk_id: entry.answer for entry in asks()} == {
        first_id: "lapsed" if ending == "cancellation" else "no",
        second_id: "lapsed",
    }


def test_what_was_asked_with_a_talk_is_put_off_with_it(office: Office, app: Flask) -> None:
    first = due_talk(office)
    extension = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 27))
    invited(office, first, bundled=[str(extension.id)])

    Client(app, asks()[0].link_id).answer("later", weeks="6")

    assert [entry.answer for entry in asks()] == ["later", "later"]


@pytest.mark.parametrize(
    ("what", "given", "heading", "sentence"),
    [
        ("postponements", {}, "Thank you for your answer", "The appointment that you chose no longer stands"),
        ("cancellation", {"note": "No need"}, "This talk does not take place", "The appointment is taken back"),
        ("declination", {"decline_reason": "no_time"}, "Thank you for your answer", "This talk does not take place"),
    ],
)
def test_behind_the_link_once_the_chosen_appointment_fell_away(
    office: Office, app: Flask, what: str, given: dict[str, str], heading: str, sentence: str
) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)
    client.answer("time", time=client.times()[0])
    assert "Thank you, until then" in shown(client)

    if what == "postponements":
        put_off(talk)
    else:
        office.open(f"/talks/{talk.id}/{what}").fill(**given).submit()

    assert heading in shown(client)
    assert sentence in shown(client)
    assert "We have your proposal" not in shown(client)
    assert "we will not ask again" not in shown(client)


def put_off(talk: Talk) -> None:
    with unit_of_work():
        kept = db.session.get_one(Talk, talk.id)
        actions.put_off(kept, date(2026, 4, 20), actor=None, at=datetime(2026, 3, 17, 9, tzinfo=UTC), today=date(2026, 3, 17))


def test_an_answer_reaches_the_lead_where_who_has_the_talk_has_left(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)
    lead = make_user(role="lead", team=office.user.team)
    with unit_of_work():
        reload(office.user).active = False

    client.answer("other", said="Thursdays after four")

    assert [letter.to_address for letter in letters("asking.answer")] == [lead.email]
    assert "Thursdays after four" in letters("asking.answer")[0].text


def test_an_answer_reaches_who_has_the_mandate_where_nobody_has_the_talk(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)
    with unit_of_work():
        reload(talk).owner = None

    client.answer("never")

    assert [letter.to_address for letter in letters("asking.answer")] == [office.user.email]


def test_the_reminder_is_signed_by_who_asked(office: Office, clock: FrozenClock) -> None:
    talk, other = due_talk(office), make_user(first_name="Jan", last_name="Reekers")
    talk_id, other_id, asked_by = talk.id, other.id, (office.user.name, office.user.email)
    invited(office, talk)
    send()
    db.session.rollback()
    with unit_of_work():
        db.session.get_one(Talk, talk_id).owner_id = other_id
    clock.move_to(datetime(2026, 3, 24, 8, 0, tzinfo=UTC))

    remind(clock.now())

    letter: Letter = letters("asking.reminder")[0]
    assert (letter.from_name, letter.reply_to) == asked_by
    assert asked_by[0] in letter.text
    assert "Reekers" not in letter.text


def test_the_page_of_a_talk_says_that_it_is_held_back_and_whom_else_to_ask(office: Office) -> None:
    first = due_talk(office)
    invited(office, first)
    second = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 24))
    other = other_of(first)

    page = office.open(f"/talks/{second.id}")
    assert "Held back until Tue 7 April" in page.text
    composer = office.open(f"/talks/{second.id}/invitation")
    assert f'href="/talks/{second.id}/other-contact?contact={other}"' in composer.text
    asked = office.open(f"/talks/{second.id}/other-contact?contact={other}")
    assert f'value="{other}" checked' in asked.text


def test_once_reminded_no_button_offers_other_times(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)
    assert "Propose other times" in office.open(f"/talks/{talk.id}").text
    compose(office, talk).form(0).submit()

    assert "Propose other times" not in office.open(f"/talks/{talk.id}").text
