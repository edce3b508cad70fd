"""What a mandate is on a day: its number, its end, the rates in force, and what may be changed.

Days are calendar days, ends inclusive. What happens to the talks when an end moves: `app.talks.end_rules`.

Source: docs/domain.md, "Mandates" and "Extensions".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.dates import ONE_DAY, add_days, add_months
from app.core.errors import N_, RuleViolation
from app.core.money import Margin, Rate, margin
from app.talks.rules import countdown

LONGEST_TERM_YEARS = 10
RELEASED = "released"  # the state of a manager who can be put on a mandate


class Stage(enum.IntEnum):
    SCOPING = 1
    ANALYSIS = 2
    EXECUTION = 3
    HANDOVER = 4


class Standing(enum.StrEnum):
    """What a mandate is on a day; worked out, never stored."""

    SCOPING = "scoping"
    AHEAD = "ahead"  # signed, begins later
    RUNNING = "running"
    ENDED = "ended"  # the last day has passed, not closed yet
    CLOSED = "closed"
    LOST = "lost"


class EndChange(enum.StrEnum):
    """What a dated change of the end is."""

    EXTENSION = "extension"
    SHORTENING = "shortening"
    EARLY_END = "early_end"


def number(year: int, running: int) -> str:
    """Return the number shown to people: "M-2026-017"."""
    return f"M-{year}-{running:03d}"


def standing(
    today: date,
    *,
    signed_on: date | None,
    starts_on: date | None,
    ends_on: date | None,
    lost_on: date | None,
    closed_on: date | None,
) -> Standing:
    """Return what the mandate is on `today`."""
    if lost_on is not None:
        return Standing.LOST
    if closed_on is not None:
        return Standing.CLOSED
    if signed_on is None or starts_on is None or ends_on is None:
        return Standing.SCOPING
    if today < starts_on:
        return Standing.AHEAD
    return Standing.RUNNING if today <= ends_on else Standing.ENDED


# The end ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedEnd:
    """A signed change of the end; of two signed on one day the one with the higher `order` is the newer."""

    signed_on: date
    order: int
    new_end_on: date


def newest(signed: Iterable[SignedEnd]) -> SignedEnd | None:
    """Return the change that was signed last, None where there is none."""
    return max(signed, key=lambda change: (change.signed_on, change.order), default=None)


def current_end(first_end_on: date, signed: Iterable[SignedEnd]) -> date:
    """Return the end in force: the newest signed change's, else the one first agreed."""
    last = newest(signed)
    return last.new_end_on if last else first_end_on


def remaining_days(today: date, ends_on: date) -> int:
    """Return the days from `today` to the last day; 0 on the last day, negative after it."""
    return (ends_on - today).days


def check_term(starts_on: date, ends_on: date, field: str = "ends_on") -> None:
    """Raise RuleViolation at `field` for a term that ends before it starts or lasts more than ten years."""
    if ends_on < starts_on:
        raise RuleViolation(N_("The last day must not lie before the first day, %(start)s."), field=field, start=starts_on)
    if ends_on > add_months(starts_on, 12 * LONGEST_TERM_YEARS):
        raise RuleViolation(
            N_("A term of more than %(years)s years looks like a slip of the pen."),
            field=field,
            years=LONGEST_TERM_YEARS,
        )


def check_signing(signed_on: date, today: date, not_before: date | None = None, field: str = "signed_on") -> None:
    """Raise RuleViolation at `field` for a signature in the future, or before the one that it follows."""
    if signed_on > today:
        raise RuleViolation(N_("A signature cannot lie in the future. Leave the day empty until it is signed."), field=field)
    if not_before is not None and signed_on < not_before:
        raise RuleViolation(
            N_("This was signed before the last signature, %(day)s. Only the newest one sets the end."),
            field=field,
            day=not_before,
        )


def check_new_end(starts_on: date, old_end_on: date, new_end_on: date, field: str = "new_end_on") -> None:
    """Raise RuleViolation at `field` unless `new_end_on` is another end of a possible term."""
    if new_end_on == old_end_on:
        raise RuleViolation(N_("The mandate ends on %(end)s already. Please choose another day."), field=field, end=old_end_on)
    check_term(starts_on, new_end_on, field)


def kind_of(old_end_on: date, new_end_on: date, is_early_end: bool) -> EndChange:
    """Return what the change is; raise RuleViolation for an early end that lies later."""
    if new_end_on > old_end_on:
        if is_early_end:
            raise RuleViolation(N_("An early end lies before the present end, %(end)s."), field="is_early_end", end=old_end_on)
        return EndChange.EXTENSION
    return EndChange.EARLY_END if is_early_end else EndChange.SHORTENING


