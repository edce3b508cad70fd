"""How the queue reads: its rows, the figures above it and the drawing of the pace, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.admission.queue_rules import WAITING, Outlook, Trend, Week, outlook, weeks
from app.admission.state_rules import OPEN_REVIEWS, STAGES
from app.admission.vocabulary import SHORTFALLS
from app.core.names import full_name
from app.managers.rules import State
from app.managers.vocabulary import STATE_TONES, STATES
from app.web.formats import day, day_short, due, number
from app.web.quick import by_language

# What happens on the next date.
NEXT = {
    State.CONFIRMED: _l("review owed"),
    State.IN_REVIEW: _l("review owed"),
    State.FOLLOW_UP_1: _l("then follow-up 2"),
    State.FOLLOW_UP_2: _l("then follow-up 3"),
    State.FOLLOW_UP_3: _l("then out"),
    State.INTERVIEW: _l("interview owed"),
    State.REGISTERED: _l("deleted unless confirmed"),
    State.WITHDRAWN: _l("then erased"),
}
LEFT, TOP, BOTTOM, WIDTH, STEP, BAR = 34, 14, 108, 520, 60.75, 36.4  # of the drawing, in units of its view box


class Row(NamedTuple):
    """One row as it is shown."""

    id: int
    name: str
    headline: str | None
    state: str
    tone: str | None
    short: tuple[str, ...]
    judged: str  # in place of `short`
    waiting: str
    next_mark: Any
    next_words: str
    who: str
    review: bool


@by_language
def row_of(row: Any, who: str, today: date) -> Row:
    """Return a row of `queue_queries.listing` in the reader's words."""
    state = State(row.state)
    waiting = max((today - row.created_at.date()).days, 0)
    mark, words = ("", "")
    if row.halted_on:
        words = _("the clock stands still since %(day)s", day=day_short(row.halted_on, today))
    elif row.next_on:
        mark, words = due(row.next_on, today), str(NEXT.get(state, ""))
        if row.by_hand and state in STAGES:
            words = _("write by post or phone")
    return Row(
        id=row.id,
        name=full_name(row.title, row.first_name, row.particle, row.last_name),
        headline=row.headline,
        state=str(STATES[state]),
        tone=STATE_TONES.get(state),
        short=tuple(str(SHORTFALLS[key]) for key in (row.falls_short or "").split() if key in SHORTFALLS),
        judged=_("not judged yet") if state in (State.REGISTERED, *OPEN_REVIEWS) else _("nothing"),
        waiting=ngettext("%(num)d day", "%(num)d days", waiting),
        next_mark=mark,
        next_words=words,
        who=who,
        review=state in OPEN_REVIEWS,
    )


def rows_of(rows: Sequence[Any], names: Mapping[int, str], today: date) -> list[Row]:
    return [row_of(row, names.get(row.who_id or 0, ""), today) for row in rows]


@dataclass(frozen=True)
class Figures:
    """What stands above the list. `by_state` has every stage, also those that nobody is in."""

    waiting: int
    overdue: int
    mine: int
    by_state: Mapping[State, int]
    outlook: Outlook
    weeks: list[Week]

    @property
    def empty_words(self) -> str:
        """When the queue will be empty, or a plain sentence that it will not."""
        match self.outlook.trend:
            case Trend.EMPTY:
                return _("nobody waits")
            case Trend.UNKNOWN:
                return _("not known yet")
            case Trend.GROWS:
                return _("never: it grows")
            case Trend.STAYS:
                return _("not in sight")
        return day(self.outlook.empty_on)

    @property
    def empty_reason(self) -> str:
        match self.outlook.trend:
            case Trend.EMPTY:
                return _("Everybody has an answer.")
            case Trend.UNKNOWN:
                return _("nobody came or left in the last 8 weeks")
            case Trend.GROWS:
                return _("more come in than are cleared")
            case Trend.STAYS:
                return _("about as many come in as are cleared")
        return _("at the pace of the last 8 weeks, cleared less new")


def figures(counts: Sequence[tuple[str, int, int, int]], moves: Sequence[tuple[date, bool, int]], today: date) -> Figures:
    """Return the figures from what the two statements of `queue_queries` found."""
    by_state = dict.fromkeys(WAITING, 0) | {State(state): count for state, count, _late, _mine in counts}
    waiting, found = sum(by_state.values()), weeks({(on, came): count for on, came, count in moves}, today)
    late, mine = sum(one[2] for one in counts), sum(one[3] for one in counts)
    return Figures(waiting, late, mine, by_state, outlook(waiting, found, today), found)


class Drawing(NamedTuple):
    """The pace as bars of what was cleared and a line of what came in; all in units of the view box."""

    bars: list[tuple[float, float, float, str, str]]  # x, y, height, class, words under it
    line: str
    grid: list[tuple[float, str]]  # y, words
    last: tuple[float, float, str]  # x, y, words over the last bar
    finding: str


def drawing(found: list[Week], today: date) -> Drawing:
    """Return the drawing of these weeks; the axis begins at 0."""
    highest = max(2, *(week.cleared for week in found), *(week.new for week in found))
    highest += highest % 2

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / highest, 1)

    xs = [LEFT + 12 + STEP * at for at in range(len(found))]
    newest = len(found) - 1
    return Drawing(
        bars=[
            (round(x, 1), y(week.cleared), round(BOTTOM - y(week.cleared), 1), "a" if at == newest else "b",
             day_short(week.starts_on, today) if at % 2 == newest % 2 else "")
            for at, (x, week) in enumerate(zip(xs, found, strict=True))
        ],
        line=" ".join(f"{x + BAR / 2:.1f},{y(week.new)}" for x, week in zip(xs, found, strict=True)),
        grid=[(y(value), number(value)) for value in (0, highest // 2, highest)],
        last=(round(xs[-1] + BAR / 2, 1), y(found[-1].cleared) - 5, number(found[-1].cleared)),
        finding=_(
            "In the last eight weeks %(cleared)s left the queue and %(new)s came into it.",
            cleared=number(sum(week.cleared for week in found)),
            new=number(sum(week.new for week in found)),
        ),
    )  # fmt: skip
