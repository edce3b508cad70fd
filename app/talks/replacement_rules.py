"""What becomes of a mandate's talks once another manager takes over.

Source: docs/domain.md, "Mandates" (manager replaced: the talks with the manager begin anew).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.core.dates import FreeDay
from app.talks.end_rules import PresentTalk, talks_to_add
from app.talks.plan_rules import PlannedTalk, plan
from app.talks.rules import USUAL_NUMBERS, Kind, PlanNumbers, Side, State


@dataclass(frozen=True)
class Anew:
    """Keys of the talks with the former manager that are called off, and the talks with the new one that are added."""

    called_off: tuple[int, ...]
    added: tuple[PlannedTalk, ...]


def restart(
    present: Iterable[PresentTalk],
    *,
    start: date,
    end: date,
    manager_since: date | None,
    region: str,
    numbers: PlanNumbers = USUAL_NUMBERS,
    free_days: Collection[FreeDay] = (),
    has_quality_clause: bool = True,
    added_from: date = date.min,
) -> Anew:
    """Return what a replacement makes of the talks of a term from `start` to `end`, both inclusive.

    `present` says of each talk whether it is `with_former_manager`. Only open quality talks with that one are called
    off, and of these the ones `until_change` stay; whatever was held, declined or cancelled, and every talk with the
    client, stays. The plan of the new manager begins on `manager_since` (None: on `start`). Twice adds nothing. Talks due before `added_from` are not added: those
    stayed as they were, and one that a person put off would come back on its old day.
    """
    there = [talk for talk in present if talk.is_there]
    open_states = (State.DUE, State.ARRANGED)
    called_off = tuple(
        talk.key
        for talk in there
        if talk.with_former_manager and not talk.until_change and talk.kind is Kind.QUALITY and talk.state in open_states
    )
    planned = plan(start, end, region, numbers, free_days, has_quality_clause, manager_since)
    with_manager = [talk for talk in planned if talk.kind is Kind.QUALITY and talk.side is Side.MANAGER]
    added = [talk for talk in talks_to_add(there, with_manager, numbers) if talk.due_on >= added_from]
    return Anew(called_off, tuple(added))
