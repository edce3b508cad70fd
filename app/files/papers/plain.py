"""Text files: the lines as they stand, a page where a form feed says so."""

from __future__ import annotations

from .clean import BULLET, clean
from .document import Document, Line, Page


def read(content: bytes) -> Document:
    pages = []
    for number, part in enumerate(_decoded(content).split("\f"), start=1):
        page = Page(number)
        gap = False
        for raw in part.splitlines():
            text = clean(raw.expandtabs(4) if raw.startswith("\t") else raw)
            if not text:
                gap = True
                continue
            bullet = bool(BULLET.match(text)) and len(text) > 2
            page.lines.append(Line(BULLET.sub("", text) if bullet else text, bullet=bullet, gap=gap))
            gap = False
        pages.append(page)
    return Document("txt", pages, [], len(pages))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
