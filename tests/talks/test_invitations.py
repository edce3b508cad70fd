"""Invitations over a real mail server, read by a calendar parser that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
import vobject

from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.talks import actions
from app.talks.models import Talk
from config import Config
from tests.factories import make_contact, make_manager, make_talk, make_user, reload
from tests.office import Office
from tests.servers import MailServer
from tests.talks.mandates import bavarian_mandate

pytestmark = pytest.mark.sql
SUMMER = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def config(config: Config, server: MailServer) -> Config:
    return replace(config, mail_url=server.url, mail_timeout=5, mail_from="post@hafenkontor.example")


def send() -> None:
    db.session.rollback()
    send_due("tester")
    db.session.rollback()


def to(server: MailServer, address: str) -> list[EmailMessage]:
    return [delivery.message for delivery in server.deliveries if address in delivery.recipients]


def calendar(message: EmailMessage) -> Any:
    """Return the calendar that a mail program would see, as vobject reads it."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    read = vobject.readOne(part.get_content())
    assert part.get_param("method") == read.method.value
    return read


def arrange(office: Office, talk: Talk, **given: Any) -> Talk:
    values = {
        "day": "2026-06-26",
        "time": "10:30",
        "minutes": "60",
        "channel": "video",
        "place": "https://example.org/raum",
        **given,
    }
    page = office.open(f"/talks/{talk.id}/arrangement").fill(**values).submit()
    assert page.status == 200, page.text
    return reload(talk)


def closing(office: Office, **given: Any) -> Talk:
    return make_talk("closing", mandate=bavarian_mandate(office.user), due_on=date(2026, 6, 26), **given)


def reasons() -> list[tuple[str, str | None]]:
    db.session.rollback()
    return [(letter.state, letter.reason) for letter in db.session.scalars(sa.select(Letter).order_by(Letter.id))]


def test_the_invitation_reaches_the_person_and_the_colleague(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))

    send()

    [letter] = to(server, talk.contact.email)
    assert letter["From"].addresses[0].addr_spec == "post@hafenkontor.example"
    assert letter["From"].addresses[0].display_name == office.user.name
    assert letter["Reply-To"].addresses[0].addr_spec == office.user.email
    assert "Sehr geehrter Herr Dr. Osterkamp," in letter.get_body(("plain",)).get_content()
    read = calendar(letter)
    event = read.vevent
    assert (read.method.value, event.uid.value, event.sequence.value) == ("REQUEST", talk.calendar_uid, "0")
    assert event.dtstart.value.astimezone(UTC) == datetime(2026, 6, 26, 8, 30, tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=60)
    assert event.organizer.value == f"mailto:{office.user.email}"
    assert event.organizer.params["SENT-BY"] == ["mailto:post@hafenkontor.example"]
    assert {one.value for one in event.attendee_list} == {f"mailto:{talk.contact.email}", f"mailto:{office.user.email}"}
    assert event.location.value == "https://example.org/raum"
    text = " ".join(letter.get_body(("plain",)).get_content().split())
    assert "Nach 14 Tagen und dann alle 6 Wochen sprechen wir mit beiden Seiten." in text
    assert [calendar(one).vevent.uid.value for one in to(server, office.user.email)] == [talk.calendar_uid]
    assert f"/talks/{talk.id}" in to(server, office.user.email)[0].get_body(("plain",)).get_content()


def test_each_gets_the_letter_in_the_own_language(office: Office, server: MailServer) -> None:
    contact = make_contact(last_name="Berg", particle="van der", form_of_address="frau", language="nl", country="NL")
    talk = arrange(office, make_talk("other", contact=contact, owner=office.user))

    send()

    assert "Geachte mevrouw Van der Berg," in to(server, contact.email)[0].get_body(("plain",)).get_content()
    assert "Met vriendelijke groet" in to(server, contact.email)[0].get_body(("plain",)).get_content()
    assert "Open the talk" in to(server, office.user.email)[0].get_body(("plain",)).get_content()
    assert talk.state == "arranged"


