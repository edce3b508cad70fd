"""PDF: characters with their places, put together to fragments and lines. The order of reading is `layout`'s."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from . import layout, paragraphs
from .clean import clean
from .document import MOST_PAGES, Document, Page, Unreadable
from .places import Box, Fragment, is_datelike

MOST_CHARACTERS_OF_A_PAGE = 60_000
MOST_OBJECTS = 20_000
MOST_LINKS = 200
MOST_WALLS = 600
# A page that is a picture with fewer characters than this was scanned.
FEWEST_CHARACTERS = 60
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "-bd", "cmbx", "sfbx", "extrabold", "medi")
_INVISIBLE = 3  # text render mode


def opened(content: bytes) -> Any:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("locked" if locked else "damaged") from None


def read(content: bytes) -> Document:
    """Return the text of the first MOST_PAGES pages. Raises Unreadable where a person would see pictures only."""
    paper = opened(content)
    try:
        document = Document("pdf", page_count=len(paper))
        sheets = []
        for number in range(min(len(paper), MOST_PAGES)):
            sheets.append(_sheet(paper, number, document.links))
        if not sheets:
            raise Unreadable("empty")
        characters = sum(len(fragment.text) for sheet in sheets for fragment in sheet.fragments)
        if characters < FEWEST_CHARACTERS:
            raise Unreadable("scanned" if any(sheet.pictures for sheet in sheets) else "empty")
        margins = layout.running_margins(sheets)
        ordered = [layout.in_order(sheet, margins) for sheet in sheets]
        edges = paragraphs.right_edges(ordered)
        for number, page in enumerate(ordered):
            document.pages.append(Page(number + 1, paragraphs.lines_of(page, edges)))
        return document
    finally:
        paper.close()


@dataclass
class Sheet:
    """What lies on a page; places in points, y grows downwards."""

    width: float
    height: float
    fragments: list[Fragment] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)  # thin lines
    areas: list[Box] = field(default_factory=list)  # filled or framed boxes
    pictures: bool = False


def _sheet(paper: Any, number: int, links: list[str]) -> Sheet:
    try:
        page = paper[number]
    except pdfium.PdfiumError:
        return Sheet(595, 842)
    try:
        left, bottom, right, top = page.get_cropbox()
        sheet = Sheet(max(right - left, 1.0), max(top - bottom, 1.0))
        invisible = _read_objects(page, sheet, left, top)
        text = page.get_textpage()
        try:
            sheet.fragments = _fragments(text, sheet, left, top, skip_invisible=invisible and not sheet.pictures)
        finally:
            text.close()
        _mark_drawn_bullets(sheet)
        _read_links(paper, page, links)
        return sheet
    finally:
        page.close()


def _read_objects(page: Any, sheet: Sheet, left: float, top: float) -> bool:
    """Note rules, areas and pictures; return whether there is text that is drawn invisibly."""
    invisible = False
    a, b, c, d = (ctypes.c_float() for _ in range(4))
    count = min(raw.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)
    for index in range(count):
        item = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            invisible = invisible or raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE
            continue
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        if not raw.FPDFPageObj_GetBounds(item, a, b, c, d):
            continue
        box = Box(a.value - left, top - d.value, c.value - left, top - b.value)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            if box.width * box.height > 0.3 * sheet.width * sheet.height:
                sheet.pictures = True
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            (sheet.rules if min(box.width, box.height) < 3 else sheet.areas).append(box)
    return invisible


def _mark_drawn_bullets(sheet: Sheet) -> None:
    """Browsers draw the dots of a list instead of writing them: a small shape just left of a line."""
    dots = [area for area in sheet.areas if 1.5 < area.width < 9 and 1.5 < area.height < 9]
    if not dots or len(dots) * len(sheet.fragments) > 2_000_000:
        return
    for index, fragment in enumerate(sheet.fragments):
        middle = fragment.base - 0.3 * fragment.size
        if any(0 < fragment.box.left - dot.right < 2 * fragment.size and dot.top - 2 < middle < dot.bottom + 2 for dot in dots):
            sheet.fragments[index] = replace(fragment, text="• " + fragment.text)


@dataclass
class _Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool


def _characters(
    text: Any, sheet: Sheet, left: float, top: float, *, skip_invisible: bool
) -> Iterator[tuple[str, Box, float, float, int]]:
    """Yield each visible character with its box, its baseline, its size and its index; blanks as (" ", …)."""
    page = text.raw
    count = min(raw.FPDFText_CountChars(page), MOST_CHARACTERS_OF_A_PAGE)
    rect = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    unicode_of, box_of, origin_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin
    high = 0
    for index in range(count):
        code = unicode_of(page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code in (0, 0x0D, 0x0A) or code > 0x10FFFF:
            yield " ", Box(0, 0, 0, 0), 0.0, 0.0, -1
            continue
        character = chr(code)
        if character.isspace():
            yield " ", Box(0, 0, 0, 0), 0.0, 0.0, -1
            continue
        if not box_of(page, index, rect) or not origin_of(page, index, x, y):
            continue
        box = Box(rect.left - left, top - rect.top, rect.right - left, top - rect.bottom)
        if box.right < 0 or box.left > sheet.width or box.bottom < 0 or box.top > sheet.height:
            continue
        if skip_invisible and raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(page, index)) == _INVISIBLE:
            continue
        yield character, box, top - y.value, abs(rect.top - rect.bottom), index


def _words(text: Any, sheet: Sheet, left: float, top: float, *, skip_invisible: bool) -> list[_Word]:
    page = text.raw
    words: list[_Word] = []
    word: _Word | None = None
    for character, box, base, _height, index in _characters(text, sheet, left, top, skip_invisible=skip_invisible):
        if index < 0:
            word = None
            continue
        if word is not None:
            apart = box.left - word.right
            if abs(base - word.base) > 0.25 * word.size or apart > 0.22 * word.size or apart < -1.2 * word.size:
                word = None
        if word is None:
            size = raw.FPDFText_GetFontSize(page, index)
            size = size * _scale(page, index) if size else 10.0
            if size < 2:
                continue
            word = _Word("", box.left, box.top, box.right, box.bottom, base, size, _is_bold(page, index))
            words.append(word)
        word.text += character
        word.right = max(word.right, box.right)
    return words


_matrix = raw.FS_MATRIX()


def _scale(page: Any, index: int) -> float:
    """Return how much larger the page shows a character than its font size says."""
    if not raw.FPDFText_GetMatrix(page, index, _matrix):
        return 1.0
    scale = (_matrix.c**2 + _matrix.d**2) ** 0.5
    return float(scale) if 0.01 < scale < 500 else 1.0


_names: dict[bytes, bool] = {}
_buffer = ctypes.create_string_buffer(200)
_flags = ctypes.c_int()


def _is_bold(page: Any, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(page, index) >= 600:
        return True
    length = raw.FPDFText_GetFontInfo(page, index, _buffer, 200, _flags)
    name = _buffer.raw[: max(0, min(length, 200) - 1)] if length else b""
    if name not in _names:
        if len(_names) > 500:
            _names.clear()
        lower = name.decode("utf-8", "replace").lower()
        _names[name] = any(part in lower for part in _BOLD_NAMES)
    return _names[name] or bool(_flags.value & (1 << 18))


def _fragments(text: Any, sheet: Sheet, left: float, top: float, *, skip_invisible: bool) -> list[Fragment]:
    """Put words of one baseline together where no wide gap parts them."""
    words = _words(text, sheet, left, top, skip_invisible=skip_invisible)
    words.sort(key=lambda word: (word.base, word.left))
    rows: list[list[_Word]] = []
    for word in words:
        for row in reversed(rows[-4:]):
            if abs(row[0].base - word.base) < 0.3 * min(row[0].size, word.size):
                row.append(word)
                break
        else:
            rows.append([word])
    found = []
    walls = _walls(sheet)
    for row in rows:
        row.sort(key=lambda word: word.left)
        part: list[_Word] = []
        for word in row:
            if part and _parts(part, word, walls):
                found.append(_fragment(part))
                part = []
            part.append(word)
        found.append(_fragment(part))
    return [fragment for fragment in found if fragment.text]


def _parts(part: list[_Word], word: _Word, walls: list[tuple[float, float, float]]) -> bool:
    """Tell whether a word begins another cell: after a wide gap, after a narrow one behind a date, or across a rule."""
    last = part[-1]
    apart = word.left - last.right
    if apart > 1.15 * max(word.size, last.size) and not _is_marker(part):
        return True
    if apart > 0.45 * word.size and is_datelike(" ".join(one.text for one in part)):
        return True
    return any(last.right - 1 <= x <= word.left + 1 and top - 1 <= word.base <= bottom + 1 for x, top, bottom in walls)


def _walls(sheet: Sheet) -> list[tuple[float, float, float]]:
    """Return the upright rules and edges of boxes: words on either side of one belong to different cells."""
    found = [(rule.left, rule.top, rule.bottom) for rule in sheet.rules if rule.height > 8 and rule.width < 3]
    for area in sheet.areas:
        if 8 < area.height < 0.9 * sheet.height and area.width > 8:
            found += [(area.left, area.top, area.bottom), (area.right, area.top, area.bottom)]
    return found[:MOST_WALLS]


def _is_marker(part: list[_Word]) -> bool:
    """A bullet stands further from its text than words do from one another."""
    return len(part) == 1 and len(part[0].text) == 1 and not part[0].text.isalnum()


def _fragment(words: list[_Word]) -> Fragment:
    pieces = [words[0].text]
    for before, word in itertools.pairwise(words):
        apart = word.left - before.right
        pieces.append(
            word.text if apart < 0.05 * word.size and apart > -0.3 * word.size and _clings(before, word) else " " + word.text
        )
    return Fragment(
        clean("".join(pieces)),
        Box(words[0].left, min(w.top for w in words), max(w.right for w in words), max(w.bottom for w in words)),
        words[0].base,
        max(word.size for word in words),
        all(word.bold for word in words if any(c.isalnum() for c in word.text)),
    )


def _clings(before: _Word, word: _Word) -> bool:
    """Without a blank between them two words may still be two; glyphs of one word come with none at all."""
    return before.size == word.size or before.text[-1:] in "(-/" or word.text[:1] in ").,;:-/"


def _read_links(paper: Any, page: Any, links: list[str]) -> None:
    position = ctypes.c_int(0)
    link = raw.FPDF_LINK()
    for _ in range(MOST_LINKS):
        if not raw.FPDFLink_Enumerate(page.raw, position, ctypes.byref(link)):
            return
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        length = raw.FPDFAction_GetURIPath(paper.raw, action, None, 0)
        if not 1 < length <= 2000:
            continue
        target = ctypes.create_string_buffer(length)
        raw.FPDFAction_GetURIPath(paper.raw, action, target, length)
        with contextlib.suppress(UnicodeDecodeError):
            links.append(clean(target.raw[: length - 1].decode("utf-8")))
