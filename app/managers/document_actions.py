"""Papers that come in: each is a version of its kind."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.files import keep
from app.managers import rules
from app.managers.models import Manager, ManagerDocument
from app.timeline import record as tell

KIND_WORDS = {
    "cv": N_("CV"),
    "project_list": N_("Project list"),
    "short_profile": N_("Short profile"),
    "certificate": N_("Certificate"),
    "other": N_("Other document"),
}


def add_document(
    manager: Manager,
    kind: str,
    content: bytes,
    *,
    name: str | None,
    made_on: date | None,
    received_on: date,
    actor: Any,
    at: datetime,
    most_megabytes: int = 10,
) -> ManagerDocument:
    """Keep a document as the next version of its kind; `actor` is None for the manager's own upload.

    `made_on` is the day the document says it was made. Raises RuleViolation at `file`, `kind` or `made_on`.
    """
    if kind not in rules.DOCUMENT_KINDS:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field="kind", key=kind)
    rules.check_made_on(made_on, received_on)
    file = keep(content, owner=manager, kind=kind, name=name, at=at, actor=actor, most_megabytes=most_megabytes)
    known = db.session.scalar(
        sa.select(ManagerDocument).where(ManagerDocument.manager_id == manager.id, ManagerDocument.file_id == file.id)
    )
    if known is not None:
        raise RuleViolation(N_("This very file is here already, as version %(number)s."), field="file", number=known.number)
    newest = db.session.scalar(
        sa.select(sa.func.max(ManagerDocument.number)).where(
            ManagerDocument.manager_id == manager.id, ManagerDocument.kind == kind
        )
    )
    document = ManagerDocument(
        manager_id=manager.id,
        kind=kind,
        number=(newest or 0) + 1,
        file_id=file.id,
        made_on=made_on,
        received_on=received_on,
        added_by_id=actor.id if actor is not None else None,
    )
    db.session.add(document)
    manager.changed_at = at
    tell(
        "managers.document_added",
        manager,
        actor=actor,
        at=at,
        kind_words=KIND_WORDS[kind],
        number=document.number,
        file_name=file.name,
    )
    return document
