"""The journal of erasures: what was erased, kept outside the database, so that a restored backup can be told.

It holds no personal data: the kind of record, its number, when, and whether the address was the person's own. One note for each erasure, among
the files and beside the backups. Source: docs/decisions, "Backup".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from app.core.clock import clock
from app.core.environment import environment
from app.db import db, unit_of_work
from app.files.queries import the_store
from app.files.store import FolderStore, Store
from app.privacy.models import ErasureNote

log = structlog.get_logger()
NOTES = "erasures"
MANAGER, REFEREE = "manager", "referee"


@dataclass(frozen=True)
class Entry:
    """One erasure. `told` says that the address was the person's own."""

    kind: str
    id: int
    erased_at: datetime
    told: bool

    @property
    def name(self) -> str:
        return f"{NOTES}/{self.kind}-{self.id}-{self.erased_at:%Y%m%dT%H%M%SZ}"


def entry_from(values: dict[str, Any]) -> Entry:
    """Read an entry; raises ValueError for what is none."""
    try:
        at = datetime.fromisoformat(values["erased_at"]).astimezone(UTC)
        return Entry(str(values["kind"]), int(values["id"]), at, bool(values["told"]))
    except (KeyError, TypeError) as wrong:
        raise ValueError("not an entry of the journal") from wrong


def note(kind: str, number: int, *, at: datetime, told: bool) -> None:
    """Note an erasure for the journal, part of the caller's transaction; `write_out` brings it there."""
    db.session.add(ErasureNote(kind=kind, number=number, erased_at=at, told=told))


def write_out() -> int:
    """Write the erasures that the database noted into the journal; safe to repeat, and after a crash at any place."""
    rows = db.session.execute(
        sa.select(ErasureNote.id, ErasureNote.kind, ErasureNote.number, ErasureNote.erased_at, ErasureNote.told).where(
            ErasureNote.written_at.is_(None)
        )
    ).all()
    db.session.rollback()
    stores: list[Store] = [the_store()]
    beside = Path(environment().backups)
    if beside.is_dir():  # on the machine that has it
        stores.append(FolderStore(beside))
    for row in rows:
        entry = Entry(row.kind, row.number, row.erased_at, row.told)
        for store in stores:
            store.write_note(entry.name, json.dumps({**asdict(entry), "erased_at": entry.erased_at.isoformat()}))
        with unit_of_work():
            db.session.execute(sa.update(ErasureNote).where(ErasureNote.id == row.id).values(written_at=clock().now()))
    return len(rows)


def kept(store: Store) -> Iterator[Entry]:
    """Yield what a journal holds; a note that cannot be read is logged, and holds up no other."""
    for name, text in store.notes(NOTES):
        try:
            yield entry_from(json.loads(text))
        except ValueError:
            log.warning("journal of erasures", unreadable=name)


def unite(entries: Iterable[Entry]) -> list[Entry]:
    """Return each erasure once, in the order in which they were made."""
    return sorted(set(entries), key=lambda one: (one.erased_at, one.kind, one.id))
