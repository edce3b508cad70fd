"""For which months a short report is owed, and when it is asked for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import is_working_day
from app.core.errors import RuleViolation
from app.mandates import report_rules as rules

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("month", "asked_on"),
    [
        (date(2026, 1, 1), date(2026, 2, 2)),  # the first of February is a Sunday
        (date(2026, 2, 1), date(2026, 3, 2)),
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2026, 4, 1), date(2026, 5, 4)),  # the first of May is a holiday before a weekend
    ],
)
def test_a_month_is_asked_for_on_the_first_working_day_after_it(month, asked_on):
    months = rules.months_of(date(2026, 1, 12), date(2026, 7, 10))

    assert next(one.asked_on for one in months if one.first_on == month) == asked_on


def test_the_last_month_is_asked_for_after_the_end():
    last = rules.months_due(date(2026, 1, 12), date(2026, 3, 13), date(2026, 3, 16))[-1]

    assert (last.first_on, last.last_on, last.asked_on) == (date(2026, 3, 1), date(2026, 3, 13), date(2026, 3, 16))


@pytest.mark.parametrize(("today", "count"), [(date(2026, 1, 11), 0), (date(2026, 2, 1), 0), (date(2026, 2, 2), 1)])
def test_nothing_is_due_before_its_day(today, count):
    assert len(rules.months_due(date(2026, 1, 12), date(2026, 7, 10), today)) == count


@settings(max_examples=60)
@given(start=DAYS, length=st.integers(0, 500), after=st.integers(1, 10))
def test_each_month_comes_due_exactly_once_whatever_days_one_looks(start, length, after):
    end = start + timedelta(days=length)
    asked: list[date] = []
    for step in range(0, length + 60, 3):  # the scheduler looks now and then
        for month in rules.months_due(start, end, start + timedelta(days=step), after):
            if month.first_on not in asked:
                asked.append(month.first_on)

    months = rules.months_of(start, end, after)
    assert asked == [month.first_on for month in months]
    assert len(set(asked)) == (end.year * 12 + end.month) - (start.year * 12 + start.month) + 1
    assert all(is_working_day(month.asked_on, "DE") and month.asked_on > month.last_on for month in months)


@settings(max_examples=40)
@given(start=DAYS, length=st.integers(2, 400), share=st.integers(1, 99))
def test_of_two_managers_each_is_asked_for_the_months_with_a_day_of_theirs(start, length, share):
    end, change = start + timedelta(days=length), start + timedelta(days=max(length * share // 100, 1))
    first = {month.first_on for month in rules.months_of(start, change - timedelta(days=1))}
    second = {month.first_on for month in rules.months_of(change, end)}

    assert first | second == {month.first_on for month in rules.months_of(start, end)}
    assert first & second == ({change.replace(day=1)} if change.day > 1 else set())


def test_what_is_long_past_is_not_asked_for_any_more():
    months = rules.months_due(date(2025, 1, 1), date(2026, 12, 31), date(2026, 3, 17))

    assert [month.first_on for month in rules.to_ask(months, date(2026, 3, 17))] == [date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 3, 2), [2]),
        (date(2026, 3, 31), [2]),  # off for a month: 29 days late
        (date(2026, 4, 1), [3]),
        (date(2026, 4, 21), [3]),
        (date(2026, 5, 4), [4]),
        (date(2026, 7, 1), [4]),  # ended on 29 April: asked for on the 30th, 62 days ago
        (date(2026, 7, 2), []),
    ],
)
def test_the_newest_month_is_asked_for_however_long_nothing_ran(today, months):
    due = rules.months_due(date(2025, 1, 1), date(2026, 4, 29), today)

    assert [month.first_on.month for month in rules.to_ask(due, today)] == months


@pytest.mark.parametrize(("today", "missing"), [(date(2026, 3, 9), False), (date(2026, 3, 10), True)])
def test_a_report_is_missing_after_five_working_days(today, missing):
    assert rules.is_missing(date(2026, 3, 2), today, 5, "DE") is missing


def test_a_report_can_be_corrected_until_the_month_after_is_over():
    assert rules.corrected_until(date(2026, 1, 1)) == date(2026, 2, 28)


@pytest.mark.parametrize("days", ["-0.5", "28.5", "1.3"])
def test_days_that_no_month_has_are_refused(days):
    with pytest.raises(RuleViolation):
        rules.check_days(Decimal(days), date(2026, 2, 1))
    rules.check_days(Decimal("28"), date(2026, 2, 1))


@pytest.mark.parametrize("month", [date(2025, 12, 1), date(2026, 4, 1), date(2026, 8, 1)])
def test_a_month_outside_the_time_on_the_mandate_is_refused(month):
    with pytest.raises(RuleViolation):
        rules.check_month(month, date(2026, 1, 12), date(2026, 7, 10), date(2026, 3, 17))
    rules.check_month(date(2026, 1, 1), date(2026, 1, 12), date(2026, 7, 10), date(2026, 3, 17))
