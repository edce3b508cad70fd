"""What the mandate's page shows of its exit: the countdown and what is still to be handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from app.mandates import exit_rules, rules
from app.mandates.exit_rules import Point
from app.mandates.gate_queries import Reading
from app.mandates.models import Extension, Mandate
from app.settings.queries import firm
from app.talks.rules import State as TalkState

QUESTIONS = {
    Point.SUCCESSOR: _l("Successor named"),
    Point.HANDOVER: _l("Handover scheduled: each item with a day"),
    Point.PHASING_OUT: _l("Phasing out planned"),
    Point.CLOSING_TALK: _l("Closing talk arranged"),
}


class Line(NamedTuple):
    """One question of the countdown; `url` is where it is answered."""

    key: str
    words: Any
    is_done: bool
    url: str


@dataclass(frozen=True)
class Panel:
    """`since` is None while the countdown has not begun, and then there are no lines; `of` and `open` count what is handed over."""

    since: date | None
    lines: tuple[Line, ...]
    asks_exit: bool
    successor: str | None
    open: int
    of: int


def panel(mandate: Mandate, reading: Reading, today: date) -> Panel | None:
    """Return the panel, None where nothing is signed or all is over."""
    if mandate.ends_on is None or mandate.signed_on is None or not mandate.is_live:
        return None
    begun = rules.end_dates(mandate.ends_on, firm().exit_countdown_weeks, ()).countdown_from
    return Panel(
        since=begun if begun <= today else None,
        lines=lines_of(mandate, reading) if begun <= today else (),
        asks_exit=asks_exit(mandate, mandate.open_extensions, today),
        successor=mandate.successor,
        open=reading.facts.open_handover_items,
        of=reading.facts.handover_items,
    )


def asks_exit(mandate: Mandate, changes: Iterable[Extension], today: date) -> bool:
    """Say whether one of the changes is an open extension although the exit plan's day has passed."""
    asked = any(change.signed_on is None and change.kind == rules.EndChange.EXTENSION for change in changes)
    return asked and rules.exit_is_overdue(mandate.exit_on, today)


def lines_of(mandate: Mandate, reading: Reading) -> tuple[Line, ...]:
    """Return the questions of the countdown with their answers."""
    counts, waiting = reading.counts, reading.closing_talks
    due = min((talk.id for talk in waiting if talk.state == TalkState.DUE), default=None)
    facts = exit_rules.Facts(
        has_successor=bool(mandate.successor),
        items=reading.facts.handover_items,
        undated=counts.undated_items,
        has_phasing=counts.phasing_months > 0,
        closing_is_arranged=reading.facts.closing_is_settled or any(talk.state == TalkState.ARRANGED for talk in waiting),
    )
    base = f"/mandates/{mandate.id}"
    urls = {
        Point.SUCCESSOR: f"{base}/exit",
        Point.HANDOVER: f"{base}/handover",
        Point.PHASING_OUT: f"{base}/exit",
        Point.CLOSING_TALK: f"/talks/{due}/arrangement" if due else f"{base}#talks",
    }
    return tuple(
        Line(point.value, QUESTIONS[point], is_done, urls[point]) for point, is_done in exit_rules.countdown(facts).items()
    )