# What follows the end --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EndDates:
    """The days that hang on a mandate's end, beside its talks. `decide_on` earliest first."""

    countdown_from: date
    decide_on: tuple[date, ...]
    manager_free_from: date


def end_dates(ends_on: date, countdown_weeks: int, decide_before_days: Sequence[int]) -> EndDates:
    """Return the days that hang on `ends_on` (inclusive); the manager is free from the day after it.

    Source: docs/domain.md, "Mandates", "Extensions" and "Admission of managers" (staying released).
    """
    lead = countdown(ends_on, countdown_weeks, decide_before_days)
    return EndDates(lead.from_on, lead.asked_on, add_days(ends_on, 1))


def exit_is_overdue(exit_on: date | None, signed_on: date) -> bool:
    """Say whether the exit plan's day has passed when an extension is asked for: "extension instead of exit?"."""
    return exit_on is not None and exit_on < signed_on


# Rates -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """Rates net of VAT per rate unit, and days per week; None where not agreed, or left as it was."""

    client_rate: Decimal | None = None
    manager_rate: Decimal | None = None
    days_per_week: Decimal | None = None

    @property
    def says_nothing(self) -> bool:
        return self.client_rate is None and self.manager_rate is None and self.days_per_week is None


NOTHING_AGREED = Terms()


@dataclass(frozen=True)
class DatedTerms:
    """What holds from a day on, by an extension or a change; of two of one day the later made one counts."""

    effective_on: date
    order: tuple[int, int]
    terms: Terms


def in_force(contract: Terms, changes: Iterable[DatedTerms], day: date) -> Terms:
    """Return what holds on `day`: the contract's, each part replaced by the newest change that has taken effect."""
    client, manager, days = contract.client_rate, contract.manager_rate, contract.days_per_week
    for change in sorted(changes, key=lambda change: (change.effective_on, change.order)):
        if change.effective_on > day:
            break
        terms = change.terms
        client = client if terms.client_rate is None else terms.client_rate
        manager = manager if terms.manager_rate is None else terms.manager_rate
        days = days if terms.days_per_week is None else terms.days_per_week
    return Terms(client, manager, days)


def margin_of(terms: Terms, client_unit: str, manager_unit: str, hours_a_day: int) -> Margin | None:
    """Return the margin per day, None where one of the rates is not agreed."""
    if terms.client_rate is None or terms.manager_rate is None:
        return None
    return margin(Rate(terms.client_rate, client_unit), Rate(terms.manager_rate, manager_unit), hours_a_day)


def usual_effective_day(old_end_on: date, new_end_on: date, signed_on: date) -> date:
    """Return from when new rates hold if nobody says: the day after the old end, for a shorter term the signing."""
    return max(old_end_on + ONE_DAY, signed_on) if new_end_on > old_end_on else signed_on


def check_effective(effective_on: date, *, starts_on: date, ends_on: date, not_before: date, last_change_on: date | None) -> None:
    """Raise RuleViolation at "effective_on" for rates outside the term or reaching backwards.

    `not_before` is the day they were agreed; `last_change_on` the day of the newest change that has been made.
    Source: docs/domain.md, "Mandates" ("never backwards").
    """
    if not starts_on <= effective_on <= ends_on:
        raise RuleViolation(
            N_("New rates hold within the term, from %(start)s to %(end)s."),
            field="effective_on",
            start=starts_on,
            end=ends_on,
        )
    earliest = max(not_before, last_change_on or not_before)
    if effective_on < earliest:
        raise RuleViolation(
            N_("Rates are never changed backwards: please choose %(day)s or later."), field="effective_on", day=earliest
        )


def check_live(is_live: bool) -> None:
    """Raise RuleViolation for a mandate that is lost or closed."""
    if not is_live:
        raise RuleViolation(N_("This mandate is over; nothing about it changes any more."))


# Who and whether -------------------------------------------------------------------------------------------


def check_manager(state: str, may_override: bool, override_reason: str | None, waits_for_start: bool = False) -> bool:
    """Return whether the manager is put on the mandate by override; raise RuleViolation at "manager_name" otherwise.

    Only a released manager can be put on a mandate; a lead can override with a reason. `waits_for_start`: an import says
    released, and no lead has started it. Source: docs/domain.md, "Admission of managers".
    """
    if state == RELEASED and not waits_for_start:
        return False
    if not may_override:
        raise RuleViolation(
            N_("Only a released manager can be put on a mandate. A lead can override this with a reason."),
            field="manager_name",
        )
    if not override_reason:
        raise RuleViolation(
            N_("This manager is not released. To override this, please write the reason."), field="override_reason"
        )
    return True


def overlap(starts_on: date, ends_on: date, other_starts_on: date, other_ends_on: date) -> bool:
    """Say whether two terms (inclusive) share a day."""
    return starts_on <= other_ends_on and other_starts_on <= ends_on
