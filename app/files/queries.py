"""Finding stored files and their content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.core.environment import environment
from app.db import db
from app.files.models import StoredFile
from app.files.store import Store, store_for


def the_store() -> Store:
    """Return the store that FILES_URL names."""
    return store_for(environment().files_url)


def content_of(file: StoredFile) -> bytes:
    """Return the content; raises FileNotFoundError where the folder has lost it."""
    return the_store().get(file.sha256)


def files_of(owner: Any, kind: str | None = None) -> Sequence[StoredFile]:
    """Return the files of a record, by kind, newest version first."""
    select = sa.select(StoredFile).where(StoredFile.owner_type == type(owner).__tablename__, StoredFile.owner_id == owner.id)
    if kind is not None:
        select = select.where(StoredFile.kind == kind)
    return db.session.scalars(select.order_by(StoredFile.kind, StoredFile.number.desc())).all()


def latest(owner: Any, kind: str) -> StoredFile | None:
    """Return the newest version of one kind, None where there is none."""
    found = files_of(owner, kind)
    return found[0] if found else None
