"""States of a manager, and how old availability and papers may be.

Source: docs/domain.md, "Admission" and "Staying released".
"""

from __future__ import annotations

import enum
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.dates import ONE_DAY, add_months
from app.core.errors import N_, RuleViolation


class State(enum.StrEnum):
    """Where a manager stands in admission. *On mandate* is none of these: it is worked out."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    IN_REVIEW = "in_review"
    FOLLOW_UP_1 = "follow_up_1"
    FOLLOW_UP_2 = "follow_up_2"
    FOLLOW_UP_3 = "follow_up_3"
    INTERVIEW = "interview"
    RELEASED = "released"
    PAUSED = "paused"
    OUT = "out"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


GONE = frozenset({State.OUT, State.WITHDRAWN, State.ERASED})
"""Nothing more is planned with these; the others are live and have a next step."""


class Source(enum.StrEnum):
    """Where a manager's data came from."""

    REGISTRATION = "registration"
    APPLICATION = "application"
    RECOMMENDATION = "recommendation"
    NETWORK = "network"
    EVENT = "event"
    CLIENT = "client"
    IMPORT = "import"
    OTHER = "other"


SOURCES = tuple(Source)
TAG_KINDS = ("function", "industry", "language", "region")
DOCUMENT_KINDS = ("cv", "project_list", "short_profile", "certificate", "other")
PAPERS = ("cv", "project_list", "short_profile")
"""The documents whose age counts: what a client sees of a manager."""


class Free(enum.StrEnum):
    """Whether a manager could begin."""

    NOW = "now"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Availability:
    """From which day a manager is free; `on` is set for LATER. `by_mandate`: it is the day after a mandate's end."""

    free: Free
    on: date | None = None
    by_mandate: bool = False


def availability(
    available_from: date | None, confirmed_on: date | None, mandate_ends_on: date | None, today: date, known_days: int
) -> Availability:
    """Return what is known of a manager's availability on `today`.

    On a mandate (`mandate_ends_on` is its last day, not past) a manager is free from the day after. Otherwise the
    day last named counts for `known_days` days from its confirmation; then it is unknown.
    """
    if mandate_ends_on is not None and mandate_ends_on >= today:
        return Availability(Free.LATER, mandate_ends_on + ONE_DAY, by_mandate=True)
    if available_from is None or not is_confirmed(confirmed_on, today, known_days):
        return Availability(Free.UNKNOWN)
    return Availability(Free.NOW) if available_from <= today else Availability(Free.LATER, available_from)


def is_confirmed(confirmed_on: date | None, today: date, known_days: int) -> bool:
    """Say whether an availability confirmed on that day still counts; the `known_days`th day is the last."""
    return confirmed_on is not None and confirmed_on >= confirmed_since(today, known_days)


def confirmed_since(today: date, known_days: int) -> date:
    """Return the earliest day of confirmation that still counts on `today`."""
    return today - timedelta(days=known_days)


def unknown_since(confirmed_on: date | None, known_days: int) -> date | None:
    """Return the first day on which an availability confirmed on that day does not count any more; None: never confirmed."""
    return confirmed_on + timedelta(days=known_days + 1) if confirmed_on is not None else None


def papers_day(made_on: date | None, received_on: date) -> date:
    """Return the day a document counts from: the day it says it was made, else the day received."""
    return made_on or received_on


def are_stale(papers_on: date | None, today: date, fresh_months: int) -> bool:
    """Say whether papers of that day are older than `fresh_months` months; no papers are not stale, they are missing."""
    return papers_on is not None and papers_on < fresh_since(today, fresh_months)


def fresh_since(today: date, fresh_months: int) -> date:
    """Return the earliest day of papers that are not stale on `today`."""
    return add_months(today, -fresh_months)


def check_release(state: str, reason: str | None) -> str:
    """Return the reason, trimmed, for which a lead releases a manager out of turn.

    Raises RuleViolation without a reason, and for somebody released already or gone for good.
    """
    if state == State.RELEASED:
        raise RuleViolation(N_("This manager is released already."))
    if state in (State.WITHDRAWN, State.ERASED):
        raise RuleViolation(N_("Who has withdrawn cannot be released; a new registration is needed."))
    if not (reason or "").strip():
        raise RuleViolation(N_("Please give the reason for releasing this manager without review or interview."), field="reason")
    return (reason or "").strip()


def waits_for_start(state: str, source: str | None, released_on: date | None) -> bool:
    """Say whether somebody is released by the word of a table alone: no client is offered him or her before a lead starts that import."""
    return state == State.RELEASED and source == Source.IMPORT and released_on is None


def check_made_on(made_on: date | None, received_on: date) -> None:
    """Raise RuleViolation for a document made after it came."""
    if made_on is not None and made_on > received_on:
        raise RuleViolation(N_("A document cannot have been made after it was received."), field="made_on")


def vouched_tags(field: str, keys: Iterable[str] | None, known: Container[str]) -> list[str]:
    """Return the keys without doubles, in their order; raise RuleViolation at `field` for one that is not `known`."""
    chosen = list(dict.fromkeys(keys or ()))
    for key in chosen:
        if key not in known:
            raise RuleViolation(N_("“%(key)s” is not on the list."), field=field, key=key)
    return chosen
