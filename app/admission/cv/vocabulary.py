"""The analyser's words, out of the files in words/ that a colleague can edit.

Words of all three languages are looked for in every paper: a German paper names English titles.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("de", "nl", "en")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return the text without capitals, accents and umlaut dots; ß is ss. Words of the files are folded alike."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.casefold()


@cache
def loaded(name: str) -> dict[str, Any]:
    """Return the words of one file: de, nl, en or common."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


# The end of a sentence, not that of "Mio.", "ca." or "Dr.".
STOP = (
    "".join(
        f"(?<!{short})"
        for short in (
            "Mio",
            "Mrd",
            "Mill",
            "Tsd",
            "mio",
            "mln",
            "mld",
            "mrd",
            "ca",
            "Ca",
            "rd",
            "bzw",
            "inkl",
            "Dr",
            "Nr",
            "St",
            "Prof",
            "approx",
            "appr",
        )
    )
    + r"\."
)

_WORD_BEGINS, _WORD_ENDS = "\x02", "\x03"


def _letters(word: str) -> str:
    """Return a word of the files as letters to look for, with marks where a word must begin or end."""
    text = folded(word).strip()
    inner = " ".join(text.strip("*").split())
    return ("" if text.startswith("*") else _WORD_BEGINS) + inner + ("" if text.endswith("*") else _WORD_ENDS)


def compiled(words: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for a list of words, searched in folded text: a tree of their letters, which stays quick for thousands."""
    tree: dict[str, Any] = {}
    for word in words:
        if word.strip("* "):
            at = tree
            for letter in _letters(word):
                at = at.setdefault(letter, {})
            at[""] = {}
    return re.compile(_branches(tree) if tree else r"(?!)")


def _branches(tree: dict[str, Any]) -> str:
    """Longest first: where one word begins another, the longer one is found."""
    found = [_one(letter) + _branches(rest) for letter, rest in sorted(tree.items()) if letter]
    if not found:
        return ""
    inner = found[0] if len(found) == 1 else "(?:" + "|".join(found) + ")"
    return f"(?:{inner})?" if "" in tree else inner


def _one(letter: str) -> str:
    return {_WORD_BEGINS: r"(?<!\w)", _WORD_ENDS: r"(?!\w)", " ": r"\s+"}.get(letter) or re.escape(letter)


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
            if kind not in ("words", "boards"):
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
