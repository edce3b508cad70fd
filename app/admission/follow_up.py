"""What the clock does with those who wait for better papers: the next letter, and after the third the end.

Source: docs/domain.md, "Admission of managers".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admission import actions, letter_actions, stage_letters
from app.admission.letter_rules import kind_for, written_until
from app.admission.models import AdmissionBatch, AdmissionCase
from app.admission.state_rules import STAGES, Verb
from app.core.dates import local_day
from app.db import db
from app.managers.models import Manager
from app.settings.queries import firm
from app.users.models import User

AT_ONCE = 2_000


def due(today: date) -> list[int]:
    """Return the numbers of those whose time for new papers is over, at most so many as one round takes.

    Left out: who stands still, whom the clock wrote to too short ago, who came in by an import that nobody has started, and
    who has no mail address: a colleague writes to them, and is reminded.
    """
    latest = written_until(today, firm().letter_gap_days)
    wait = sa.or_(AdmissionCase.last_letter_on.is_(None), AdmissionCase.last_letter_on <= latest)
    return list(
        db.session.scalars(
            sa.select(AdmissionCase.manager_id)
            .join(Manager, Manager.id == AdmissionCase.manager_id)
            .outerjoin(AdmissionBatch, AdmissionBatch.id == AdmissionCase.batch_id)
            .where(
                Manager.state.in_(STAGES),
                Manager.email.is_not(None),
                AdmissionCase.next_on <= today,
                AdmissionCase.halted_on.is_(None),
                wait,
                sa.or_(AdmissionCase.batch_id.is_(None), AdmissionBatch.started_at.is_not(None)),
            )
            .order_by(AdmissionCase.next_on, AdmissionCase.manager_id)
            .limit(AT_ONCE)
        )
    )


def read(numbers: list[int]) -> Sequence[AdmissionCase]:
    """Return the cases with these numbers and their managers, one statement; not those that another scheduler is at."""
    select = sa.select(AdmissionCase).where(AdmissionCase.manager_id.in_(numbers)).options(joinedload(AdmissionCase.manager))
    return db.session.scalars(select.with_for_update(of=AdmissionCase, skip_locked=True)).all()


def advance(whose: int | AdmissionCase, at: datetime) -> bool:
    """Bring one case to the next stage, or to its end, with the letter; say whether it was due still."""
    today = local_day(at, firm().zone)
    case = db.session.get(AdmissionCase, whose) if isinstance(whose, int) else whose
    if case is None or case.manager.state not in STAGES or case.halted_on is not None or case.manager.email is None:
        return False
    if case.next_on is None or case.next_on > today:
        return False  # another scheduler was first
    if case.last_letter_on is not None and case.last_letter_on > written_until(today, firm().letter_gap_days):
        return False
    manager, kind = case.manager, kind_for(Verb.DEADLINE, case.standing)
    writer = _writer(case)
    words = stage_letters.draft(kind, letter_actions.matter_of(manager, case, kind, writer=writer, today=today))
    actions.move(case, Verb.DEADLINE, actor=None, at=at)
    letter_actions.send(manager, kind, words, writer=writer, actor=None, at=at, automatic=True)
    case.last_letter_on = today
    return True


def _writer(case: AdmissionCase) -> Any:
    """Return in whose name the clock writes: the reviewer, else the owner, who are still there; else the firm itself."""
    for number in (case.reviewer_id, case.manager.owner_id):
        user = db.session.get(User, number) if number is not None else None
        if user is not None and user.active:
            return user
    return None
