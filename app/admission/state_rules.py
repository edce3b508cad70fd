"""The states of admission as one table: what may be done in which state, what that makes of it, and the next date.

Source: docs/domain.md, "Admission of managers".
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.core.dates import FreeDay, add_working_days, next_working_day
from app.core.errors import N_, RuleViolation
from app.managers.rules import State

STAGES = (State.FOLLOW_UP_1, State.FOLLOW_UP_2, State.FOLLOW_UP_3)
MOST_STAGES = len(STAGES)


class Verb(enum.StrEnum):
    """What happens to a case."""

    CONFIRM = "confirm"  # the button behind the mailed link
    TAKE = "take"  # a reviewer takes the papers
    PASS = "pass"  # noqa: S105  (the papers meet the standard)
    FALL_SHORT = "fall_short"
    REPEAT = "repeat"  # the same stage once more
    REFUSE = "refuse"  # by a person, after review or interview
    NEW_PAPERS = "new_papers"
    DEADLINE = "deadline"  # nothing came in time
    ADMIT = "admit"  # after the interview
    WAIVE = "waive"  # no interview needed
    SKIP = "skip"  # on to the next stage at once
    BRING_BACK = "bring_back"
    GO_STALE = "go_stale"  # the third reminder stayed unanswered
    FREE_AGAIN = "free_again"  # availability confirmed
    WITHDRAW = "withdraw"
    ERASE = "erase"
    HALT = "halt"  # the clock stands still
    GO_ON = "go_on"  # the clock goes on


OPEN_REVIEWS = (State.CONFIRMED, State.IN_REVIEW)
"""States in which a review is owed."""
LEFT = (State.WITHDRAWN, State.ERASED)
"""Who has left altogether: nothing is sent and nothing is owed any more."""
_LIVE = frozenset(State) - set(LEFT)
_CLOCKED = frozenset({State.CONFIRMED, State.IN_REVIEW, *STAGES, State.INTERVIEW})

TABLE: dict[Verb, frozenset[State]] = {
    Verb.CONFIRM: frozenset({State.REGISTERED}),
    Verb.TAKE: frozenset({State.CONFIRMED}),
    Verb.PASS: frozenset({State.IN_REVIEW}),
    Verb.FALL_SHORT: frozenset({State.IN_REVIEW}),
    Verb.REPEAT: frozenset({State.IN_REVIEW}),
    Verb.REFUSE: frozenset({State.IN_REVIEW, State.INTERVIEW}),
    Verb.NEW_PAPERS: frozenset({*STAGES, State.PAUSED, State.OUT}),
    Verb.DEADLINE: frozenset(STAGES),
    Verb.ADMIT: frozenset({State.INTERVIEW}),
    Verb.WAIVE: frozenset({State.INTERVIEW}),
    Verb.SKIP: frozenset(STAGES[:-1]),
    Verb.BRING_BACK: frozenset({*STAGES, State.OUT}),
    Verb.GO_STALE: frozenset({State.RELEASED}),
    Verb.FREE_AGAIN: frozenset({State.PAUSED}),
    Verb.WITHDRAW: _LIVE,
    Verb.ERASE: frozenset(State) - {State.ERASED},
    Verb.HALT: _CLOCKED,
    Verb.GO_ON: _CLOCKED,
}
NEEDS_REASON = frozenset({Verb.REPEAT, Verb.REFUSE, Verb.WAIVE, Verb.SKIP, Verb.BRING_BACK, Verb.HALT, Verb.GO_ON})

_TARGETS = {
    Verb.CONFIRM: State.CONFIRMED,
    Verb.TAKE: State.IN_REVIEW,
    Verb.PASS: State.INTERVIEW,
    Verb.REFUSE: State.OUT,
    Verb.NEW_PAPERS: State.IN_REVIEW,
    Verb.ADMIT: State.RELEASED,
    Verb.WAIVE: State.RELEASED,
    Verb.BRING_BACK: State.IN_REVIEW,
    Verb.GO_STALE: State.PAUSED,
    Verb.FREE_AGAIN: State.RELEASED,
    Verb.WITHDRAW: State.WITHDRAWN,
    Verb.ERASE: State.ERASED,
}


@dataclass(frozen=True)
class Standing:
    """Where a case stands. Stages are counted over the whole admission: new papers do not set the count back."""

    state: State
    stages_used: int = 0  # 0 to 3
    repeated: bool = False  # the one repetition has been used
    halted: bool = False  # the clock stands still


def after(standing: Standing, verb: Verb, reason: str | None = None) -> Standing:
    """Return where the case stands once `verb` was done.

    Raises RuleViolation, with a sentence, for what cannot be done in this state, and at `reason` where one is missing.
    """
    _check(standing, verb, reason)
    if verb in (Verb.HALT, Verb.GO_ON):
        return replace(standing, halted=verb is Verb.HALT)
    if verb is Verb.REPEAT:
        return replace(standing, state=STAGES[standing.stages_used - 1], repeated=True, halted=False)
    if verb in (Verb.FALL_SHORT, Verb.DEADLINE, Verb.SKIP):
        return _next_stage(standing)
    return replace(standing, state=_TARGETS[verb], halted=False)


def possible(standing: Standing) -> frozenset[Verb]:
    """Return what may be done now, the reasons being given."""
    return frozenset(verb for verb in Verb if _refusal(standing, verb) is None)


def _next_stage(standing: Standing) -> Standing:
    if standing.stages_used >= MOST_STAGES:
        return replace(standing, state=State.OUT, halted=False)
    return replace(standing, state=STAGES[standing.stages_used], stages_used=standing.stages_used + 1, halted=False)


def _check(standing: Standing, verb: Verb, reason: str | None) -> None:
    refusal = _refusal(standing, verb)
    if refusal is not None:
        raise RuleViolation(refusal)
    if verb in NEEDS_REASON and not (reason or "").strip():
        raise RuleViolation(N_("Please give the reason."), field="reason")


def _refusal(standing: Standing, verb: Verb) -> str | None:
    if standing.state not in TABLE[verb]:
        return _GONE.get(standing.state) or _REFUSALS.get(verb) or N_("In the present state this cannot be done.")
    if verb is Verb.REPEAT and standing.stages_used == 0:
        return N_("No stage was used yet, so none can be repeated.")
    if verb is Verb.REPEAT and standing.repeated:
        return N_("A stage was repeated once already; it cannot be repeated again.")
    if verb is Verb.SKIP and standing.stages_used >= MOST_STAGES:
        return _REFUSALS[Verb.SKIP]
    if verb is Verb.DEADLINE and standing.halted:
        return N_("The clock stands still.")
    if verb is Verb.HALT and standing.halted:
        return N_("The clock stands still already.")
    if verb is Verb.GO_ON and not standing.halted:
        return N_("The clock is going.")
    return None


_GONE = {
    State.WITHDRAWN: N_("This person has withdrawn; a new registration is needed."),
    State.ERASED: N_("This person's data were erased; nothing can be done any more."),
}
_REFUSALS = {
    Verb.CONFIRM: N_("This registration was confirmed already."),
    Verb.TAKE: N_("The papers were taken into review already."),
    Verb.PASS: N_("The papers are not in review."),
    Verb.FALL_SHORT: N_("The papers are not in review."),
    Verb.REPEAT: N_("The papers are not in review."),
    Verb.SKIP: N_("There is no further stage to skip to."),
    Verb.WAIVE: N_("No interview is owed."),
    Verb.HALT: N_("No clock is going in this state."),
    Verb.GO_ON: N_("No clock is going in this state."),
}


@dataclass(frozen=True)
class Terms:
    """How long each state may last, as the firm has set it; days are calendar days where not said otherwise."""

    review_working_days: int
    follow_up_days: int
    interview_days: int
    withdrawn_days: int
    region: str
    free_days: Collection[FreeDay] = ()


def next_date(state: State, entered_on: date, terms: Terms) -> date | None:
    """Return the day by which something happens in a state entered on that day; None where nothing is dated.

    Follow-up: the day on which the clock goes on, a working day of the firm; papers are in time until the day before. For
    a registration not yet confirmed see `purge_on`.
    """
    if state in OPEN_REVIEWS:
        return add_working_days(entered_on, terms.review_working_days, terms.region, terms.free_days)
    if state in STAGES:
        return next_working_day(entered_on + timedelta(days=terms.follow_up_days), terms.region, terms.free_days)
    if state is State.INTERVIEW:
        return entered_on + timedelta(days=terms.interview_days)
    if state is State.WITHDRAWN:
        return entered_on + timedelta(days=terms.withdrawn_days)
    return None


def after_halt(next_on: date | None, halted_on: date, today: date) -> date | None:
    """Return the next date once the clock goes on: the days that it stood still are added."""
    return next_on + (today - halted_on) if next_on is not None else None


def purge_on(registered_on: date, last_mail_on: date, after_mail_days: int, latest_days: int) -> date:
    """Return the day on which an unconfirmed registration is deleted: after the last mail, at the latest after registering."""
    return min(last_mail_on + timedelta(days=after_mail_days), registered_on + timedelta(days=latest_days))


def may_withdraw(confirmed_on: date, today: date, days: int) -> bool:
    """Say whether the person may still withdraw by link; the `days`th day after confirming is the last."""
    return today <= confirmed_on + timedelta(days=days)


class Fee(enum.StrEnum):
    """How the fee stands; without a fee the case has none of these."""

    OWED = "owed"
    INVOICED = "invoiced"
    PAID = "paid"
    WAIVED = "waived"
    REFUNDED = "refunded"


FEE_STEPS: dict[Fee, frozenset[Fee]] = {
    Fee.OWED: frozenset({Fee.INVOICED, Fee.PAID, Fee.WAIVED}),
    Fee.INVOICED: frozenset({Fee.PAID, Fee.WAIVED}),
    Fee.PAID: frozenset({Fee.REFUNDED}),
    Fee.WAIVED: frozenset({Fee.OWED}),
    Fee.REFUNDED: frozenset(),
}


def check_fee(was: str | None, now: str, number: str | None) -> Fee:
    """Return the new standing of the fee; raise RuleViolation where it cannot follow, or the invoice has no number."""
    if was is None:
        raise RuleViolation(N_("No fee was agreed with this person."))
    if now not in FEE_STEPS[Fee(was)]:
        raise RuleViolation(N_("The fee cannot go from its present state to this one."), field="fee")
    if now == Fee.INVOICED and not (number or "").strip():
        raise RuleViolation(N_("Please give the number of the invoice."), field="number")
    return Fee(now)


def fee_after_withdrawal(fee: str | None, state: State, reviewed: bool) -> str | None:
    """Return how the fee stands after a withdrawal from `state`: waived where no review has begun."""
    unreviewed = state in (State.REGISTERED, State.CONFIRMED) and not reviewed
    return Fee.WAIVED if unreviewed and fee in (Fee.OWED, Fee.INVOICED) else fee
