"""What is done to many of the queue at once: handing over, stopping the clock, letting it go on."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admission import actions
from app.admission.models import AdmissionCase
from app.admission.state_rules import LEFT, OPEN_REVIEWS, TABLE, Verb
from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import Manager
from app.settings.queries import firm
from app.timeline import record as tell
from app.users.models import User
from app.users.ownership import assign, check_owner


class Deed(enum.StrEnum):
    """What can be done to a selection."""

    HAND_OVER = "hand_over"
    HALT = "halt"
    GO_ON = "go_on"


@dataclass(frozen=True)
class Done:
    """How many were done, how many needed nothing (they are so already, or gone), how many the actor may not change."""

    done: int = 0
    left: int = 0
    refused: int = 0


def to_many(
    numbers: Sequence[int], deed: Deed, *, to: int | None, reason: str | None, may_change: Callable[[Manager], bool], actor: Any, at: datetime
) -> Done:  # fmt: skip
    """Do `deed` to each of these managers that the actor may change; the others are counted.

    Handing over makes `to` owner and reviewer. Raises RuleViolation at `owner_id` for a colleague who cannot take anything
    on now, and at `reason` where the clock is stopped or let go on without one.
    """
    today = local_day(at, firm().zone)
    if deed is Deed.HAND_OVER:
        if to is None:
            raise RuleViolation(N_("Please choose a colleague."), field="owner_id")
    elif not (reason or "").strip():
        raise RuleViolation(N_("Please give the reason."), field="reason")
    managers = db.session.scalars(sa.select(Manager).where(Manager.id.in_(numbers)).order_by(Manager.id)).all()
    select = sa.select(AdmissionCase).where(AdmissionCase.manager_id.in_(numbers)).options(joinedload(AdmissionCase.manager))
    cases = {case.manager_id: case for case in db.session.scalars(select)}
    colleague = check_owner(to, today) if deed is Deed.HAND_OVER else None
    done = left = refused = 0
    for manager in managers:
        if not may_change(manager):
            refused += 1
        elif _one(manager, cases.get(manager.id), deed, colleague, reason, actor, at):
            done += 1
        else:
            left += 1
    return Done(done, left + len(numbers) - len(managers), refused)


def _one(
    manager: Manager, case: AdmissionCase | None, deed: Deed, to: User | None, reason: str | None, actor: Any, at: datetime
) -> bool:
    if manager.state in LEFT:
        return False
    case = case or actions.case_of(manager, at=at)
    if to is not None:
        return _hand_over(case, to, actor, at)
    verb = Verb(deed.value)
    if case.standing.state not in TABLE[verb] or case.standing.halted is (deed is Deed.HALT):
        return False
    actions.move(case, verb, actor=actor, at=at, reason=reason)
    return True


def _hand_over(case: AdmissionCase, to: User, actor: Any, at: datetime) -> bool:
    if case.reviewer_id == to.id == case.manager.owner_id:
        return False
    if case.reviewer_id != to.id:
        case.reviewer_id = to.id
        if case.manager.state in OPEN_REVIEWS:
            tell("admission.reviewer", case.manager, actor=actor, at=at, reviewer=to.short_name)
    assign(case.manager, to, actor=actor, at=at, today=local_day(at, firm().zone))
    return True
