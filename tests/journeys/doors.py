"""Web processes that serve one database, and people before them who post at the same moment."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlencode, urlsplit

from tests.journeys.sweep import forms_of


@dataclass
class Answer:
    status: int
    location: str
    text: str
    cookie: str
    content: bytes = b""


@dataclass
class Typed:
    """A form as rendered, with what was typed: where it goes, and its fields."""

    action: str
    fields: dict[str, str]


@dataclass
class Visitor:
    """Somebody's browser at one of the doors; `cookie` as the server gave it."""

    url: str
    cookie: str = ""

    def ask(self, path: str, data: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        headers = {"Cookie": self.cookie, "Accept-Language": "en", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if data else "GET", path, urlencode(data) if data else None, headers)
        answer = connection.getresponse()
        content, cookie = answer.read(), answer.headers.get("Set-Cookie", "").split(";")[0]
        connection.close()
        return Answer(answer.status, answer.headers.get("Location", ""), content.decode(errors="replace"), cookie, content)

    def form(self, path: str, action: str = "", /, **typed: str) -> Typed:
        """Return the first posting form of a page whose action holds `action`, with what was typed."""
        answer = self.ask(path)
        self.cookie = answer.cookie or self.cookie
        return form_in(answer.text, path, action, **typed)

    def post(self, form: Typed) -> Answer:
        return self.ask(form.action, form.fields)


def form_in(html: str, path: str, action: str = "", /, **typed: str) -> Typed:
    found = next((form for form in forms_of(html, path) if action in form.action), None)
    assert found is not None, html
    fields = {field.name: "".join(field.values[:1]) for field in found.fields}
    assert set(typed) <= set(fields), fields
    return Typed(found.action, fields | typed)


def at_once(*deeds: Callable[[], Answer]) -> list[Answer]:
    """Do all in the same moment, each in a thread; return the answers in their order."""
    ready = Barrier(len(deeds))

    def do(deed: Callable[[], Answer]) -> Answer:
        ready.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))
