"""The checks of a manager's self-employed standing: which are due, and what was answered.

Source: docs/domain.md, "Mandates" (status check).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.clients.models import Client
from app.core.dates import local_day
from app.db import db
from app.mandates import status_rules as rules
from app.mandates.course_models import StatusCheck
from app.mandates.models import Mandate
from app.mandates.rules import EndChange, check_live
from app.settings.queries import firm
from app.timeline import record


def plan_checks(mandate: Mandate, *, at: datetime) -> int:
    """Bring the checks in line with term, extensions and managers; return how many were added. Twice does nothing twice.

    What was answered stays whatever happens; an open one goes where its day is no longer due. Nothing for a mandate without
    a contract, one that is over, or a client neither in Germany nor in the Netherlands.
    """
    regime = rules.regime_of(mandate.region)
    if regime is None or not mandate.is_live or mandate.signed_on is None:
        return 0
    if mandate.starts_on is None or mandate.ends_on is None:
        return 0
    wanted = rules.due_dates(
        mandate.starts_on,
        mandate.ends_on,
        extended_on=[
            one.signed_on for one in mandate.signed_extensions if one.kind == EndChange.EXTENSION and one.signed_on is not None
        ],
        came_on=[spell.starts_on for spell in mandate.spells],
    )
    present = {
        rules.Due(check.due_on, rules.Occasion(check.occasion)): check
        for check in db.session.scalars(sa.select(StatusCheck).where(StatusCheck.mandate_id == mandate.id))
    }
    for due, check in present.items():
        if check.done_on is None and due not in wanted:
            db.session.delete(check)
        elif check.done_on is None and (manager_id := _manager_on(mandate, due.on)) is not None:
            check.manager_id = manager_id
    new = [
        StatusCheck(mandate_id=mandate.id, manager_id=manager_id, regime=regime, occasion=due.occasion, due_on=due.on, answers={})
        for due in rules.to_keep(wanted, present, local_day(at, firm().zone))
        if (manager_id := _manager_on(mandate, due.on)) is not None
    ]
    db.session.add_all(new)
    db.session.flush()
    return len(new)


def _manager_on(mandate: Mandate, day: date) -> int | None:
    """Return who is on the mandate on this day; before and after all spells, and without any, its manager of now."""
    for spell in mandate.spells:
        if spell.starts_on <= day and (spell.ends_on is None or day <= spell.ends_on):
            return spell.manager_id
    return mandate.manager_id


def answer(
    check: StatusCheck,
    mandate: Mandate,
    given: Mapping[str, tuple[str | None, str | None]],
    *,
    note: str | None,
    actor: Any,
    at: datetime,
    today: date,
) -> None:
    """Keep what was answered, by question: answer and evidence; a correction takes its place and keeps the day.

    What stood there before is in the audit trail. Raises RuleViolation for a mandate that is over, a check whose day is
    far off, and at an answer that is missing.
    """
    check_live(mandate.is_live)
    rules.check_answerable(check.due_on, today)
    check.answers = rules.clean(rules.Regime(check.regime), given)
    check.note = note or None
    is_first = check.done_on is None
    if is_first:
        check.done_on = today
    check.done_by_id = getattr(actor, "id", None)
    told = "mandates.status_checked" if is_first else "mandates.status_corrected"
    record(told, mandate, actor=actor, at=at, due_on=check.due_on)


def without_checks(today: date, most: int) -> list[int]:
    """Return the numbers of running mandates that should have checks and have none, those that end first; `most` of them."""
    has_one = sa.exists().where(StatusCheck.mandate_id == Mandate.id)
    found = (
        sa.select(Mandate.id)
        .join(Client, Client.id == Mandate.client_id)
        .where(
            Mandate.ends_on >= today,
            Mandate.signed_on.is_not(None),
            Mandate.manager_id.is_not(None),
            Mandate.lost_on.is_(None),
            Mandate.closed_on.is_(None),
            sa.or_(Client.region == "NL", Client.region == "DE", Client.region.like("DE-%"), Client.region.like("NL-%")),
            ~has_one,
        )
        .order_by(Mandate.ends_on, Mandate.id)
        .limit(most)
    )
    return list(db.session.scalars(found))
