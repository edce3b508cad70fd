"""Days: working days by region, months, and the way from local time to an instant and back.

A region is a country of ISO 3166-1 with, where the country keeps holidays by region, a
subdivision behind a hyphen: "DE-BY", "AT-9", "CH-ZH", "NL", "BE". No working days are Saturday,
Sunday and the public holidays of the region (category *public* of the library `holidays`; no
bank, church, school or half holidays), and the firm's own free days where they are given.

Source: docs/domain.md, "Talks" (the plan) and "Roles" (free days of the firm).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from app.core.errors import N_, RuleViolation

ONE_DAY = timedelta(days=1)
SATURDAY = 5
LEAP_YEAR = 2028
LONGEST_SEARCH_DAYS = 366
LONGEST_WORKING_DAYS = 10_000
NEVER = N_("This date would lie outside the calendar, which runs from the year 1 to 9999.")

_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


FreeDay = tuple[int, int]
"""Month and day of each year on which the firm does not work; 29 February counts in leap years only."""

USUAL_FREE_DAYS: tuple[FreeDay, ...] = ((12, 24), (12, 31))


def check_free_day(month: int, day: int, field: str | None = None) -> FreeDay:
    """Return the pair if at least leap years have such a day; raise RuleViolation at `field` otherwise."""
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(LEAP_YEAR, month)[1]):
        raise RuleViolation(N_("Day %(day)s of month %(month)s is a day that no year has."), field=field, day=day, month=month)
    return month, day


@lru_cache(maxsize=1)
def _subdivisions() -> dict[str, tuple[str, ...]]:
    """Return the regions of each country, by the codes of the library (names for people left out)."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in known.items() if _COUNTRY.fullmatch(country)}


@lru_cache(maxsize=1)
def regions() -> tuple[str, ...]:
    """Return every known region in the order of the alphabet, countries without region included."""
    known = _subdivisions().items()
    return tuple(sorted({country for country, _ in known} | {f"{country}-{part}" for country, parts in known for part in parts}))


@lru_cache(maxsize=1)
def _known_regions() -> frozenset[str]:
    return frozenset(regions())


def check_region(region: str, field: str | None = None) -> str:
    """Return `region` if its holidays are known; raise RuleViolation at `field` otherwise."""
    if region not in _known_regions():
        raise RuleViolation(
            N_("“%(region)s” is no region with known holidays, such as DE-BY, AT-9, CH-ZH or NL."),
            field=field,
            region=region,
        )
    return region


@lru_cache(maxsize=4096)
def public_holidays(region: str, year: int) -> frozenset[date]:
    """Return the public holidays of `region` in `year`; raise RuleViolation for an unknown region."""
    country, _, part = check_region(region).partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=year, categories=(holidays.PUBLIC,))
    return frozenset(day for day in found if day.year == year)


def is_working_day(day: date, region: str, free_days: Collection[FreeDay] = ()) -> bool:
    """Whether people work on `day` in `region`; `free_days` are the firm's own days without work."""
    return day not in public_holidays(region, day.year) and day.weekday() < SATURDAY and (day.month, day.day) not in free_days


def add_days(day: date, count: int) -> date:
    """Return the day `count` calendar days after (before, if negative); raise RuleViolation where the calendar ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise RuleViolation(NEVER) from None


def next_working_day(day: date, region: str, free_days: Collection[FreeDay] = ()) -> date:
    """Return the first working day on or after `day`; raise RuleViolation where there is none within a year."""
    return _search(day, 1, region, free_days)


def first_working_day_after(day: date, region: str, free_days: Collection[FreeDay] = ()) -> date:
    """Return the first working day later than `day`."""
    return _search(add_days(day, 1), 1, region, free_days)


def last_working_day_on_or_before(day: date, region: str, free_days: Collection[FreeDay] = ()) -> date:
    """Return the last working day not later than `day`."""
    return _search(day, -1, region, free_days)


def _search(day: date, step: int, region: str, free_days: Collection[FreeDay]) -> date:
    for _ in range(LONGEST_SEARCH_DAYS):
        if is_working_day(day, region, free_days):
            return day
        day = add_days(day, step)
    raise RuleViolation(N_("With these free days there is no working day in a whole year."))


def add_working_days(day: date, count: int, region: str, free_days: Collection[FreeDay] = ()) -> date:
    """Return the `count`th working day after `day` (before, if negative); `day` itself, working or not, for 0."""
    if abs(count) > LONGEST_WORKING_DAYS:
        raise RuleViolation(NEVER)
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day = _search(add_days(day, step), step, region, free_days)
    return day


def working_days_between(day: date, other: date, region: str, free_days: Collection[FreeDay] = ()) -> int:
    """Return how many working days lie after `day` up to and including `other`; negative where `other` is earlier.

    So `working_days_between(day, add_working_days(day, n)) == n` for n ≥ 0.
    """
    if other < day:
        return -working_days_between(other, day, region, free_days)
    between = (day + timedelta(days=n) for n in range(1, (other - day).days + 1))
    return sum(is_working_day(d, region, free_days) for d in between)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier, if negative), or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise RuleViolation(NEVER)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_day(text: str, field: str | None = None) -> date:
    """Return the day written as YYYY-MM-DD and in no other way; raise RuleViolation at `field` otherwise."""
    no_day = RuleViolation(N_("“%(text)s” is no day of the form YYYY-MM-DD."), field=field, text=text)
    if not _DAY.fullmatch(text):
        raise no_day
    try:
        return date.fromisoformat(text)
    except ValueError:  # such as 29 February in a common year
        raise no_day from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleViolation(N_("“%(zone)s” is not a time zone, such as Europe/Berlin."), field="zone", zone=name) from None


def local_instant(day: date, at: time, zone_name: str) -> datetime:
    """Return the aware UTC instant at which clocks in `zone_name` show `day` and `at`.

    An hour that comes twice (autumn) is taken as the first, whatever the fold of `at`. Raises
    RuleViolation at "time" for an hour that the night lacks (spring), at "zone" for an unknown zone.

    Source: docs/decisions, "Time".
    """
    zone = _zone(zone_name)
    shown = datetime.combine(day, at.replace(fold=0, tzinfo=None))
    try:
        instant = shown.replace(tzinfo=zone).astimezone(UTC)
        back = instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise RuleViolation(NEVER, field="day") from None
    if back != shown:
        raise RuleViolation(
            N_("The time %(time)s does not exist in that night: the clocks go forward. Please choose another time."),
            field="time",
            time=at.strftime("%H:%M"),
        )
    return instant


def local_day(instant: datetime, zone_name: str) -> date:
    """Return the day that `instant` falls on in `zone_name`; ValueError for a naive instant (a bug)."""
    if instant.tzinfo is None:
        raise ValueError("local_day wants an aware instant")
    return instant.astimezone(_zone(zone_name)).date()
