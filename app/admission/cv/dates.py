"""Dates and periods as people write them in German, Dutch and English papers.

A point is a year with or without its month. A period has a start, an end, or reaches to the present.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.admission.cv.vocabulary import LANGUAGES, folded, loaded, words

EARLIEST, LATEST = 1940, 2079
LONGEST_TEXT = 500  # a date that counts stands near the beginning or the end of a short line
MOST_PERIODS = 12
_DIGIT = re.compile(r"\d\d")
_DASH = r"[-–—−‐‑→]"


@dataclass(frozen=True, order=True)
class Point:
    """A month, or a year whose month is not told (0)."""

    year: int
    month: int = 0

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"

    def first(self) -> int:
        """Return the first month it can mean, counted from the year 0."""
        return self.year * 12 + (self.month or 1) - 1

    def last(self) -> int:
        """Return the last month it can mean."""
        return self.year * 12 + (self.month or 12) - 1


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both inclusive; `present` where it goes on. `span` is where it stands in the text."""

    start: Point | None
    end: Point | None
    present: bool = False
    span: tuple[int, int] = (0, 0)
    single: bool = False  # one point alone, such as "2019"
    since: bool = False  # "since 2019": no end is written

    @property
    def is_dated(self) -> bool:
        return self.start is not None or self.end is not None

    def end_text(self) -> str | None:
        return "present" if self.present else str(self.end) if self.end else None


def _either(found: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(set(found), key=len, reverse=True))


def _folded_words(key: str) -> list[str]:
    return [folded(word) for word in words("dates", key)]


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for number, names in enumerate(loaded(language)["dates"]["months"], start=1):
            found |= {folded(name): number for name in names}
    return found


@cache
def _parts() -> dict[str, int]:
    """Return the last month of parts of a year: "Anfang", "medio", "late"."""
    ends = {"start": 3, "middle": 6, "end": 12}
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for part, names in loaded(language)["dates"]["parts"].items():
            found |= {folded(name): ends[part] for name in names}
    return found


_YEAR = r"(?:19|20)\d\d"


