"""Every page there is, found by following links: nobody has to keep a list."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

EACH_SHAPE = 2  # pages of one shape ("/talks/N") that are looked at: records differ
NOT_PAGES = re.compile(r"^/(static|logout)\b|\.(ics|csv|xlsx|pdf|json)$|/documents/\d+/(file|download)|/calendar-file")


@dataclass(frozen=True)
class Found:
    """One page: where, with which status, and its text."""

    path: str
    status: int
    html: str


class _Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = dict(attrs).get("href")
        if tag == "a" and link:
            self.links.append(link)


def shape(path: str) -> str:
    """Return what pages like this one have in common: "/talks/7?after=x" is "/talks/N?after"."""
    parts = urlsplit(path)
    names = "&".join(sorted({name for name, value in parse_qsl(parts.query) if value}))
    return re.sub(r"\d+", "N", parts.path) + (f"?{names}" if names else "")


def walk(fetch: Callable[[str], tuple[int, str, str]], starts: Iterable[str], most: int = 400) -> list[Found]:
    """Follow links from `starts`; `fetch` answers (status, content type, text) of a path. HTML pages only, at most `most`."""
    waiting, seen, shapes = deque(starts), set[str](), Counter[str]()
    found: list[Found] = []
    while waiting and len(found) < most:
        path = waiting.popleft()
        if path in seen or shapes[shape(path)] >= EACH_SHAPE or NOT_PAGES.search(urlsplit(path).path):
            continue
        seen.add(path)
        shapes[shape(path)] += 1
        status, kind, text = fetch(path)
        if not kind.startswith("text/html"):
            continue
        found.append(Found(path, status, text))
        for link in _Links(text).links:
            target = urlsplit(urljoin(f"http://here{path}", link))
            if target.netloc == "here":
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return found


def one_of_each(found: Iterable[Found]) -> list[Found]:
    """Return the first page of each shape."""
    first: dict[str, Found] = {}
    for page in found:
        first.setdefault(shape(page.path), page)
    return list(first.values())
