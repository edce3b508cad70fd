"""Reading papers: their text page by page, and for a CV what the analyser finds.

Reading takes a child process and up to seconds, so it happens outside of any unit of work: `look_at` reads, `keep` keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import structlog

from app.admission.cv.analysis import analyse
from app.admission.cv.vocabulary import LANGUAGES
from app.admission.models import PaperReading
from app.core.dates import ONE_DAY, add_months
from app.core.errors import RuleViolation
from app.db import db
from app.files import reading
from app.files.models import StoredFile
from app.files.queries import content_of
from app.files.reading import Document, Unreadable
from app.managers.models import ManagerDocument

log = structlog.get_logger()
ANALYSED = frozenset({"cv"})  # kinds of documents that are judged; of the others only the text is read
LOST = "damaged"  # what is said of a content that the folder has lost


@dataclass(frozen=True)
class Seen:
    """What a paper says, before it is kept; see PaperReading."""

    problem: str | None = None
    page_count: int = 0
    pages: list[str] = field(default_factory=list)
    analysis: dict[str, Any] | None = None


def look_at(file: StoredFile, kind: str, as_of: date) -> Seen:
    """Read a stored paper as of a day. Whatever is wrong with it is a `problem`, a key of reading.REASONS."""
    try:
        content = content_of(file)
        its_kind = reading.kind_of(content, file.name)
        pages = _pages(content, its_kind)
    except (FileNotFoundError, RuleViolation):
        return Seen(problem=LOST)
    try:
        document = reading.read(content, its_kind)
    except Unreadable as unreadable:
        return Seen(problem=unreadable.reason, page_count=pages)
    texts = ["\n".join(line.text for line in page.lines) for page in document.pages]
    return Seen(None, pages, texts, _analysis(document, as_of) if kind in ANALYSED else None)


def _pages(content: bytes, kind: reading.Kind) -> int:
    try:
        return reading.page_count(content, kind)
    except Unreadable:
        return 0


def _analysis(document: Document, as_of: date) -> dict[str, Any] | None:
    """Return what the analyser found, with its reasons and tips in every language: reviewer and manager may have others."""
    try:
        found = analyse(document, as_of)
    except Exception:  # a rule that stumbles over one paper leaves it to the person who reviews
        log.exception("cv.stumbled")
        return None
    kept = found.to_json()
    if found.criteria is not None:
        spoken = {language: found.to_json(language)["criteria"] for language in LANGUAGES}
        for name, one in kept["criteria"].items():
            for words in ("reason", "tip"):
                one[words] = {language: spoken[language][name][words] for language in LANGUAGES}
    return kept


def keep(document: ManagerDocument, seen: Seen, *, at: datetime) -> PaperReading:
    """Keep what the paper says in place of what was kept before."""
    kept = db.session.get(PaperReading, document.id)
    if kept is None:
        kept = PaperReading(document_id=document.id, manager_id=document.manager_id)
        db.session.add(kept)
    kept.read_at, kept.problem, kept.page_count = at, seen.problem, seen.page_count
    kept.pages, kept.analysis = seen.pages, seen.analysis
    if document.made_on is None:
        document.made_on = day_made((seen.analysis or {}).get("facts"), document.received_on)
    db.session.flush()
    return kept


def day_made(facts: Mapping[str, Any] | None, received_on: date) -> date | None:
    """Return the day that the paper says it was made, of a month its last one; None where it says none, or one that cannot be.

    A month that was not over when the paper came counts by the day it came.
    """
    told = (facts or {}).get("made_on") or ""
    first = date.fromisoformat(told if len(told) == len("YYYY-MM-DD") else f"{told}-01") if told else None
    if first is None or first > received_on:
        return None
    return first if str(first) == told else min(add_months(first, 1) - ONE_DAY, received_on)
