"""What happens to a mandate's talks when its end moves: the new plan laid over what there is.

Dates compared are due dates after moving to a working day, also of arranged and held talks, never the
appointment; a talk logged without a due date counts by the day it was held.

Source: docs/domain.md, "Talks" ("When the end moves").
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.core.dates import FreeDay, add_days, first_working_day_after, next_working_day
from app.talks.plan_rules import PlannedTalk, plan
from app.talks.rules import PLANNED_KINDS, USUAL_NUMBERS, Kind, PlanNumbers, Side, State


class Action(enum.StrEnum):
    """What becomes of one talk."""

    STAYS = "stays"
    MOVES = "moves"
    ADDED = "added"
    CANCELLED = "cancelled"
    BECOMES_QUALITY = "becomes_quality"


class Reason(enum.StrEnum):
    """Why: one key for each sentence that the preview shows."""

    END_UNCHANGED = "end_unchanged"
    NOT_OF_THE_PLAN = "not_of_the_plan"  # interview, evaluation, reference, other
    HAPPENED = "happened"  # held or declined
    CANCELLED_BY_PERSON = "cancelled_by_person"
    ARRANGED = "arranged"  # keeps its appointment, in the new plan or not
    TAKES_PLACE = "takes_place"  # arranged, stands for the planned talk of `takes_place_of`
    SAME_DATE = "same_date"
    FOLLOWS_PLAN = "follows_plan"
    FOLLOWS_END = "follows_end"  # closing and aftercare
    AFTER_SIGNING = "after_signing"  # the plan's date lies on or before the signing
    IN_NEW_PLAN = "in_new_plan"
    EXTENDED = "extended"  # the talk that asks why
    NOT_IN_NEW_PLAN = "not_in_new_plan"
    CLOSING_TOO_EARLY = "closing_too_early"  # an arranged closing talk, and the end is later now
    CLOSING_AFTER_END = "closing_after_end"  # the owner decides
    QUALITY_AFTER_CLOSING = "quality_after_closing"  # the owner decides
    EVALUATION_AFTER_END = "evaluation_after_end"  # the owner decides: agreed in the handbook, and the term is over then
    BEFORE_CHANGE = "before_change"  # with the manager who is on it until another takes over
    MOMENT_DROPPED = "moment_dropped"  # the owner decides: the handbook accepted now has no such moment; no end moved


OWNER_DECIDES = frozenset({Reason.CLOSING_AFTER_END, Reason.QUALITY_AFTER_CLOSING, Reason.EVALUATION_AFTER_END})


@dataclass(frozen=True)
class PresentTalk:
    """A talk of the mandate as it stands; `key` is unique among them.

    `happens_on` is the local day of the appointment, or on which it was held. `cancelled_by_change` marks a
    cancelled talk that an earlier change of the end cancelled, not a person. `with_usual_contact` is false for a
    talk with another contact than the one that planned talks are with.
    """

    key: int
    kind: Kind
    side: Side
    state: State
    due_on: date | None
    happens_on: date | None = None
    cancelled_by_change: bool = False
    with_usual_contact: bool = True
    with_former_manager: bool = False  # a quality talk with somebody whose place another has taken: outside the plan
    until_change: bool = False  # with a manager who is on it until a planned day, and before that day
    is_planned: bool = True  # not asked for by a person, nor by a gap between views

    @property
    def counts_on(self) -> date | None:
        """The day that it is compared by."""
        return self.due_on or self.happens_on

    @property
    def is_there(self) -> bool:
        return not (self.state is State.CANCELLED and self.cancelled_by_change)


@dataclass(frozen=True)
class Change:
    """What becomes of one talk, before and after, and why. `key` is None for a talk that is added.

    `due_after` is None for a cancelled talk; a talk logged without a due date has None before and after.
    """

    key: int | None
    kind_before: Kind | None
    kind: Kind
    side: Side
    state: State
    action: Action
    reason: Reason
    due_before: date | None
    due_after: date | None
    happens_on: date | None = None
    takes_place_of: date | None = None

    @property
    def asks_owner(self) -> bool:
        return self.reason in OWNER_DECIDES


def follow_new_end(
    present: Iterable[PresentTalk],
    *,
    start: date,
    old_end: date,
    new_end: date,
    signed_on: date,
    region: str,
    numbers: PlanNumbers = USUAL_NUMBERS,
    free_days: Collection[FreeDay] = (),
    has_quality_clause: bool = True,
    manager_since: date | None = None,
    closing_is_waived: bool = False,
) -> list[Change]:
    """Return what becomes of each talk once the term ends on `new_end` instead of `old_end` (both inclusive).

    Each present talk has one change, also where it stays, and each added one; talks that an earlier change of the
    end cancelled count as not there and have none. A closing talk that a person called off is asked for again, unless
    `closing_is_waived`: the mandate keeps a reason. The order of `present` does not matter; the result is sorted by
    date, side and kind. `manager_since` as for `plan`. Raises RuleViolation as `plan` does.
    """
    planned = plan(start, new_end, region, numbers, free_days, has_quality_clause, manager_since)
    there = sorted((talk for talk in present if talk.is_there), key=lambda talk: talk.key)
    if new_end == old_end:
        return sorted((_kept(talk, Reason.END_UNCHANGED) for talk in there), key=_in_order)
    is_later = new_end > old_end
    if is_later and has_quality_clause:
        asked_on = add_days(signed_on, numbers.extension_talk_after_days)
        planned.append(PlannedTalk(Kind.EXTENSION, Side.CLIENT, next_working_day(asked_on, region, free_days)))

    soonest = first_working_day_after(signed_on, region, free_days)
    talks = [_under_new_end(talk, is_later) for talk in there]
    same = _same_talks(planned, talks, numbers, closing_is_waived)
    found = set(same.values())
    wanted = [talk for talk in planned if talk not in found and _is_added(talk, signed_on)]
    places = _places_taken(wanted, [talk for talk in talks if talk.key not in same], numbers)
    closing_on = _closing_day(planned, talks, same, new_end, soonest)

    outcome = _Outcome(same, places, closing_on, new_end, soonest)
    changes = [outcome.of(before, talk) for before, talk in zip(there, talks, strict=True)]
    spared = set(places.values())
    changes += [_added(talk, soonest) for talk in wanted if talk not in spared]
    return sorted(changes, key=_in_order)


def talks_to_add(
    present: Iterable[PresentTalk],
    planned: Sequence[PlannedTalk],
    numbers: PlanNumbers = USUAL_NUMBERS,
    closing_is_waived: bool = False,
) -> list[PlannedTalk]:
    """Return the talks of a first plan that are not there yet; nothing once they were added.

    A talk there is the same if it has the kind and side and is at most `same_talk_days` apart. For a plan whose
    end has moved since, use `follow_new_end`.
    """
    found = set(_same_talks(planned, [talk for talk in present if talk.is_there], numbers, closing_is_waived).values())
    return [talk for talk in planned if talk not in found]


def _under_new_end(talk: PresentTalk, is_later: bool) -> PresentTalk:
    """An arranged closing talk is too early for a later end: its appointment stays as a quality talk."""
    if is_later and talk.kind is Kind.CLOSING and talk.state is State.ARRANGED:
        return replace(talk, kind=Kind.QUALITY)
    return talk


def _is_added(talk: PlannedTalk, signed_on: date) -> bool:
    return talk.due_on > signed_on or talk.kind in (Kind.CLOSING, Kind.AFTERCARE)


class _Pair(NamedTuple):
    """A talk there is and one of the plan, sorted by what binds them: the first binds most."""

    loose: bool
    days_apart: int
    rank: int
    counts_on: date
    planned_on: date
    key: int
    planned: PlannedTalk


# Of two equally near talks the one that needs nothing more is the same talk; a "no" gives way to a talk still due.
_RANK = {State.ARRANGED: 0, State.HELD: 1, State.DUE: 2, State.DECLINED: 3, State.CANCELLED: 4}


def _nearest_first(pairs: Iterable[_Pair]) -> dict[int, PlannedTalk]:
    """Return for the key of each talk its talk of the plan; each is given once."""
    given: dict[int, PlannedTalk] = {}
    taken: set[PlannedTalk] = set()
    for pair in sorted(pairs, key=lambda pair: pair[:-1]):
        if pair.key not in given and pair.planned not in taken:
            given[pair.key] = pair.planned
            taken.add(pair.planned)
    return given


def _pairs(talk: PresentTalk, planned: Iterable[PlannedTalk], within_days: int | None, loose: bool = True) -> Iterator[_Pair]:
    """Yield the talk with each of its kind and side in the plan that is near enough (None: however far)."""
    day = talk.counts_on
    if day is None:
        return
    for one in planned:
        if talk.kind is one.kind and talk.side is one.side:
            days_apart = abs((day - one.due_on).days)
            if within_days is None or days_apart <= within_days:
                yield _Pair(loose, days_apart, _RANK[talk.state], day, one.due_on, talk.key, one)


def _same_talks(
    planned: Sequence[PlannedTalk], talks: Iterable[PresentTalk], numbers: PlanNumbers, closing_is_waived: bool
) -> dict[int, PlannedTalk]:
    """Return for the key of each talk there is the talk of the plan that is the same."""
    pairs: list[_Pair] = []
    for talk in talks:
        if talk.with_former_manager:
            continue
        if talk.kind is Kind.CLOSING and talk.state is State.CANCELLED and not closing_is_waived:
            continue  # a person called it off, and no reason says that there is none: another one is due
        # An arranged closing talk stays the closing talk before any other: a later end has made it a quality talk.
        stays_closing = talk.kind is Kind.CLOSING and talk.state is State.ARRANGED
        follows_end = talk.kind in (Kind.CLOSING, Kind.AFTERCARE) and talk.state is State.DUE
        within = None if stays_closing or follows_end else numbers.same_talk_days
        pairs += _pairs(talk, planned, within, loose=not stays_closing)
    return _nearest_first(pairs)


def _places_taken(wanted: Sequence[PlannedTalk], talks: Iterable[PresentTalk], numbers: PlanNumbers) -> dict[int, PlannedTalk]:
    """Return the talks that need not be added, by the key of the arranged quality talk that stands for each."""
    pairs: list[_Pair] = []
    for talk in talks:
        is_usual = talk.with_usual_contact and not talk.with_former_manager
        if talk.kind is Kind.QUALITY and talk.state is State.ARRANGED and is_usual:
            pairs += _pairs(talk, wanted, numbers.absorb_days)
    return _nearest_first(pairs)


def _closing_day(
    planned: Sequence[PlannedTalk],
    talks: Sequence[PresentTalk],
    same: dict[int, PlannedTalk],
    new_end: date,
    soonest: date,
) -> date:
    """Return the due date of the closing talk under the new end.

    Where an arranged one lies after the new end and waits for the owner, the plan's date counts in its place.
    """
    wanted = next(talk for talk in planned if talk.kind is Kind.CLOSING)
    for talk in talks:
        day = talk.counts_on
        if same.get(talk.key) == wanted and talk.state is not State.DUE and day and not _lies_after(talk, new_end):
            return day
    return max(wanted.due_on, soonest)


def _lies_after(talk: PresentTalk, new_end: date) -> bool:
    day = talk.happens_on or talk.due_on
    return talk.state is State.ARRANGED and day is not None and day > new_end


@dataclass(frozen=True)
class _Outcome:
    """All that decides what becomes of a present talk."""

    same: dict[int, PlannedTalk]
    places: dict[int, PlannedTalk]
    closing_on: date
    new_end: date
    soonest: date

    def of(self, before: PresentTalk, talk: PresentTalk) -> Change:
        """`talk` is `before` as it counts under the new end."""
        if talk.kind not in PLANNED_KINDS:
            return _kept(talk, Reason.EVALUATION_AFTER_END if self._is_moment_after_end(talk) else Reason.NOT_OF_THE_PLAN)
        if talk.until_change and talk.state in (State.DUE, State.ARRANGED):
            return _kept(talk, Reason.BEFORE_CHANGE)
        if talk.state is State.DUE:
            return self._of_due(talk)
        if talk.state is State.ARRANGED:
            return self._of_arranged(before, talk)
        return _kept(talk, Reason.CANCELLED_BY_PERSON if talk.state is State.CANCELLED else Reason.HAPPENED)

    def _is_moment_after_end(self, talk: PresentTalk) -> bool:
        day = talk.happens_on if talk.state is State.ARRANGED else talk.due_on
        is_open = talk.state in (State.DUE, State.ARRANGED)
        return talk.kind is Kind.EVALUATION and talk.is_planned and is_open and day is not None and day > self.new_end

    def _of_due(self, talk: PresentTalk) -> Change:
        planned = self.same.get(talk.key)
        if planned is None:
            return replace(_kept(talk, Reason.NOT_IN_NEW_PLAN), action=Action.CANCELLED, state=State.CANCELLED, due_after=None)
        due_on = max(planned.due_on, self.soonest)
        if due_on == talk.due_on:
            return _kept(talk, Reason.SAME_DATE)
        if due_on != planned.due_on:
            reason = Reason.AFTER_SIGNING
        elif talk.kind in (Kind.CLOSING, Kind.AFTERCARE):
            reason = Reason.FOLLOWS_END
        else:
            reason = Reason.FOLLOWS_PLAN
        return replace(_kept(talk, reason), action=Action.MOVES, due_after=due_on)

    def _of_arranged(self, before: PresentTalk, talk: PresentTalk) -> Change:
        place = self.places.get(talk.key)
        change = _kept(talk, Reason.TAKES_PLACE if place else Reason.ARRANGED)
        change = replace(change, takes_place_of=place.due_on if place else None)
        if before.kind is not talk.kind:
            change = replace(change, kind_before=before.kind, action=Action.BECOMES_QUALITY, reason=Reason.CLOSING_TOO_EARLY)
        if talk.kind is Kind.CLOSING and _lies_after(talk, self.new_end):
            return replace(change, reason=Reason.CLOSING_AFTER_END)
        if talk.kind is Kind.QUALITY and talk.counts_on is not None and talk.counts_on > self.closing_on:
            return replace(change, reason=Reason.QUALITY_AFTER_CLOSING)
        return change


def _kept(talk: PresentTalk, reason: Reason) -> Change:
    return Change(
        key=talk.key,
        kind_before=talk.kind,
        kind=talk.kind,
        side=talk.side,
        state=talk.state,
        action=Action.STAYS,
        reason=reason,
        due_before=talk.due_on,
        due_after=talk.due_on,
        happens_on=talk.happens_on,
    )


def _added(planned: PlannedTalk, soonest: date) -> Change:
    return Change(
        key=None,
        kind_before=None,
        kind=planned.kind,
        side=planned.side,
        state=State.DUE,
        action=Action.ADDED,
        reason=Reason.EXTENDED if planned.kind is Kind.EXTENSION else Reason.IN_NEW_PLAN,
        due_before=None,
        due_after=max(planned.due_on, soonest),
    )


def _in_order(change: Change) -> tuple[date, str, str, int]:
    day = change.due_after or change.due_before or change.happens_on or date.max
    return day, change.side, change.kind, change.key or 0
