"""OpenDocument texts: the whole body with tables, frames, headers and footers; deletions and hidden text are not read."""

from __future__ import annotations

from typing import Any

from .clean import BULLET, clean
from .document import MOST_PARAGRAPHS, Document, Line, Page, Unreadable
from .packed import Packed

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
_GONE = {
    TEXT + "tracked-changes",
    TEXT + "hidden-text",
    TEXT + "hidden-paragraph",
    TEXT + "note",
    TEXT + "sequence-decls",
    TEXT + "variable-decls",
    TEXT + "user-field-decls",
    TABLE + "covered-table-cell",
    OFFICE + "annotation",
    OFFICE + "annotation-end",
    OFFICE + "forms",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc",
}
MOST_BLANKS = 200


def read(content: bytes) -> Document:
    packed = Packed(content)
    manifest = packed.read("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in manifest:
        raise Unreadable("locked")
    root = packed.xml("content.xml")
    if root is None:
        raise Unreadable("damaged")
    common = packed.xml("styles.xml")
    reader = _Reader([part for part in (common, root) if part is not None])
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Unreadable("damaged")
    headers, footers = reader.margins(common) if common is not None else ([], [])
    reader.walk(body)
    reader.pages[0].lines[:0] = headers
    reader.pages[-1].lines.extend(footers)
    return Document("odt", reader.pages, reader.targets, len(reader.pages))


class _Reader:
    def __init__(self, parts: list[Any]) -> None:
        self.pages = [Page(1)]
        self.targets: list[str] = []
        self.styles = _styles(parts)
        self._rows = 0
        self._at = (0, 0)
        self._place = ""
        self._gap = False
        self._seen = 0
        self._bullet = False

    def margins(self, common: Any) -> tuple[list[Line], list[Line]]:
        found: dict[str, list[Line]] = {"header": [], "footer": []}
        body = self.pages
        for master in common.iter(STYLE + "master-page"):
            for part in master:
                place = next((name for name in found if isinstance(part.tag, str) and part.tag.startswith(STYLE + name)), None)
                if place is None or part.get(STYLE + "display") == "false":
                    continue
                self.pages, self._place = [Page(1)], place
                self.walk(part)
                known = {line.text for line in found[place]}
                found[place] += [line for page in self.pages for line in page.lines if line.text not in known]
        self.pages, self._place = body, ""
        return found["header"], found["footer"]

    def walk(self, element: Any) -> None:
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str) or child.get(TEXT + "display") in ("none", "condition"):
                continue
            if tag in (TEXT + "p", TEXT + "h"):
                self._read_paragraph(child)
            elif tag == TABLE + "table":
                self._read_table(child)
            elif tag == TEXT + "list":
                before, self._bullet = self._bullet, True
                self.walk(child)
                self._bullet = before
            elif tag == TEXT + "soft-page-break":
                self.pages.append(Page(len(self.pages) + 1))
            else:
                self.walk(child)

    def _read_table(self, table: Any) -> None:
        outer = self._at
        for row in table.iter(TABLE + "table-row"):
            if next(row.iterancestors(TABLE + "table"), None) is not table:
                continue
            self._rows += 1
            mine = self._rows
            for number, cell in enumerate(c for c in row if c.tag == TABLE + "table-cell"):
                self._at = (mine, number)
                self.walk(cell)
        self._at = outer
        self._gap = True

    def _count(self) -> None:
        self._seen += 1
        if self._seen > MOST_PARAGRAPHS:
            raise Unreadable("too_much")

    def _read_paragraph(self, paragraph: Any) -> None:
        self._count()
        style = self.styles.get(paragraph.get(TEXT + "style-name", ""), {})
        if style.get("hidden"):
            return
        if style.get("new_page") and self.pages[-1].lines and not self._place:
            self.pages.append(Page(len(self.pages) + 1))
        pieces: list[tuple[str, bool]] = []
        boxes: list[Any] = []
        self._gather(paragraph, style, pieces, boxes)
        for box in boxes:
            place, at, bullet = self._place, self._at, self._bullet
            self._place, self._at, self._bullet, self._gap = self._place or "box", (0, 0), False, True
            self.walk(box)
            self._place, self._at, self._bullet, self._gap = place, at, bullet, True
        self._keep(paragraph, pieces, style)

    def _keep(self, paragraph: Any, pieces: list[tuple[str, bool]], style: dict[str, Any]) -> None:
        whole = "".join(text for text, _bold in pieces)
        if not whole.strip():
            self._gap = True
            return
        level = paragraph.get(TEXT + "outline-level", "1") if paragraph.tag == TEXT + "h" else "0"
        strong = all(bold for text, bold in pieces if text.strip())
        for index, raw in enumerate(whole.split("\n")):
            text = clean(raw)
            if not text:
                continue
            marked = bool(BULLET.match(text)) and len(text) > 2
            self.pages[-1].lines.append(
                Line(
                    BULLET.sub("", text) if marked else text,
                    strong=strong,
                    level=int(level) if level.isdigit() and index == 0 else 0,
                    size=float(style.get("size", 0.0)),
                    bullet=self._bullet or marked,
                    gap=(self._gap or bool(style.get("space"))) if index == 0 else False,
                    place=self._place,
                    row=self._at[0],
                    cell=self._at[1],
                )
            )
            self._gap = False

    def _gather(self, element: Any, style: dict[str, Any], pieces: list[tuple[str, bool]], boxes: list[Any]) -> None:
        bold = bool(style.get("bold"))
        if element.text:
            pieces.append((_blanks(element.text), bold))
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                pass
            elif tag == TEXT + "s":
                count = child.get(TEXT + "c", "1")
                pieces.append((" " * min(int(count) if count.isdigit() else 1, MOST_BLANKS), bold))
            elif tag == TEXT + "tab":
                pieces.append(("\t", bold))
            elif tag == TEXT + "line-break":
                pieces.append(("\n", bold))
            elif tag == TEXT + "soft-page-break":
                if self.pages[-1].lines and not self._place:
                    self.pages.append(Page(len(self.pages) + 1))
            elif tag in (DRAW + "frame", DRAW + "custom-shape", DRAW + "text-box", DRAW + "g", DRAW + "rect"):
                boxes.append(child)
            else:
                if tag in (TEXT + "a", DRAW + "a") and child.get(XLINK + "href"):
                    self.targets.append(clean(child.get(XLINK + "href"))[:2000])
                inner = style | self.styles.get(child.get(TEXT + "style-name", ""), {})
                if not inner.get("hidden"):
                    self._gather(child, inner, pieces, boxes)
            if child.tail:
                pieces.append((_blanks(child.tail), bold))


