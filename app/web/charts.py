"""Drawings of terms and talks on a time line: days in, coordinates out; `shared/plan_chart.html` writes the SVG.

Colours and shapes are classes of `.lo-chart`; nothing here knows a colour. What a drawing says stands beside it as a
list or a table too, so labels that find no room are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from babel.dates import format_date

from app.core.dates import ONE_DAY, add_months
from app.web.formats import reader_locale

TOP = 22  # where the grid begins, under the names of the months
LETTER = 6.7  # mean width of a letter at 12 px
MOST_TICKS = 14
TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
AIR_DAYS = 3
DIAMOND = 8
MARK = 11


@dataclass(frozen=True)
class Lane:
    """A line across; `y` is its middle."""

    label: str
    y: float
    has_axis: bool = True


@dataclass(frozen=True)
class Bar:
    """A term, both days inclusive. `style`: "" agreed, "is-new" by extension, "is-open" unsigned."""

    lane: int
    starts_on: date
    ends_on: date
    style: str = ""
    label: str = ""


@dataclass(frozen=True)
class Dot:
    """A talk. `style`: "" due or arranged, "is-held", "is-gone" declined or cancelled, "is-close" the closing talk.

    As a mark a milestone: "" planned, "is-held" reached, "is-late" past its day.
    """

    lane: int
    on: date
    style: str = ""


@dataclass(frozen=True)
class Note:
    """Words at a talk, one or two lines. `place`: "above" at its right, "below" in the middle, "end" below at the left, "under" below from it on."""

    lane: int
    on: date
    lines: tuple[str, ...]
    place: str = "above"


@dataclass(frozen=True)
class Arc:
    """From where a talk was to where it is now."""

    lane: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Sheet:
    """The paper: all in units of the view box."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    bar_height: float
    radius: float


PLAN_SHEET = Sheet(width=1020, height=212, left=124, right=1016, bottom=196, bar_height=28, radius=5.5)
PLAN_WITH_STEPS = Sheet(width=1020, height=256, left=124, right=1016, bottom=240, bar_height=28, radius=5.5)
BEFORE_AFTER_SHEET = Sheet(width=756, height=118, left=64, right=752, bottom=112, bar_height=26, radius=4.5)


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    words: str
    css: str = ""


@dataclass
class Chart:
    """What the template writes, in its order."""

    sheet: Sheet
    title: str
    finding: str  # the drawing in a sentence, for those who do not see it
    ticks: list[tuple[float, str]] = field(default_factory=list)
    lanes: Sequence[Lane] = ()
    bars: list[tuple[float, float, float, float, str]] = field(default_factory=list)  # x, y, width, height, css
    circles: list[tuple[float, float, str]] = field(default_factory=list)
    diamonds: list[str] = field(default_factory=list)
    arcs: list[tuple[str, str]] = field(default_factory=list)  # path, tip
    texts: list[Text] = field(default_factory=list)
    now_x: float | None = None


def draw(
    sheet: Sheet,
    title: str,
    finding: str,
    lanes: Sequence[Lane],
    bars: Iterable[Bar],
    dots: Iterable[Dot],
    notes: Iterable[Note] = (),
    arcs: Iterable[Arc] = (),
    today: date | None = None,
    marks: Iterable[Dot] = (),
) -> Chart:
    """Return the drawing; there must be a bar or a dot. `marks` are squares: milestones. `today` is left out where it lies outside."""
    bars, dots, marks = list(bars), list(dots), list(marks)
    scale = _Scale(sheet, [day for bar in bars for day in (bar.starts_on, bar.ends_on)] + [dot.on for dot in [*dots, *marks]])
    chart = Chart(sheet, title, finding, ticks=scale.ticks(), lanes=lanes)
    chart.ticks = [(x, name if x + 4 + _width(name) <= sheet.width else "") for x, name in chart.ticks]
    for bar in bars:
        _add_bar(chart, scale, bar)
    for dot in sorted(dots, key=lambda dot: dot.style == "is-close"):
        _add_dot(chart, scale, dot)
    for mark in marks:
        x, y = scale.x(mark.on), lanes[mark.lane].y
        chart.bars.append((round(x - MARK / 2, 1), y - MARK / 2, MARK, MARK, f"dot {mark.style}".strip()))
    for arc in arcs:
        chart.arcs.append(_arc(scale.x(arc.from_on), scale.x(arc.to_on), lanes[arc.lane].y))
    for note in notes:
        _add_note(chart, scale, note)
    if today is not None and scale.first <= today <= scale.last:
        chart.now_x = scale.x(today)
    return chart


