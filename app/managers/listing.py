"""How the rows of the list read: everything that would be worked out again and again for fifty rows is done here once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.core.names import full_name
from app.managers import rules
from app.managers.queries import Derived
from app.managers.rules import Free, State
from app.managers.vocabulary import ON_MANDATE, STATE_TONES, STATES
from app.settings.rules import Firm
from app.web.formats import day_short, due, money, month_short

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


class _Words:
    """The words that many rows share, translated once for each page."""

    def __init__(self, today: date, talk: Callable[[str], str]) -> None:
        self.today, self._talk = today, talk
        self.now, self.unknown, self.missing, self.not_set = _("now"), _("unknown"), _("no papers"), _("not set")
        self.per_hour = _("per hour")
        self.on_mandate = str(ON_MANDATE)
        self._kept: dict[Any, Any] = {}

    def once(self, key: Any, make: Any) -> Any:
        """Return `make()`, asked once for each key."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def state(self, key: str) -> str:
        return self.once(key, lambda: str(STATES[State(key)]))

    def from_day(self, day: date | None) -> str:
        return self.once(day, lambda: _("from %(day)s", day=day_short(day, self.today)))

    def due(self, day: date | None) -> Any:
        return self.once(("due", day), lambda: due(day, self.today))

    def talk(self, kind: str) -> str:
        return self.once(("talk", kind), lambda: self._talk(kind))


def state_pill(state: str, on_mandate: bool) -> tuple[str, str | None]:
    """Return words and tone of the state; *On mandate* in place of *released* while one runs."""
    if on_mandate and state == State.RELEASED:
        return str(ON_MANDATE), "info"
    return str(STATES[State(state)]), STATE_TONES.get(state)


def list_rows(rows: Sequence[Any], more: Mapping[int, Derived], today: date, firm: Firm, talk: Callable[[str], str]) -> list[Row]:
    """Return the rows of a page of managers as they are shown, in the reader's words; `talk` has the words of its kinds."""
    words = _Words(today, talk)
    fresh_since = rules.fresh_since(today, firm.papers_fresh_months)
    return [_row(row, more[row.id], words, fresh_since, firm.availability_known_days) for row in rows]


def _row(row: Any, more: Derived, words: _Words, fresh_since: date, known_days: int) -> Row:
    on_mandate = more.mandate_ends_on is not None and row.state == State.RELEASED
    free, free_css = _free(row, more, words, known_days)
    step, step_mark = _step(row, more, words)
    stale = more.papers_on is None or more.papers_on < fresh_since
    return Row(
        id=row.id,
        name=full_name(row.title, row.first_name, row.particle, row.last_name),
        headline=row.headline,
        state=words.on_mandate if on_mandate else words.state(row.state),
        tone="info" if on_mandate else STATE_TONES.get(row.state),
        free=free,
        free_css=free_css,
        regions=_regions(more.regions),
        papers=month_short(more.papers_on) if more.papers_on else words.missing,
        papers_css="lo-warn" if stale else "",
        rate=money(row.rate, row.rate_currency),
        per=words.per_hour if row.rate is not None and row.rate_unit == "hour" else "",
        step=step,
        step_mark=step_mark,
    )


def _free(row: Any, more: Derived, words: _Words, known_days: int) -> tuple[str, str]:
    free = rules.availability(row.available_from, row.availability_confirmed_on, more.mandate_ends_on, words.today, known_days)
    if free.free is Free.NOW:
        return words.now, "lo-ok"
    if free.free is Free.UNKNOWN:
        return words.unknown, "lo-warn"
    return words.from_day(free.on), ""


def _step(row: Any, more: Derived, words: _Words) -> tuple[str, Any]:
    if row.next_step:
        return row.next_step, words.due(row.next_step_on)
    if more.talk_kind:
        return words.talk(more.talk_kind), words.due(more.talk_on)
    return ("", "") if row.state in rules.GONE else (words.not_set, "")


def _regions(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:MOST_REGIONS])
    return f"{shown} +{len(keys) - MOST_REGIONS}" if len(keys) > MOST_REGIONS else shown
