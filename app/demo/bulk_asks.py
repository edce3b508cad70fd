"""The ledger of the talks that were made in bulk: one statement, past the ORM."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app.db import db, unit_of_work
from app.ledger.models import Ask
from app.talks.models import Talk


def write(first_talk_id: int, today: date) -> None:
    """Write the talks that were held or declined into the ledger, some days before; quality talks are the contract's."""
    talk = Talk.__table__.c
    said = sa.case((talk.state == "declined", "no"), else_="yes")
    agreed = sa.and_(talk.planned, talk.kind.in_(("quality", "closing")))
    nothing, one = sa.literal([], sa.JSON), sa.literal(1)
    columns = {
        "contact_id": talk.contact_id, "purpose": talk.kind, "channel": sa.literal("phone"), "is_agreed": agreed,
        "mandate_id": talk.mandate_id, "talk_id": talk.id, "asked_by_id": talk.owner_id, "asked_on": talk.sort_on,
        "times": nothing, "bundled": nothing, "overridden": nothing, "answer": said, "answered_on": talk.sort_on, "version": one,
    }  # fmt: skip
    rows = sa.select(*columns.values()).where(
        talk.id >= first_talk_id, talk.contact_id.is_not(None), talk.state.in_(("held", "declined")), talk.sort_on <= today,
        talk.kind.in_(("quality", "extension", "closing", "aftercare")), talk.side == "client",
    )  # fmt: skip
    with unit_of_work():
        db.session.execute(sa.insert(Ask.__table__).from_select(list(columns), rows, include_defaults=False))