def test_colleagues_and_contacts_who_take_part_are_invited_too(office: Office, server: MailServer) -> None:
    talk = closing(office)
    colleague, other = make_user(), make_contact(talk.contact.client, first_name="Bart")
    arrange(office, talk, participants=[f"user-{colleague.id}", f"contact-{other.id}"])

    send()

    assert len(server.deliveries) == 4
    assert len(calendar(to(server, other.email)[0]).vevent.attendee_list) == 4


def test_an_update_bears_the_same_uid_and_a_higher_sequence(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    send()

    office.open(f"/talks/{talk.id}/postponements").fill(day="2026-06-29").submit()
    send()

    first, second = (calendar(one) for one in to(server, talk.contact.email))
    assert second.vevent.uid.value == first.vevent.uid.value
    assert (second.method.value, int(second.vevent.sequence.value)) == ("REQUEST", 1)
    assert second.vevent.dtstart.value.date() == date(2026, 6, 29)
    assert len(to(server, office.user.email)) == 2


def test_a_newer_update_takes_the_place_of_an_unsent_one(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    office.open(f"/talks/{talk.id}/postponements").fill(day="2026-06-29").submit()

    send()

    [only] = to(server, talk.contact.email)
    assert calendar(only).vevent.dtstart.value.date() == date(2026, 6, 29)
    assert "cancelled" in [state for state, _reason in reasons()]


def test_a_cancellation_takes_the_entry_out_of_the_calendars(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    send()

    office.open(f"/talks/{talk.id}/cancellation").fill(note="Doppelt").submit()
    send()

    last = calendar(to(server, talk.contact.email)[-1])
    assert (last.method.value, last.vevent.status.value, int(last.vevent.sequence.value)) == ("CANCEL", "CANCELLED", 1)
    assert last.vevent.uid.value == talk.calendar_uid


def test_a_talk_cancelled_before_its_invitation_left_sends_nothing(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))

    office.open(f"/talks/{talk.id}/cancellation").fill(note="Doppelt").submit()
    send()

    assert server.deliveries == []
    assert {state for state, _reason in reasons()} == {"cancelled"}


def test_an_invitation_to_a_talk_held_meanwhile_is_not_sent(office: Office, server: MailServer, clock: FrozenClock) -> None:
    talk = closing(office)
    arrange(office, talk)
    office.open(f"/talks/{talk.id}/record").fill(overall="5").submit()

    send()

    assert server.deliveries == []


def test_a_call_before_the_appointment_takes_it_out_of_the_calendars(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    send()

    office.open(f"/talks/{talk.id}/record").fill(overall="5").submit()
    send()

    sent = to(server, talk.contact.email)
    assert [calendar(one).method.value for one in sent] == ["REQUEST", "CANCEL"]
    assert "das Gespräch haben wir schon geführt" in sent[-1].get_body(("plain",)).get_content()
    assert sent[-1]["Subject"].startswith("Nicht mehr nötig: ")


def test_who_declined_reads_that_the_talk_will_not_take_place(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    send()

    office.open(f"/talks/{talk.id}/declination").fill(decline_reason="no_time").submit()
    send()

    last = to(server, talk.contact.email)[-1]
    assert calendar(last).method.value == "CANCEL"
    assert "unser Gespräch wird nicht stattfinden" in last.get_body(("plain",)).get_content()
    assert "declined" in to(server, office.user.email)[-1].get_body(("plain",)).get_content()


def test_an_invitation_that_waited_beyond_the_appointment_is_not_sent(
    office: Office, server: MailServer, clock: FrozenClock
) -> None:
    arrange(office, closing(office))

    clock.move_to(datetime(2026, 6, 26, 9, 30, tzinfo=UTC))
    send()

    assert server.deliveries == []
    assert {reason for _state, reason in reasons()} == {"The appointment is over."}


def test_who_drops_out_is_told_and_the_others_are_updated(office: Office, server: MailServer) -> None:
    talk = closing(office)
    other = make_contact(talk.contact.client)
    arrange(office, talk, participants=[f"contact-{other.id}"])
    send()

    office.open(f"/talks/{talk.id}/postponements").fill(participants=None).submit()
    send()

    assert [calendar(one).method.value for one in to(server, other.email)] == ["REQUEST", "CANCEL"]
    assert [calendar(one).method.value for one in to(server, talk.contact.email)] == ["REQUEST", "REQUEST"]


def test_arranged_anew_after_a_cancellation_the_same_entry_comes_back(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    send()
    office.open(f"/talks/{talk.id}/cancellation").fill(note="Doppelt").submit()
    send()

    talk = arrange(office, talk, day="2026-06-30")
    send()

    events = [calendar(one).vevent for one in to(server, talk.contact.email)]
    assert len({one.uid.value for one in events}) == 1
    assert [int(one.sequence.value) for one in events] == [0, 1, 2]


def test_a_closing_talk_that_an_extension_makes_a_quality_talk_is_updated(
    office: Office, server: MailServer, clock: FrozenClock
) -> None:
    mandate = bavarian_mandate(office.user)
    with unit_of_work():
        actions.plan_mandate(mandate, actor=office.user, at=clock.now())
    clock.move_to(SUMMER)
    talk = db.session.scalars(sa.select(Talk).filter_by(kind="closing")).one()
    arrange(office, talk)
    send()

    with unit_of_work():
        actions.follow_new_end(
            mandate,
            old_end=mandate.ends_on,
            new_end=date(2026, 10, 30),
            signed_on=date(2026, 6, 1),
            actor=office.user,
            at=clock.now(),
        )
    send()

    first, second = to(server, talk.contact.email)
    assert calendar(second).vevent.uid.value == calendar(first).vevent.uid.value
    assert int(calendar(second).vevent.sequence.value) == 1
    assert calendar(second).vevent.dtstart.value == calendar(first).vevent.dtstart.value
    assert reload(talk).kind == "quality"


def test_another_contact_is_invited_and_the_former_one_told(office: Office, server: MailServer, clock: FrozenClock) -> None:
    talk = arrange(office, closing(office))
    former = talk.contact
    send()
    successor = make_contact(former.client)

    with unit_of_work():
        actions.replace_person(
            talk.mandate, role="contact", was_id=former.id, now_id=successor.id, actor=office.user, at=clock.now()
        )
    send()

    assert [calendar(one).method.value for one in to(server, former.email)] == ["REQUEST", "CANCEL"]
    assert [calendar(one).method.value for one in to(server, successor.email)] == ["REQUEST"]


def test_handed_over_talks_keep_their_entry_and_bear_the_new_name(office: Office, server: MailServer, clock: FrozenClock) -> None:
    talk = arrange(office, closing(office))
    due = make_talk("other", manager=make_manager(), side="manager", owner=office.user)
    send()
    heir = make_user(first_name="Jonas", last_name="Reekers")

    from app.users import belongings

    [mine] = [one for one in belongings.open_of(office.user.id) if one.kind.name == "talks"]
    assert mine.count == 2
    with unit_of_work():
        mine.kind.hand_over(office.user, heir, None, clock.now())
    send()

    last = calendar(to(server, talk.contact.email)[-1]).vevent
    assert (last.uid.value, int(last.sequence.value)) == (talk.calendar_uid, 1)
    assert last.organizer.params["CN"] == ["Jonas Reekers"]
    assert "Jonas Reekers" in to(server, talk.contact.email)[-1].get_body(("plain",)).get_content()
    assert [calendar(one).method.value for one in to(server, office.user.email)] == ["REQUEST", "CANCEL"]
    assert reload(due).owner_id == heir.id


def test_somebody_told_by_word_of_mouth_gets_no_letter_and_hears_of_the_next_change(office: Office, server: MailServer) -> None:
    talk = arrange(office, closing(office))
    send()

    office.open(f"/talks/{talk.id}/postponements").fill(day="2026-06-29", tell=None).submit()
    send()
    assert len(to(server, talk.contact.email)) == 1
    office.open(f"/talks/{talk.id}/cancellation").fill(note="Doppelt").submit()
    send()

    last = calendar(to(server, talk.contact.email)[-1])
    assert (last.method.value, int(last.vevent.sequence.value)) == ("CANCEL", 2)


def test_sending_twice_sends_nothing_twice(office: Office, server: MailServer) -> None:
    arrange(office, closing(office))

    send()
    send()

    assert len(server.deliveries) == 2
