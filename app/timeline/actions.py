"""Telling what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import current_actor, db
from app.timeline.kinds import KINDS
from app.timeline.models import Event, EventSubject

_TELL, _SHOW = sa.insert(Event), sa.insert(EventSubject)


def record(kind: str, subject: Any, *, at: datetime, actor: Any = None, also: Iterable[Any] = (), **facts: Any) -> int:
    """Tell on the timeline of `subject`, and of each record in `also`, what happened; part of the same transaction.

    `actor` is a user, or None: then whoever acts now (the scheduler, a personal link, a command).
    Facts are stored as JSON; days and instants as ISO text. Raises KeyError for a kind nobody registered.
    Returns the event's number.
    """
    if kind not in KINDS:
        raise KeyError(f"no such kind of event: {kind}")
    doer = current_actor()
    event = {
        "kind": kind,
        "at": at,
        "actor_kind": "user" if actor is not None else doer.kind,
        "actor_id": actor.id if actor is not None else doer.user_id,
        "facts": {name: _plain(value) for name, value in facts.items() if value is not None},
    }
    session = db.session()
    shown_on = [one for one in (subject, *also) if one is not None]
    if any(one.id is None for one in shown_on):
        session.flush()  # new records get their numbers, which the timeline needs
    told = {(type(one).__tablename__, one.id) for one in shown_on}
    # Past the ORM: nothing of an event is ever read again in the transaction that tells it.
    connection = session.connection()
    number = int(connection.execute(_TELL, event).inserted_primary_key[0])  # type: ignore[index]
    shown = [{"about_type": table, "about_id": about, "at": at, "event_id": number} for table, about in sorted(told)]
    if shown:
        connection.execute(_SHOW, shown)
    return number


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
