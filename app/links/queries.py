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


def open_links(record: Any, at: datetime) -> list[PersonalLink]:
    """Return the links that can still be used: those for a person, and those in letters kept with the record; one statement.

    A client's are those of all its contacts.
    """
    tables = db.metadata.tables
    letter, contact = tables["letter"].c, tables["contact"].c
    kind = type(record).__tablename__
    in_letters = sa.select(letter.link_id).where(
        letter.about_type == kind, letter.about_id == record.id, letter.link_id.is_not(None)
    )
    whose = [sa.and_(PersonalLink.subject_type == kind, PersonalLink.subject_id == record.id), PersonalLink.id.in_(in_letters)]
    if kind == "client":
        people = sa.select(contact.id).where(contact.client_id == record.id)
        whose.append(sa.and_(PersonalLink.subject_type == "contact", PersonalLink.subject_id.in_(people)))
    return list(
        db.session.scalars(
            sa.select(PersonalLink)
            .where(
                sa.or_(*whose),
                PersonalLink.revoked_at.is_(None),
                sa.or_(PersonalLink.expires_at.is_(None), PersonalLink.expires_at > at),
                sa.or_(PersonalLink.max_uses.is_(None), PersonalLink.uses < PersonalLink.max_uses),
            )
            .order_by(PersonalLink.id.desc())
        )
    )
