"""When the window for asking for a written reference is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import is_working_day
from app.references.window_rules import Term, Why, Window, passed_share, view

# 1 January to 10 July 2026 with both days: 191 days; the 58th (27 February, a Friday) is the first with 30 %.
TERM = Term(date(2026, 1, 1), date(2026, 7, 10), rating=4, rated_on=date(2026, 2, 2))


def window(term: Term, day: date) -> str:
    return view(term, day, "DE-HH").window.value


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 26), "not_yet"),
        (date(2026, 2, 27), "best"),
        (date(2026, 5, 4), "best"),  # 124 of 191 days, 64.9 %
        (date(2026, 5, 5), "open"),  # 65.4 %
        (date(2026, 6, 10), "open"),
        (date(2026, 6, 11), "closed"),
    ],
)
def test_it_opens_at_30_percent_is_best_until_65_and_closes_30_days_before_the_end(day, expected):
    assert window(TERM, day) == expected


def test_it_opens_on_a_working_day():
    term = replace(TERM, ends_on=date(2026, 7, 13))  # 194 days: 30 % on the 59th, a Saturday

    assert passed_share(term, date(2026, 2, 28)) >= 0.3 > passed_share(term, date(2026, 2, 27))
    assert [window(term, date(2026, 2, 28)), window(term, date(2026, 3, 2))] == ["not_yet", "best"]


@pytest.mark.parametrize(("rating", "why"), [(None, Why.NO_RATING), (3, Why.LOW_RATING)])
def test_without_a_good_rating_it_stays_shut(rating, why):
    found = view(replace(TERM, rating=rating, rated_on=date(2026, 2, 2) if rating else None), date(2026, 4, 1), "DE-HH")

    assert (found.window, found.why) == (Window.NOT_YET, (why,))


def test_a_rating_that_comes_later_opens_it_on_its_day():
    term = replace(TERM, rated_on=date(2026, 4, 1))

    assert [window(term, date(2026, 3, 31)), window(term, date(2026, 4, 1))] == ["not_yet", "best"]


def test_the_signing_of_an_extension_opens_it_for_14_days_in_any_case():
    low = replace(TERM, rating=2, signed_on=date(2026, 6, 15), ends_on=date(2026, 7, 10))

    assert [window(low, day) for day in (date(2026, 6, 14), date(2026, 6, 15), date(2026, 6, 28), date(2026, 6, 29))] == [
        "closed", "open", "open", "closed",
    ]  # fmt: skip


def test_a_short_term_is_opened_by_a_signing_alone():
    short = Term(date(2026, 1, 5), date(2026, 2, 13), rating=5, rated_on=date(2026, 1, 20))
    signed = replace(short, signed_on=date(2026, 2, 2))

    assert view(short, date(2026, 1, 26), "NL").why == (Why.SHORT_TERM,)
    assert window(signed, date(2026, 2, 2)) in {"open", "best"}
    assert window(signed, date(2026, 2, 16)) == "closed"


@settings(max_examples=200)
@given(
    start=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    length=st.integers(1, 700),
    rated=st.integers(0, 700),
    rating=st.integers(1, 5),
)
def test_without_a_signing_it_is_open_in_one_stretch_between_working_day_and_last_day(start, length, rated, rating):
    term = Term(start, start + timedelta(days=length - 1), rating, start + timedelta(days=rated))
    days = [start + timedelta(days=n) for n in range(length + 40)]
    open_on = [day for day in days if view(term, day, "DE-BY").is_open and day >= term.rated_on]

    if rating < 4:
        assert open_on == []
    if open_on:
        assert is_working_day(open_on[0], "DE-BY")
        assert open_on[-1] == term.ends_on - timedelta(days=30)
        assert (open_on[-1] - open_on[0]).days == len(open_on) - 1
        assert passed_share(term, open_on[0]) >= 0.3
        found = view(term, open_on[0], "DE-BY")
        assert (found.opens_on, found.closes_on) == (open_on[0], open_on[-1])
