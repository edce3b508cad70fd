"""The one-time link that opens the first administrator's account on an empty installation."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app import links
from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State
from app.users import queries
from app.users.actions import first_team
from app.users.models import Team

PURPOSE = "users.first"
LASTS = timedelta(days=7)


def lock() -> None:
    """Let nobody else open the first account until this transaction ends."""
    first_team()
    db.session.execute(sa.select(Team.id).order_by(Team.id).limit(1).with_for_update())


def link(at: datetime, language: str) -> str | None:
    """Return the address of the one-time link, the same until it expires; None where there is an administrator."""
    if queries.is_administered():
        return None
    lock()
    kept = db.session.scalars(
        sa.select(PersonalLink).where(PersonalLink.purpose == PURPOSE).order_by(PersonalLink.id.desc())
    ).all()
    usable = next((found for found in kept if found.state(at) is State.FOUND), None)
    chosen = usable or links.issue(PURPOSE, first_team(), language=language, at=at, expires_at=at + LASTS, max_uses=1)
    return links.url_of(chosen)
