"""The handbook of a mandate as plain data: what stands in it, what counts as a change, which version is next.

Days are ISO texts, inclusive. `goals`, `milestones` and `moments` carry the number of their row as `key`, so that one that
was moved is told from one that was added. Reaching a milestone changes nothing that was agreed; a move, a new one and a
dropped one do. Source: docs/domain.md, "Mandates" (stages 2 and 3).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

Content = Mapping[str, Any]
TEXTS = ("goal", "exit_plan", "handed_over", "exit_on")  # of the mandate, in this order
LISTS = ("goals", "milestones", "moments")
_AGREED = {"goals": ("title", "measure"), "milestones": ("title", "means", "owner", "due_on"), "moments": ("on",)}
MOST_MILESTONES, MOST_GOALS, MOST_MOMENTS = 40, 20, 24
SAME_TALK_DAYS = 10  # a moment and a talk at most this far apart are the same


class Need(StrEnum):
    """What has to be there before a handbook is presented."""

    GOAL = "goal"
    EXIT_PLAN = "exit_plan"
    HANDED_OVER = "handed_over"
    EXIT_DAY = "exit_on"
    MILESTONES = "milestones"
    MOMENTS = "moments"


class Change(StrEnum):
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    DROPPED = "dropped"


class Seen(StrEnum):
    """What the client knows of a milestone: nothing, that it was presented, or it is agreed."""

    NEVER = "never"
    PRESENTED = "presented"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Difference:
    """One change: `part` is one of TEXTS or LISTS, `title` names the line of a list; days are ISO texts."""

    part: str
    change: Change
    title: str = ""
    before: str = ""
    after: str = ""


def needs(content: Content) -> tuple[Need, ...]:
    """Return what is missing for presenting, in the order of the document."""
    return tuple(need for need in Need if not content.get(need))


def digest(content: Content) -> str:
    """Return what tells this content from every other: a form carries it, so that nobody accepts what was not shown."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def agreed(content: Content) -> dict[str, Any]:
    """Return the part of the content that a client accepts anew when it changes; the order of lists does not count."""
    texts: dict[str, Any] = {name: content.get(name) or "" for name in TEXTS}
    lists = {name: {row["key"]: _agreed_of(name, row) for row in content.get(name, ())} for name in LISTS}
    return texts | lists


def _agreed_of(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row.get(field) or "" for field in _AGREED[name])


def differences(before: Content, after: Content) -> list[Difference]:
    """Return what changed in what was agreed, in the order of the document; empty where nothing did."""
    was, now = agreed(before), agreed(after)
    found = [Difference(name, Change.CHANGED, "", was[name], now[name]) for name in TEXTS if was[name] != now[name]]
    for name in LISTS:
        rows_before, rows_after = _by_key(before, name), _by_key(after, name)
        found += [
            Difference(name, Change.DROPPED, *_shown(name, row)) for key, row in rows_before.items() if key not in rows_after
        ]
        for key, row in rows_after.items():
            old = rows_before.get(key)
            if old is None:
                found.append(Difference(name, Change.ADDED, row.get("title") or "", "", _shown(name, row)[1]))
            else:
                found += _changes_of(name, old, row)
    return found


def _by_key(content: Content, name: str) -> dict[int, Mapping[str, Any]]:
    return {row["key"]: row for row in content.get(name, ())}


def _shown(name: str, row: Mapping[str, Any]) -> tuple[str, str]:
    day_field = {"goals": "measure", "milestones": "due_on", "moments": "on"}[name]
    return row.get("title") or "", row.get(day_field) or ""


def _changes_of(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    day_field = {"milestones": "due_on", "moments": "on"}.get(name)
    title = new.get("title") or ""
    found = []
    for field in _AGREED[name]:
        was, now = old.get(field) or "", new.get(field) or ""
        if was != now:
            found.append(Difference(name, Change.MOVED if field == day_field else Change.CHANGED, title, was, now))
    return found


def next_number(numbers: Iterable[int], open_number: int | None) -> int:
    """Return the number that presenting now gives: the open version's own, else one more than the highest ever used."""
    return open_number if open_number is not None else max(numbers, default=0) + 1


def proposed_moments(starts_on: date, ends_on: date) -> list[date]:
    """Return days to look at the plan together: each quarter (91 days), at least the middle; all before the last two weeks."""
    last = ends_on - timedelta(days=14)
    found: list[date] = []
    day = starts_on + timedelta(days=91)
    while day <= last and len(found) < MOST_MOMENTS:
        found.append(day)
        day += timedelta(days=91)
    return found or [starts_on + (ends_on - starts_on) // 2]


class TalkAt(StrEnum):
    """What a talk of a moment is: one that may still move, one with an appointment, one that is behind us."""

    DUE = "due"
    ARRANGED = "arranged"
    OVER = "over"


@dataclass(frozen=True)
class MomentTalk:
    """A talk that stands for a moment, or may: `moment` is the moment's number, `on` the talk's due day."""

    key: int
    moment: int | None
    on: date
    state: TalkAt


@dataclass(frozen=True)
class TalkPlan:
    """`moves`: day by talk, `adds`: day by moment, `takes`: talk by moment, `cancels`: talks, `asks`: talks to decide about."""

    moves: Mapping[int, date]
    adds: Mapping[int, date]
    takes: Mapping[int, int]
    cancels: tuple[int, ...]
    asks: tuple[int, ...] = ()


def talks_for(moments: Mapping[int, date], talks: Iterable[MomentTalk]) -> TalkPlan:
    """Return what becomes of the evaluation talks when a handbook with these moments is accepted.

    A talk of a moment that stays follows it while it is only due; arranged ones keep their appointment, those behind us
    stay as they are. A moment without a talk takes an open one that is at most 10 days away and stands for none (nearest
    first), else one is added. A due talk whose moment is no longer there is cancelled; an arranged one is asked about.
    """
    present = list(talks)
    takes = {talk.moment: talk.key for talk in present if talk.moment in moments and talk.moment is not None}
    free = [talk for talk in present if talk.moment not in moments and talk.state is not TalkAt.OVER]
    pairs = sorted(
        (abs((talk.on - day).days), moment, talk.key)
        for moment, day in moments.items()
        if moment not in takes
        for talk in free
        if abs((talk.on - day).days) <= SAME_TALK_DAYS
    )
    used: set[int] = set()
    for _days, moment, key in pairs:
        if moment not in takes and key not in used:
            takes[moment] = key
            used.add(key)
    by_key = {talk.key: talk for talk in present}
    moves = {
        key: moments[moment]
        for moment, key in takes.items()
        if by_key[key].state is TalkAt.DUE and by_key[key].on != moments[moment]
    }
    return TalkPlan(
        moves=moves,
        adds={moment: day for moment, day in moments.items() if moment not in takes},
        takes=takes,
        cancels=tuple(talk.key for talk in free if talk.key not in used and talk.state is TalkAt.DUE),
        asks=tuple(talk.key for talk in free if talk.key not in used and talk.state is TalkAt.ARRANGED),
    )
