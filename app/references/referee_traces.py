"""Taking a referee's number out of what was written while it could be shown: appointments, letters, audit trail."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.db.audit import AuditChange
from app.mail.models import Letter
from app.references.models import Referee
from app.references.referee_rules import HIDDEN, number_pattern
from app.talks.models import Talk
from app.talks.state_rules import Channel

_PARTS = ("subject", "text", "html")


def hide_number(referee: Referee, talks: list[Talk]) -> None:
    """Empty the place of the calls held by phone, and replace the number in their letters and in the audit trail."""
    by_phone = [talk for talk in talks if talk.channel in (None, Channel.PHONE) and talk.place]
    numbers = {referee.number_kept or "", *(talk.place or "" for talk in by_phone)}
    for talk in by_phone:
        talk.place = None
    db.session.flush()
    pattern = number_pattern(number for number in numbers if number)
    ids = [talk.id for talk in talks]
    if pattern is not None:
        _letters(referee, ids, pattern)
    _audit(ids)


def _letters(referee: Referee, ids: list[int], pattern: Any) -> None:
    of_talks = sa.and_(Letter.about_type == "talk", Letter.about_id.in_(ids))
    of_referee = sa.and_(Letter.about_type == "referee", Letter.about_id == referee.id)
    for letter in db.session.scalars(sa.select(Letter).where(sa.or_(of_talks, of_referee))):
        for part in _PARTS:
            setattr(letter, part, pattern.sub(HIDDEN, getattr(letter, part)))
        letter.attachments = [
            {**one, "text": pattern.sub(HIDDEN, one["text"])} if "text" in one else one for one in letter.attachments
        ]


def _audit(ids: list[int]) -> None:
    rows = db.session.execute(
        sa.select(AuditChange.id, AuditChange.old, AuditChange.new).where(
            AuditChange.table_name == "talk", AuditChange.row_id.in_([str(one) for one in ids])
        )
    ).all()
    for row in rows:
        if "place" in row.old or "place" in row.new:
            old, new = ({**values, "place": HIDDEN} if values.get("place") else values for values in (row.old, row.new))
            db.session.execute(sa.update(AuditChange).where(AuditChange.id == row.id).values(old=old, new=new))
