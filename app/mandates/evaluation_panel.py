"""The views of each goal side by side, as drawing and as table; no statement beside what the gates have read."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from flask_babel import gettext as _

from app.mandates import gate_rules
from app.mandates.course_models import GoalView
from app.mandates.gate_queries import Goal, OpenTalk, Reading
from app.settings.queries import firm
from app.web.formats import percent

LEFT, RIGHT, TOP, STEP, LINE = 10.0, 510.0, 33.0, 29.0, 15.0
LETTERS = 62  # that have room above an axis, beside the gap


@dataclass(frozen=True)
class Row:
    """One goal: its views by side in the order of `gate_rules.SIDES`, and its place in the drawing.

    `points` lie between the views furthest apart, None where fewer than two are there.
    """

    goal: Goal
    lines: tuple[tuple[float, str], ...]  # the goal's words above its axis, each line with its place
    views: tuple[GoalView | None, ...]
    xs: tuple[float | None, ...]
    y: float
    from_x: float
    to_x: float
    points: int | None
    is_wide: bool
    told: str


@dataclass(frozen=True)
class Panel:
    """`gap_waits`: a wide gap has had no talk since, `talk` is the one that comes; `bottom` is where the drawing's axis ends."""

    rows: tuple[Row, ...]
    has_views: bool
    gap_waits: bool
    talk: OpenTalk | None
    bottom: float
    ticks: tuple[tuple[float, str], ...]
    finding: str

    @property
    def height(self) -> float:
        return self.bottom + 22


def panel(reading: Reading) -> Panel | None:
    """Return the panel, None where no goal is listed."""
    if not reading.goals:
        return None
    least = firm().evaluation_gap_points
    rows: list[Row] = []
    for goal in reading.goals:
        rows.append(_row(goal, rows[-1].y + STEP if rows else TOP - LINE, least))
    bottom = rows[-1].y + 14
    return Panel(
        rows=tuple(rows),
        has_views=any(goal.views for goal in reading.goals),
        gap_waits=reading.facts.gap_waits,
        talk=reading.evaluation_talk,
        bottom=bottom,
        ticks=tuple((_x(share), percent(1) if share == 100 else str(share)) for share in (0, 25, 50, 75, 100)),
        finding=" ".join(row.told for row in rows),
    )


def _x(percent: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * percent / 100, 1)


def _row(goal: Goal, top: float, least: int) -> Row:
    """Return a goal whose words begin at `top`, and whose axis lies below them."""
    views = tuple(goal.views.get(side) for side in gate_rules.SIDES)
    xs = tuple(_x(view.percent) if view else None for view in views)
    known = [x for x in xs if x is not None]
    points = gate_rules.gap([view.percent for view in views if view]) if len(known) > 1 else None
    lines = tuple((top + LINE * number, words) for number, words in enumerate(wrap(goal.title, LETTERS)))
    from_x, to_x = min(known, default=LEFT), max(known, default=LEFT)
    y = top + LINE * len(lines)
    return Row(goal, lines, views, xs, y, from_x, to_x, points, (points or 0) >= least, _told(goal.title, views))


def _told(title: str, views: tuple[GoalView | None, ...]) -> str:
    sides = zip((_("Client"), _("Manager"), _("We")), views, strict=True)
    told = [f"{words} {percent(view.percent / 100)}" for words, view in sides if view]
    return f"{title}: {', '.join(told) or _('no view yet')}."
