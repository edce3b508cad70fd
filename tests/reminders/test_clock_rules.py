"""A clock that jumped is told from time that passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import Reading
from app.reminders.clock_rules import Against, Jump, Seen, is_alive, is_over, is_same, jump

FRIDAY = datetime(2026, 3, 20, 17, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BOOT = Reading("bureau", FRIDAY, "boot 1", 1000.0)


def later(passed: timedelta, wall: timedelta | None = None, boot_id: str | None = "boot 1") -> Reading:
    """What the clocks show once `passed` is over and the wall clock has gone on by `wall` (by default as much)."""
    return replace(
        BOOT, at=FRIDAY + (passed if wall is None else wall), since_boot=1000 + passed.total_seconds(), boot_id=boot_id
    )


@pytest.mark.parametrize(
    ("now", "ahead"),
    [
        (later(timedelta(minutes=1)), None),
        (later(3 * DAY), None),  # asleep over the weekend, or the scheduler was stopped: time passed
        (later(timedelta(minutes=1), 2 * DAY), 2 * DAY - timedelta(minutes=1)),
        (later(timedelta(0), DAY), None),  # not more than 24 hours
        (later(timedelta(0), DAY + timedelta(seconds=1)), DAY + timedelta(seconds=1)),
        (later(timedelta(minutes=1), -3 * DAY), None),  # set back: leases and slots see to that
        (later(5 * DAY, 8 * DAY), 3 * DAY),
        (replace(later(timedelta(minutes=2), 3 * DAY), boot_id="boot 2", since_boot=30.0), None),  # off from Friday to Monday
        (replace(later(timedelta(minutes=1), 2 * DAY), since_boot=None), None),  # no such clock on this machine
        (replace(later(timedelta(minutes=1), 2 * DAY), boot_id=None), None),
    ],
)
def test_the_same_boot_tells_a_jump_from_time_that_passed(now, ahead):
    assert jump(now, BOOT) == (Jump(Against.BOOT, ahead) if ahead else None)


def test_nobody_is_asked_where_nothing_is_known_from_before():
    assert jump(BOOT) is None


@pytest.mark.parametrize("hours", [-72, 0, 24])
def test_a_server_or_a_neighbour_that_is_at_most_a_day_behind_shows_nothing(hours):
    other = FRIDAY - timedelta(hours=hours)
    assert jump(BOOT, None, other, [other]) is None


def test_the_database_server_and_a_living_neighbour_show_a_jump_also_after_a_boot():
    two_days_ago = FRIDAY - 2 * DAY

    assert jump(BOOT, None, two_days_ago) == Jump(Against.SERVER, 2 * DAY)
    assert jump(BOOT, None, FRIDAY, [FRIDAY, two_days_ago]) == Jump(Against.SCHEDULER, 2 * DAY)
    assert jump(replace(BOOT, boot_id=None, since_boot=None), None, two_days_ago) == Jump(Against.SERVER, 2 * DAY)


def test_what_was_confirmed_holds_while_the_clock_stands_there_and_for_no_other_jump():
    jumped = later(timedelta(minutes=1), 2 * DAY)
    found = Jump(Against.BOOT, 2 * DAY)
    seen = Seen(Against.BOOT, 2 * DAY, "boot 1", jumped.booted_at, confirmed=True)

    assert is_same(seen, found, jumped) and not is_over(seen, found, jumped)
    an_hour_on = later(timedelta(hours=1), 2 * DAY + timedelta(hours=1))
    assert is_same(seen, found, an_hour_on) and not is_over(seen, None, an_hour_on)
    assert is_over(seen, None, later(timedelta(hours=1))), "the clock went back"
    further = later(timedelta(hours=1), 5 * DAY)
    assert is_over(seen, Jump(Against.BOOT, 3 * DAY), further) and not is_same(seen, Jump(Against.BOOT, 3 * DAY), further)
    assert is_over(seen, found, replace(jumped, boot_id="boot 2"))


def test_what_nobody_confirmed_is_over_as_soon_as_nothing_shows_it():
    seen = Seen(Against.SERVER, 2 * DAY, "boot 1", BOOT.booted_at, confirmed=False)

    assert is_over(seen, None, BOOT)
    assert not is_over(seen, Jump(Against.SERVER, 2 * DAY), BOOT)


def test_a_server_that_was_set_right_ends_what_was_confirmed():
    seen = Seen(Against.SERVER, 2 * DAY, "boot 1", BOOT.booted_at, confirmed=True)

    assert not is_over(seen, Jump(Against.SERVER, 2 * DAY), BOOT) and is_over(seen, None, BOOT)


def test_without_a_clock_of_the_boot_the_same_jump_is_known_by_how_far_it_is():
    bare = replace(BOOT, boot_id=None, since_boot=None)
    seen = Seen(Against.SERVER, 2 * DAY, None, None, confirmed=True)

    assert is_same(seen, Jump(Against.SERVER, 2 * DAY + timedelta(hours=3)), bare)
    assert not is_same(seen, Jump(Against.SERVER, 9 * DAY), bare)


@pytest.mark.parametrize(("away", "alive"), [(0, True), (179, True), (181, False), (-60, True), (-3 * 86_400, False)])
def test_a_sign_of_life_is_of_now_neither_old_nor_of_the_future(away, alive):
    assert is_alive(FRIDAY - timedelta(seconds=away), FRIDAY) is alive
