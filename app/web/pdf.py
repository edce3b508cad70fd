"""PDFs out of templates in Typst (`templates/<room>/*.typ`): archivable (PDF/A-2a), tagged, with their fonts inside.

    pdf.render("admission/proof.typ", {"title": …}, at=at)

What a template shows comes as data, never as markup: a name with Typst code in it stays a name. A character that
the fonts do not have is written by its number ("[U+4E2D]"): the document would not be archivable otherwise, and
a blank would hide that there was something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst
from flask import Response
from flask_babel import gettext as _

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
STANDARD: Final = "a-2a"
BREAKABLE, LONGEST_WORD, LONGEST_TERM = 6, 12, 90
_LONG_WORD = re.compile(rf"[^\s-]{{{LONGEST_WORD},}}")
_VOWELS = "aeiouyäöüéèêëïíìîóòôúùûáàâåæœøıőűąęýÿ"
# What a language's hyphenation parts by itself; nine consonants in a row stand in no word.
_TERM = re.compile(rf"(?!.*[^\W{_VOWELS}]{{9}})[^\W\d_]{{1,{LONGEST_TERM}}}[.,;:!?)“”\"]*", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_UNUSUAL = re.compile(r"[^\n -~ -ſ–—‘-„…€]")  # beyond Latin and our own punctuation
_ONE = b'#set document(title: "x")\n#set text(lang: "en")\n#text(sys.inputs.data)'


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of a template below `templates/`; `at` is the instant it is dated with.

    `data` must be plain: texts, numbers, lists and mappings. The template reads it by `json(bytes(sys.inputs.data))`,
    and sets its title and language itself, without which it would not be archivable.
    """
    return _compile(TEMPLATES / template, _printable(dict(data)), at)


def page_words() -> str:
    """Return how a page is numbered in the reader's language, as `document.typ` wants it."""
    return _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")


def answer(content: bytes, name: str) -> Response:
    """Return the PDF as it is sent to a reader: shown in the browser, kept under `name` (plain letters)."""
    found = Response(content, mimetype="application/pdf")
    found.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return found


def _compile(source: Any, data: Any, at: datetime | None = None) -> bytes:
    return typst.compile(
        source,
        root=TEMPLATES,
        ignore_system_fonts=True,  # the same document on every machine
        format="pdf",
        pdf_standards=STANDARD,
        sys_inputs={"data": data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()) if at else None,
    )


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG_WORD.sub(_with_breaks, _UNUSUAL.sub(_shown, _CONTROLS.sub(" ", value)))
    if isinstance(value, Mapping):
        return {str(key): _printable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(part) for part in value]
    return value


def _with_breaks(found: re.Match[str]) -> str:
    """What is no word of a language, such as an address, may break anywhere: it must not run off the page."""
    word = found[0]
    if _TERM.fullmatch(word):
        return word
    return "\u200b".join(word[start : start + BREAKABLE] for start in range(0, len(word), BREAKABLE))


def _shown(found: re.Match[str]) -> str:
    return found[0] if _has_glyph(found[0]) else f"[U+{ord(found[0]):04X}]"


@lru_cache(maxsize=2000)
def _has_glyph(character: str) -> bool:
    if character == "\u00ad" or 0xD800 <= ord(character) <= 0xDFFF:
        return False
    try:
        _compile(_ONE, character)
    except typst.TypstError:
        return False
    return True
