"""Finding the link behind a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State, hash_of

LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Answer:
    """What a token leads to; `link` is None for an unknown one."""

    state: State
    link: PersonalLink | None = None


def find(token: str, at: datetime) -> Answer:
    """Say what the token leads to at the instant `at`: found, expired, used, revoked or unknown."""
    if not token or len(token) > LONGEST_TOKEN:
        return Answer(State.UNKNOWN)
    link = db.session.scalar(sa.select(PersonalLink).where(PersonalLink.token_hash == hash_of(token)))
    return Answer(link.state(at), link) if link else Answer(State.UNKNOWN)


def links_of(subject: Any) -> list[PersonalLink]:
    """Return the links about a record, newest first."""
    return list(
        db.session.scalars(
            sa.select(PersonalLink)
            .where(PersonalLink.subject_type == type(subject).__tablename__, PersonalLink.subject_id == subject.id)
            .order_by(PersonalLink.id.desc())
        )
    )
