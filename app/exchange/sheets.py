"""Tables of others as text: whatever separator and encoding they have."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from app.core.errors import N_, RuleViolation

LARGEST = 20 * 1024 * 1024  # bytes
TOO_LARGE = N_("This file is larger than %(most)d MB. Please split it.")
MOST_ROWS, MOST_COLUMNS = 20_000, 200
SEPARATORS = (";", ",", "\t", "|")  # the usual ones; any other sign between headings is tried after them
NO_SEPARATORS = "\"'\r\n "


def rows_of(content: bytes, fits: Callable[[list[str]], int]) -> list[list[str]]:
    """Return the rows of a CSV file, the headings first, cells without spaces around them; empty rows stay, as [].

    The separator is the one by which `fits` knows most of the headings. Raises RuleViolation at `file` where the file is
    no such table.
    """
    if len(content) > LARGEST:
        raise RuleViolation(TOO_LARGE, field="file", most=LARGEST // (1024 * 1024))
    text = decoded(content)
    first, rest = _first_line(text)
    if first.lower().startswith("sep=") and len(first) == 5:
        return _read(rest, first[4])
    others = sorted({sign for sign in first if not (sign.isalnum() or sign in NO_SEPARATORS)} - set(SEPARATORS))
    # The first of those that fit alike: the usual ones before whatever else stands between the headings.
    separator = max((*SEPARATORS, *others), key=lambda one: (fits(_headings(text, one)), one in SEPARATORS, first.count(one)))
    return _read(text, separator)


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (also without a mark) or cp1252; raise RuleViolation at `file` for others."""
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError:
        raise RuleViolation(
            N_("The characters of this file are not known. Please save it as “CSV UTF-8”."), field="file"
        ) from None
    if "\0" in text:
        raise RuleViolation(N_("This file contains characters that no table has. Is it really a CSV file?"), field="file")
    if not text.strip():
        raise RuleViolation(N_("This file is empty."), field="file")
    return text.removeprefix("\ufeff")


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:2000]
    if len(start) >= 4 and len(content) % 2 == 0:  # letters of Europe leave one byte of two empty
        if start[1::2].count(0) > len(start) * 0.3 and not start[::2].count(0):
            return "utf-16-le"
        if start[::2].count(0) > len(start) * 0.3 and not start[1::2].count(0):
            return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _first_line(text: str) -> tuple[str, str]:
    first, _break, rest = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    return first.strip(), rest


def _headings(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator), [])
    except csv.Error:
        return []


def _read(text: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            cells = [cell.strip() for cell in row]
            found.append(cells if any(cells) else [])
            if len(found) > MOST_ROWS + 1:
                raise RuleViolation(N_("This file has more than %(most)d rows. Please split it."), field="file", most=MOST_ROWS)
    except csv.Error:
        raise RuleViolation(
            N_("Row %(row)d cannot be read as a row of a table; perhaps a quotation mark is missing."),
            field="file",
            row=len(found) + 1,
        ) from None
    if found and len(found[0]) > MOST_COLUMNS:
        raise RuleViolation(N_("This file has more than %(most)d columns."), field="file", most=MOST_COLUMNS)
    return found
