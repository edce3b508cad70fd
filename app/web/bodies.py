"""What a request brings: waited for by few threads and not for ever, bounded, and read to its end.

A server that answers while a body still comes cuts the connection, and a browser then shows that instead of our sentence.
Source: docs/decisions/16-reading-papers.md.
"""

from __future__ import annotations

import contextlib
import io
import queue
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, cast

from flask import Flask, Request
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, ServiceUnavailable
from werkzeug.sansio.utils import get_content_length

from app.web.versions import as_chosen, is_chosen

MEGABYTE = 1024 * 1024
MOST_SENT = 80 * MEGABYTE  # of one request; more is not even read and thrown away
MOST_OF_A_FILE = 11 * MEGABYTE  # what is kept of a file, more than a paper may have: its size is refused at its field
MOST_OF_ALL_FILES = 12 * MEGABYTE  # what is kept of one request
PIECE = 64 * 1024
PATIENCE = 30.0  # seconds for a piece to come
WAIT = 0.5  # seconds for a place
AT_ONCE, AT_ONCE_OF_ONE = 8, 4  # bodies that are waited for, of all and of one address; the server has 12 threads
STUCK_OF_ONE = 20  # bodies of one address that never came to their end


class _Places:
    """Who waits for a body. A body that stalled gives its place back, but still counts for its address."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: Counter[str] = Counter()
        self._open: Counter[str] = Counter()

    def take(self, address: str) -> None:
        """Raises ServiceUnavailable where there is no place within WAIT."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(address), timeout=WAIT):
                raise ServiceUnavailable(retry_after=5)
            self._waiting[address] += 1
            self._open[address] += 1

    def _is_free(self, address: str) -> bool:
        one = self._waiting[address] < AT_ONCE_OF_ONE and self._open[address] < STUCK_OF_ONE
        return one and self._waiting.total() < AT_ONCE

    def leave(self, address: str) -> None:
        with self._changed:
            self._less(self._waiting, address)

    def end(self, address: str) -> None:
        with self._changed:
            self._less(self._open, address)

    def _less(self, counter: Counter[str], address: str) -> None:
        counter[address] -= 1
        if counter[address] <= 0:
            del counter[address]
        self._changed.notify_all()


PLACES = _Places()


class _Body(io.RawIOBase):
    """A body that a thread of its own reads ahead by some pieces: only so can waiting for it end."""

    def __init__(self, inner: Any, address: str, length: int | None = None) -> None:
        """`length`: bytes that were announced, or None where the server itself tells the end."""
        self._inner, self._address, self._left = inner, address, length
        self._pieces: queue.Queue[bytes | Exception] = queue.Queue(maxsize=8)
        self._started = self._ended = self._given_up = False
        self._rest = memoryview(b"")
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        if not self._rest:
            self._rest = memoryview(self._next())
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def throw_away(self) -> None:
        """Read what is left, so that the answer is heard; let go of what does not come or is far too much."""
        try:
            while not self._ended and self._read < MOST_SENT:
                self._next()
        except (RequestTimeout, ServiceUnavailable, OSError):
            pass
        self._let_go()

    def _next(self) -> bytes:
        if self._ended:
            return b""
        if not self._started:
            try:
                PLACES.take(self._address)
            except ServiceUnavailable:
                self._ended = True  # nor is it read and thrown away
                raise
            self._started = True
            threading.Thread(target=self._fetch, name="body", daemon=True).start()
        try:
            piece = self._pieces.get(timeout=PATIENCE)
        except queue.Empty:
            self._let_go()
            raise RequestTimeout from None
        if isinstance(piece, Exception):
            self._let_go()
            raise OSError("the body broke off") from piece
        self._read += len(piece)
        if not piece:
            self._let_go()
        return piece

    def _let_go(self) -> None:
        self._ended = True
        if self._started and not self._given_up:
            self._given_up = True
            PLACES.leave(self._address)

    def _fetch(self) -> None:
        try:
            piece = b"-"
            while piece and not self._given_up:
                piece = self._piece()
                self._put(piece)
        except Exception as problem:  # whatever the server says of a connection that broke
            self._put(problem)
        finally:
            PLACES.end(self._address)

    def _piece(self) -> bytes:
        if self._left is None:
            return cast(bytes, self._inner.read(PIECE))
        piece = cast(bytes, self._inner.read(min(PIECE, self._left))) if self._left else b""  # more would be waited for
        self._left -= len(piece)
        return piece

    def _put(self, piece: bytes | Exception) -> None:
        while not self._given_up:
            with contextlib.suppress(queue.Full):
                self._pieces.put(piece, timeout=1.0)
                return


class _Whole:
    """The application, behind which nothing of a body is left unread."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = get_content_length(environ.get("CONTENT_LENGTH"), environ.get("HTTP_TRANSFER_ENCODING"))
        if not length and not environ.get("wsgi.input_terminated"):
            return self._inner(environ, start_response)
        body = environ["wsgi.input"] = _Body(environ["wsgi.input"], environ.get("REMOTE_ADDR", ""), length)
        try:
            return self._inner(environ, start_response)
        finally:
            body.throw_away()


class BoundedRequest(Request):
    """Keeps of each file no more than shows that it is too large; several that are too much together are refused (413)."""

    kept = 0
    unchosen = False  # the page with two versions came back without a choice

    def _load_form_data(self) -> None:
        super()._load_form_data()
        posted = self.__dict__["form"]
        self.unchosen = not is_chosen(posted)
        self.__dict__["form"] = as_chosen(posted)

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        return _File(self)


class _File(tempfile.SpooledTemporaryFile):  # type: ignore[type-arg]
    def __init__(self, request: BoundedRequest) -> None:
        super().__init__(max_size=500 * 1024, mode="rb+")
        self._request, self._left = request, MOST_OF_A_FILE

    def write(self, data: Any) -> int:
        kept = data[: self._left]
        self._left -= len(kept)
        self._request.kept += len(kept)
        if self._request.kept > MOST_OF_ALL_FILES:
            raise RequestEntityTooLarge
        super().write(kept)
        return len(data)


def init_app(app: Flask) -> None:
    """Call it before a proxy's addresses are put right: they are to be known here."""
    app.request_class = BoundedRequest
    app.wsgi_app = _Whole(app.wsgi_app)  # type: ignore[method-assign]
