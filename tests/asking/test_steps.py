"""Talks of contracts that do not come about, and the overview of asking."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.core.clock import FrozenClock
from app.db import unit_of_work
from tests.asking.test_invitation import asks, due_talk, invited
from tests.factories import make_contact, make_talk, make_user, reload
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql


def decline(office: Office, talk_id: int, reason: str = "no_time") -> None:
    office.open(f"/talks/{talk_id}/declination").fill(decline_reason=reason).submit()


def test_steps_are_proposed_one_after_the_other(office: Office, clock: FrozenClock) -> None:
    talk = due_talk(office)
    other = make_contact(talk.mandate.client, last_name="Wilkens", language="en")
    decline(office, talk.id)
    page = office.open(f"/talks/{talk.id}")
    assert "Ask somebody else at the client" in page.text
    assert "Ask somebody else at the client" in office.open("/asking").text

    letter = office.open(f"/talks/{talk.id}/other-contact").fill(contact=str(other.id)).submit()
    assert "Wilkens" in letter.text
    assert letter.path.endswith("/invitation") or "Show the letter" in letter.text
    new_id = max(entry.talk_id or 0 for entry in asks()) + 1
    second = office.open(f"/talks/{new_id}/invitation").fill(place="+49 89 1").submit()
    second.form(0).submit()
    assert asks()[-1].is_agreed
    assert "Another way was tried; on Tue 31 March the next one is proposed" in office.open(f"/talks/{talk.id}").text

    decline(office, new_id)
    clock.move_to(datetime(2026, 4, 7, 8, 0, tzinfo=UTC))
    assert "Ask in writing" in office.open(f"/talks/{talk.id}").text
    form = office.open(f"/talks/{talk.id}/invitation?way=form")
    assert form.forms[0]["fields"]["way"] == ["form"]
    form.submit().form(0).submit()
    clock.move_to(datetime(2026, 4, 28, 8, 0, tzinfo=UTC))
    assert "Take the manager&#39;s own report" in office.open(f"/talks/{talk.id}").text


@pytest.mark.parametrize(("day", "stuck"), [(12, False), (13, True)])
def test_a_talk_three_weeks_overdue_is_stuck(office: Office, clock: FrozenClock, day: int, stuck: bool) -> None:
    talk = due_talk(office, due_on=date(2026, 3, 23))

    clock.move_to(datetime(2026, 4, day, 8, 0, tzinfo=UTC))

    assert ("it does not come about" in office.open(f"/talks/{talk.id}").text) is stuck
    assert (f"/talks/{talk.id}/" in office.open("/asking").text) is stuck


def test_once_somebody_has_spoken_with_the_client_nothing_is_stuck(office: Office) -> None:
    talk = due_talk(office)
    decline(office, talk.id)
    second = make_talk(mandate=talk.mandate, planned=True)

    office.open(f"/talks/{second.id}/record").fill(overall="4").submit()

    assert "it does not come about" not in office.open(f"/talks/{talk.id}").text


def test_a_due_talk_goes_to_somebody_else_as_it_is(office: Office) -> None:
    talk = due_talk(office)
    other = make_contact(talk.mandate.client, last_name="Wilkens")

    office.open(f"/talks/{talk.id}/other-contact").fill(contact=str(other.id)).submit()

    assert reload(talk).contact_id == other.id
    assert "is asked in place of" in office.open(f"/talks/{talk.id}").text


def test_only_contacts_of_the_client_can_be_asked(office: Office) -> None:
    talk = due_talk(office)
    make_contact(talk.mandate.client, last_name="Wilkens")
    stranger = make_contact(last_name="Fremd")

    page = office.open(f"/talks/{talk.id}/other-contact").fill(contact=str(stranger.id)).submit()

    assert page.status == 422
    assert reload(talk).contact_id != stranger.id


def test_declined_after_an_extension_is_counted(office: Office, clock: FrozenClock) -> None:
    talk = due_talk(office)
    decline(office, talk.id, "extension_says_it_all")
    other = make_talk(mandate=talk.mandate, planned=True)
    clock.move_to(datetime(2026, 4, 7, 8, 0, tzinfo=UTC))
    office.open(f"/talks/{other.id}/declination").fill(decline_reason="no_need").submit()

    text = " ".join(office.open("/asking").text.split())

    assert '<dt>Declined</dt><dd class="lo-num">2</dd>' in text
    assert '<dt>of these after an extension</dt><dd class="lo-num">1</dd>' in text


def test_a_talk_declined_before_it_is_due_is_counted_at_once(office: Office) -> None:
    talk = due_talk(office, due_on=date(2026, 5, 11))
    decline(office, talk.id, "extension_says_it_all")

    assert '<dt>of these after an extension</dt><dd class="lo-num">1</dd>' in " ".join(office.open("/asking").text.split())


def test_who_was_asked_in_spite_of_the_guard_stands_among_those_asked_too_much(office: Office) -> None:
    talk = due_talk(office)
    invited(office, talk)
    assert "in spite of the guard" not in office.open("/asking").text
    second = make_talk(mandate=talk.mandate, kind="extension")

    invited(office, second, when="now", override_reason="He called us.")

    assert "once in spite of the guard" in office.open("/asking").text


def test_other_numbers_are_tried_on_what_was_asked(administrator: Office, office: Office, clock: FrozenClock) -> None:
    talk = due_talk(office)
    invited(office, make_talk(mandate=talk.mandate, kind="extension"))
    clock.move_to(datetime(2026, 4, 9, 8, 0, tzinfo=UTC))
    invited(office, make_talk(mandate=talk.mandate, kind="extension"))

    page = administrator.open("/asking/numbers")
    assert "With the present numbers: 0 of 2." in page.text
    tried = page.fill(ask_rest_days="30").submit()

    assert "With these numbers 1 of 2 requests would have been held back." in tried.text
    assert "With the present numbers: 0 of 2." in administrator.open("/asking/numbers").text
    refused = administrator.open("/asking/numbers").fill(ask_rest_days="0").submit()
    assert refused.status == 422
    assert office.open("/asking/numbers").status == 403


def test_the_overview_asks_few_statements_and_everybody_may_read_it(office: Office) -> None:
    talk = due_talk(office)
    decline(office, talk.id)
    office.open("/asking")
    with counted(office.app) as few:
        office.open("/asking")
    for _number in range(5):
        one = make_talk(mandate=talk.mandate, planned=True)
        with unit_of_work():
            one.state, one.decline_reason = "declined", "no_need"
    with counted(office.app) as many:
        office.open("/asking")

    assert len(many) == len(few)
    assert len(many) <= 9
    auditor = Office(office.app, make_user(role="auditor")).open("/asking")
    assert auditor.status == 200
    assert "/other-contact" not in auditor.text
