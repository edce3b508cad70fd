"""What is sent is decided at sending time: guards look at the live state just before a letter goes.

def still_wanted(letter, at):
    talk = db.session.get(Talk, letter.guard_args["talk_id"])
    return SEND if talk and talk.is_arranged else Skip(N_("The talk was cancelled."))

guards.register("talks.invitation", still_wanted)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.mail.models import Letter


@dataclass(frozen=True)
class Send:
    """Send it as it is."""


@dataclass(frozen=True)
class Skip:
    """Do not send it; `reason` is an English message id (N_) that the letter shows from then on."""

    reason: str


@dataclass(frozen=True)
class Fresh:
    """Send it with these texts instead; None leaves what there is. The letter keeps what was sent."""

    subject: str | None = None
    text: str | None = None
    html: str | None = None
    attachments: Sequence[dict[str, Any]] | None = None


SEND = Send()
Decision = Send | Skip | Fresh
Guard = Callable[[Letter, datetime], Decision]
GUARDS: dict[str, Guard] = {}
KEPT_BACK: dict[str, Callable[[Letter, datetime], None]] = {}


def register(name: str, guard: Guard, kept_back: Callable[[Letter, datetime], None] | None = None) -> None:
    """Register a guard. It reads only; it is called outside any unit of work, once per attempt.

    `kept_back` is called in the unit of work that writes down that a letter is not sent, for what hangs on its going.
    """
    GUARDS[name] = guard
    if kept_back is not None:
        KEPT_BACK[name] = kept_back


def tell_kept_back(letter: Letter, at: datetime) -> None:
    """Tell whoever registered the letter's guard that it is not sent."""
    if letter.guard in KEPT_BACK:
        KEPT_BACK[letter.guard](letter, at)


def ask(letter: Letter, at: datetime) -> Decision:
    """Ask the letter's guard; raises KeyError for one that nobody registered."""
    return GUARDS[letter.guard](letter, at) if letter.guard else SEND
