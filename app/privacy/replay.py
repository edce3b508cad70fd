"""Making erasures again in a database that does not know them: one that was restored from an older backup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.db import db, unit_of_work
from app.managers.models import Manager
from app.managers.rules import State
from app.privacy import actions, referees
from app.privacy.journal import MANAGER, REFEREE, Entry
from app.references.models import Referee


def replay(entries: Iterable[Entry]) -> int:
    """Make erasures again that this database does not know, each in a transaction of its own; return how many.

    Nobody is told a second time. A record that was made after the erasure is another one with the same number: it stays.
    """
    return sum(_replay(entry) for entry in entries)


def _replay(entry: Entry) -> int:
    model: Any = {MANAGER: Manager, REFEREE: Referee}.get(entry.kind)
    if model is None:
        return 0
    with unit_of_work():
        record = db.session.get(model, entry.id)
        if record is None or record.created_at > entry.erased_at:
            return 0
        if entry.kind == REFEREE:
            referees.erase(record, actor=None, at=entry.erased_at)
            return 1
        if record.state == State.ERASED:
            return 0
        actions.erase(record, actor=None, at=entry.erased_at, is_theirs=entry.told, tell=False)
        return 1
