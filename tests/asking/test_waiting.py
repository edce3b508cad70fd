"""A request whose letter waits for its day: whoever asks sooner, by phone or by letter, is asked why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.core.clock import FrozenClock
from app.talks.models import Talk
from tests.asking.test_collisions import say_never
from tests.asking.test_invitation import asks, compose, due_talk, invited, letters
from tests.factories import make_talk, reload
from tests.ledger.test_asking_for_talks import arrange
from tests.mail.letters import send
from tests.office import Office

pytestmark = pytest.mark.sql
HELD_UNTIL = date(2026, 4, 7)


@pytest.fixture
def waiting(office: Office) -> Talk:
    """An extension talk, asked for on 7 April, because a quality talk was asked for today."""
    first = due_talk(office)
    invited(office, first)
    talk = make_talk(mandate=first.mandate, kind="extension", due_on=date(2026, 4, 20))
    assert invited(office, talk).asked_on == HELD_UNTIL
    return talk


def test_who_calls_before_its_letter_has_gone_says_why(office: Office, waiting: Talk) -> None:
    page = office.open(f"/talks/{waiting.id}/arrangement")
    assert "Held back until Tue 7 April" in page.text

    refused = arrange(office, waiting, benefit="You shape the new term.")
    assert refused.status == 422
    assert "the next request can go on 7 April 2026" in refused.text
    assert (reload(waiting).state, asks()[-1].asked_on, asks()[-1].answer) == ("due", HELD_UNTIL, None)

    arrange(office, waiting, benefit="You shape the new term.", override_reason="She rang us up.")
    entry = asks()[-1]
    assert (entry.asked_on, entry.answer, entry.overridden) == (date(2026, 3, 17), "yes", ["rest"])
    assert entry.override_reason == "She rang us up."
    assert len(asks()) == 2


def test_on_its_day_nobody_is_asked_why(office: Office, waiting: Talk, clock: FrozenClock) -> None:
    clock.move_to(datetime(2026, 4, 7, 8, 0, tzinfo=UTC))

    assert "Held back" not in office.open(f"/talks/{waiting.id}/arrangement").text
    office.open(f"/talks/{waiting.id}/arrangement").fill(
        day="2026-04-14", time="10:30", minutes="30", channel="phone", place="+49 89 123456", benefit="You shape the new term."
    ).submit()

    entry = asks()[-1]
    assert (entry.asked_on, entry.answer, entry.overridden) == (HELD_UNTIL, "yes", [])


def test_a_letter_that_goes_sooner_stands_on_its_new_day_and_is_no_reminder(office: Office, waiting: Talk) -> None:
    assert compose(office, waiting, when="now").status == 422

    entry = invited(office, waiting, when="now", override_reason="She asked for it.")

    assert (entry.asked_on, entry.reminded_on, entry.overridden) == (date(2026, 3, 17), None, ["rest"])
    assert "goes out on" not in office.open(f"/talks/{waiting.id}").text
    send()
    assert [one.state for one in letters("asking.invitation")] == ["sent", "queued", "sent"]


def test_the_letter_that_was_replaced_does_not_go_on_its_day(office: Office, waiting: Talk, clock: FrozenClock) -> None:
    invited(office, waiting, when="now", override_reason="She asked for it.")

    clock.move_to(datetime(2026, 4, 7, 8, 0, tzinfo=UTC))
    send()

    assert [one.state for one in letters("asking.invitation")] == ["sent", "cancelled", "sent"]


def test_changed_before_it_went_it_keeps_its_day(office: Office, waiting: Talk) -> None:
    entry = invited(office, waiting)

    assert (entry.asked_on, entry.reminded_on) == (HELD_UNTIL, None)
    assert [one.state for one in letters("asking.invitation")] == ["queued", "queued", "queued"]


def test_a_wish_said_meanwhile_holds_back_the_call_too(office: Office, waiting: Talk) -> None:
    say_never(waiting.contact)

    assert "Do not ask any more" in office.open(f"/talks/{waiting.id}/arrangement").text
    assert arrange(office, waiting, benefit="You shape the new term.").status == 422
    assert reload(waiting).state == "due"
