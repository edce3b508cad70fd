"""Writing what is handed over. Source: docs/domain.md, "Mandates" (stage 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.mandates import handover_rules as rules
from app.mandates.course_models import HandoverItem
from app.mandates.models import Mandate
from app.mandates.rules import check_live
from app.timeline import record


class Item(NamedTuple):
    """What is handed over to whom by when, as written down."""

    kind: str
    text: str
    receiver: str | None = None
    due_on: date | None = None


def items_of(mandate_id: int) -> Sequence[HandoverItem]:
    """Return the items, open ones first, each by its day; those without a day after them; one statement."""
    is_open = sa.and_(HandoverItem.done_on.is_(None), HandoverItem.waived_reason.is_(None))
    wanted = sa.select(HandoverItem).where(HandoverItem.mandate_id == mandate_id)
    last = sa.func.coalesce(HandoverItem.due_on, date(9999, 12, 31))
    return db.session.scalars(wanted.order_by(is_open.desc(), last, HandoverItem.id)).all()


def add(mandate: Mandate, item: Item, *, actor: Any, at: datetime) -> HandoverItem:
    """Add something to hand over. Raises RuleViolation on a mandate that is over, and where the list is full."""
    check_live(mandate.is_live)
    count = sa.select(sa.func.count(HandoverItem.id)).where(HandoverItem.mandate_id == mandate.id)
    if (present := db.session.scalar(count) or 0) >= rules.MOST_ITEMS:
        raise RuleViolation(N_("There are %(num)d already; more would not be read."), num=present)
    added = HandoverItem(mandate_id=mandate.id, **item._asdict())
    db.session.add(added)
    mandate.changed_at = at
    record("mandates.handover_added", mandate, actor=actor, at=at, item=item.text)
    return added


def add_proposals(mandate: Mandate, *, actor: Any, at: datetime) -> int:
    """Add the lines of the exit plan that are not on the list yet, due by the exit plan's day; returns how many."""
    lines = rules.proposals(mandate.handed_over, [item.text for item in items_of(mandate.id)])
    for line in lines:
        add(mandate, Item(rules.Kind.OTHER, line, mandate.successor, mandate.exit_on), actor=actor, at=at)
    return len(lines)


def change(mandate: Mandate, present: HandoverItem, item: Item, *, at: datetime) -> None:
    """Write an item anew; what has become of it stays."""
    check_live(mandate.is_live)
    present.kind, present.text, present.receiver, present.due_on = item
    mandate.changed_at = at


def settle(
    mandate: Mandate,
    item: HandoverItem,
    state: rules.State,
    *,
    done_on: date | None = None,
    reason: str | None = None,
    actor: Any,
    at: datetime,
    today: date,
) -> None:
    """Say that an item is done on a day, waived for a reason, or open again; saying it twice tells it once."""
    check_live(mandate.is_live)
    was = rules.state_of(item.done_on, item.waived_reason)
    item.done_on, item.waived_reason = rules.settled(state, done_on, reason, today)
    mandate.changed_at = at
    if was is state:
        return
    if state is rules.State.DONE:
        record("mandates.handover_done", mandate, actor=actor, at=at, item=item.text)
    elif state is rules.State.WAIVED:
        record("mandates.handover_waived", mandate, actor=actor, at=at, text=reason, item=item.text)
    else:
        record("mandates.handover_reopened", mandate, actor=actor, at=at, item=item.text)


def remove(mandate: Mandate, item: HandoverItem, *, at: datetime) -> None:
    """Take an open item off the list, as one that was written by mistake. Raises RuleViolation once it is settled."""
    check_live(mandate.is_live)
    if rules.state_of(item.done_on, item.waived_reason) is not rules.State.OPEN:
        raise RuleViolation(N_("This is done or waived already and stays on the list."))
    db.session.delete(item)
    mandate.changed_at = at
