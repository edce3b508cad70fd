"""Asking a contact for a talk by letter: benefit, times, guard, preview; and each answer behind the link."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.asking.models import Benefit
from app.asking.ticks import remind
from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.ledger.models import Ask, ContactWish
from app.links import url_of
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.talks.models import Talk
from tests.factories import make_benefit, make_talk, reload
from tests.office import Office, Page
from tests.talks.mandates import bavarian_mandate

pytestmark = pytest.mark.sql


def due_talk(office: Office, **given: Any) -> Talk:
    mandate = bavarian_mandate(office.user)
    with unit_of_work():
        mandate.contact.language = "en"
    if db.session.scalar(sa.select(sa.func.count()).select_from(Benefit)) == 0:
        make_benefit(title_en="Early sight", text_en="You see early whether the mandate stays on course.")
    return make_talk(mandate=mandate, planned=True, **given)


def compose(office: Office, talk: Talk, **given: Any) -> Page:
    return office.open(f"/talks/{talk.id}/invitation").fill(place="+49 89 123456", **given).submit()


def invited(office: Office, talk: Talk, **given: Any) -> Ask:
    preview = compose(office, talk, **given)
    assert preview.status == 200, preview.text
    sent = preview.form(0).submit()
    assert sent.status == 200, sent.text
    return asks()[-1]


def asks() -> list[Ask]:
    db.session.rollback()  # ends the transaction that still sees the old state
    return list(db.session.scalars(sa.select(Ask).order_by(Ask.id)))


def letters(purpose: str) -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).filter_by(purpose=purpose).order_by(Letter.id)))


class Client:
    """Somebody who opens the link of a letter, without a session."""

    def __init__(self, app: Flask, link_id: int | None) -> None:
        assert link_id is not None
        self.browser = app.test_client()
        self.path = url_of(db.session.get_one(PersonalLink, link_id)).partition("localhost")[2]

    def open(self) -> Any:
        db.session.rollback()  # ends the transaction that still sees the old state
        return self.browser.get(self.path)

    def answer(self, kind: str, **given: str) -> Any:
        shown = self.open().get_data(as_text=True)
        tokens = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
        assert tokens, shown
        key = re.search(r'name="form_key"[^>]*value="([^"]+)"', shown)
        data = {"answer": kind, "csrf_token": tokens.group(1), "form_key": key.group(1) if key else "", **given}
        return self.browser.post(self.path, data=data, follow_redirects=True)

    def times(self) -> list[str]:
        return re.findall(r'name="time" value="([^"]+)"', self.open().get_data(as_text=True))


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("de", "Europe/Vienna", ("\n\nwas kostet es?\n", "\n\nGern höre ich", "Uhr (Zeit in Wien)")),
        ("nl", "Europe/Brussels", ("\n\nWat kost het?\n", "\n\nGraag hoor ik", "uur (tijd in Brussel)")),
    ],
)
def test_the_letter_reads_as_one_writes_there(office: Office, language: str, zone: str, said: tuple[str, ...]) -> None:
    make_benefit(text_de="Was kostet es?", text_nl="Wat kost het?")
    talk = due_talk(office)
    with unit_of_work():
        contact = db.session.merge(talk.contact)
        contact.language, contact.zone = language, zone
    invited(office, talk)

    (letter,) = letters("asking.invitation")
    for words in said:
        assert words in letter.text


def test_what_is_shown_is_what_is_sent(office: Office) -> None:
    talk = due_talk(office)

    preview = compose(office, talk)
    assert letters("asking.invitation") == []
    shown = re.search(r'<div class="lo-paper-text"[^>]*>(.*?)</div>', preview.text, re.S)
    assert shown
    preview.form(0).submit()

    (letter,) = letters("asking.invitation")
    assert shown.group(1).replace("&#34;", '"').replace("&#39;", "'") == letter.text.replace("&", "&amp;")
    first = letter.text.split("\n\n")[1]
    assert "mandate" in first  # the benefit comes first
    assert "Would one of these times suit you?" in letter.text
    assert "The talk is part of our contract" in letter.text.replace("\n", " ")
    assert "[personal link]" in letter.text


def test_a_change_after_the_letter_was_shown_is_shown_again(office: Office) -> None:
    talk = due_talk(office)
    preview = compose(office, talk)

    again = preview.form(1).submit()
    assert "Show the letter" in again.text
    changed = again.fill(message="A wholly different message.").submit()

    assert "A wholly different message." in changed.text
    assert letters("asking.invitation") == []


def test_three_times_on_working_days_when_the_colleague_is_free(office: Office) -> None:
    first = due_talk(office)
    page = office.open(f"/talks/{first.id}/invitation")
    taken = page.forms[0]["fields"]["day_1"][0], page.forms[0]["fields"]["time_1"][0]
    other = make_talk(mandate=first.mandate, side="manager")
    office.open(f"/talks/{other.id}/arrangement").fill(
        day=taken[0], time=taken[1], minutes="60", channel="phone", place="+49 40 1", tell=None
    ).submit()

    fields = office.open(f"/talks/{first.id}/invitation").forms[0]["fields"]
    times = [(fields[f"day_{n}"][0], fields[f"time_{n}"][0]) for n in (1, 2, 3)]

    assert taken not in times
    assert len({day for day, _time in times}) == 3
    assert all(date.fromisoformat(day).weekday() < 5 for day, _time in times)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"benefit": []}, "No invitation to a client leaves without a benefit"),
        ({"benefit": "999999"}, "Not a valid choice"),
        ({"subject": " "}, "Please fill this in."),
        ({"message": ""}, "Please fill this in."),
        ({"day_1": "2026-03-01"}, "This time is over."),
        ({"day_1": ""}, "Please give day and time, or leave both empty."),
        ({"day_1": "", "time_1": "", "day_2": "", "time_2": "", "day_3": "", "time_3": ""}, "Please propose at least one time."),
        ({"day_1": "2026-03-29", "time_1": "02:30"}, "does not exist in that night"),
        ({"day_1": "tomorrow"}, "Not a valid date value."),
        ({"minutes": "4"}, "between 5 and 600"),
        ({"zone": "Mars/Olympus"}, "Please choose a time zone from the list."),
        ({"channel": "video", "place": "teams"}, "beginning with https://"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_its_field(office: Office, given: dict[str, Any], sentence: str) -> None:
    talk = due_talk(office)

    page = office.open(f"/talks/{talk.id}/invitation").fill(**{"place": "+49 89 123456", **given}).submit()

    assert page.status == 422
    assert sentence in page.text
    assert asks() == []
    assert letters("asking.invitation") == []


def test_without_an_address_nothing_goes_and_the_page_says_so(office: Office) -> None:
    talk = due_talk(office)
    with unit_of_work():
        talk.contact.email = None

    page = compose(office, talk)

    assert "No mail address of this person is known" in page.text
    assert asks() == []


def test_a_second_request_is_held_back_and_goes_on_its_day(office: Office, clock: FrozenClock) -> None:
    first = due_talk(office)
    invited(office, first)
    second = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 3, 24))

    page = office.open(f"/talks/{second.id}/invitation")
    assert "Held back until Tue 7 April" in page.text
    entry = invited(office, second)

    assert (entry.asked_on, entry.overridden) == (date(2026, 4, 7), [])
    letter = letters("asking.invitation")[-1]
    assert letter.next_attempt_at == datetime(2026, 4, 7, 6, 0, tzinfo=UTC)  # 8:00 in Berlin
    assert "The letter goes out on Tue 7 April" in office.open(f"/talks/{second.id}").text
    assert all(date.fromisoformat(one[:10]) > date(2026, 4, 7) for one in entry.times)

    office.open(f"/talks/{second.id}").form("withdrawal").submit()
    assert len(asks()) == 1
    assert [one.state for one in letters("asking.invitation")] == ["queued", "cancelled"]


def test_now_needs_a_reason(office: Office) -> None:
    first = due_talk(office)
    invited(office, first)
    second = make_talk(mandate=first.mandate, kind="extension")

    refused = compose(office, second, when="now")
    assert refused.status == 422
    assert "Who asks nevertheless says why." in refused.text

    entry = invited(office, second, when="now", override_reason="She asked for it.")
    assert (entry.asked_on, entry.overridden, entry.override_reason) == (date(2026, 3, 17), ["rest"], "She asked for it.")


def test_a_time_that_is_chosen_arranges_the_talk_and_sends_the_calendar_file(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    entry = invited(office, talk)
    client = Client(app, entry.link_id)

    assert client.open().status_code == 200
    assert asks()[0].answer is None  # a scanner that opens it changes nothing
    time = client.times()[1]
    page = client.answer("time", time=time)

    assert "Thank you, until then" in page.get_data(as_text=True)
    talk = reload(talk)
    assert (talk.state, talk.appointment_at) == ("arranged", datetime.fromisoformat(time))
    assert [letter.attachments[0]["name"] for letter in letters("talks.invitation")] == ["invitation.ics", "invitation.ics"]
    assert letters("asking.answer")[0].to_address == office.user.email
    assert asks()[0].answer == "yes"
    assert len(asks()) == 1
    assert client.answer  # a second answer changes nothing
    assert "Thank you, until then" in client.open().get_data(as_text=True)


def test_a_time_that_was_taken_meanwhile_is_not_offered(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    entry = invited(office, talk)
    client = Client(app, entry.link_id)
    times = client.times()
    other = make_talk(mandate=talk.mandate, side="manager")
    local = datetime.fromisoformat(times[0]) + timedelta(hours=1)  # Berlin in winter
    office.open(f"/talks/{other.id}/arrangement").fill(
        day=local.date().isoformat(), time=local.strftime("%H:%M"), minutes="60", channel="phone", place="+49 40 1", tell=None
    ).submit()

    refused = client.answer("time", time=times[0])

    assert refused.status_code == 422
    assert client.times() == times[1:]
    assert reload(talk).state == "due"


def test_another_time_in_own_words_reaches_the_colleague(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)

    assert client.answer("other", said="  ").status_code == 422
    page = client.answer("other", said="Thursdays after four <b>please</b>")

    assert "We have your proposal" in page.get_data(as_text=True)
    assert "Thursdays after four &lt;b&gt;please&lt;/b&gt;" in office.open(f"/talks/{talk.id}").text
    assert "Thursdays after four" in letters("asking.answer")[0].text
    assert asks()[0].answer == "yes"


def test_not_now_is_a_wish_for_everybody(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)

    page = client.answer("later", weeks="4")

    assert "we will ask again later" in page.get_data(as_text=True)
    assert reload(talk).due_on == date(2026, 4, 14)
    assert db.session.get_one(ContactWish, talk.contact_id).not_before == date(2026, 4, 14)
    assert asks()[0].answer == "later"
    assert "Held back until Tue 14 April" in office.open(f"/talks/{talk.id}/invitation").text


@pytest.mark.parametrize("weeks", ["3", "-2", "", "many"])
def test_only_the_weeks_offered_count(office: Office, app: Flask, weeks: str) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)

    assert client.answer("later", weeks=weeks).status_code == 422
    assert asks()[0].answer is None


def test_never_again_declines_and_holds_back_all_that_follows(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)

    page = client.answer("never")

    assert "we will not ask again" in page.get_data(as_text=True)
    assert reload(talk).state == "declined"
    assert asks()[0].answer == "no"
    other = make_talk(mandate=talk.mandate, planned=True)
    assert "Do not ask any more" in office.open(f"/talks/{other.id}/invitation").text


def test_what_falls_due_near_by_goes_in_the_same_message_and_talk(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    extension = make_talk(mandate=talk.mandate, kind="extension", due_on=date(2026, 3, 27))

    invited(office, talk, bundled=[str(extension.id)])
    entry = asks()[0]
    client = Client(app, entry.link_id)
    client.answer("time", time=client.times()[0])

    assert entry.bundled == [str(extension.id)]
    assert [(one.purpose, one.asked_on, one.is_agreed) for one in asks()] == [
        ("quality", date(2026, 3, 17), True),
        ("extension", date(2026, 3, 17), True),
    ]
    assert reload(extension).appointment_at == reload(talk).appointment_at
    outside = [letter for letter in letters("talks.invitation") if letter.to_address == talk.contact.email]
    assert len(outside) == 1


def test_one_reminder_after_five_working_days_and_never_two(office: Office, app: Flask, clock: FrozenClock) -> None:
    talk = due_talk(office, due_on=date(2026, 4, 20))
    invited(office, talk)

    for day in (18, 20, 23):
        clock.move_to(datetime(2026, 3, day, 9, 0, tzinfo=UTC))
        remind(clock.now())
        assert letters("asking.reminder") == []
    clock.move_to(datetime(2026, 3, 24, 9, 0, tzinfo=UTC))
    remind(clock.now())
    remind(clock.now())
    clock.move_to(datetime(2026, 4, 14, 9, 0, tzinfo=UTC))
    remind(clock.now())

    (letter,) = letters("asking.reminder")
    assert letter.link_id == asks()[0].link_id
    assert letter.subject.startswith("A reminder: ") and "how is it going" in letter.subject
    assert letter.text.index("You see early") < letter.text.index("A few days ago")  # what is in it for the reader comes first
    assert asks()[0].reminded_on == date(2026, 3, 24)
    assert len(asks()) == 1


def test_who_has_answered_is_not_reminded(office: Office, app: Flask, clock: FrozenClock) -> None:
    talk = due_talk(office, due_on=date(2026, 4, 20))
    client = Client(app, invited(office, talk).link_id)
    client.answer("later", weeks="2")

    clock.move_to(datetime(2026, 3, 30, 9, 0, tzinfo=UTC))
    remind(clock.now())

    assert letters("asking.reminder") == []


def test_other_times_sent_by_hand_are_the_one_reminder(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    first = invited(office, talk)
    again = invited(office, talk, message="Other times.")

    assert again.id == first.id
    assert Client(app, first.link_id).open().status_code in (200, 410)
    assert compose(office, talk).form(0).submit().status == 422
    assert len(letters("asking.invitation")) == 2
    assert len(asks()) == 1


def test_the_library_counts_who_said_yes(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    entry = invited(office, talk)
    Client(app, entry.link_id).answer("other", said="Friday")

    assert "1 of 1" in office.open("/asking/benefits").text
    assert "said yes, few cases" in office.open("/asking/benefits").text


def test_an_administrator_changes_the_library(administrator: Office, office: Office) -> None:
    benefit = make_benefit(title_en="Rates")
    page = administrator.open(f"/asking/benefits/{benefit.id}").fill(title_en="Rates of the year", is_active=[]).submit()

    assert "Rates of the year" in page.text
    assert "not offered" in page.text
    assert office.open(f"/asking/benefits/{benefit.id}").status == 403
    refused = administrator.open("/asking/benefits/new").fill(title_en="Only English").submit()
    assert refused.status == 422
