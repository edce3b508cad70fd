"""Lines that run on become one paragraph; where a person sees a new one, a new one begins."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .clean import BULLET, breaks_address, joined
from .document import Line
from .layout import Ordered
from .places import GRID, Fragment, is_datelike, runs_on

SHORT = 13  # lines of less than so many times their size


# A company's name is at its end with these; what follows on the next line is something else.
_ENDS_NAME = re.compile(
    r"\b(?:GmbH|mbH|AG|KG|SE|eG|e\.V\.|B\.V\.|BV|N\.V\.|NV|Ltd\.?|plc|Inc\.?|LLC|LLP|S\.A\.|SA|SAS|S\.p\.A\.|A/S|AB)$"
)


_STARTS_WITH_YEAR = re.compile(r"(?:\d{1,2}[./])*(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Edges:
    """How far to the right columns reach, and how far apart lines stand that certainly run on, by size."""

    rights: dict[int, float]
    steps: dict[float, float]


def right_edges(pages: Sequence[Ordered]) -> Edges:
    rights: dict[int, float] = {}
    steps: dict[float, list[float]] = {}
    for page in pages:
        for before, fragment in itertools.pairwise([*page.inner[:1], *page.inner]):
            key = _column(fragment)
            rights[key] = max(rights.get(key, 0.0), fragment.box.right)
            step = fragment.base - before.base
            if fragment.text[:1].islower() and 0.9 * fragment.size < step < 1.75 * fragment.size and before.size == fragment.size:
                steps.setdefault(round(fragment.size, 1), []).append(step)
    return Edges(rights, {size: max(found) for size, found in steps.items() if len(found) >= 2})


def lines_of(page: Ordered, edges: Edges) -> list[Line]:
    found = [Line(f.text, size=f.size, place="header") for f in page.top]
    found += paragraphs(page.inner, edges)
    return found + [Line(f.text, size=f.size, place="footer") for f in page.bottom]


def paragraphs(fragments: list[Fragment], edges: Edges) -> list[Line]:
    """Join fragments of one line by tabs and lines that run on, break where a person sees a new paragraph."""
    found: list[Line] = []
    before: Fragment | None = None
    first: Fragment | None = None  # of the paragraph
    for fragment in fragments:
        bullet = _is_bullet(fragment, before)
        text = BULLET.sub("", fragment.text) if bullet else fragment.text
        if before is not None and first is not None:
            if _is_beside(before, fragment, first):
                found[-1].text += "\t" + text
                found[-1].strong = found[-1].strong or fragment.bold
                first = first if _place(before) == _place(fragment) else fragment
                before = fragment
                continue
            if _place(before) == _place(fragment) and not bullet and _continues(before, fragment, first, edges):
                found[-1].text = joined(found[-1].text, text)
                before = fragment
                continue
        if text.strip("•◦▪■□●○-–—| "):
            found.append(_line(fragment, text, before, bullet=bullet))
            before = first = fragment
    return found


def _place(fragment: Fragment) -> tuple[int, int, int]:
    return fragment.row, fragment.cell, fragment.block


def _is_bullet(fragment: Fragment, before: Fragment | None) -> bool:
    text = fragment.text
    if not BULLET.match(text) or len(text) <= 2:
        return False
    # A mark that stands in the line above too parts a list within a sentence that goes on.
    return not (text[0] in "·–-" and before is not None and f" {text[0]} " in before.text and not BULLET.match(before.text))


def _is_beside(before: Fragment, fragment: Fragment, first: Fragment) -> bool:
    """Cells side by side make one line where the left one is alone so far; cells of a ruled table keep apart."""
    if abs(fragment.base - before.base) >= 0.35 * before.size or fragment.box.left <= before.box.left:
        return False
    if _place(before) == _place(fragment):
        return True
    return bool(fragment.row) and fragment.row == before.row and first is before and fragment.cell < GRID


def _line(fragment: Fragment, text: str, before: Fragment | None, *, bullet: bool) -> Line:
    gap = before is None or fragment.base < before.base or fragment.base - before.base > 1.75 * max(fragment.size, before.size)
    return Line(
        text,
        strong=fragment.bold,
        size=round(fragment.size, 1),
        bullet=bullet,
        gap=gap,
        place="aside" if fragment.aside else "",
        row=fragment.row,
        cell=fragment.cell % GRID,
    )


def _column(fragment: Fragment) -> int:
    return round(fragment.box.left / 30)


def _continues(before: Fragment, fragment: Fragment, first: Fragment, edges: Edges) -> bool:
    """Tell whether a line goes on with the paragraph above it."""
    step = fragment.base - before.base
    if not 0 < step < 1.75 * before.size or abs(fragment.size - before.size) > 0.6:
        return False
    if step > 1.1 * edges.steps.get(round(fragment.size, 1), step):
        return False
    if breaks_address(before.text, fragment.text):
        return True
    if fragment.bold != before.bold and not (before.text[-1:] in ",-" or fragment.text[:1].islower()):
        return False
    if is_datelike(fragment.text) or is_datelike(before.text):
        return is_datelike(fragment.text) and is_datelike(before.text) and runs_on(before.text, fragment.text)
    if _STARTS_WITH_YEAR.match(fragment.text) and _STARTS_WITH_YEAR.match(first.text):
        return False
    indent = fragment.box.left - first.box.left
    if indent < -2 or indent > 4 * before.size:
        return False
    if re.search(r"\w-$", before.text):
        return True
    if _ENDS_NAME.search(before.text) and fragment.text[:1].isupper():
        return False
    if (
        not first.edge
        and before.box.width < SHORT * before.size
        and not (fragment.text[:1].islower() or before.text[-1:] in ",&/(")
    ):
        return False  # in a column of short lines each is its own, unless a sentence runs on
    word = fragment.text.split(" ", 1)[0]
    room = (first.edge or edges.rights.get(_column(first), before.box.right)) - before.box.right
    width = fragment.box.width * len(word) / max(1, len(fragment.text))
    return room < width + 0.45 * before.size
