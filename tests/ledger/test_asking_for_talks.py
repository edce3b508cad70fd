"""Arranging, declining and logging talks write the ledger, and the guard holds back on the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.core.clock import FrozenClock
from app.db import db
from app.ledger import queries
from app.ledger.models import Ask
from app.talks.models import Talk
from tests.factories import make_contact, make_talk, reload
from tests.office import Office, Page
from tests.statements import counted
from tests.talks.mandates import bavarian_mandate

pytestmark = pytest.mark.sql


def arrange(office: Office, talk: Talk, **given: str) -> Page:
    appointment = {"day": "2026-03-24", "time": "10:30", "minutes": "30", "channel": "phone", "place": "+49 89 123456"}
    return office.open(f"/talks/{talk.id}/arrangement").fill(**appointment, **given).submit()


def asks() -> list[Ask]:
    db.session.rollback()  # ends the transaction that still sees the old state
    return list(db.session.scalars(sa.select(Ask).order_by(Ask.id)))


def test_a_talk_that_is_arranged_postponed_and_held_is_one_request(office: Office, clock: FrozenClock) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), planned=True)

    arrange(office, talk)
    office.open(f"/talks/{talk.id}/postponements").fill(day="2026-03-25").submit()
    clock.move_to(datetime(2026, 3, 25, 12, 0, tzinfo=UTC))
    office.open(f"/talks/{talk.id}/record").fill(overall="4").submit()

    assert reload(talk).state == "held"
    (entry,) = asks()
    assert (entry.asked_on, entry.purpose, entry.is_agreed, entry.answer) == (date(2026, 3, 17), "quality", True, "yes")


def test_an_extension_talk_soon_after_a_quality_talk_is_held_back_until_its_day(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    other = make_contact(mandate.client, first_name="Insa", last_name="Wilkens", email="i.wilkens@velbrink.example")
    make_contact(mandate.client, last_name="Ohnepost", email=None)
    arrange(office, make_talk(mandate=mandate, planned=True))
    talk = make_talk(mandate=mandate, kind="extension")

    page = office.open(f"/talks/{talk.id}/arrangement")
    assert "Held back until Tue 7 April" in page.text
    assert "At most one request in 21 days" in page.text
    assert f"/clients/{mandate.client_id}/contacts/{other.id}" in page.text
    assert "Ohnepost" not in page.text.partition("Ask someone else today")[2].partition("</section>")[0]

    refused = arrange(office, talk, benefit="You shape the new term.")
    assert refused.status == 422
    assert "the next request can go on 7 April 2026" in refused.text
    assert reload(talk).state == "due"
    assert len(asks()) == 1

    clock.move_to(datetime(2026, 4, 7, 8, 0, tzinfo=UTC))
    assert "Held back" not in office.open(f"/talks/{talk.id}/arrangement").text


def test_who_asks_nevertheless_says_why_and_it_stays(office: Office) -> None:
    mandate = bavarian_mandate(office.user)
    arrange(office, make_talk(mandate=mandate, planned=True))
    talk = make_talk(mandate=mandate, kind="extension")

    page = arrange(office, talk, benefit="You shape the new term.", override_reason="He offered it himself on the phone.")

    assert page.status == 200, page.text
    entry = asks()[-1]
    assert (entry.overridden, entry.override_reason) == (["rest"], "He offered it himself on the phone.")
    contact = office.open(f"/clients/{mandate.client_id}/contacts/{mandate.contact_id}")
    assert "Asked nevertheless: He offered it himself on the phone." in contact.text
    assert "Asked although the guard held back" in contact.text


def test_a_no_holds_back_talks_of_the_contract_too(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    first, second = make_talk(mandate=mandate, planned=True), make_talk(mandate=mandate, planned=True)
    office.open(f"/talks/{first.id}/declination").fill(decline_reason="no_time", note="Not this month").submit()

    assert "Held back until Tue 31 March" in office.open(f"/talks/{second.id}/arrangement").text
    clock.move_to(datetime(2026, 3, 31, 8, 0, tzinfo=UTC))
    assert "Held back" not in office.open(f"/talks/{second.id}/arrangement").text
    (entry,) = asks()
    assert (entry.answer, entry.said, entry.answered_on) == ("no", "Not this month", date(2026, 3, 17))


def test_a_contact_who_has_left_said_no_no(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), planned=True)

    office.open(f"/talks/{talk.id}/declination").fill(decline_reason="contact_left").submit()

    assert [entry.answer for entry in asks()] == ["lapsed"]


def test_a_call_that_nobody_answered_is_no_request(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), planned=True)

    office.open(f"/talks/{talk.id}/record").form("not-reached").submit()

    assert reload(talk).not_reached == 1
    assert asks() == []


def test_a_talk_that_nobody_asked_for_stands_in_the_ledger_on_the_day_it_was_held(office: Office) -> None:
    mandate = bavarian_mandate(office.user)

    page = office.open(f"/talks/new?contact={mandate.contact_id}&mandate={mandate.id}&kind=quality")
    page.fill(overall="5", held_on="2026-03-16").submit()

    (entry,) = asks()
    assert (entry.asked_on, entry.answer, entry.is_agreed) == (date(2026, 3, 16), "yes", False)


def test_a_talk_with_the_manager_is_none_of_the_clients_requests(office: Office) -> None:
    arrange(office, make_talk(mandate=bavarian_mandate(office.user), planned=True, side="manager"))

    assert asks() == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"wish": "later", "not_before": "2026-06-01"}, "Held back until Mon 1 June"),
        ({"wish": "never"}, "Do not ask any more"),
    ],
)
def test_what_a_contact_wishes_holds_for_everybody(office: Office, given: dict[str, str], shown: str) -> None:
    mandate = bavarian_mandate(office.user)
    base = f"/clients/{mandate.client_id}/contacts/{mandate.contact_id}"

    page = office.open(f"{base}/wishes").fill(**given, note="On leave").submit()

    assert shown in page.text
    assert shown in office.open(f"/talks/{make_talk(mandate=mandate, planned=True).id}/arrangement").text
    page = office.open(f"{base}/wishes").fill(wish="usual").submit()
    assert shown not in page.text
    assert "May be asked as usual again" in page.text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"wish": "later"}, "Please choose a day."),
        ({"wish": "later", "not_before": "2026-03-17"}, "Please give a day that lies ahead."),
        ({"wish": "later", "not_before": "soon"}, "Not a valid date value."),
        ({"wish": "perhaps"}, "Not a valid choice"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_at_its_field(office: Office, given: dict[str, str], sentence: str) -> None:
    mandate = bavarian_mandate(office.user)

    page = office.open(f"/clients/{mandate.client_id}/contacts/{mandate.contact_id}/wishes").fill(**given).submit()

    assert page.status == 422
    assert sentence in page.text
    assert queries.wish_of(mandate.contact_id) is None


def test_the_guard_takes_one_statement_however_much_was_asked(office: Office) -> None:
    mandate = bavarian_mandate(office.user)
    contact_id, client_id, today = mandate.contact_id, mandate.client_id, date(2026, 3, 17)
    for number in range(10):
        reason = {"override_reason": "They asked us to call."} if number else {}
        arrange(office, make_talk(mandate=mandate, kind="aftercare"), **reason)

    with counted(office.app) as statements:
        decision = queries.guard(contact_id, today, is_agreed=False)
        people = queries.people_at(client_id, today)

    assert len(statements) == 2
    assert len(people[0].ledger) == 10
    assert {one.hold.value for one in decision.reasons} == {"rest", "budget"}
    assert decision == people[0].decide(today, is_agreed=False)
