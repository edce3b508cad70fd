"""The analyser's words, out of the files in words/ that a colleague can edit.

Words of all three languages are looked for in every paper: a German paper names English titles.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("de", "nl", "en")


def folded(text: str) -> str:
    """Return the text without capitals, accents and umlaut dots; ß is ss. Words of the files are folded alike."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


@cache
def loaded(name: str) -> dict[str, Any]:
    """Return the words of one file: de, nl, en or common."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _pattern(word: str) -> str:
    text = folded(word).strip()
    start, end = text.startswith("*"), text.endswith("*")
    inner = r"\s+".join(re.escape(part) for part in text.strip("*").strip().split())
    return (r"(?<!\w)\w*" if start else r"(?<!\w)") + inner + (r"\w*" if end else r"(?!\w)")


def compiled(words: list[str]) -> re.Pattern[str]:
    """Return one pattern for a list of words, longest first; it is searched in folded text."""
    unique = sorted({word for word in words if word.strip("* ")}, key=lambda word: (-len(word), word))
    return re.compile("|".join(_pattern(word) for word in unique) or r"(?!)")


@cache
def words(section: str, key: str) -> tuple[str, ...]:
    """Return a list of all three languages."""
    found: list[str] = []
    for language in LANGUAGES:
        value = loaded(language)[section].get(key, ())
        found += value.split() if isinstance(value, str) else value
    return tuple(found)


@cache
def pattern(section: str, *keys: str) -> re.Pattern[str]:
    """Return one pattern for lists of all three languages."""
    return compiled([word for key in keys for word in words(section, key)])


@cache
def sections() -> dict[str, str]:
    """Return the kind of section by its heading, folded."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for kind, headings in loaded(language)["sections"].items():
            if kind != "words":
                found |= {folded(heading): kind for heading in headings}
    return found


@cache
def known_abbreviations() -> frozenset[str]:
    return frozenset(word.upper() for word in loaded("common")["known"].split())


@cache
def legal_forms() -> re.Pattern[str]:
    """Legal forms as they are written, searched in the text as it stands."""
    forms = sorted(loaded("common")["legal_forms"], key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(form) for form in forms) + r")(?![\w-])")
