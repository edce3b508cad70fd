"""Pages kept as they were sent, by everything that shows in them.

Each request still asks the database who reads and what there is to show; only what would be written with the same words
again is not written again. A page has nothing to be forgotten: with another row, reader or day it is another page.
Source: docs/decisions, "Quick pages".
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import brotli
from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from app.core.clock import stopwatch
from app.web.formats import reader_today
from app.web.forms import KEY_HOLE, TOKEN_HOLE, fill_holes
from app.web.pages import page
from app.web.quick import locale_tag

MOST = 150  # pages, some kilobytes each
_PAGES, _FACTS, _LATELY = "lotse.kept_pages", "lotse.shell_facts", "lotse.lately"
T = TypeVar("T")


def lately(name: str, seconds: float, ask: Callable[[], T]) -> T:
    """Return what `ask` said at most `seconds` ago, in this process: for what every page asks and seldom changes."""
    known: dict[str, tuple[float, Any]] = current_app.extensions[_LATELY]
    seen = known.get(name)
    if seen is None or stopwatch() - seen[0] > seconds:
        seen = known[name] = (stopwatch(), ask())
    said: T = seen[1]
    return said


def look_anew(name: str) -> None:
    """Have the next one who asks `lately` by this name hear what is true by then."""
    current_app.extensions[_LATELY].pop(name, None)


def shows_everywhere(app: Flask, fact: Callable[[], Hashable]) -> None:
    """Say that every page shows `fact`, as the banner of a silent scheduler."""
    app.extensions.setdefault(_FACTS, []).append(fact)


def kept_page(
    template: str,
    constant: Mapping[str, Any] | None = None,
    late: Callable[[], Mapping[str, Any]] | None = None,
    **given: Hashable,
) -> Any:
    """Return the page of `template` with `given`, which is all that it shows beside the shell; the rows as they were read.

    The template has `given` as a whole too, under the name `kept`. `constant` never changes while the program runs;
    `late` puts `given` into words, and is asked only when the page is written. Forms get their keys when it is sent.
    """

    def written() -> str:
        context = {**(constant or {}), **given, "kept": given, **(late() if late else {})}
        text, _status = page(template, **context)
        return str(text)

    if "_flashes" in session:
        return written()
    reader = current_user._get_current_object()
    facts = tuple(fact() for fact in current_app.extensions.get(_FACTS, ()))
    encoding = _encoding(request.headers.get("Accept-Encoding", ""))
    shell = (template, request.full_path, locale_tag(), reader_today(), reader.id, reader.version)
    key = (*shell, facts, encoding, *given.items())
    known: OrderedDict[Any, str | bytes] = current_app.extensions[_PAGES]
    body = known.get(key)
    if body is None:
        body = known[key] = _to_keep(written, encoding)
        if len(known) > MOST:
            known.popitem(last=False)
    if isinstance(body, str):
        return fill_holes(body)
    answer = Response(body, content_type="text/html; charset=utf-8")
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer


def _to_keep(written: Callable[[], str], encoding: str | None) -> str | bytes:
    """Return the page as it can be sent again: compressed, or as text with holes where it has forms."""
    g.with_holes = True
    try:
        text = written()
    finally:
        g.with_holes = False
    if text.count('name="csrf_token"') != text.count(TOKEN_HOLE):
        raise RuntimeError("a form of its own stands on a page that is kept: its token would be sent to others")
    return text if KEY_HOLE in text else _squeezed(text.encode(), encoding)


@lru_cache(maxsize=64)
def _encoding(accepted: str) -> str | None:
    """Return the best encoding of an Accept-Encoding header; browsers send a handful of different ones."""
    found = parse_accept_header(accepted, Accept)
    return next((name for name in ("br", "gzip") if found[name] > 0), None)


def _squeezed(body: bytes, encoding: str | None) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=4)
    return gzip.compress(body, 6, mtime=0) if encoding else body


def init_app(app: Flask) -> None:
    app.extensions[_PAGES], app.extensions[_LATELY] = OrderedDict(), {}
