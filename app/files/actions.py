"""Taking files in and letting them go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.files.models import StoredFile
from app.files.queries import the_store
from app.files.rules import check, clean_name

CONTENTS_LOCK = 7_203_114  # any number, the same in every process


def keep(
    content: bytes,
    *,
    owner: Any,
    kind: str,
    name: str | None,
    at: datetime,
    actor: Any = None,
    most_megabytes: int = 10,
    field: str | None = "file",
) -> StoredFile:
    """Check a file and keep it as the newest version of its kind; part of the caller's transaction.

    `name` is what the sender calls it, `actor` the user, None for a personal link. The very same content as the newest
    version is not kept twice: that version is returned. The content is on disk before the row is made; if the
    transaction fails, a sweep takes it away. Raises RuleViolation at `field`, OSError for a full disk (507), StoreAway (503).
    """
    shown = clean_name(name)
    found = check(content, shown, most_megabytes=most_megabytes, field=field)
    db.session.flush()  # a new owner gets its number
    store = the_store()
    store.put(content)  # before the lock: nobody waits for another's upload to a storage on the network
    _one_at_a_time()
    owner_type = type(owner).__tablename__
    newest = db.session.scalar(
        sa.select(StoredFile)
        .where(StoredFile.owner_type == owner_type, StoredFile.owner_id == owner.id, StoredFile.kind == kind)
        .order_by(StoredFile.number.desc())
        .limit(1)
    )
    sha256 = store.put(content)  # next to nothing, unless an erasure took the same content away meanwhile
    if newest is not None and newest.sha256 == sha256:
        return newest
    file = StoredFile(
        owner_type=owner_type,
        owner_id=owner.id,
        kind=kind,
        number=newest.number + 1 if newest else 1,
        sha256=sha256,
        size=len(content),
        content_type=found.content_type,
        name=shown,
        uploaded_at=at,
        uploaded_by_id=None if actor is None else actor.id,
    )
    db.session.add(file)
    db.session.flush()
    return file


def remove(file: StoredFile) -> None:
    """Remove one version. Its content goes with the next sweep, unless another row names it."""
    db.session.delete(file)
    db.session.flush()


def remove_all(owner: Any) -> int:
    """Remove all files of a record; return how many. `forget_contents` afterwards is rid of them at once."""
    files = db.session.scalars(
        sa.select(StoredFile).where(StoredFile.owner_type == type(owner).__tablename__, StoredFile.owner_id == owner.id)
    ).all()
    for file in files:
        db.session.delete(file)
    db.session.flush()
    return len(files)


def forget_contents(hashes: Iterable[str]) -> int:
    """Delete those contents that no row names any more; return how many.

    In a unit of work of its own, after the one that removed the rows: what is deleted here, no rollback brings back.
    """
    wanted = set(hashes)
    _one_at_a_time()
    still_named = set(db.session.scalars(sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(wanted))))
    store = the_store()
    unnamed = wanted - still_named
    for sha256 in unnamed:
        store.delete(sha256)
    return len(unnamed)


def _one_at_a_time() -> None:
    """Wait for whoever takes a file in or sweeps; until the end of the transaction. On SQLite the write lock does.

    So two uploads do not count the same version, and no content is swept between its coming back and its row.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(CONTENTS_LOCK)))
