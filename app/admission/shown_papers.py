"""What a page shows of a paper: its pages with the quoted words marked, and what the analyser found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from app.admission.cv import texts
from app.admission.paper_actions import Seen
from app.admission.review_rules import CRITERIA


@dataclass(frozen=True)
class ShownPage:
    """One page of a paper: its number from 1, its text with marks, and whether there is a picture of it."""

    number: int
    text: Markup
    has_picture: bool


@dataclass(frozen=True)
class Finding:
    """What was found about one criterion, in the reader's language."""

    criterion: str
    verdict: str
    reason: str
    quotes: Sequence[Mapping[str, Any]]  # quote, page
    tip: str | None


def pages(seen: Seen) -> list[ShownPage]:
    """Return the pages, those without text too."""
    quotes: dict[int, list[str]] = {}
    for one in ((seen.analysis or {}).get("criteria") or {}).values():
        for quote in one["evidence"]:
            quotes.setdefault(quote["page"], []).append(quote["quote"])
    count = max(seen.page_count, len(seen.pages))
    return [
        ShownPage(
            number,
            marked(seen.pages[number - 1] if number <= len(seen.pages) else "", quotes.get(number, ())),
            number <= seen.page_count,
        )
        for number in range(1, count + 1)
    ]


def marked(text: str, quotes: Sequence[str]) -> Markup:
    """Return the text, escaped, with the first place of each quote marked; white space may differ, an ending … is left out."""
    spans: list[tuple[int, int]] = []
    for quote in quotes:
        words = quote.removesuffix("…").split()
        found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
        if found and not any(found.start() < end and start < found.end() for start, end in spans):
            spans.append(found.span())
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def findings(analysis: Mapping[str, Any] | None, language: str) -> dict[str, Finding]:
    """Return the findings by criterion; none for a paper that was not judged."""
    found = (analysis or {}).get("criteria") or {}
    return {
        name: Finding(
            name,
            found[name]["verdict"],
            said(found[name]["reason"], language),
            found[name]["evidence"],
            said(found[name]["tip"], language) if found[name]["tip"] else None,
        )
        for name in CRITERIA
        if name in found
    }


def said(words: Mapping[str, str | None] | str | None, language: str) -> str:
    """Return what is kept in several languages in this one, else in English."""
    if isinstance(words, Mapping):
        return words.get(language) or words.get("en") or ""
    return words or ""


def not_judged(analysis: Mapping[str, Any] | None, language: str) -> str | None:
    """Return why a paper was not judged; None for a CV, and where nothing was analysed."""
    if analysis is None or analysis["is_cv"]:
        return None
    return texts.not_judged(analysis["kind"], language)
