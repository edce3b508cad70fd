"""German, Dutch or English: by the small words that each needs."""

from __future__ import annotations

import re
from functools import cache

from app.admission.cv.vocabulary import LANGUAGES, folded, loaded


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(folded(loaded(language)["language"]["words"]).split()) for language in LANGUAGES}


@cache
def _headings() -> dict[str, frozenset[str]]:
    """Return the headings that only one language has."""
    own = {
        language: {
            folded(one)
            for kind, found in loaded(language)["sections"].items()
            if kind not in ("words", "boards")
            for one in found
        }
        for language in LANGUAGES
    }
    return {
        language: frozenset(own[language] - set().union(*(own[other] for other in LANGUAGES if other != language)))
        for language in LANGUAGES
    }


def language_of(text: str) -> str:
    """Return "de", "nl" or "en": the one most of whose words stand in the text."""
    found = re.findall(r"[^\W\d_]+", folded(text))
    scores = {language: sum(1 for word in found if word in small) for language, small in _small_words().items()}
    # Letters that only one of them has.
    scores["de"] += 2 * len(re.findall("[äöüß]", text.casefold())) // 3
    scores["nl"] += sum(1 for word in found if re.search("ij|aa[nrtlkd]|oo[rpnst]|heid$|ee[nlrst]", word)) // 2
    # A paper of few words: what its headings are called, and the legal forms of its companies.
    lines = {folded(line).strip(" :") for line in text.splitlines() if len(line) < 40}
    for language in LANGUAGES:
        scores[language] += 2 * len(lines & _headings()[language])
    for forms, language in (
        (r"\bGmbH\b|\bAG\b|\bKG\b", "de"),
        (r"\bB\.?V\.?\b|\bN\.?V\.?\b", "nl"),
        (r"\bLtd\b|\bplc\b|\bInc\b|\bLLC\b", "en"),
    ):
        scores[language] += min(2, len(re.findall(forms, text)))
    return max(LANGUAGES, key=lambda language: scores[language])
