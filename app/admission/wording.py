"""What a page says, as plain text: kept as proof of what somebody saw."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset({"h1", "h2", "h3", "p", "li", "label", "button", "div", "section", "ol", "ul", "form", "legend", "dt", "dd"})
_SILENT = frozenset({"script", "style", "svg"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.inside = False
        self.silent = 0
        self.trap = 0  # depth inside the field that only robots see

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div" and (self.trap or "lo-trap" in (dict(attrs).get("class") or "").split()):
            self.trap += 1
        if tag == "main":
            self.inside = True
        elif tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self.trap:
            self.trap -= 1
        if tag == "main":
            self.inside = False
        elif tag in _SILENT:
            self.silent -= 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self.inside and not self.silent and not self.trap:
            self.parts.append(" ".join(data.split("\n")))


def words_of(page: str) -> str:
    """Return the words inside <main> that a person sees, one line for each block."""
    words = _Words()
    words.feed(page)
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
