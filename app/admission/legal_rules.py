"""Wordings with places: what may stand in them, how they are filled, and how two versions differ.

A paragraph that begins with "[fee]", or names {fee}, stands only where there is a fee. A place of a number may name the word
after it for one and for many, "{review_days|working day|working days}": nobody reads of "1 working days".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from app.core.errors import N_, RuleViolation

LANGUAGES = ("de", "nl", "en")
PLACES = ("firm", "fee", "withdrawal_days", "review_days", "purge_days", "kept_days")
FEE_MARK = "[fee]"
LONGEST = 40_000
NUMBERS = frozenset(place for place in PLACES if place.endswith("_days"))
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_FORMAT = re.compile(r"%\((\w+)\)[sd]")
_WORD = re.compile(r"\s+|[^\s]+")


def with_places(message: str, places: Mapping[str, str]) -> str:
    """Return a translated message ("… %(days)d days") with places in it ("… {review_days} days"), marked where it is of a fee."""
    text = _FORMAT.sub(lambda found: "{" + places[found[1]] + "}", message)
    return f"{FEE_MARK} {text}" if FEE_MARK in places else text


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs: what empty lines part."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the wording as it is shown; without a fee (an empty "fee") its paragraphs are left out."""
    kept = [part for part in paragraphs(text) if values["fee"] or not _is_of_fee(part)]
    plain = (part.removeprefix(FEE_MARK).strip() for part in kept)
    return "\n\n".join(_PLACE.sub(lambda found: _value(found, values), part) for part in plain)


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name, *forms = found[1].split("|")
    if name not in values:
        return found[0]
    return " ".join([values[name], *forms[:1]] if values[name] == "1" else [values[name], *forms[1:]])


def _is_of_fee(paragraph: str) -> bool:
    return paragraph.startswith(FEE_MARK) or "{fee}" in paragraph


def checked(text: str, *, field: str) -> str:
    """Return the wording with one kind of line end; raise RuleViolation at `field` for a place that there is none of."""
    plain = "\n\n".join(paragraphs(text.replace("\x00", "")))
    for found in _PLACE.finditer(plain):
        if not _is_place(found[1]):
            raise RuleViolation(N_("There is no place “%(name)s”; the help lists those there are."), field=field, name=found[0])
    if len(plain) > LONGEST:
        raise RuleViolation(N_("This is too long: at most %(number)d characters."), field=field, number=LONGEST)
    return plain


def _is_place(words: str) -> bool:
    """Say whether this is a place: one by its name, or one of a number with the word for one and for many."""
    name, *forms = words.split("|")
    return name in PLACES and (not forms or (name in NUMBERS and len(forms) == 2 and all(form.strip() for form in forms)))


def check_whole(texts: Mapping[str, str]) -> None:
    """Raise RuleViolation at the first language that has no text: all of them take force together."""
    for language in LANGUAGES:
        shown = filled(texts[language], dict.fromkeys(PLACES, "")) if texts[language].strip() else ""
        if not shown:
            raise RuleViolation(N_("This language is missing: all three take force together."), field=language)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Return the words of both in reading order, in pieces: ("same" | "gone" | "new", text)."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[tuple[str, str]] = []
    for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", "".join(old[first:last])))
            continue
        if last > first:
            pieces.append(("gone", "".join(old[first:last])))
        if end > start:
            pieces.append(("new", "".join(new[start:end])))
    return pieces
