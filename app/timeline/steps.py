"""Notes and next steps: what any record with a timeline may have.

A next step is two columns of the record, `next_step` and `next_step_on`, both set or both empty.
Source: docs/domain.md, "The desk".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app.core.errors import N_, RuleViolation
from app.timeline.actions import record as tell
from app.timeline.kinds import register
from app.web.icons import icon_name

LONGEST_STEP = 200

register("notes.added", N_("Note"), icon_name("pencil"))
register("steps.set", N_("Next step until %(until_on)s: %(step)s"), icon_name("signpost"))
register("steps.done", N_("Done: %(step)s"), icon_name("check2"), tone="ok")


def add_note(subject: Any, text: str, *, actor: Any, at: datetime, also: Iterable[Any] = ()) -> None:
    """Keep a note on the timeline of `subject` and of each record in `also`; raise RuleViolation at `text` for none."""
    if not text.strip():
        raise RuleViolation(N_("Please write the note."), field="text")
    tell("notes.added", subject, actor=actor, at=at, also=also, text=text.strip())


def set_step(subject: Any, step: str, on: date | None, *, actor: Any, at: datetime, today: date) -> None:
    """Say what comes next and by which day; it takes the place of the step there was.

    Raises RuleViolation at `next_step` or `next_step_on` where one is missing, or the day is past.
    """
    step, on = check_step(step, on, today)
    if (subject.next_step, subject.next_step_on) == (step, on):
        return
    subject.next_step, subject.next_step_on = step, on
    tell("steps.set", subject, actor=actor, at=at, step=step, until_on=on)


def finish_step(subject: Any, *, actor: Any, at: datetime) -> None:
    """Mark the next step as done; raise RuleViolation where there is none."""
    if subject.next_step is None:
        raise RuleViolation(N_("There is no next step to be done; somebody may have done it before you."))
    tell("steps.done", subject, actor=actor, at=at, step=subject.next_step)
    subject.next_step = subject.next_step_on = None


def check_step(step: str | None, on: date | None, today: date) -> tuple[str, date]:
    """Return step, trimmed, and day; raise RuleViolation where one is missing, or the day lies before `today`."""
    words = (step or "").strip()
    if not words:
        raise RuleViolation(N_("Please say what is to be done."), field="next_step")
    if len(words) > LONGEST_STEP:
        raise RuleViolation(N_("Please use at most %(most)d characters."), field="next_step", most=LONGEST_STEP)
    if on is None:
        raise RuleViolation(N_("Please choose a day: without one nobody is reminded."), field="next_step_on")
    if on < today:
        raise RuleViolation(N_("This day is past. A next step lies today or later."), field="next_step_on")
    return words, on