class _Scale:
    """Days to x."""

    def __init__(self, sheet: Sheet, days: Sequence[date]) -> None:
        self.first = min(days).replace(day=1)
        self.last = max(days) + timedelta(days=AIR_DAYS)
        self.left = sheet.left
        self.per_day = (sheet.right - sheet.left) / max((self.last - self.first).days, 1)

    def x(self, day: date) -> float:
        return round(self.left + (day - self.first).days * self.per_day, 1)

    def ticks(self) -> list[tuple[float, str]]:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        every = next((step for step in TICK_MONTHS if months / step <= MOST_TICKS), TICK_MONTHS[-1])
        day = self.first if every < 12 else date(self.first.year + 1, 1, 1)
        ticks: list[tuple[float, str]] = []
        while day <= self.last:
            ticks.append((self.x(day), self._name(day, every, not ticks)))
            day = add_months(day, every)
        return ticks

    def _name(self, day: date, every: int, is_first: bool) -> str:
        if every >= 12:
            return str(day.year)
        several_years = self.first.year != self.last.year
        with_year = several_years and (is_first or day.month <= every)
        name = format_date(day, "LLL", locale=reader_locale())
        wide_enough = every * 30 * self.per_day > LETTER * (len(name) + 6)
        return f"{name} {day.year}" if with_year and wide_enough else name


def _width(words: str) -> float:
    return len(words) * LETTER


def _add_bar(chart: Chart, scale: _Scale, bar: Bar) -> None:
    height = chart.sheet.bar_height
    x, end = scale.x(bar.starts_on), scale.x(bar.ends_on + ONE_DAY)
    y = chart.lanes[bar.lane].y - height / 2
    chart.bars.append((x, y, round(max(end - x, 1), 1), height, f"term {bar.style}".strip()))
    if bar.label and _width(bar.label) + 16 < end - x:
        chart.texts.append(Text(x + 10, y + height / 2 + 4, bar.label, "v" if bar.style else ""))


def _add_dot(chart: Chart, scale: _Scale, dot: Dot) -> None:
    x, y = scale.x(dot.on), chart.lanes[dot.lane].y
    if dot.style == "is-close":
        size = DIAMOND if chart.sheet.radius > 5 else DIAMOND - 1
        chart.diamonds.append(f"M{x} {y - size:g}l{size} {size}-{size} {size}-{size}-{size}z")
    else:
        chart.circles.append((x, y, f"dot {dot.style}".strip()))


def _arc(x: float, to: float, y: float) -> tuple[str, str]:
    """Return the path over the lane and its tip, which points down at where the talk is now."""
    end = to - 5 if to > x else to + 5
    bend = min(30.0, abs(end - x) / 2) * (1 if to > x else -1)
    side = -7 if to > x else 7
    path = f"M{x:g} {y - 10:g}C{x + bend:g} {y - 37:g} {end - bend:g} {y - 37:g} {end:g} {y - 12:g}"
    tip = f"M{end + side:g} {y - 13.5:g}L{end:g} {y - 11:g}L{end + side / 14:g} {y - 19:g}"
    return path, tip


def _add_note(chart: Chart, scale: _Scale, note: Note) -> None:
    x, y, right = scale.x(note.on), chart.lanes[note.lane].y, chart.sheet.right
    longest = max(_width(line) for line in note.lines)
    if note.place == "above":
        fits = x + 13 + longest <= right + 4
        at, css = (x + 13, "halo") if fits else (x - 13, "e halo")
        ys = [y - 25 + 15 * number for number in range(len(note.lines))]
    elif note.place == "under":
        at, css = (x - 5, "halo") if x - 5 + longest <= right + 4 else (right + 4, "e halo")
        ys = [y + 22]
    elif note.place == "end":
        at, css, ys = min(x + 10, right + 2), "e halo", [y + 22]
    else:
        at, css, ys = x, "m halo", [y + 22 + 14 * number for number in range(len(note.lines))]
    lines = [
        Text(at, line_y, words, f"v {css}" if note.place == "above" and number == 0 and len(note.lines) > 1 else css)
        for number, (line_y, words) in enumerate(zip(ys, note.lines, strict=True))
    ]
    if not any(_touch(mine, other) for mine in lines for other in chart.texts):
        chart.texts += lines


def _span(text: Text) -> tuple[float, float]:
    width = _width(text.words)
    classes = text.css.split()
    if "e" in classes:
        return text.x - width, text.x
    return (text.x - width / 2, text.x + width / 2) if "m" in classes else (text.x, text.x + width)


def _touch(one: Text, other: Text) -> bool:
    (left, right), (other_left, other_right) = _span(one), _span(other)
    return abs(one.y - other.y) < 12 and left < other_right + 6 and other_left < right + 6
