"""The plan of talks for one term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import is_working_day
from app.core.errors import RuleViolation
from app.talks.plan_rules import PlannedTalk, plan
from app.talks.rules import Kind, PlanNumbers, Side

BAVARIA, HAMBURG = "DE-BY", "DE-HH"
MONDAY = date(2026, 1, 12)
REGIONS = (BAVARIA, HAMBURG, "AT-9", "CH-ZH", "NL", "BE")


def days(talks: list[PlannedTalk], kind: Kind, side: Side = Side.CLIENT) -> list[date]:
    return [talk.due_on for talk in talks if talk.kind is kind and talk.side is side]


def term(length: int, start: date = MONDAY, **options) -> list[PlannedTalk]:
    """The plan for a term of `length` days, both ends inclusive, in Hamburg."""
    return plan(start, start + timedelta(days=length - 1), HAMBURG, **options)


def test_half_a_year_in_bavaria():
    talks = plan(date(2026, 1, 12), date(2026, 7, 10), BAVARIA)

    quality = [date(2026, 1, 26), date(2026, 3, 9), date(2026, 4, 20), date(2026, 6, 1)]
    assert days(talks, Kind.QUALITY) == days(talks, Kind.QUALITY, Side.MANAGER) == quality
    assert days(talks, Kind.CLOSING) == [date(2026, 6, 26)]
    assert days(talks, Kind.AFTERCARE) == [date(2026, 10, 8)]
    assert len(talks) == 10


def test_talks_come_by_date_then_side_then_kind():
    talks = plan(date(2026, 1, 12), date(2026, 7, 10), BAVARIA)

    assert talks == sorted(talks, key=lambda talk: (talk.due_on, talk.side, talk.kind))


def test_without_a_quality_clause_there_are_closing_and_aftercare_only():
    assert [talk.kind for talk in term(180, has_quality_clause=False)] == [Kind.CLOSING, Kind.AFTERCARE]
    assert [talk.kind for talk in term(20, has_quality_clause=False)] == [Kind.CLOSING, Kind.AFTERCARE]


def test_the_last_quality_talk_leaves_35_days_to_the_end():
    start = date(2026, 1, 13)  # a Tuesday, and so are the days 14 and 56
    assert days(term(14 + 42 + 35 + 1, start), Kind.QUALITY) == [date(2026, 1, 27), date(2026, 3, 10)]
    assert days(term(14 + 42 + 35, start), Kind.QUALITY) == [date(2026, 1, 27)]


def test_the_35_days_count_before_any_moving():
    start = date(2026, 1, 10)  # Saturday: day 56 is a Saturday, moved to Monday, 33 days before the end
    assert days(term(56 + 35 + 1, start), Kind.QUALITY) == [date(2026, 1, 26), date(2026, 3, 9)]


def test_a_term_of_49_days_is_a_long_one_and_of_48_a_short_one():
    assert days(term(50), Kind.QUALITY) == [MONDAY + timedelta(days=14)]
    assert days(term(49), Kind.QUALITY) == []  # the first would lie 34 days before the end
    assert days(term(49), Kind.CLOSING) == [date(2026, 2, 16)]  # 14 days before 1 March is a Sunday

    assert days(term(48), Kind.QUALITY) == [MONDAY + timedelta(days=24)]
    assert days(term(48), Kind.CLOSING) == [date(2026, 2, 16)]  # 12 days before 28 February


@pytest.mark.parametrize(
    ("length", "quality_after", "closing_before"), [(40, 20, 10), (41, 20, 10), (30, 15, 7), (31, 15, 7), (8, 4, 2)]
)
def test_a_short_term_has_one_quality_talk_in_the_middle_and_closes_at_three_quarters(length, quality_after, closing_before):
    end = MONDAY + timedelta(days=length - 1)
    talks = plan(MONDAY, end, HAMBURG)

    def moved(day: date) -> date:
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))

    assert days(talks, Kind.QUALITY) == [moved(MONDAY + timedelta(days=quality_after))]
    assert days(talks, Kind.QUALITY, Side.MANAGER) == days(talks, Kind.QUALITY)
    assert days(talks, Kind.CLOSING) == [moved(end - timedelta(days=closing_before))]


def test_a_single_day_has_its_talks_on_that_day():
    talks = plan(MONDAY, MONDAY, HAMBURG)

    assert days(talks, Kind.QUALITY) == days(talks, Kind.CLOSING) == [MONDAY]
    assert days(talks, Kind.AFTERCARE) == [date(2026, 4, 13)]  # 90 days later is a Sunday


def test_talks_move_by_the_holidays_of_the_clients_region():
    start, end = date(2026, 5, 21), date(2026, 12, 31)  # day 14 is Corpus Christi

    assert days(plan(start, end, BAVARIA), Kind.QUALITY)[0] == date(2026, 6, 5)
    assert days(plan(start, end, HAMBURG), Kind.QUALITY)[0] == date(2026, 6, 4)


def test_talks_move_by_the_firms_free_days_where_they_are_named():
    start, end = date(2025, 12, 10), date(2026, 7, 10)

    assert days(plan(start, end, HAMBURG), Kind.QUALITY)[0] == date(2025, 12, 24)
    assert days(plan(start, end, HAMBURG, free_days=[(12, 24)]), Kind.QUALITY)[0] == date(2025, 12, 29)


def test_the_closing_talk_goes_back_where_the_next_working_day_lies_past_the_end():
    saturday, sunday = date(2026, 1, 17), date(2026, 1, 18)

    assert days(plan(saturday, sunday, HAMBURG), Kind.CLOSING) == [date(2026, 1, 16)]
    assert days(plan(saturday, sunday, HAMBURG), Kind.QUALITY) == [date(2026, 1, 19)]
    assert days(plan(saturday, date(2026, 1, 19), HAMBURG), Kind.CLOSING) == [date(2026, 1, 19)]


def test_other_numbers_make_another_plan():
    numbers = PlanNumbers(first_talk_after_days=7, talk_every_days=28, closing_lead_days=7, aftercare_days=60)
    talks = plan(date(2026, 1, 13), date(2026, 4, 30), HAMBURG, numbers)

    assert days(talks, Kind.QUALITY) == [date(2026, 1, 20), date(2026, 2, 17), date(2026, 3, 17)]
    assert days(talks, Kind.CLOSING) == [date(2026, 4, 23)]
    assert days(talks, Kind.AFTERCARE) == [date(2026, 6, 29)]


def test_two_days_that_move_to_one_monday_are_one_talk():
    talks = term(100, numbers=PlanNumbers(talk_every_days=1))

    assert len(talks) == len(set(talks))


@pytest.mark.parametrize(
    ("start", "end", "region", "sentence"),
    [
        (date(2026, 1, 12), date(2026, 1, 11), BAVARIA, "must not lie before the start"),
        (date(2026, 1, 12), date(2026, 7, 10), "DE-XX", "no region"),
        (date(9999, 1, 1), date(9999, 12, 1), BAVARIA, "calendar"),
        (date(9999, 12, 31), date.max, BAVARIA, "calendar"),
        (date.min, date.max, BAVARIA, "hundred years"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_sentence(start, end, region, sentence):
    with pytest.raises(RuleViolation, match=sentence):
        plan(start, end, region)


def test_the_first_days_of_the_calendar_can_be_planned():
    assert plan(date.min, date.min, BAVARIA)


@given(
    st.dates(date(1995, 1, 1), date(2090, 1, 1)),
    st.integers(0, 900),
    st.sampled_from(REGIONS),
    st.booleans(),
    st.sampled_from([(), ((12, 24), (12, 31))]),
)
def test_any_plan_keeps_its_promises(start, length, region, has_quality_clause, free_days):
    end = start + timedelta(days=length)

    talks = plan(start, end, region, free_days=free_days, has_quality_clause=has_quality_clause)

    assert all(is_working_day(talk.due_on, region, free_days) for talk in talks)
    assert [talk.due_on <= end for talk in talks if talk.kind is Kind.CLOSING] == [True]
    assert len(days(talks, Kind.AFTERCARE)) == 1
    assert days(talks, Kind.QUALITY) == days(talks, Kind.QUALITY, Side.MANAGER)
    assert bool(days(talks, Kind.QUALITY)) is (has_quality_clause and length + 1 != 49)
    assert talks == plan(start, end, region, free_days=free_days, has_quality_clause=has_quality_clause)
