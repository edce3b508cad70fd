"""Working days by region, months, and local time on the two odd nights of the year."""

from __future__ import annotations

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import dates
from app.core.errors import RuleViolation

BAVARIA, VIENNA, ZURICH, DUTCH, BELGIAN = "DE-BY", "AT-9", "CH-ZH", "NL", "BE"
REGIONS = (BAVARIA, "DE-HH", VIENNA, ZURICH, DUTCH, BELGIAN)
CHRISTMAS_EVE = (12, 24)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize("region", [*REGIONS, "DE", "AT", "CH"])
def test_a_country_and_a_country_with_region_are_known(region):
    assert dates.check_region(region) == region
    assert region in dates.regions()


@pytest.mark.parametrize(
    "region",
    ["", "-", "DE-", "DE-XX", "XX", "XX-BY", "de-by", "DEU", "Germany", "DE-BY-1", "DE BY", "DE-BY\n", "Ü", "DE-\0"],
)
def test_an_unknown_region_is_refused_with_a_sentence_at_its_field(region):
    with pytest.raises(RuleViolation) as refused:
        dates.check_region(region, field="region")

    assert refused.value.field == "region"
    assert refused.value.values == {"region": region}
    assert "is no region" in str(refused.value)


def test_saturdays_and_sundays_are_no_working_days():
    week = [date(2026, 1, 12) + timedelta(days=n) for n in range(7)]

    assert [dates.is_working_day(day, BAVARIA) for day in week] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("day", "region", "works"),
    [
        (date(2026, 6, 4), BAVARIA, False),  # Corpus Christi, kept in Bavaria
        (date(2026, 6, 4), "DE-HH", True),
        (date(2026, 6, 4), VIENNA, False),
        (date(2026, 6, 4), ZURICH, True),
        (date(2026, 4, 27), DUTCH, False),  # the King's birthday
        (date(2026, 7, 21), BELGIAN, False),
        (date(2026, 10, 26), VIENNA, False),
        (date(2026, 10, 31), "DE-HH", False),
    ],
)
def test_public_holidays_are_those_of_the_region(day, region, works):
    assert dates.is_working_day(day, region) is works


@pytest.mark.parametrize(
    ("day", "region"),
    [
        (date(2026, 12, 24), VIENNA),  # the banks close
        (date(2026, 5, 15), BELGIAN),  # the banks close
        (date(2026, 5, 26), BAVARIA),  # schools close
        (date(2026, 1, 2), "CH-GL"),  # kept by some
        (date(2026, 5, 5), DUTCH),  # Liberation Day, free every fifth year
    ],
)
def test_bank_school_and_optional_holidays_are_working_days(day, region):
    assert dates.is_working_day(day, region)


def test_the_firms_free_days_are_none_where_they_are_named_and_only_there():
    assert dates.is_working_day(date(2026, 12, 24), BAVARIA)
    assert not dates.is_working_day(date(2026, 12, 24), BAVARIA, [CHRISTMAS_EVE])
    assert dates.is_working_day(date(2026, 12, 31), BAVARIA, [CHRISTMAS_EVE])
    assert not dates.is_working_day(date(2026, 12, 31), BAVARIA, dates.USUAL_FREE_DAYS)


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (2, 30), (4, 31), (1, 0), (1, 32)])
def test_a_free_day_that_no_year_has_is_refused(month, day):
    with pytest.raises(RuleViolation, match="no year has"):
        dates.check_free_day(month, day)


def test_a_leap_day_may_be_free():
    assert dates.check_free_day(2, 29) == (2, 29)


def test_the_next_working_day_counts_the_day_itself():
    friday, saturday = date(2026, 1, 16), date(2026, 1, 17)

    assert dates.next_working_day(friday, BAVARIA) == friday
    assert dates.next_working_day(saturday, BAVARIA) == date(2026, 1, 19)
    assert dates.first_working_day_after(friday, BAVARIA) == date(2026, 1, 19)
    assert dates.last_working_day_on_or_before(saturday, BAVARIA) == friday
    assert dates.last_working_day_on_or_before(friday, BAVARIA) == friday


def test_christmas_to_new_year_is_crossed_in_one_move():
    assert dates.next_working_day(date(2026, 12, 24), BAVARIA, dates.USUAL_FREE_DAYS) == date(2026, 12, 28)
    assert dates.next_working_day(date(2026, 12, 31), BAVARIA, dates.USUAL_FREE_DAYS) == date(2027, 1, 4)


def test_working_days_are_added_and_taken_back_over_holidays():
    maundy_thursday = date(2026, 4, 2)

    assert dates.add_working_days(maundy_thursday, 1, BAVARIA) == date(2026, 4, 7)
    assert dates.add_working_days(maundy_thursday, 0, BAVARIA) == maundy_thursday
    assert dates.add_working_days(date(2026, 4, 4), 0, BAVARIA) == date(2026, 4, 4)
    assert dates.add_working_days(date(2026, 4, 7), -1, BAVARIA) == maundy_thursday


def test_working_days_between_leaves_out_the_first_day_and_counts_the_last():
    assert dates.working_days_between(date(2026, 4, 2), date(2026, 4, 7), BAVARIA) == 1
    assert dates.working_days_between(date(2026, 4, 7), date(2026, 4, 2), BAVARIA) == -1
    assert dates.working_days_between(date(2026, 4, 2), date(2026, 4, 2), BAVARIA) == 0
    assert dates.working_days_between(date(2026, 4, 2), date(2026, 4, 6), BAVARIA) == 0


