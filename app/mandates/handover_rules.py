"""What is handed over at the end of a mandate: open, done, or waived with a reason.

Source: docs/domain.md, "Mandates" (stage 4).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import date

from app.core.errors import N_, RuleViolation
from app.core.names import fold

LONGEST_TEXT = 300
MOST_ITEMS = 60
_BULLET = re.compile(r"^\s*(?:[-–—*•·]|\d{1,2}[.)])\s+")


class Kind(enum.StrEnum):
    KNOWLEDGE = "knowledge"
    PEOPLE = "people"
    ACCESS = "access"
    OTHER = "other"


class State(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"


def state_of(done_on: date | None, waived_reason: str | None) -> State:
    """Return what an item is, from what is kept of it."""
    if done_on is not None:
        return State.DONE
    return State.WAIVED if waived_reason else State.OPEN


def settled(state: State, done_on: date | None, reason: str | None, today: date) -> tuple[date | None, str | None]:
    """Return day and reason to keep for an item that becomes `state`; reopened, both are None.

    Raises RuleViolation where it is done on a day that is missing or has not come, or waived without a reason.
    """
    if state is State.DONE:
        if done_on is None:
            raise RuleViolation(N_("Please say on which day it was done."), field="done_on")
        if done_on > today:
            raise RuleViolation(N_("This day has not come yet."), field="done_on")
        return done_on, None
    if state is State.WAIVED:
        if not (reason or "").strip():
            raise RuleViolation(N_("Please write why it is not handed over."), field="waived_reason")
        return None, reason
    return None, None


def proposals(handed_over: str | None, present: Iterable[str]) -> tuple[str, ...]:
    """Return the lines of what the exit plan hands over that are not among the items `present`, each once.

    A line ends at its end or at a semicolon; bullets and numbers before it are left out. Case and accents do not tell lines apart.
    """
    known = {fold(text) for text in present}
    found: list[str] = []
    for line in re.split(r"[\n;]", handed_over or ""):
        text = _BULLET.sub("", line).strip()[:LONGEST_TEXT].strip()
        if fold(text) and fold(text) not in known:
            known.add(fold(text))
            found.append(text)
    return tuple(found)
