"""The erasure of a referee: at once, without a shell; what was said about the manager goes with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_
from app.db import audit_bulk, db
from app.db.files import overwrite_deleted
from app.privacy import journal, scrub
from app.privacy.ticks import TOUCHED
from app.references.models import Referee
from app.talks import invitations
from app.talks.models import Talk
from app.talks.rules import State
from app.timeline import record

ERASED = N_("The data of this person were erased.")


def erase(referee: Referee, *, actor: Any, at: datetime) -> None:
    """Erase all that is known of a referee, part of the caller's transaction. Call `overwrite` once that is over.

    Open calls are called off; the colleagues who were to take part hear of it, the referee has asked for no more letters.
    """
    manager, number = referee.manager, referee.id
    ids = list(db.session.scalars(sa.select(Talk.id).where(Talk.referee_id == number)))
    db.session.flush()
    scrub.referee(number, ERASED)
    db.session.expunge(referee)
    db.session.expire_all()
    for talk in db.session.scalars(sa.select(Talk).where(Talk.id.in_(ids)).order_by(Talk.id)):
        if talk.state in (State.DUE, State.ARRANGED):
            was_arranged = talk.state == State.ARRANGED
            talk.state, talk.owner_must_decide = State.CANCELLED, None
            if was_arranged:
                invitations.cancel(talk, at=at)
    record("references.referee_removed", manager, actor=actor, at=at)
    audit_bulk("referee", {"erased": number})
    journal.note(journal.REFEREE, number, at=at, told=False)
    db.session.flush()


def overwrite() -> bool:
    """Have the bytes gone from the database's files too, outside any transaction; False where a reader is in the way."""
    db.session.rollback()
    return overwrite_deleted(TOUCHED)
