"""The plan of talks for one term of a mandate, by the quality clause.

Source: docs/domain.md, "Talks" (the plan).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.core.dates import FreeDay, add_days, first_working_day_after, last_working_day_on_or_before, next_working_day
from app.core.errors import N_, RuleViolation
from app.talks.rules import USUAL_NUMBERS, Kind, PlanNumbers, Side

LONGEST_TERM_DAYS = 36_525  # a hundred years: a slip of the pen, and hours of work for the planner


@dataclass(frozen=True)
class PlannedTalk:
    """A talk as the plan wants it, due on a working day."""

    kind: Kind
    side: Side
    due_on: date


def plan(
    start: date,
    end: date,
    region: str,
    numbers: PlanNumbers = USUAL_NUMBERS,
    free_days: Collection[FreeDay] = (),
    has_quality_clause: bool = True,
    manager_since: date | None = None,
) -> list[PlannedTalk]:
    """Return the talks of a term from `start` to `end`, both inclusive, by due date, then side, then kind.

    `manager_since` is the first day of a manager who took over from another: the quality talks with the manager begin
    anew then, as if the term began on that day.

    Due dates that are no working day in `region` (and by the firm's `free_days`) move to the next one; only the
    closing talk never passes `end`. Without a quality clause there are closing and aftercare talks only.
    Raises RuleViolation where `end` lies before `start`, the term is longer than a hundred years, a date falls
    outside the calendar, or the region is unknown.
    """
    _check_term(start, end)
    closing = _closing_day(start, end, numbers)
    on_or_after = next_working_day(closing, region, free_days)
    closing_on = on_or_after if on_or_after <= end else last_working_day_on_or_before(end, region, free_days)
    aftercare_on = next_working_day(add_days(end, numbers.aftercare_days), region, free_days)
    # A set: with other numbers two days can move to the same Monday, and one talk is enough then.
    talks = {
        PlannedTalk(Kind.CLOSING, Side.CLIENT, closing_on),
        PlannedTalk(Kind.AFTERCARE, Side.CLIENT, aftercare_on),
    }
    begins = {Side.CLIENT: start, Side.MANAGER: max(start, manager_since or start)}
    for side, first in begins.items() if has_quality_clause else ():
        days = _quality_days(first, end, numbers) if first <= end else ()
        talks |= {PlannedTalk(Kind.QUALITY, side, next_working_day(day, region, free_days)) for day in days}
    return sorted(talks, key=in_order)


def in_order(talk: PlannedTalk) -> tuple[date, str, str]:
    """Sort by due date, then side, then kind."""
    return talk.due_on, talk.side, talk.kind


def _check_term(start: date, end: date) -> None:
    if end < start:
        raise RuleViolation(N_("The end (%(end)s) must not lie before the start (%(start)s)."), field="end", start=start, end=end)
    if (end - start).days >= LONGEST_TERM_DAYS:
        raise RuleViolation(N_("A term of more than a hundred years cannot be planned."), field="end")


def _quality_days(start: date, end: date, numbers: PlanNumbers) -> Iterator[date]:
    """Yield the days before any moving to working days."""
    length = (end - start).days + 1
    if length < numbers.short_term_days:
        yield add_days(start, length // 2)
        return
    room = length - 1 - numbers.quality_stop_before_end_days
    for after in range(numbers.first_talk_after_days, room + 1, numbers.talk_every_days):
        yield add_days(start, after)


def _closing_day(start: date, end: date, numbers: PlanNumbers) -> date:
    length = (end - start).days + 1
    lead = length // 4 if length < numbers.short_term_days else numbers.closing_lead_days
    return add_days(end, -lead)


def closing_again_on(planned: Iterable[PlannedTalk], today: date, region: str, free_days: Collection[FreeDay] = ()) -> date:
    """Return when a closing talk that was called off is due again: the plan's day, at the earliest the next working day."""
    wanted = next(talk.due_on for talk in planned if talk.kind is Kind.CLOSING)
    return max(wanted, first_working_day_after(today, region, free_days))
