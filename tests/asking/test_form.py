"""The one-minute form: sent by letter, or chosen behind an invitation; kept as it is filled in, a record once sent."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.db import db, unit_of_work
from app.mandates.plan_models import Milestone
from tests.asking.test_invitation import Client, asks, compose, due_talk, invited, letters
from tests.factories import make_benefit, make_talk, reload, save
from tests.office import Office

pytestmark = pytest.mark.sql


def asked_in_writing(office: Office, app: Flask, **given: Any) -> tuple[Any, Client]:
    talk = due_talk(office, **given)
    return talk, Client(app, invited(office, talk, way="form").link_id)


def test_it_is_sent_by_letter_without_times(office: Office, app: Flask) -> None:
    talk, client = asked_in_writing(office, app)

    (letter,) = letters("asking.form")
    assert "Three questions, one minute" in letter.text.replace("\n", " ")
    assert "Half an hour" not in letter.text  # the words proposed for a talk gave place to those for the form
    assert "You need not make time for a talk" in letter.text.replace("\n", " ")
    assert "Would one of these times suit you?" not in letter.text
    assert asks()[0].channel == "form"
    page = client.open().get_data(as_text=True)
    assert page.index('value="form"') < page.index('value="other"')  # what the letter asked for comes first
    assert reload(talk).state == "due"


def test_own_words_stay_whichever_way_is_asked(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk, way="form", message="Only my own words, half an hour or not.")

    (letter,) = letters("asking.form")
    assert "Only my own words, half an hour or not." in letter.text


def test_the_form_asks_for_nothing_that_it_has_no_question_for(office: Office) -> None:
    talk = due_talk(office)
    extension = make_talk("extension", mandate=talk.mandate, contact=talk.contact, due_on=date(2026, 4, 1))
    invited(office, talk, way="form", bundled=[str(extension.id)])

    (letter,) = letters("asking.form")
    assert "same talk" not in letter.text
    assert [one.purpose for one in asks()] == ["quality"]


def test_three_answers_are_the_record_of_the_talk(office: Office, app: Flask) -> None:
    talk, client = asked_in_writing(office, app)
    save(Milestone(mandate_id=talk.mandate_id, title="Early shift", owner="Client", means="", due_on=date(2026, 6, 30)))
    assert "Early shift, due" in client.open().get_data(as_text=True)

    page = client.answer("form", overall="4", progress="50", change_next="More time with the foremen", may_quote="y")

    assert "Thank you for your answer" in page.get_data(as_text=True)
    talk = reload(talk)
    assert (talk.state, talk.written, talk.overall, talk.may_quote) == ("held", True, 4, True)
    assert talk.answers == {"progress": 50, "change_next": "More time with the foremen"}
    assert talk.recorded_by_id is None
    assert asks()[0].answer == "written"
    shown = office.open(f"/talks/{talk.id}").text
    assert "answered in writing" in shown
    assert "More time with the foremen" in shown
    assert "More time with the foremen" in office.open("/feedback").text
    assert letters("asking.answer")[0].to_address == office.user.email


def test_without_the_rating_it_is_refused_and_what_was_typed_stays(office: Office, app: Flask) -> None:
    talk, client = asked_in_writing(office, app)

    page = client.answer("form", change_next="More time")

    assert page.status_code == 422
    assert "Please choose one." in page.get_data(as_text=True)
    assert "More time" in page.get_data(as_text=True)
    assert reload(talk).state == "due"


@pytest.mark.parametrize("given", [{"overall": "6"}, {"overall": "x"}, {"overall": "4", "progress": "33"}])
def test_only_answers_offered_count(office: Office, app: Flask, given: dict[str, str]) -> None:
    talk, client = asked_in_writing(office, app)

    assert client.answer("form", **given).status_code == 422
    assert reload(talk).state == "due"


def test_a_form_that_is_broken_off_is_kept_and_shown_as_such(office: Office, app: Flask) -> None:
    talk, client = asked_in_writing(office, app)

    assert client.answer("form", draft="1", overall="2", progress="999999", change_next="He is never").status_code == 204

    assert reload(talk).state == "due"
    assert asks()[0].answer is None
    page = office.open(f"/talks/{talk.id}").text
    assert "Begun in writing, not sent" in page
    assert "He is never" in page
    assert "He is never" in client.open().get_data(as_text=True)  # and it goes on where it was left
    assert "He is never" not in office.open("/feedback").text


def test_what_was_begun_is_shown_as_in_a_record_with_the_consent(office: Office, app: Flask) -> None:
    talk, client = asked_in_writing(office, app)
    client.answer("form", draft="1", overall="4", progress="50", may_quote="y")

    shown = " ".join(office.open(f"/talks/{talk.id}").text.split())

    assert "50 %" in shown
    assert "May we quote you?" in shown


def test_rather_in_writing_belongs_to_the_one_request(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)
    assert "?way=form" in client.open().get_data(as_text=True)
    client.path += "?way=form"
    assert "How far is the next milestone?" in client.open().get_data(as_text=True)

    client.answer("form", overall="5")

    assert reload(talk).state == "held"
    assert [entry.answer for entry in asks()] == ["written"]
    client.path = client.path.partition("?")[0]
    assert "Thank you for your answer" in client.open().get_data(as_text=True)


def test_rather_a_talk_reaches_the_colleague(office: Office, app: Flask) -> None:
    _talk, client = asked_in_writing(office, app)

    client.answer("other", said="Friday at nine")

    assert "Friday at nine" in letters("asking.answer")[0].text
    assert asks()[0].answer == "yes"


@pytest.mark.parametrize(
    ("kind", "questions"),
    [("extension", ("Why", "What should be different in the new term?")), ("closing", ("This manager again?", "What remains"))],
)
def test_other_talks_have_questions_of_their_own(office: Office, app: Flask, kind: str, questions: tuple[str, ...]) -> None:
    _talk, client = asked_in_writing(office, app, kind=kind)

    page = client.open().get_data(as_text=True)
    assert all(question in page for question in questions)


def test_a_talk_without_questions_offers_no_form(office: Office) -> None:
    make_benefit()
    talk = make_talk(mandate=due_talk(office).mandate, kind="aftercare")

    page = office.open(f"/talks/{talk.id}/invitation")
    assert 'name="way"' not in page.text


def test_what_was_held_meanwhile_is_asked_no_more(office: Office, app: Flask) -> None:
    talk, client = asked_in_writing(office, app)
    shown = client.open()
    office.open(f"/talks/{talk.id}/record").fill(overall="3").submit()

    assert shown.status_code == 200
    page = client.open().get_data(as_text=True)
    assert "How far is the next milestone?" not in page


def test_it_takes_few_taps(office: Office, app: Flask) -> None:
    """One for the link, one for each of two questions, one to send; words are up to the person: at most nine."""
    _talk, client = asked_in_writing(office, app)
    first = client.open().get_data(as_text=True).partition("</form>")[0]

    required = set(re.findall(r'name="(\w+)"[^>]* required', first))
    assert required == {"overall"}
    assert first.count('type="submit"') == 1


def test_a_declined_talk_is_asked_for_in_writing_after_the_pause(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    office.open(f"/talks/{talk.id}/declination").fill(decline_reason="no_time").submit()

    refused = compose(office, talk, way="form", when="now")
    assert refused.status == 422
    entry = invited(office, talk, way="form")
    assert entry.asked_on == date(2026, 3, 31)
    with unit_of_work():
        db.session.merge(entry)
    Client(app, entry.link_id).answer("form", overall="4")
    assert reload(talk).state == "held"
