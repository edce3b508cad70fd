"""Giving out personal links, counting their use, taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.environment import environment
from app.core.errors import N_, RuleViolation
from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State, derive_key, hash_of, token_of


def issue(
    purpose: str,
    subject: Any,
    *,
    language: str,
    at: datetime,
    expires_at: datetime | None = None,
    max_uses: int | None = None,
    recipient: str = "",
) -> PersonalLink:
    """Make a link for a purpose and a saved record; part of the caller's transaction.

    `expires_at` is exclusive, None means never; `max_uses` None means as often as one likes. A letter takes it by
    `link_id=link.id`, so that its address is put in at each attempt to send.
    """
    if subject.id is None:
        db.session.flush()  # a new record gets its number
    for_whom = [(subject, language, recipient)]
    return issue_all(purpose, for_whom, at=at, expires_at=expires_at, max_uses=max_uses)[0]


def issue_all(
    purpose: str,
    for_whom: Sequence[tuple[Any, str, str]],
    *,
    at: datetime,
    expires_at: datetime | None = None,
    max_uses: int | None = None,
) -> list[PersonalLink]:
    """Make a link for each saved record, as `issue` does, all in few statements; in the order of `for_whom`.

    `for_whom` has record, language and recipient of each.
    """
    links = [
        PersonalLink(
            purpose=purpose,
            subject_type=type(subject).__tablename__,
            subject_id=subject.id,
            recipient=recipient[:200],
            language=language,
            created_at=at,
            expires_at=expires_at,
            max_uses=max_uses,
            uses=0,
            version=1,
        )
        for subject, language, recipient in for_whom
    ]
    db.session.add_all(links)
    db.session.flush()
    for link in links:
        link.token_hash = hash_of(_token(link))  # kept with the next flush
    return links


def url_of(link: PersonalLink) -> str:
    """Return the link's whole address, from PUBLIC_URL. It goes into letters and nowhere else: never into a log."""
    return f"{environment().public_url}/p/{_token(link)}"


def use(link: PersonalLink, *, at: datetime) -> None:
    """Count one use; part of the caller's transaction.

    Raises RuleViolation where the link was used up, revoked or has expired, also by somebody else a moment ago.
    """
    usable = (
        PersonalLink.id == link.id,
        PersonalLink.revoked_at.is_(None),
        sa.or_(PersonalLink.max_uses.is_(None), PersonalLink.uses < PersonalLink.max_uses),
        sa.or_(PersonalLink.expires_at.is_(None), PersonalLink.expires_at > at),
    )
    counted = db.session.execute(
        sa.update(PersonalLink)
        .where(*usable)
        .values(uses=PersonalLink.uses + 1, last_used_at=at)
        .execution_options(synchronize_session=False)
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]  # perhaps it was erased: then there is nothing to read anew
        raise RuleViolation(N_("This link can no longer be used."))
    db.session.refresh(link)


def revoke(link: PersonalLink, *, at: datetime) -> None:
    """Take the link back; whoever opens it later is told so. Taking back twice changes nothing."""
    if link.revoked_at is None:
        link.revoked_at = at


def revoke_all(subject: Any, *, at: datetime, purpose: str | None = None) -> int:
    """Take back all usable links about a record, or those of one purpose; return how many."""
    found = db.session.scalars(
        sa.select(PersonalLink).where(
            PersonalLink.subject_type == type(subject).__tablename__,
            PersonalLink.subject_id == subject.id,
            PersonalLink.revoked_at.is_(None),
            *([PersonalLink.purpose == purpose] if purpose else []),
        )
    ).all()
    usable = [link for link in found if link.state(at) is State.FOUND]
    for link in usable:
        revoke(link, at=at)
    return len(usable)


def leave_out_numbers(count: int, *, at: datetime) -> None:
    """Have the next link's number lie `count` above the last one's: part of the caller's transaction.

    After a restore: a number that went out since the backup would give somebody else's link the same token.
    """
    last = db.session.scalar(sa.select(sa.func.max(PersonalLink.id))) or 0
    db.session.add(
        PersonalLink(
            id=last + count,
            purpose="none",
            subject_type="none",
            subject_id=0,
            language="en",
            created_at=at,
            revoked_at=at,
            uses=0,
            version=1,
        )
    )
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence("personal_link", "id"), last + count)))


def _token(link: PersonalLink) -> str:
    return token_of(derive_key(environment().secret_key), link.id, link.version)
