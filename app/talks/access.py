"""Who may change which talk.

Source: docs/domain.md, "Roles": leads every talk; consultants those they hold, take part in, or on whose mandate they
are; assistants every talk; a deputy those of the colleague who is away.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.talks.models import Talk
from app.talks.rules import Side, State
from app.talks.state_rules import Verb, possible
from app.users.queries import stands_in_for
from app.users.rules import Role


def may_change(user: Any, talk: Talk, today: date) -> bool:
    """Whether `user`, who has the permission to arrange or log talks, may do so with this one."""
    if not user.may("talks.arrange"):
        return False
    if user.role == Role.ASSISTANT or user.may_change(talk):
        return True
    return talk.owner_id in stands_in_for(user.id, today)


def verbs_of(talk: Talk) -> frozenset[Verb]:
    """Return what may be done to the talk as it stands; a referee who may not be called is not asked for an appointment."""
    verbs = possible(State(talk.state), talk.cancelled_by_change)
    if talk.side == Side.REFEREE and (talk.referee is None or not talk.referee.may_be_called):
        return verbs - {Verb.ARRANGE, Verb.POSTPONE}
    return verbs


def may_correct(user: Any, talk: Talk) -> bool:
    """Whether `user` may correct the record: its author, or a lead."""
    return user.may("talks.log") and (user.is_lead or user.id == talk.recorded_by_id)
