"""What the clock does with those who wait for better papers: the next letter, and after the third the end.

Source: docs/domain.md, "Admission of managers".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admission import actions, letter_actions, stage_letters
from app.admission.letter_rules import Kind, kind_for, written_until
from app.admission.models import AdmissionBatch, AdmissionCase
from app.admission.state_rules import STAGES, Verb
from app.core.dates import local_day
from app.db import db
from app.links.models import PersonalLink
from app.mail.typed import Words
from app.managers.models import Manager
from app.settings.queries import firm
from app.users.models import User

AT_ONCE = 2_000


@dataclass(frozen=True)
class Due:
    """A case whose time is over, and its letter.

    The clock writes in the name of the reviewer, else of the owner, who are still there; None where neither is: then the
    firm itself writes.
    """

    case: AdmissionCase
    writer: User | None
    kind: Kind
    words: Words
    link: PersonalLink


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


def read(numbers: list[int], at: datetime) -> list[Due]:
    """Return those of these cases that are due still, with their letters; not those that another scheduler is at.

    All is read and written for the whole group before the first case moves, so that it takes few statements.
    """
    today = local_day(at, firm().zone)
    select = sa.select(AdmissionCase).where(AdmissionCase.manager_id.in_(numbers)).options(joinedload(AdmissionCase.manager))
    cases = db.session.scalars(select.with_for_update(of=AdmissionCase, skip_locked=True))
    due = [case for case in cases if _is_due(case, today)]
    asked = {number for case in due for number in (case.reviewer_id, case.manager.owner_id) if number is not None}
    there: dict[int | None, User] = {
        user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(asked), User.active))
    }
    links = letter_actions.upload_links([case.manager for case in due], at=at)
    found = []
    for case, link in zip(due, links, strict=True):
        writer, kind = there.get(case.reviewer_id) or there.get(case.manager.owner_id), kind_for(Verb.DEADLINE, case.standing)
        words = stage_letters.draft(kind, letter_actions.matter_of(case.manager, case, kind, writer=writer, today=today))
        found.append(Due(case, writer, kind, words, link))
    return found


def _is_due(case: AdmissionCase, today: date) -> bool:
    """Say whether it is due still: a colleague, the person or another scheduler may have been first."""
    if case.manager.state not in STAGES or case.halted_on is not None or case.manager.email is None:
        return False
    if case.next_on is None or case.next_on > today:
        return False
    return case.last_letter_on is None or case.last_letter_on <= written_until(today, firm().letter_gap_days)


def advance(whose: int | Due, at: datetime) -> bool:
    """Bring one case to the next stage, or to its end, with the letter; say whether it was due still."""
    if isinstance(whose, int):
        found = read([whose], at)
        return bool(found) and advance(found[0], at)
    actions.move(whose.case, Verb.DEADLINE, actor=None, at=at)
    whose.case.last_letter_on = local_day(at, firm().zone)
    letter_actions.send(
        whose.case.manager, whose.kind, whose.words, writer=whose.writer, actor=None, at=at, automatic=True, link=whose.link
    )
    return True
