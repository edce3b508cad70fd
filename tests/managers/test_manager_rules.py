"""Availability, age of papers, release: rules without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.dates import regions
from app.core.errors import RuleViolation
from app.core.vocabulary import REGIONS, regions_that_match
from app.managers.rules import Availability, Free, State, are_stale, availability, check_release, papers_day
from app.managers.vocabulary import SOURCES, STATES

TODAY = date(2026, 3, 17)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("available_from", "confirmed_on", "mandate_ends_on", "expected"),
    [
        (TODAY, TODAY, None, Availability(Free.NOW)),
        (YESTERDAY, TODAY - timedelta(days=30), None, Availability(Free.NOW)),
        (YESTERDAY, TODAY - timedelta(days=31), None, Availability(Free.UNKNOWN)),
        (TOMORROW, TODAY, None, Availability(Free.LATER, TOMORROW)),
        (None, TODAY, None, Availability(Free.UNKNOWN)),
        (YESTERDAY, None, None, Availability(Free.UNKNOWN)),
        (YESTERDAY, TODAY, TODAY, Availability(Free.LATER, TOMORROW, by_mandate=True)),
        (None, None, TOMORROW, Availability(Free.LATER, TODAY + timedelta(days=2), by_mandate=True)),
        (YESTERDAY, TODAY, YESTERDAY, Availability(Free.NOW)),
    ],
)
def test_availability(available_from, confirmed_on, mandate_ends_on, expected):
    assert availability(available_from, confirmed_on, mandate_ends_on, TODAY, 30) == expected


def test_papers_are_stale_after_twelve_months():
    assert not are_stale(date(2025, 3, 17), TODAY, 12)
    assert are_stale(date(2025, 3, 16), TODAY, 12)
    assert not are_stale(None, TODAY, 12)
    assert papers_day(None, TODAY) == TODAY
    assert papers_day(YESTERDAY, TODAY) == YESTERDAY


@pytest.mark.parametrize(
    ("state", "reason"), [(State.RELEASED, "why"), (State.ERASED, "why"), (State.OUT, "  "), (State.OUT, None)]
)
def test_a_release_out_of_turn_needs_a_reason_and_somebody_to_release(state, reason):
    with pytest.raises(RuleViolation):
        check_release(state, reason)


def test_every_region_on_the_list_has_known_holidays_and_fits_its_column():
    assert set(REGIONS) <= set(regions())
    assert max(map(len, REGIONS)) <= 10


def test_a_country_finds_its_regions_and_a_region_its_country():
    assert {"DE", "DE-BY"} <= set(regions_that_match("DE"))
    assert regions_that_match("DE-BY") == ["DE-BY", "DE"]


def test_each_state_and_source_has_words():
    assert set(STATES) == set(State)
    assert len(SOURCES) == 8