@given(days, st.integers(1, 40), st.sampled_from(REGIONS))
def test_adding_working_days_and_counting_them_agree(day, count, region):
    assert dates.working_days_between(day, dates.add_working_days(day, count, region), region) == count


@given(days, st.sampled_from(REGIONS))
def test_nothing_between_a_day_and_its_working_days_is_a_working_day(day, region):
    ahead, back = dates.next_working_day(day, region), dates.last_working_day_on_or_before(day, region)

    assert dates.is_working_day(ahead, region)
    assert dates.is_working_day(back, region)
    skipped = [back + timedelta(days=n) for n in range(1, (ahead - back).days)]
    assert not any(dates.is_working_day(d, region) for d in skipped)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -13, date(2025, 2, 28)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(day, months, then):
    assert dates.add_months(day, months) == then


@pytest.mark.parametrize(
    "edge",
    [
        lambda: dates.add_days(date.max, 1),
        lambda: dates.add_days(date.min, -1),
        lambda: dates.add_days(date(2026, 1, 1), 2**63),
        lambda: dates.add_months(date.max, 1),
        lambda: dates.add_months(date.min, -1),
        lambda: dates.add_months(date(2026, 1, 1), 10**30),
        lambda: dates.first_working_day_after(date.max, BAVARIA),
        lambda: dates.next_working_day(date.max, BAVARIA, [(12, 31)]),
        lambda: dates.last_working_day_on_or_before(date.min, BAVARIA, [(1, 1)]),
        lambda: dates.add_working_days(date(9999, 12, 1), 40, BAVARIA),
        lambda: dates.add_working_days(date(2026, 1, 1), 10**12, BAVARIA),
        lambda: dates.local_instant(date.min, time(0, 30), "Europe/Berlin"),
        lambda: dates.local_instant(date.max, time(23, 30), "America/New_York"),
    ],
)
def test_the_ends_of_the_calendar_are_refused_with_a_sentence(edge):
    with pytest.raises(RuleViolation, match="calendar"):
        edge()


def test_a_firm_that_is_free_all_year_is_refused():
    every_day = [(d.month, d.day) for d in (date(2028, 1, 1) + timedelta(days=n) for n in range(366))]

    with pytest.raises(RuleViolation, match="no working day"):
        dates.next_working_day(date(2026, 1, 1), BAVARIA, every_day)


def test_a_local_time_becomes_an_instant_in_utc():
    assert dates.local_instant(date(2026, 1, 12), time(10), "Europe/Berlin") == datetime(2026, 1, 12, 9, tzinfo=UTC)
    assert dates.local_instant(date(2026, 7, 10), time(10), "Europe/Berlin") == datetime(2026, 7, 10, 8, tzinfo=UTC)
    assert dates.local_instant(date(2026, 7, 10), time(10), "Europe/Berlin").tzinfo is UTC


@pytest.mark.parametrize("missing", [time(2), time(2, 30), time(2, 59, 59)])
def test_the_hour_that_a_spring_night_lacks_is_refused(missing):
    with pytest.raises(RuleViolation) as refused:
        dates.local_instant(date(2026, 3, 29), missing, "Europe/Berlin")

    assert refused.value.field == "time"
    assert "does not exist" in str(refused.value)


def test_the_minutes_beside_the_lost_hour_are_taken():
    night = date(2026, 3, 29)

    assert dates.local_instant(night, time(1, 59), "Europe/Berlin") == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert dates.local_instant(night, time(3), "Europe/Berlin") == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_autumn_hour_that_comes_twice_is_taken_as_the_first(fold):
    twice = time(2, 30, fold=fold)

    assert dates.local_instant(date(2026, 10, 25), twice, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe/Atlantis", "../etc/passwd", "Europe/Berlin\0", "a" * 5000, "Europe"])
def test_an_unknown_zone_is_refused_with_a_sentence(zone):
    with pytest.raises(RuleViolation, match="time zone"):
        dates.local_instant(date(2026, 1, 1), time(9), zone)


def test_just_after_midnight_the_local_day_is_not_that_of_utc():
    at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

    assert dates.local_day(at, "Europe/Berlin") == date(2026, 7, 1)
    assert dates.local_day(at, "UTC") == date(2026, 6, 30)


def test_a_naive_instant_is_a_bug_and_loud():
    with pytest.raises(ValueError, match="aware"):
        dates.local_day(datetime(2026, 6, 30, 22, 30), "Europe/Berlin")


def test_a_day_is_read_only_as_year_month_day():
    assert dates.parse_day("2026-01-12") == date(2026, 1, 12)

    for wrong in (
        "",
        "12.01.2026",
        "20260112",
        "2026-W03-1",
        "2026-1-12",
        "2026-02-29",
        "2026-01-12T10:00",
        "2026-01-12\n",
        "٢٠٢٦-٠١-١٢",
        "0000-01-01",
    ):
        with pytest.raises(RuleViolation, match="is no day") as refused:
            dates.parse_day(wrong, field="start")
        assert refused.value.field == "start"


def test_ten_thousand_questions_take_no_noticeable_time():
    began = stopwatch.perf_counter()

    for n in range(10_000):
        dates.next_working_day(date(2020, 1, 1) + timedelta(days=n % 3650), REGIONS[n % 6], dates.USUAL_FREE_DAYS)

    assert stopwatch.perf_counter() - began < 2
