"""Word documents: the whole body with tables, text boxes, content controls, headers and footers.

Tracked insertions count as accepted; deletions and hidden text are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .clean import BULLET, clean
from .document import MOST_PARAGRAPHS, Document, Line, Page, Unreadable
from .packed import Packed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_GONE = {W + "del", W + "moveFrom", W + "rPr", W + "pPr", W + "sectPr", W + "tblPr", W + "trPr", W + "tcPr", W + "tblGrid"}
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml/main|officeDocument/relationships)")
_OFF = {"0", "false", "off", "none"}


def read(content: bytes) -> Document:
    packed = Packed(content)
    reader = _Reader(packed)
    body = reader.part("word/document.xml")
    if body is None:
        raise Unreadable("damaged")
    headers, footers = reader.margins()
    links = reader.links("word/document.xml")
    reader.walk(body, links)
    pages = reader.pages
    pages[0].lines[:0] = headers
    pages[-1].lines.extend(footers)
    return Document("docx", pages, reader.targets, len(pages))


class _Reader:
    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self.pages = [Page(1)]
        self.targets: list[str] = []
        self.rows = 0
        self.styles = self._styles()
        self._place = ""
        self._at = (0, 0)  # row, cell
        self._gap = False
        self._seen = 0

    def part(self, name: str) -> Any | None:
        return self.packed.xml(name)

    def links(self, name: str) -> dict[str, str]:
        """Return the targets of a part's links by their id."""
        folder, _slash, file = name.rpartition("/")
        root = self.packed.xml(f"{folder}/_rels/{file}.rels")
        if root is None:
            return {}
        return {
            item.get("Id", ""): item.get("Target", "") for item in root.iter(RELATION) if item.get("TargetMode") == "External"
        }

    def margins(self) -> tuple[list[Line], list[Line]]:
        """Return the lines of all headers and of all footers, each said once."""
        found: dict[str, list[Line]] = {"header": [], "footer": []}
        for name in sorted(self.packed.names):
            match = re.fullmatch(r"word/(header|footer)\d*\.xml", name)
            if match is None:
                continue
            inner = _Reader.__new__(_Reader)
            inner.__dict__.update(self.__dict__, pages=[Page(1)], _place=match[1], _at=(0, 0))
            root = self.part(name)
            if root is not None:
                inner.walk(root, self.links(name))
                self.rows = inner.rows
            known = {line.text for line in found[match[1]]}
            found[match[1]] += [line for page in inner.pages for line in page.lines if line.text not in known]
        return found["header"], found["footer"]

    def _styles(self) -> dict[str, dict[str, Any]]:
        """Return per style: bold, hidden, level, bullet and size, with what it inherits."""
        root = self.packed.xml("word/styles.xml")
        if root is None:
            return {}
        raw = {style.get(W + "styleId", ""): style for style in root.iter(W + "style")}
        found: dict[str, dict[str, Any]] = {}
        for name, style in raw.items():
            chain, at = [style], style
            while (based := at.find(W + "basedOn")) is not None and len(chain) < 12:
                at = raw.get(based.get(W + "val", ""))
                if at is None:
                    break
                chain.append(at)
            values: dict[str, Any] = {}
            for one in reversed(chain):
                values |= _properties(one.find(W + "rPr")) | _paragraph(one.find(W + "pPr"))
            label = style.find(W + "name")
            heading = re.fullmatch(r"heading (\d)|(title)", label.get(W + "val", "").lower()) if label is not None else None
            if heading:
                values["level"] = int(heading[1] or 1)
            if label is not None and "list bullet" in label.get(W + "val", "").lower():
                values["bullet"] = True
            found[name] = values
        return found

    # Walking -------------------------------------------------------------------------------------------------

    def walk(self, element: Any, links: dict[str, str]) -> None:
        for child in element:
            tag = child.tag
            if tag in _GONE:
                continue
            if tag == W + "p":
                self._read_paragraph(child, links)
            elif tag == W + "tbl":
                self._read_table(child, links)
            elif tag == MC + "AlternateContent":
                self.walk(_choice(child), links)
            elif isinstance(tag, str):
                self.walk(child, links)

    def _read_table(self, table: Any, links: dict[str, str]) -> None:
        outer = self._at
        for row in table.iter(W + "tr"):
            if _nearest(row, W + "tbl") is not table:
                continue
            self.rows += 1
            mine = self.rows
            for number, cell in enumerate(c for c in row.iter(W + "tc") if _nearest(c, W + "tbl") is table):
                self._at = (mine, number)
                self.walk(cell, links)
        self._at = outer
        self._gap = True

    def _count(self) -> None:
        self._seen += 1
        if self._seen > MOST_PARAGRAPHS:
            raise Unreadable("too_much")

    def _read_paragraph(self, paragraph: Any, links: dict[str, str]) -> None:
        self._count()
        properties = paragraph.find(W + "pPr")
        style = self._style_of(properties, W + "pStyle")
        values = style | _paragraph(properties)
        pieces: list[tuple[str, bool, float]] = []
        boxes: list[Any] = []
        for piece in self._pieces(paragraph, links, style, boxes):
            if piece is None:  # a new page
                self._keep(pieces, values)
                pieces = []
                self.pages.append(Page(len(self.pages) + 1))
            else:
                pieces.append(piece)
        for box in boxes:
            place, at = self._place, self._at
            self._place, self._at = self._place or "box", (0, 0)
            self._gap = True
            self.walk(box, links)
            self._place, self._at = place, at
            self._gap = True
        self._keep(pieces, values)

    def _keep(self, pieces: list[tuple[str, bool, float]], values: dict[str, Any]) -> None:
        whole = "".join(text for text, _bold, _size in pieces)
        if not whole.strip():
            self._gap = True
            return
        marked = [(text, bold, size) for text, bold, size in pieces if text.strip()]
        at = 0
        spans = []
        for text, bold, size in pieces:
            spans.append((at, at + len(text), bold, size, bool(text.strip())))
            at += len(text)
        start = 0
        for index, raw in enumerate(whole.split("\n")):
            end = start + len(raw)
            inside = [span for span in spans if span[0] < end and span[1] > start and span[4]] or [(0, 0, False, 0.0, True)]
            text = clean(raw)
            if text:
                bullet = bool(values.get("bullet")) or (bool(BULLET.match(text)) and len(text) > 2)
                self.pages[-1].lines.append(
                    Line(
                        BULLET.sub("", text) if BULLET.match(text) and len(text) > 2 else text,
                        strong=all(span[2] for span in inside),
                        level=values.get("level", 0) if index == 0 else 0,
                        size=max((size for _t, _b, size in marked), default=0.0),
                        bullet=bullet,
                        gap=(self._gap or bool(values.get("space"))) if index == 0 else False,
                        place=self._place,
                        row=self._at[0],
                        cell=self._at[1],
                    )
                )
                self._gap = False
            start = end + 1

    def _style_of(self, properties: Any, tag: str) -> dict[str, Any]:
        named = properties.find(tag) if properties is not None else None
        return self.styles.get(named.get(W + "val", ""), {}) if named is not None else {}

    def _pieces(
        self, element: Any, links: dict[str, str], style: dict[str, Any], boxes: list[Any]
    ) -> Iterator[tuple[str, bool, float] | None]:
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == W + "r":
                yield from self._run(child, style, boxes)
            elif tag == W + "hyperlink":
                target = links.get(child.get(R + "id", ""))
                if target:
                    self.targets.append(clean(target)[:2000])
                yield from self._pieces(child, links, style, boxes)
            elif tag == W + "fldSimple":
                self._note_field(child.get(W + "instr", ""))
                yield from self._pieces(child, links, style, boxes)
            elif tag == MC + "AlternateContent":
                yield from self._pieces(_choice(child), links, style, boxes)
            else:
                yield from self._pieces(child, links, style, boxes)

    def _run(self, run: Any, style: dict[str, Any], boxes: list[Any]) -> Iterator[tuple[str, bool, float] | None]:
        own = run.find(W + "rPr")
        values = style | self._style_of(own, W + "rStyle") | _properties(own)
        if values.get("hidden"):
            return
        bold, size = bool(values.get("bold")), float(values.get("size", 0.0))
        for child in run:
            tag = child.tag
            if tag == W + "t":
                yield child.text or "", bold, size
            elif tag in (W + "tab", W + "ptab"):
                yield "\t", bold, size
            elif tag in (W + "br", W + "cr"):
                kind = child.get(W + "type", "")
                if kind == "page":
                    yield None
                yield "\n", bold, size
            elif tag == W + "lastRenderedPageBreak":
                yield None
            elif tag == W + "noBreakHyphen":
                yield "-", bold, size
            elif tag == W + "sym":
                yield "• ", bold, size
            elif tag == W + "instrText":
                self._note_field(child.text or "")
            elif tag in (W + "drawing", W + "pict", W + "object", MC + "AlternateContent"):
                inner = _choice(child) if tag == MC + "AlternateContent" else child
                boxes.extend(inner.iter(W + "txbxContent"))

    def _note_field(self, instruction: str) -> None:
        match = re.search(r'HYPERLINK\s+"([^"]{1,2000})"', instruction)
        if match:
            self.targets.append(clean(match[1]))


