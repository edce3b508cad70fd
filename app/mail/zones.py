"""A time zone's rules as calendar files write them (VTIMEZONE, RFC 5545, 3.6.5).

Written here because the library's own give the spring change an hour late, and dates in place of rules, which some
calendar programs do not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """A zone's offset changes: `at` is the wall clock's time just when it does, by the offset before."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def nth(self) -> int:
        """The how-manyth such weekday of its month."""
        return (self.at.day - 1) // 7 + 1

    @property
    def is_last(self) -> bool:
        return (self.at + timedelta(days=7)).month != self.at.month


@lru_cache(maxsize=64)
def vtimezone(name: str, year: int) -> Timezone:
    """Return the rules of the zone (an IANA name) that hold in `year` and the years beside it."""
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    changes = _changes(zone, year - 1, year + 1)
    groups: dict[tuple[timedelta, timedelta], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.before, change.after), []).append(change)
    regular = len(changes) > 0 and all(_rule(group) for group in groups.values())
    if not regular:
        component.add_component(_beginning(zone, year - 1))
    for group in groups.values():
        component.add_component(_observance(group, regular))
    return component


def _changes(zone: ZoneInfo, first: int, last: int) -> list[Change]:
    """Return the changes from the beginning of year `first` to the end of year `last`, to the second."""
    found = []
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while day < end:
        next_day = day + timedelta(days=1)
        before, after = _offset(zone, day), _offset(zone, next_day)
        if before != after:
            at = _exactly(zone, day, next_day)
            found.append(Change((at + before).replace(tzinfo=None), before, after, at.astimezone(zone).tzname() or zone.key))
        day = next_day
    return found


def _exactly(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    before = _offset(zone, early)
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (middle, late) if _offset(zone, middle) == before else (early, middle)
    return late


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _rule(group: list[Change]) -> dict[str, object] | None:
    """Return the yearly rule that gives these changes, one a year for three years; None where there is none."""
    first = group[0]
    same = {(change.at.month, change.at.weekday(), change.at.time()) for change in group}
    if len(group) != 3 or len(same) != 1 or len({change.at.year for change in group}) != 3:
        return None
    if all(change.is_last for change in group):
        nth = -1
    elif len({change.nth for change in group}) == 1:
        nth = first.nth
    else:
        return None
    return {"freq": "yearly", "bymonth": first.at.month, "byday": f"{nth}{DAYS[first.at.weekday()]}"}


def _observance(group: list[Change], regular: bool) -> TimezoneStandard | TimezoneDaylight:
    first = group[0]
    part = TimezoneDaylight() if first.after > first.before else TimezoneStandard()
    _describe(part, first.at, first.before, first.after, first.name)
    if regular:
        part.add("rrule", _rule(group))
    elif len(group) > 1:
        part.add("rdate", [change.at for change in group[1:]])
    return part


def _beginning(zone: ZoneInfo, year: int) -> TimezoneStandard:
    start = datetime(year, 1, 1, tzinfo=zone)
    offset = start.utcoffset() or timedelta(0)
    part = TimezoneStandard()
    _describe(part, start.replace(tzinfo=None), offset, offset, start.tzname() or zone.key)
    return part


def _describe(part: TimezoneStandard | TimezoneDaylight, at: datetime, before: timedelta, after: timedelta, name: str) -> None:
    part.add("dtstart", at)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
