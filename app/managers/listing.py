"""How the rows of the list read: each row is worked out once for its content, the day and the language, and then remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.core.names import full_name
from app.managers import rules
from app.managers.rules import Free, State
from app.managers.vocabulary import ON_MANDATE, STATE_TONES, STATES
from app.settings.rules import Firm
from app.web.formats import day_short, due, money, month_short
from app.web.quick import by_language

MOST_REGIONS = 3


class Row(NamedTuple):
    """One row as it is shown; `…_css` are classes, empty where there is nothing to mark."""

    id: int
    name: str
    headline: str | None
    state: str
    tone: str | None
    free: str
    free_css: str
    regions: str
    papers: str
    papers_css: str
    rate: str
    per: str
    step: str
    step_mark: Any  # the due mark


def state_pill(state: str, on_mandate: bool) -> tuple[str, str | None]:
    """Return words and tone of the state; *On mandate* in place of *released* while one runs."""
    if on_mandate and state == State.RELEASED:
        return str(ON_MANDATE), "info"
    return str(STATES[State(state)]), STATE_TONES.get(state)


def list_rows(rows: Sequence[Any], today: date, firm: Firm, talk: Callable[[str], str]) -> list[Row]:
    """Return the rows of a page of managers as they are shown, in the reader's words; `talk` has the words of its kinds."""
    fresh_since = rules.fresh_since(today, firm.papers_fresh_months)
    return [_row(row, talk, today, fresh_since, firm.availability_known_days) for row in rows]


@by_language
def _row(row: Any, talk: Callable[[str], str], today: date, fresh_since: date, known_days: int) -> Row:
    state, tone = state_pill(row.state, row.mandate_ends_on is not None)
    free, free_css = _free(row, today, known_days)
    step, step_mark = _step(row, talk, today)
    stale = row.papers_on is None or row.papers_on < fresh_since
    papers = month_short(row.papers_on) if row.papers_on else _("no papers")
    return Row(
        id=row.id,
        name=full_name(row.title, row.first_name, row.particle, row.last_name),
        headline=row.headline,
        state=state,
        tone=tone,
        free=free,
        free_css=free_css,
        regions=_regions(row.regions),
        papers=_("%(month)s, stale", month=papers) if stale and row.papers_on else papers,
        papers_css="lo-warn" if stale else "",
        rate=money(row.rate, row.rate_currency),
        per=_("per hour") if row.rate is not None and row.rate_unit == "hour" else "",
        step=step,
        step_mark=step_mark,
    )


def _free(row: Any, today: date, known_days: int) -> tuple[str, str]:
    free = rules.availability(row.available_from, row.availability_confirmed_on, row.mandate_ends_on, today, known_days)
    if free.free is Free.NOW:
        return _("now"), "lo-ok"
    if free.free is Free.UNKNOWN:
        since = rules.unknown_since(row.availability_confirmed_on, known_days) if row.available_from else None
        return (_("unknown since %(day)s", day=day_short(since, today)) if since else _("unknown")), "lo-warn"
    return _("from %(day)s", day=day_short(free.on, today)), ""


def _step(row: Any, talk: Callable[[str], str], today: date) -> tuple[str, Any]:
    if row.next_step:
        return row.next_step, due(row.next_step_on, today)
    if row.talk_kind:
        return talk(row.talk_kind), due(row.talk_on, today)
    return ("", "") if row.state in rules.GONE else (_("not set"), "")


def _regions(joined: str | None) -> str:
    keys = sorted(joined.split(", ")) if joined else []
    shown = ", ".join(keys[:MOST_REGIONS])
    return f"{shown} +{len(keys) - MOST_REGIONS}" if len(keys) > MOST_REGIONS else shown
