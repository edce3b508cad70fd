"""The states of a manager on the short list of a mandate.

Source: docs/domain.md, "Mandates" (stage 1).
"""

from __future__ import annotations

import enum
from datetime import date

from app.core.dates import add_months
from app.core.errors import N_, RuleViolation


class State(enum.StrEnum):
    PROPOSED = "proposed"
    PRESENTED = "presented"
    CLIENT_INTERVIEW = "client_interview"
    CHOSEN = "chosen"
    DECLINED = "declined"  # by the client, with a reason
    WITHDREW = "withdrew"  # the manager, with a reason


ENDS = frozenset({State.DECLINED, State.WITHDREW})
NEXT: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.PRESENTED, State.CHOSEN, State.DECLINED, State.WITHDREW),
    State.PRESENTED: (State.CLIENT_INTERVIEW, State.CHOSEN, State.DECLINED, State.WITHDREW),
    State.CLIENT_INTERVIEW: (State.CHOSEN, State.DECLINED, State.WITHDREW),
    State.CHOSEN: (State.DECLINED, State.WITHDREW),
    State.DECLINED: (State.PROPOSED,),
    State.WITHDREW: (State.PROPOSED,),
}


def check_change(state: State, to: State, reason: str, on: date, today: date) -> None:
    """Raise RuleViolation unless `state` may become `to` on the day `on` (today at the latest); an end needs a reason."""
    if to not in NEXT[state]:
        raise RuleViolation(N_("This step is not possible here. Whoever is off the list can be proposed again."), field="state")
    if to in ENDS and not reason.strip():
        raise RuleViolation(N_("Please write the reason."), field="reason")
    if on > today and to is not State.CLIENT_INTERVIEW:
        raise RuleViolation(N_("This day lies ahead. Please choose today or an earlier day."), field="on")


def before_choice(presented_on: date | None, interview_on: date | None) -> State:
    """Return where somebody stands again who was chosen and is not any more: as far as he or she had come."""
    if interview_on is not None:
        return State.CLIENT_INTERVIEW
    return State.PRESENTED if presented_on is not None else State.PROPOSED


def protected_until(presented_on: date, months: int) -> date:
    """Return the last day (inclusive) on which the client owes us a fee for the manager presented on that day."""
    return add_months(presented_on, months)
