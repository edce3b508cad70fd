"""The text and the pictures of a stored document, read by a child process with limits.

A file that cannot be read raises Unreadable and changes nothing else: an upload succeeds all the same.
Source: docs/decisions/16-reading-papers.md.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import structlog

from app.core.clock import stopwatch
from app.core.errors import N_
from app.files.papers.document import Document, Line, Page, Unreadable
from app.files.rules import DOCX, JPEG, ODT, PDF, PNG, TXT, Kind, check

__all__ = ["REASONS", "Document", "Line", "Page", "Unreadable", "kind_of", "page_count", "picture", "read", "read_file"]

log = structlog.get_logger()

CPU_SECONDS = 10
WALL_SECONDS = 20.0
MOST_CHILDREN = 2
MOST_ANSWER = 16 * 1024 * 1024
MOST_MEGABYTES = 10
_NAMES = {PDF: "pdf", DOCX: "docx", ODT: "odt", TXT: "txt", JPEG: "jpeg", PNG: "png"}
_START = "import sys; sys.path[:0] = sys.argv[1:]; import papers.child as child; child.main()"

REASONS = {
    "damaged": N_("The file is damaged or incomplete."),
    "locked": N_("The file is protected by a password."),
    "packed": N_("The file unpacks to far more than a document holds."),
    "scanned": N_("The pages are pictures without text, such as a scan. The text cannot be read."),
    "picture": N_("This is a picture. Its text cannot be read."),
    "empty": N_("There is no text in the file."),
    "too_much": N_("Reading the file takes more memory or time than a document needs."),
    "no_page": N_("There is no such page."),
}


def kind_of(content: bytes, name: str = "") -> Kind:
    """Return what the file is; raises RuleViolation as for an upload."""
    return check(content, name, most_megabytes=MOST_MEGABYTES)


def read(content: bytes, kind: Kind) -> Document:
    """Return the text in reading order. Raises Unreadable, with a key of REASONS."""
    if kind in (JPEG, PNG):
        raise Unreadable("picture")
    body = READERS.ask({"do": "read", "kind": _NAMES[kind]}, content)
    return Document.from_json(json.loads(body))


def read_file(path: Path) -> tuple[Kind, Document]:
    """Read a file of the disk: its size first, then its signature and structure, then its text.

    Raises OSError, RuleViolation for one that we would not take, Unreadable.
    """
    if path.stat().st_size > MOST_MEGABYTES * 1024 * 1024:
        check(bytes(MOST_MEGABYTES * 1024 * 1024 + 1), path.name, most_megabytes=MOST_MEGABYTES)
    with path.open("rb") as file:
        content = file.read(MOST_MEGABYTES * 1024 * 1024 + 1)
    kind = kind_of(content, path.name)
    return kind, read(content, kind)


def page_count(content: bytes, kind: Kind) -> int:
    """Return how many pages can be shown as pictures: of a PDF its pages, of a photograph one, else none. Raises Unreadable."""
    if kind in (JPEG, PNG):
        return 1
    return int(READERS.ask({"do": "count", "kind": "pdf"}, content)) if kind == PDF else 0


def picture(content: bytes, kind: Kind, *, page: int = 1, width: int = 900) -> bytes:
    """Return a page of a PDF, or a JPEG or PNG, as PNG at most `width` pixels wide. Raises Unreadable."""
    if kind not in (PDF, JPEG, PNG):
        raise Unreadable("no_page")
    return READERS.ask({"do": "picture", "kind": _NAMES[kind], "page": page, "width": width}, content)


class _Gone(Exception):
    """The child ended before it answered."""


class _Late(Exception):
    """The child did not answer in time."""


class _Child:
    """One process; asked by one thread at a time."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        # An interpreter of its own, started without a copy of this one's memory: threads of a web server forbid a bare fork.
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START, str(Path(__file__).parent), *_packages()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"},
            cwd="/",
            bufsize=0,
            close_fds=True,
        )

    def ask(self, request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Raises _Gone and _Late; the child must not be asked again then."""
        deadline = stopwatch() + WALL_SECONDS
        head = json.dumps(request | {"size": len(content), "cpu": CPU_SECONDS}).encode() + b"\n"
        self._write(memoryview(head), deadline)
        self._write(memoryview(content), deadline)
        found = bytearray()
        while b"\n" not in found:
            found += self._some(deadline)
        line, _newline, rest = bytes(found).partition(b"\n")
        answer = json.loads(line)
        size = answer["size"]
        if not 0 <= size <= MOST_ANSWER:
            raise _Gone
        body = bytearray(rest)
        while len(body) < size:
            body += self._some(deadline)
        return answer, bytes(body)

    def _write(self, content: memoryview, deadline: float) -> None:
        handle = self.process.stdin.fileno()  # type: ignore[union-attr]
        os.set_blocking(handle, False)
        while content:
            _wait(handle, select.POLLOUT, deadline)
            try:
                content = content[os.write(handle, content) :]
            except OSError:
                raise _Gone from None

    def _some(self, deadline: float) -> bytes:
        handle = self.process.stdout.fileno()  # type: ignore[union-attr]
        _wait(handle, select.POLLIN, deadline)
        part = os.read(handle, 1024 * 1024)
        if not part:
            raise _Gone
        return part

    def is_ready(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def end(self) -> None:
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def _wait(handle: int, event: int, deadline: float) -> None:
    """Wait until the pipe is ready. Not select(): a web server has more than 1024 files open."""
    poll = select.poll()
    poll.register(handle, event)
    if not poll.poll(max(0.0, deadline - stopwatch()) * 1000):
        raise _Late


class Readers:
    """A child is kept warm for the next paper; at most MOST_CHILDREN work at once, further papers wait."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_CHILDREN)

    def ask(self, request: dict[str, Any], content: bytes) -> bytes:
        with self._places:
            for attempt in (1, 2):
                child, is_warm = self._take()
                try:
                    answer, body = child.ask(request, content)
                except _Late:
                    child.end()
                    raise Unreadable("too_much") from None
                except _Gone:
                    child.end()
                    # A warm child may just have left for want of work; a fresh one that goes was ended by the file.
                    if is_warm and attempt == 1:
                        continue
                    raise Unreadable("too_much") from None
                except BaseException:
                    child.end()
                    raise
                if answer.get("reason") == "too_much":
                    child.end()
                else:
                    self._give_back(child)
                if "error" in answer:  # a parser, or a rule of ours: which one, without a word of the paper
                    log.warning("papers.stumbled", error=answer["error"], kind=request["kind"])
                if "reason" in answer:
                    raise Unreadable(answer["reason"])
                return body
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the children that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _take(self) -> tuple[_Child, bool]:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_ready():
                    return child, True
                child.end()
        return _Child(), False

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if len(self._idle) < MOST_CHILDREN:
                self._idle.append(child)
                return
        child.end()


def _packages() -> list[str]:
    """Return the folders of installed packages; the child starts without `site`, which costs more than it gives."""
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


READERS = Readers()
