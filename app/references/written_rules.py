"""Written references: from the draft to the client's release, and when Lotse proposes to ask for one.

Source: docs/domain.md, "References".
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from app.core.dates import add_months
from app.core.errors import N_, RuleViolation
from app.ledger.guard_rules import Decision
from app.references.window_rules import View

CONFLICT_UP_TO = 2  # a latest rating this low is a conflict
THANKED_FROM, THANKED_MONTHS = 4, 24  # the rating, and how long ago it may be, that stands behind a new mandate


class State(enum.StrEnum):
    DRAFT = "draft"  # with us
    SENT = "sent"  # with the client, behind a link
    RELEASED = "released"  # frozen
    DECLINED = "declined"
    REVOKED = "revoked"


class Scope(enum.StrEnum):
    """What the client released the wording for."""

    INTERNAL = "internal"  # for us alone, never handed out
    ON_REQUEST = "on_request"
    PUBLIC = "public"


class Verb(enum.StrEnum):
    """What can be done with a written reference."""

    CHANGE = "change"
    DISCARD = "discard"
    SEND = "send"
    TAKE_BACK = "take_back"
    RELEASE = "release"
    DECLINE = "decline"
    SEND_LINK = "send_link"
    REVOKE = "revoke"


ALLOWED: dict[Verb, frozenset[State]] = {
    Verb.CHANGE: frozenset({State.DRAFT}),
    Verb.DISCARD: frozenset({State.DRAFT}),
    Verb.SEND: frozenset({State.DRAFT}),
    Verb.TAKE_BACK: frozenset({State.SENT}),
    Verb.RELEASE: frozenset({State.SENT}),
    Verb.DECLINE: frozenset({State.SENT}),
    Verb.SEND_LINK: frozenset({State.RELEASED}),
    Verb.REVOKE: frozenset({State.RELEASED}),
}
_REFUSED: dict[State, str] = {
    State.DRAFT: N_("This reference is a draft again; nothing of it is with the client."),
    State.SENT: N_("This reference is with the client. Take it back to change it."),
    State.RELEASED: N_("This reference is released; its wording does not change any more."),
    State.DECLINED: N_("The client has declined this reference."),
    State.REVOKED: N_("This reference has been revoked."),
}


def may(state: str, verb: Verb) -> bool:
    """Whether a reference in this state takes the verb."""
    return State(state) in ALLOWED[verb]


def check(state: str, verb: Verb) -> None:
    """Raise RuleViolation where a reference in this state does not take the verb."""
    if not may(state, verb):
        raise RuleViolation(_REFUSED[State(state)])


def may_hand_out(state: str, scope: str | None) -> bool:
    """Whether the wording may leave the firm: released, and not for us alone."""
    return state == State.RELEASED and scope in (Scope.ON_REQUEST, Scope.PUBLIC)


class Silent(enum.StrEnum):
    """Why Lotse proposes nothing although the window is open."""

    CONFLICT = "conflict"
    ASKED = "asked"  # for this mandate already
    HELD = "held"  # by the guard
    NOBODY = "nobody"  # no contact who can be written to


@dataclass(frozen=True)
class Newest:
    """The newest reference of a mandate: its state and the day it came to it."""

    state: str
    on: date


@dataclass(frozen=True)
class Suggestion:
    """The window, and why nothing is proposed all the same."""

    view: View
    silent: Silent | None = None

    @property
    def is_made(self) -> bool:
        return self.view.is_open and self.silent is None


def has_conflict(rating: int | None, was_declined_for_conflict: bool) -> bool:
    """Whether a talk of the mandate was declined for a conflict, or the client's latest rating is that low."""
    return was_declined_for_conflict or (rating is not None and rating <= CONFLICT_UP_TO)


def was_asked(newest: Newest | None, signed_on: date | None) -> bool:
    """Whether the mandate has its reference, or its answer: a draft is none; after a "no" a later extension opens it anew."""
    if newest is None or newest.state == State.DRAFT:
        return False
    if newest.state == State.DECLINED:
        return signed_on is None or signed_on <= newest.on
    return True


def suggestion(
    view: View, *, conflict: bool, newest: Newest | None, signed_on: date | None, decision: Decision | None
) -> Suggestion:
    """Return whether to propose asking; `decision` is the guard's about the contact, None where there is none to write to."""
    if conflict:
        return Suggestion(view, Silent.CONFLICT)
    if was_asked(newest, signed_on):
        return Suggestion(view, Silent.ASKED)
    if decision is None:
        return Suggestion(view, Silent.NOBODY)
    return Suggestion(view, None if decision.may_ask else Silent.HELD)


def thanked_since(today: date) -> date:
    """Return the first day whose ratings count as standing behind a mandate signed today."""
    return add_months(today, -THANKED_MONTHS)
