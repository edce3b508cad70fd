"""The course of a working life: is each station of the last ten years there, with its dates, and without gaps?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.admission.cv import vocabulary
from app.admission.cv.dates import Period
from app.admission.cv.station import Found, Station
from app.admission.cv.vocabulary import folded, pattern

YEARS = 10
GAP_MONTHS = 12
SUMMED_MONTHS = 36


@dataclass(frozen=True)
class Course:
    """`verdict` by the rubric; `why` is a key of the texts; `stations` are those that it was judged by."""

    verdict: str
    why: str
    stations: list[Station]


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def bounds(period: Period, now: int) -> tuple[int, int] | None:
    """Return first and last month, as wide as the words allow."""
    start, end = period.start, period.end
    if period.present:
        last = now
    elif end is not None:
        last = end.last()
    elif start is not None:
        last = start.last()
    else:
        return None
    first = start.first() if start is not None else last
    return (first, max(first, last))


def judge(found: Found, as_of: date) -> Course:
    now = month_of(as_of)
    dated = [station for station in found.stations if station.is_dated]
    spans = {id(station): span for station in dated if station.period and (span := bounds(station.period, now))}
    dated = [station for station in dated if id(station) in spans]
    if not dated or (len(dated) == 1 and len(found.stations) > 3):
        return Course("missing", "no_dates", found.stations[:1])
    window = now - YEARS * 12
    summed = [station for station in dated if is_summed_up(station, spans[id(station)], dated, spans, window)]
    if summed:
        return Course("weak", "summed_up", summed)
    undated = [
        station for station in found.stations if not station.is_dated and _counts(station, found.stations, dated, spans, window)
    ]
    if undated:
        return Course("weak", "undated", undated)
    gap = _gap(dated, found.fillers, spans, window, now)
    if gap is not None:
        return Course("weak", "gap", [gap])
    return Course("ok", "complete", dated[:1])


def is_summed_up(
    station: Station, span: tuple[int, int], dated: list[Station], spans: dict[int, tuple[int, int]], window: int
) -> bool:
    """Three years or more of self-employment in one line, without the single assignments of that time."""
    first, last = span
    if last - first + 1 < SUMMED_MONTHS or last < window + 6:
        return False
    if not _is_general(station):
        return False
    inside = [
        spans[id(other)]
        for other in dated
        if other is not station and _overlap(spans[id(other)], span) >= 1 and not _covers(spans[id(other)], span)
    ]
    covered: set[int] = set()
    for one in inside:
        covered |= set(range(max(one[0], first, window), min(one[1], last) + 1))
    wanted = last - max(first, window) + 1
    return len(covered) < 0.5 * wanted


def _is_general(station: Station) -> bool:
    """Self-employed or consulting for no client that is named, or for several at once."""
    rows = [row for row in station.rows[:4] if not row.line.bullet or row is station.rows[0]]
    head = folded(" ".join(row.text for row in rows)[:240])
    if pattern("working", "various").search(head):
        return bool(pattern("working", "self_employed").search(head)) or bool(
            re.search(r"mandat|projekt|assignment|opdracht|interim|client|kunden", head)
        )
    own = re.search(
        r"selbs?t?standig|freiberuf|self-?employed|freelanc|zelfstandig|zzp|independent|sole trader|eigen bedrijf|inhaber|freier berater",
        head,
    )
    if own:
        return not _named_client(station)
    if re.search(r"interim[ -]?manage(?:r|ment)|interim executive|manager auf zeit|interimmer", head):
        return not _named_client(station)
    return bool(re.search(r"berater(?:in)?\b|consultant\b|adviseur\b", head)) and station.organisation is None


def _named_client(station: Station) -> bool:
    """A client with a legal form that is not the person's own firm."""
    for row in station.rows[:4]:
        for match in vocabulary.legal_forms().finditer(row.text):
            before = folded(row.text[max(0, match.start() - 50) : match.end()])
            if not re.search(r"interim|consult|berat|advies|advis|management b\.?v|solutions|management gmbh", before):
                return True
    return False


def _overlap(one: tuple[int, int], two: tuple[int, int]) -> int:
    return min(one[1], two[1]) - max(one[0], two[0]) + 1


def _covers(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] <= two[0] and one[1] >= two[1]


def _counts(
    station: Station, stations: list[Station], dated: list[Station], spans: dict[int, tuple[int, int]], window: int
) -> bool:
    """An undated station counts unless it comes after stations that ended before the window."""
    before = [other for other in stations[: stations.index(station)] if other.is_dated]
    return not (before and spans[id(before[-1])][0] < window)


def _gap(dated: list[Station], fillers: list[Period], spans: dict[int, tuple[int, int]], window: int, now: int) -> Station | None:
    """Return the station before which more than twelve months of the last ten years are told by nothing."""
    filled = [span for period in fillers if (span := bounds(period, now))]
    marks = sorted(
        [(*spans[id(station)], station) for station in dated] + [(*span, None) for span in filled], key=lambda mark: mark[:2]
    )  # type: ignore[misc]
    reach: int | None = None
    for first, last, station in marks:
        if (
            reach is not None
            and station is not None
            and first - reach - 1 > GAP_MONTHS
            and first > window
            and any(spans[id(other)][0] < first for other in dated)
        ):
            missing = first - max(reach, window - 1) - 1
            if missing > GAP_MONTHS:
                return station
        reach = last if reach is None else max(reach, last)
    return None
