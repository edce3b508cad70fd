"""When a nightly backup is due, and which ones are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backup.rules import BEFORE, NIGHTLY, Manifest, NoBackup, is_due, kept_of, manifest_from, name_of, to_delete

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        ("2026-03-17 00:59", "2026-03-16 01:00", False),
        ("2026-03-17 01:00", "2026-03-16 01:00", True),
        ("2026-03-17 01:59", "2026-03-16 01:00", True),
        ("2026-03-17 02:00", "2026-03-16 01:00", False),  # never in this hour
        ("2026-03-17 03:00", "2026-03-16 01:00", True),
        ("2026-03-17 14:00", "2026-03-17 01:00", False),
        ("2026-03-17 14:00", "2026-03-16 01:00", True),  # the machine was off at night: caught up
        ("2026-03-17 00:30", "2026-03-15 01:00", True),  # and missed the night before too
        ("2026-03-17 14:00", None, False),  # where there was none yet, it waits for the night
        ("2026-03-17 01:10", None, True),
        ("2026-03-29 01:30", "2026-03-28 01:00", True),  # the night that lacks two o'clock
        ("2026-03-29 03:30", "2026-03-29 01:00", False),
        ("2026-10-25 01:30", "2026-10-24 01:00", True),
        ("2026-10-25 02:30", "2026-10-24 01:00", False),
        ("2026-10-25 03:30", "2026-10-25 01:00", False),
    ],
)
def test_it_is_due_once_a_night(now, last, due):
    assert is_due(local(now), 1, local(last) if last else None) is due


def test_the_hour_that_comes_twice_has_none():
    assert not is_due(local("2026-10-25 02:30", fold=1), 1, local("2026-10-24 01:00"))


def nights(count: int, until: datetime = datetime(2026, 11, 27, 0, 5, tzinfo=UTC)) -> list[str]:
    return [name_of(NIGHTLY, until - timedelta(days=number)) for number in range(count)]


def test_days_and_weeks_are_kept():
    names = nights(100)
    going = to_delete(kept_of(names), datetime(2026, 11, 27, 1, tzinfo=UTC), days=14, weeks=8)
    stay = [name for name in names if name not in going]

    assert stay[:14] == names[:14]
    sundays = stay[14:]
    assert len(sundays) == 5  # three of the eight weeks have their last one within the fourteen days
    assert all(kept_of([name])[0].at.isoweekday() == 7 for name in sundays)


def test_two_of_one_day_are_one():
    at = datetime(2026, 11, 27, 0, 5, tzinfo=UTC)
    names = [name_of(NIGHTLY, at), name_of(NIGHTLY, at + timedelta(hours=3))]

    assert to_delete(kept_of(names), at, days=14, weeks=8) == names[:1]


def test_what_was_made_before_migrating_stays_a_month_and_the_last_three_longer():
    at = datetime(2026, 11, 27, tzinfo=UTC)
    names = [name_of(f"{BEFORE}-0012", at - timedelta(days=days)) for days in (10, 40, 50, 60, 70)]

    assert sorted(to_delete(kept_of(names), at, days=1, weeks=0)) == sorted(names[3:])


def test_what_others_named_is_nobodys_to_delete():
    assert (
        kept_of(["mine", "nightly", "nightly-2026", "nightly-20261127T000000Z.old", "unfinished-nightly-20261127T000000Z"]) == []
    )


@given(st.sets(st.integers(0, 400), max_size=60), st.integers(1, 30), st.integers(0, 12))
def test_the_newest_always_stays_and_deleting_twice_deletes_no_more(ages, days, weeks):
    at = datetime(2026, 11, 27, tzinfo=UTC)
    names = {name_of(NIGHTLY, at - timedelta(days=age)) for age in ages}
    going = set(to_delete(kept_of(names), at, days=days, weeks=weeks))

    assert not names or max(names) not in going
    assert to_delete(kept_of(names - going), at, days=days, weeks=weeks) == []
    assert len(names - going) <= days + weeks


def manifest() -> Manifest:
    return Manifest("2026-11-27T00:00:00+00:00", "Europe/Berlin", "1", "0017", {"kind": "sqlite"}, {"a": 1}, "x", "y")


def test_a_manifest_comes_back_as_it_was():
    assert manifest_from(manifest().to_json()) == manifest()


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": 1}', manifest().to_json().replace('"a": 1', '"a": 2')])
def test_a_manifest_that_was_changed_is_none(text):
    with pytest.raises(NoBackup):
        manifest_from(text)


def test_one_of_a_later_format_says_so():
    with pytest.raises(NoBackup, match="newer version"):
        manifest_from(manifest().to_json().replace('"format": 1', '"format": 2'))