def _choice(alternative: Any) -> Any:
    """Return what a new Word shows of two ways to write the same; the old way repeats the text."""
    for tag in ("Choice", "Fallback"):
        found = alternative.find(MC + tag)
        if found is not None and len(found):
            return found
    return alternative[:0] or ()


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _is_on(element: Any) -> bool:
    return element.get(W + "val", "1").lower() not in _OFF


def _properties(run: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if run is None:
        return values
    for tag, name in (("b", "bold"), ("vanish", "hidden"), ("webHidden", "hidden")):
        found = run.find(W + tag)
        if found is not None:
            values[name] = _is_on(found)
    size = run.find(W + "sz")
    if size is not None and (half := size.get(W + "val", "")).isdigit():
        values["size"] = int(half) / 2
        if values["size"] < 2:
            values["hidden"] = True
    return values


def _paragraph(properties: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if properties is None:
        return values
    level = properties.find(W + "outlineLvl")
    if level is not None and (number := level.get(W + "val", "9")).isdigit() and int(number) < 9:
        values["level"] = int(number) + 1
    numbered = properties.find(W + "numPr")
    if numbered is not None:
        chosen = numbered.find(W + "numId")
        values["bullet"] = chosen is not None and chosen.get(W + "val", "0") != "0"
    spacing = properties.find(W + "spacing")
    if spacing is not None and (before := spacing.get(W + "before", "")).isdigit():
        values["space"] = int(before) >= 120
    return values