def _point_pattern(name: str) -> str:
    """A point, with groups named after it: a day, month and year in the orders in use, a quarter, a part of a year."""
    month = _either(list(_months()))
    part = _either(list(_parts()))
    quarter = _either(_folded_words("quarter"))
    return (
        rf"(?:(?P<{name}iy>{_YEAR})[-/.](?P<{name}im>0[1-9]|1[0-2])(?:[-/.](?:0[1-9]|[12]\d|3[01]))?(?!\d)"
        rf"|(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])\s?[./-]\s?)?(?P<{name}nm>0?[1-9]|1[0-2])\s?[./-]\s?(?P<{name}ny>{_YEAR}|['’`]?\d\d(?![\d./-]|\s?%))(?!\d)"
        rf"|(?:(?:0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th)?\s+)?(?<![a-z])(?P<{name}wm>{month})\b\.?,?\s*(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,\s*)?[-/]?\s?(?P<{name}wy>{_YEAR}|['’`]\s?\d\d|\d\d(?![\d:.,]))(?!\d)"
        rf"|q\s?(?P<{name}qm>[1-4])\s*[/.-]?\s*(?P<{name}qy>{_YEAR}|['’`]?\d\d(?!\d))(?!\d)"
        rf"|(?P<{name}qn>[1-4])\.?\s*(?:{quarter})\.?\s*(?P<{name}qv>{_YEAR})"
        rf"|(?:h\s?(?P<{name}hm>[12])\s*[/.-]?\s*(?P<{name}hy>{_YEAR}))"
        rf"|(?<![a-z])(?:{part})\s*-?(?P<{name}py>{_YEAR})(?!\d)"
        rf"|(?<![\d.,])(?P<{name}yy>{_YEAR})(?![\d]|[.,]\d|\s?(?:%|€))"
        rf"|(?<![\w])['’`](?P<{name}ay>\d\d)(?!\d))"
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    present = _either(_folded_words("present"))
    until = _either(_folded_words("until"))
    since = _either(_folded_words("since"))
    begin = _either(_folded_words("from"))
    month = _either(list(_months()))
    to = rf"(?:\s*{_DASH}+\s*(?:(?:{until})\.?\s+)?|\s*(?:{until})\.?\s*(?:(?:{until})\s*)?|\s+/\s+|\s*\|\s*|\t)"
    period = re.compile(
        rf"(?:(?<![a-z])(?:{begin}|{since})\.?:?\s+)?{_point_pattern('a')}"
        rf"{to}(?:(?P<now>(?<![a-z])(?:{present})\b\.?)|{_point_pattern('b')}|(?P<short>\d\d)(?![\d.,%/]|\s*(?:%|€|mio|mln)))"
    )
    # Two months of one year: "Jan – Mär 2020", "03 – 09/2021".
    within = re.compile(
        rf"(?<![\w/.])(?:(?P<m1>{month})\b\.?|(?P<n1>0?[1-9]|1[0-2])\.?){to}(?:(?P<m2>{month})\b\.?\s*|(?P<n2>0?[1-9]|1[0-2])\s?[./]\s?)(?P<y>{_YEAR})(?!\d)"
    )
    open_end = re.compile(
        rf"(?:(?<![a-z])(?P<since>{since})\.?:?\s+(?:dem\s+|de\s+|the\s+)?)?{_point_pattern('a')}(?P<dash>\s*{_DASH}+\s*(?=$|\t|\||\)|:))?"
    )
    ending = re.compile(rf"(?<![a-z])(?:{until})\s+{_point_pattern('a')}")
    year_range = re.compile(rf"(?<![\d.,/])(?P<y1>{_YEAR})\s?/\s?(?P<y2>\d\d)(?!\d)")
    return period, within, open_end, ending, year_range


def _year(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    year = int(digits)
    if year < 100:
        year += 2000 if year < 50 else 1900
    return year


def _point(match: re.Match[str], name: str, *, is_end: bool) -> Point | None:
    found = match.groupdict()

    def get(key: str) -> str | None:
        return found.get(name + key)

    month = 0
    if year := get("iy"):
        month = int(get("im") or 0)
    elif year := get("ny"):
        month = int(get("nm") or 0)
    elif year := get("wy"):
        month = _months()[re.sub(r"\s+", " ", get("wm") or "")]
    elif year := get("qy"):
        month = int(get("qm") or 0) * 3 - (0 if is_end else 2)
    elif year := get("qv"):
        month = int(get("qn") or 0) * 3 - (0 if is_end else 2)
    elif year := get("hy"):
        month = int(get("hm") or 0) * 6 - (0 if is_end else 5)
    else:
        year = get("py") or get("yy") or get("ay")
    if not year:
        return None
    number = _year(year)
    return Point(number, month) if EARLIEST <= number <= LATEST else None


def periods(text: str) -> list[Period]:
    """Return the periods in a text, and the points that stand alone, from left to right without overlap."""
    if not _DIGIT.search(text):
        return []
    plain = _same_length(text[:LONGEST_TEXT])
    found: list[Period] = []
    for told in (_within_a_year, _short_months, _from_to, _two_years, _only_ends, _open_or_single):
        for period in told(plain):
            _add(found, period)
    return sorted(found, key=lambda one: one.span)[:MOST_PERIODS]


def _within_a_year(plain: str) -> Iterator[Period]:
    for match in _patterns()[1].finditer(plain):
        year = int(match["y"])
        first = _months()[match["m1"]] if match["m1"] else int(match["n1"])
        last = _months()[match["m2"]] if match["m2"] else int(match["n2"])
        if first <= last:
            yield Period(Point(year, first), Point(year, last), span=match.span())


def _from_to(plain: str) -> Iterator[Period]:
    for match in _patterns()[0].finditer(plain):
        start = _point(match, "a", is_end=False)
        if start is None:
            continue
        if match["now"]:
            yield Period(start, None, present=True, span=match.span())
            continue
        if match["short"]:
            end: Point | None = Point(start.year // 100 * 100 + int(match["short"]))
            if end is not None and not start.year < end.year <= start.year + 40:
                continue
        else:
            end = _point(match, "b", is_end=True)
        if end is not None and end.last() >= start.first():
            yield Period(start, end, span=match.span())


def _short_months(plain: str) -> Iterator[Period]:
    """Months with two digits of the year on both sides: "3/19-4/20", "9/08 – heute"."""
    for match in _short().finditer(plain):
        start = Point(_year(match["y1"]), int(match["n1"]))
        if match["now"]:
            yield Period(start, None, present=True, span=match.span())
            continue
        end = Point(_year(match["y2"]), int(match["n2"]))
        if end >= start:
            yield Period(start, end, span=match.span())


@cache
def _short() -> re.Pattern[str]:
    present = _either(_folded_words("present"))
    month, year = r"(?P<n{0}>0?[1-9]|1[0-2])", r"['’`]?(?P<y{0}>\d\d)"
    point = month + "/" + year
    return re.compile(
        rf"(?<![\w./-]){point.format(1)}\s*{_DASH}\s*(?:(?P<now>(?:{present})\b)|{point.format(2)}(?![\w/-]|[.,]\d))"
    )


def _two_years(plain: str) -> Iterator[Period]:
    for match in _patterns()[4].finditer(plain):
        first, last = int(match["y1"]), int(match["y1"]) // 100 * 100 + int(match["y2"])
        if first < last <= first + 20:
            yield Period(Point(first), Point(last), span=match.span())


def _only_ends(plain: str) -> Iterator[Period]:
    for match in _patterns()[3].finditer(plain):
        end = _point(match, "a", is_end=True)
        if end is not None:
            yield Period(None, end, span=match.span())


def _open_or_single(plain: str) -> Iterator[Period]:
    for match in _patterns()[2].finditer(plain):
        start = _point(match, "a", is_end=False)
        if start is None:
            continue
        if match["since"] or match["dash"]:
            yield Period(start, None, present=True, span=match.span(), since=not match["dash"])
        else:
            yield Period(start, _point(match, "a", is_end=True), span=match.span(), single=True)


def _add(found: list[Period], new: Period) -> None:
    if all(new.span[1] <= one.span[0] or new.span[0] >= one.span[1] for one in found):
        found.append(new)


@cache
def _plain_letters() -> dict[int, str]:
    """Return accented Latin letters with the bare ones."""
    found = {ord("’"): "'"}
    for code in range(0xC0, 0x250):
        bare = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if bare.isascii():
            found[code] = bare
    return found


def _same_length(text: str) -> str:
    """Fold a text so that places in it stay the same."""
    plain = text.translate(_plain_letters())
    lower = plain.lower()
    return lower if len(lower) == len(plain) else "".join(c.lower()[:1] for c in plain)


# Days ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """The day or month on which a paper says it was made."""

    text: str  # YYYY-MM-DD or YYYY-MM
    span: tuple[int, int]

    @property
    def has_day(self) -> bool:
        return len(self.text) == 10


@cache
def _day_patterns() -> tuple[re.Pattern[str], ...]:
    month = _either(list(_months()))
    return (
        re.compile(
            r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])\s?[./-]\s?(?P<m>0?[1-9]|1[0-2])\s?[./-]\s?(?P<y>(?:19|20)\d\d|\d\d)(?!\d)"
        ),
        re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>0[1-9]|1[0-2])[-/.](?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
        re.compile(
            rf"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th|e)?\s*(?:of\s+)?(?P<w>{month})\b\.?,?\s*(?P<y>{_YEAR})"
        ),
        re.compile(rf"(?<![a-z])(?P<w>{month})\b\.?\s+(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?\s+(?P<y>{_YEAR})"),
        re.compile(rf"(?<![a-z])(?P<w>{month})\b\.?,?\s*(?P<y>{_YEAR})"),
        re.compile(r"(?<![\d./])(?P<m>0?[1-9]|1[0-2])\s?[./-]\s?(?P<y>(?:19|20)\d\d)(?!\d)"),
        re.compile(r"(?<![\d./-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>0[1-9]|1[0-2])(?![\d./-])"),
    )


def days(text: str) -> list[Day]:
    """Return the days and months in a text, from left to right without overlap."""
    if not _DIGIT.search(text):
        return []
    plain = _same_length(text[:LONGEST_TEXT])
    found: list[Day] = []
    for one in _day_patterns():
        for match in one.finditer(plain):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else _months()[parts["w"]]
            year = _year(parts["y"])
            day = int(parts["d"]) if parts.get("d") else 0
            if day > 31 or not EARLIEST <= year <= LATEST:
                continue
            if all(match.end() <= other.span[0] or match.start() >= other.span[1] for other in found):
                text_of = f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
                found.append(Day(text_of, match.span()))
    return sorted(found, key=lambda one: one.span)
