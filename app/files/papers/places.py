"""Pieces of text with their places on a page."""

from __future__ import annotations

import re
from dataclasses import dataclass

GRID = 100  # cells of ruled tables count from here: they are never put on one line
_DATE_WORD = (
    r"(?:\d{1,2}[./]\s?)?(?:\d{1,2}[./-])?(?:19|20)\d\d|jan\w*|feb\w*|m[aä]r\w*|maart|mrt|apr\w*|ma[iy]|mei|jun\w*|jul\w*|aug\w*|sep\w*|o[kc]t\w*|nov\w*|de[cz]\w*"
    r"|seit|sinds|since|ab|von|van|from|bis|tot|to|until|q[1-4]|heute|heden|present|today|current\w*|laufend|now|nu|dato|date|aktuell"
)


DATELIKE = re.compile(rf"^(?:(?:{_DATE_WORD}|['’]?\d\d|t/m|-|–|—|/|\||\.|,|\d{{1,2}}[./]\d{{2,4}})[\s.:]*)+$", re.IGNORECASE)


_HAS_NUMBER_OR_NOW = re.compile(
    r"\d\d|seit|sinds|since|heute|heden|present|today|\bdate\b|dato|\bnow\b|\bnu\b|current|laufend|aktuell", re.IGNORECASE
)


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, other: Box) -> bool:
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True)
class Fragment:
    text: str
    box: Box
    base: float
    size: float
    bold: bool
    row: int = 0
    cell: int = 0
    block: int = 0
    edge: float = 0.0  # how far its cell reaches, where a rule tells
    aside: bool = False  # in a narrow column beside the main one


def is_datelike(text: str) -> bool:
    return bool(DATELIKE.match(text.strip()) and _HAS_NUMBER_OR_NOW.search(text))


def runs_on(above: str, below: str) -> bool:
    """Tell whether a cell's second line belongs to its first: "08/2023 –" and "heute"."""
    if re.search(r"(?:[-–—]|\bbis|\btot|\bto|t/m|/)\s*$", above) or re.match(r"(?:[-–—]|bis\b|tot\b|to\b|t/m)", below):
        return True
    if re.fullmatch(r"(?:(?:19|20)\d\d|['’]\d\d)\)?", below) and not re.search(r"\d{2}\W*$", above):
        return True  # a month at the end of the line above
    return not is_datelike(below) and not below.endswith(":")
