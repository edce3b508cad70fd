"""What reading a paper gives: pages of lines in the order in which a person reads them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

MOST_PAGES = 60
MOST_LINES = 8_000
MOST_PARAGRAPHS = 20_000
MOST_CHARACTERS = 400_000


class Unreadable(Exception):
    """The text cannot be read; the word says why: damaged, locked, packed, scanned, empty, too_much."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Line:
    """One paragraph, or one line where the paper breaks lines on purpose; cells of one row are parted by tabs."""

    text: str
    strong: bool = False  # bold as a whole
    level: int = 0  # a heading by its style: 1 is the highest; 0 is none
    size: float = 0.0  # points; 0 is not known
    bullet: bool = False
    gap: bool = False  # white space above
    place: str = ""  # "", "header", "footer", "box"
    row: int = 0  # lines of one row of a table bear one number; 0 is none
    cell: int = 0  # the column within that row


@dataclass
class Page:
    number: int
    lines: list[Line] = field(default_factory=list)


@dataclass
class Document:
    """A paper that was read. `links` are the targets of links, such as mailto:…"""

    kind: str
    pages: list[Page] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    page_count: int = 0  # as the file says; more than was read where the paper is very long

    @property
    def text(self) -> str:
        return "\n".join(line.text for page in self.pages for line in page.lines)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Document:
        pages = [Page(page["number"], [Line(**line) for line in page["lines"]]) for page in found["pages"]]
        return cls(found["kind"], pages, found["links"], found["page_count"])


def bounded(document: Document) -> Document:
    """Return the document, cut off where it has more than a paper ever holds."""
    lines = characters = 0
    for index, page in enumerate(document.pages):
        for number, line in enumerate(page.lines):
            lines += 1
            characters += len(line.text)
            if lines > MOST_LINES or characters > MOST_CHARACTERS:
                del page.lines[number:], document.pages[index + 1 :]
                break
    del document.links[500:]
    return document
