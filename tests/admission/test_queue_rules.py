"""Who is in the queue, at what pace it is cleared, and when it is empty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admission.queue_rules import WAITING, Outlook, Trend, Week, change, first_day, outlook, weeks
from app.managers.rules import State

TODAY = date(2026, 3, 17)


@pytest.mark.parametrize("was, now, step", [
    (None, State.REGISTERED, 1), (None, State.CONFIRMED, 1), (None, State.RELEASED, 0),
    (State.REGISTERED, State.CONFIRMED, 0), (State.INTERVIEW, State.RELEASED, -1), (State.FOLLOW_UP_3, State.OUT, -1),
    (State.CONFIRMED, State.WITHDRAWN, -1), (State.OUT, State.IN_REVIEW, 1), (State.PAUSED, State.IN_REVIEW, 1),
    (State.RELEASED, State.PAUSED, 0), (State.REGISTERED, State.ERASED, -1), (State.OUT, State.ERASED, 0),
])  # fmt: skip
def test_who_comes_into_the_queue_and_who_leaves_it(was, now, step):
    assert change(was, now) == step


def test_the_weeks_end_today_and_days_outside_count_for_nothing():
    moves = {
        (TODAY, False): 3,
        (TODAY - timedelta(days=6), True): 2,
        (TODAY - timedelta(days=7), True): 5,
        (first_day(TODAY), False): 1,
        (first_day(TODAY) - timedelta(days=1), False): 50,
        (TODAY + timedelta(days=1), False): 60,
    }

    found = weeks(moves, TODAY)

    assert len(found) == 8
    assert found[-1] == Week(TODAY - timedelta(days=6), cleared=3, new=2)
    assert found[-2] == Week(TODAY - timedelta(days=13), cleared=0, new=5)
    assert found[0] == Week(first_day(TODAY), cleared=1, new=0)


def steady(cleared: int, new: int) -> list[Week]:
    return [Week(first_day(TODAY) + timedelta(days=7 * at), cleared, new) for at in range(8)]


@pytest.mark.parametrize("waiting, cleared, new, trend, empty_on", [
    (0, 0, 9, Trend.EMPTY, None),
    (412, 0, 0, Trend.UNKNOWN, None),
    (412, 34, 21, Trend.SHRINKS, TODAY + timedelta(days=222)),  # 412 / 13 a week = 31.7 weeks
    (7, 7, 0, Trend.SHRINKS, TODAY + timedelta(days=7)),
    (1, 7, 6, Trend.SHRINKS, TODAY + timedelta(days=7)),
    (412, 21, 34, Trend.GROWS, None),
    (412, 21, 21, Trend.STAYS, None),
    (5_000, 1, 0, Trend.STAYS, None),  # in 96 years
])  # fmt: skip
def test_when_the_queue_is_empty(waiting, cleared, new, trend, empty_on):
    assert outlook(waiting, steady(cleared, new), TODAY) == Outlook(trend, cleared, new, empty_on)


@given(st.integers(0, 9_000), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=8, max_size=8))
def test_a_day_is_named_only_where_more_leave_than_come_and_clearing_until_then_suffices(waiting, pairs):
    found = [Week(first_day(TODAY) + timedelta(days=7 * at), left, came) for at, (left, came) in enumerate(pairs)]

    seen = outlook(waiting, found, TODAY)

    net = sum(left - came for left, came in pairs)
    assert (seen.empty_on is not None) == (seen.trend is Trend.SHRINKS)
    if seen.empty_on is not None:
        days = (seen.empty_on - TODAY).days
        assert net > 0 and net * days >= waiting * 56 > net * (days - 1)
    if net < 0 and waiting:
        assert seen.trend is Trend.GROWS


def test_every_state_before_the_release_waits():
    assert set(WAITING) == set(State) - {State.RELEASED, State.PAUSED, State.OUT, State.WITHDRAWN, State.ERASED}
