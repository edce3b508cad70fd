"""Drafting the terms and the privacy notice, and putting a draft in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.admission import legal
from app.admission import legal_rules as rules
from app.admission.legal import Kind
from app.admission.models import LegalEdition
from app.core.errors import N_, RuleViolation
from app.db import db


def draft_of(kind: Kind) -> LegalEdition | None:
    """Return the draft there is."""
    return db.session.scalar(sa.select(LegalEdition).where(LegalEdition.kind == kind, LegalEdition.in_force_at.is_(None)))


def begin_draft(kind: Kind) -> LegalEdition:
    """Return the draft, a new one with the wording in force where there is none."""
    found = draft_of(kind)
    if found is None:
        found = LegalEdition(kind=kind, **{language: legal.template(kind, language) for language in rules.LANGUAGES})
        db.session.add(found)
        db.session.flush()
    return found


def change_draft(draft: LegalEdition, texts: Mapping[str, str]) -> None:
    """Keep the wordings by language; raise RuleViolation at the language for a place that there is none of."""
    _check_draft(draft)
    for language in rules.LANGUAGES:
        setattr(draft, language, rules.checked(texts[language], field=language))


def put_in_force(draft: LegalEdition, *, actor: Any, at: datetime) -> None:
    """Let the draft count from now on, in all three languages together; raise RuleViolation where one is missing."""
    _check_draft(draft)
    rules.check_whole({language: getattr(draft, language) for language in rules.LANGUAGES})
    draft.in_force_at, draft.put_by_id = at, actor.id
    db.session.flush()
    for language in rules.LANGUAGES:
        legal.keep(draft.kind, language, at=at)  # type: ignore[arg-type]


def discard(draft: LegalEdition) -> None:
    """Throw the draft away."""
    _check_draft(draft)
    db.session.delete(draft)


def _check_draft(draft: LegalEdition) -> None:
    if draft.in_force_at is not None:
        raise RuleViolation(N_("This wording is in force; it never changes again."))