def _blanks(text: str) -> str:
    """Return text as OpenDocument means it: line ends in the file are blanks."""
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _styles(parts: list[Any]) -> dict[str, dict[str, Any]]:
    raw: dict[str, Any] = {}
    for part in parts:
        raw |= {style.get(STYLE + "name", ""): style for style in part.iter(STYLE + "style")}
    found: dict[str, dict[str, Any]] = {}
    for name, style in raw.items():
        chain, at = [style], style
        while (parent := at.get(STYLE + "parent-style-name")) and len(chain) < 12:
            at = raw.get(parent)
            if at is None:
                break
            chain.append(at)
        values: dict[str, Any] = {}
        for one in reversed(chain):
            values |= _properties(one)
        found[name] = values
    return found


def _properties(style: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    text = style.find(STYLE + "text-properties")
    if text is not None:
        if text.get(FO + "font-weight"):
            values["bold"] = text.get(FO + "font-weight") not in ("normal", "400", "300")
        if text.get(TEXT + "display"):
            values["hidden"] = text.get(TEXT + "display") == "none"
        size = text.get(FO + "font-size", "")
        if size.endswith("pt"):
            values["size"] = _number(size[:-2])
    paragraph = style.find(STYLE + "paragraph-properties")
    if paragraph is not None:
        if paragraph.get(FO + "break-before") == "page" or paragraph.get(STYLE + "page-number", "").isdigit():
            values["new_page"] = paragraph.get(FO + "break-before") == "page"
        above = paragraph.get(FO + "margin-top", "")
        if above:
            values["space"] = _length(above) >= 6
    return values


def _number(text: str) -> float:
    try:
        return min(abs(float(text)), 1000.0)
    except ValueError:
        return 0.0


def _length(text: str) -> float:
    """Return a length in points."""
    units = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0}
    return _number(text[:-2]) * units.get(text[-2:], 0.0)
