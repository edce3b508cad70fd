"""German, Dutch or English: by the small words that each needs."""

from __future__ import annotations

import re
from functools import cache

from app.admission.cv.vocabulary import LANGUAGES, folded, loaded


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(folded(loaded(language)["language"]["words"]).split()) for language in LANGUAGES}


def language_of(text: str) -> str:
    """Return "de", "nl" or "en": the one most of whose words stand in the text."""
    found = re.findall(r"[^\W\d_]+", folded(text))
    scores = {language: sum(1 for word in found if word in small) for language, small in _small_words().items()}
    # Letters that only one of them has.
    scores["de"] += 2 * len(re.findall("[äöüß]", text.casefold())) // 3
    scores["nl"] += sum(1 for word in found if re.search("ij|aa[nrtlkd]|oo[rpnst]|heid$|ee[nlrst]", word)) // 2
    return max(LANGUAGES, key=lambda language: scores[language])
