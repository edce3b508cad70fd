"""When a thing is due, late, told: the rules of reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reminders import rules
from app.reminders.rules import Item, Numbers, Office, Urgency, What

NUMBERS = Numbers()
DUE = Item(What.ARRANGE, Urgency.SOON, date(2026, 3, 18), date(2026, 3, 18), ("talk", 1), owner_id=1)


def office(today: date, region: str = "DE-HH") -> Office:
    return Office(today, region, "Europe/Berlin", ((12, 24), (12, 31)))


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (date(2026, 3, 10), None),  # eight days before
        (date(2026, 3, 11), Urgency.SOON),  # seven days before: arrange it
        (date(2026, 3, 17), Urgency.SOON),
        (date(2026, 3, 18), Urgency.TODAY),  # Wednesday, the day itself
        (date(2026, 3, 20), Urgency.TODAY),  # two working days after
        (date(2026, 3, 22), Urgency.TODAY),  # Sunday: still two working days
        (date(2026, 3, 23), Urgency.LATE),  # Monday: three working days after
    ],
)
def test_a_talk_without_appointment_is_late_three_working_days_after_it_was_due(today, urgency):
    item = rules.of_due_talk(DUE, office(today), NUMBERS)

    assert (item and item.urgency) == urgency


def test_a_late_talk_says_how_many_days_ago_it_was_due():
    item = rules.of_due_talk(DUE, office(date(2026, 3, 24)), NUMBERS)

    assert item is not None and item.days_late == 6


@pytest.mark.parametrize(
    ("today", "told"),
    [(date(2026, 3, 26), False), (date(2026, 3, 27), True), (date(2026, 3, 30), True)],
)
def test_the_lead_hears_of_it_after_seven_working_days(today, told):
    here = office(today)
    item = rules.of_due_talk(DUE, here, NUMBERS)

    assert item is not None and rules.escalates(item, here, NUMBERS) is told


def appointment(at: datetime) -> Item:
    return replace(DUE, what=What.TALK, at=at, minutes=30)


@pytest.mark.parametrize(
    ("now", "what", "urgency"),
    [
        (datetime(2026, 3, 9, 12, tzinfo=UTC), None, None),  # eight days before
        (datetime(2026, 3, 16, 12, tzinfo=UTC), What.TALK, Urgency.SOON),
        (datetime(2026, 3, 17, 7, tzinfo=UTC), What.TALK, Urgency.TODAY),
        (datetime(2026, 3, 17, 9, 59, tzinfo=UTC), What.TALK, Urgency.TODAY),  # in the last minute of it
        (datetime(2026, 3, 17, 10, 0, tzinfo=UTC), What.RECORD, Urgency.TODAY),  # over
        (datetime(2026, 3, 18, 7, tzinfo=UTC), What.RECORD, Urgency.LATE),  # one working day after
    ],
)
def test_an_appointment_becomes_a_missing_record(now, what, urgency):
    here = office(now.date())
    item = rules.of_appointment(appointment(datetime(2026, 3, 17, 9, 30, tzinfo=UTC)), here, NUMBERS, now)

    assert (item and item.what, item and item.urgency) == (what, urgency)


def test_a_friday_talk_lacks_its_record_only_on_monday():
    friday = appointment(datetime(2026, 3, 20, 9, 30, tzinfo=UTC))
    sunday = rules.of_appointment(friday, office(date(2026, 3, 22)), NUMBERS, datetime(2026, 3, 22, 9, tzinfo=UTC))
    monday = rules.of_appointment(friday, office(date(2026, 3, 23)), NUMBERS, datetime(2026, 3, 23, 9, tzinfo=UTC))

    assert sunday is not None and sunday.urgency is Urgency.TODAY
    assert monday is not None and monday.urgency is Urgency.LATE


ENDING = Item(What.DECIDE_END, Urgency.TODAY, date(2026, 7, 10), date(2026, 7, 10), ("mandate", 1), owner_id=1)


@pytest.mark.parametrize(
    ("today", "told_on"),
    [
        (date(2026, 5, 10), None),
        (date(2026, 5, 11), date(2026, 5, 11)),  # 60 days before
        (date(2026, 6, 9), date(2026, 5, 11)),
        (date(2026, 6, 10), date(2026, 6, 10)),  # 30 days before
        (date(2026, 7, 10), date(2026, 6, 10)),
        (date(2026, 7, 11), None),  # ended
    ],
)
def test_the_owner_is_asked_to_decide_60_and_30_days_before_the_end(today, told_on):
    item = rules.of_ending(ENDING, office(today), NUMBERS)

    assert (item and item.told_on) == told_on


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 17, 6, 29, tzinfo=UTC), False),  # 7:29 in Berlin
        (datetime(2026, 3, 17, 6, 30, tzinfo=UTC), True),
        (datetime(2026, 3, 17, 16, 59, tzinfo=UTC), True),  # missed in the morning: later the same day
        (datetime(2026, 3, 17, 17, 0, tzinfo=UTC), False),  # after 18:00 the next one says it all
        (datetime(2026, 3, 21, 8, 0, tzinfo=UTC), False),  # Saturday
        (datetime(2026, 4, 3, 8, 0, tzinfo=UTC), False),  # Good Friday
        (datetime(2026, 12, 24, 8, 0, tzinfo=UTC), False),  # a day off of the firm
    ],
)
def test_the_digest_goes_out_on_working_days_from_half_past_seven(now, due):
    assert rules.digest_is_due(office(now.date()), now, time(7, 30), time(18, 0)) is due


def test_what_lies_ahead_is_told_once_on_the_first_working_morning():
    item = replace(DUE, on=date(2026, 3, 28), told_on=date(2026, 3, 21))  # told on a Saturday

    assert not rules.in_digest(item, office(date(2026, 3, 20)))
    assert rules.in_digest(item, office(date(2026, 3, 23)))
    assert not rules.in_digest(item, office(date(2026, 3, 24)))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 3, 27, 22, 30, tzinfo=UTC), False),  # two days before the Sunday
        (datetime(2026, 3, 28, 6, 59, tzinfo=UTC), False),  # 7:59
        (datetime(2026, 3, 28, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 28, 23, 1, tzinfo=UTC), False),  # the day itself, 0:01, in the night clocks change
    ],
)
def test_people_outside_are_told_on_the_day_before(now, told):
    at = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)

    assert rules.tell_the_day_before(at, "Europe/Berlin", now) is told


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(on=days, today=days)
def test_an_item_that_is_late_once_stays_late(on, today):
    first = rules.of_due_talk(replace(DUE, on=on), office(today), NUMBERS)
    later = rules.of_due_talk(replace(DUE, on=on), office(today.replace(year=2028)), NUMBERS)

    assert later is not None and later.urgency is Urgency.LATE
    assert first is None or first.urgency is not Urgency.LATE or first.told_on > on


@given(st.lists(st.tuples(days, st.sampled_from(list(Urgency)), st.integers(1, 9)), max_size=12))
def test_the_order_puts_late_before_today_before_soon(rows):
    items = [replace(DUE, on=on, urgency=urgency, about=("talk", number)) for on, urgency, number in rows]

    ordered = rules.in_order(items)

    assert [item.urgency for item in ordered] == sorted(item.urgency for item in items)
    assert sorted(map(str, ordered)) == sorted(map(str, items))
    assert rules.in_order(reversed(items)) == ordered or len({str(i) for i in items}) < len(items)
