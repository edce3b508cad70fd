"""Papers that mean harm, sent to a served installation by the page that is open to everyone.

The page says what is wrong, or the paper is taken and kept as unreadable; the server's memory stays where it was, the
reading child within its limit, and others are answered meanwhile. `pytest -s` prints what was measured.
"""

from __future__ import annotations

import html
import http.client
import os
import re
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.files import hostile, samples
from tests.servers import LOOPBACK, LiveServer, flask, free_port, live_server

pytestmark = pytest.mark.slow
MEGABYTE = 1024 * 1024
MOST_MORE, MOST_OF_A_CHILD = 100 * MEGABYTE, 300 * MEGABYTE
SLOWEST_ANSWER = 5.0  # seconds, on a machine that runs other tests beside this one
REFUSED, READ = "refused", "read"  # at once by the page, or by the child behind it
PAPERS: list[tuple[str, bytes, str, str]] = [
    ("Lebenslauf.docx", hostile.bomb(), REFUSED, "larger than"),
    ("Lebenslauf.docx", hostile.many_paragraphs(), READ, ""),
    ("Lebenslauf.docx", hostile.external_entity(), READ, ""),
    ("Lebenslauf.docx", hostile.billion_laughs(), READ, ""),
    ("Lebenslauf.docx", hostile.deep_tables(), READ, ""),
    ("Lebenslauf.pdf", hostile.endless_pages(), READ, ""),
    ("Lebenslauf.pdf", hostile.text_without_end(), READ, ""),
    ("Lebenslauf.pdf", samples.docx(), REFUSED, ""),
    ("Lebenslauf.pdf", b"MZ" + b"\0" * 4000, REFUSED, ""),
    ("Lebenslauf.pdf", b"", REFUSED, ""),
    ("foto.png", samples.png(60_000, 60_000), REFUSED, ""),
    ("../../etc/\u202efdp.exe\0" + "x" * 300 + ".pdf", hostile.many_lines(), READ, ""),
]


@dataclass
class Watch:
    """Looks at memory and answers of the served installation every 50 ms until it is stopped."""

    server: LiveServer
    most: int = 0
    most_of_a_child: int = 0
    slowest: float = 0.0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._weigh, self._ask)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(30)

    def _weigh(self) -> None:
        while not self._ended.wait(0.05):
            web, children = weights(self.server.process.pid)
            self.most, self.most_of_a_child = max(self.most, web), max(self.most_of_a_child, *children, 0)

    def _ask(self) -> None:
        port = int(self.server.url.rpartition(":")[2])
        while not self._ended.wait(0.1):
            for path in ("/healthz", "/login"):
                began = time.monotonic()
                try:
                    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
                    connection.request("GET", path)
                    status = connection.getresponse().status
                    connection.close()
                except OSError as problem:
                    self.wrong.append(f"{path}: {problem}")
                    continue
                self.asked += 1
                self.slowest = max(self.slowest, time.monotonic() - began)
                if status != 200:
                    self.wrong.append(f"{path}: {status}")


def weights(pid: int) -> tuple[int, list[int]]:
    """Return the resident bytes of the server's own processes together, and of each child that reads papers.

    A child that has not become a program of its own yet is its parent under another number, with the parent's memory:
    the same command, the same size. It is not counted a second time.
    """
    web, children, seen = 0, [], dict[int, tuple[bytes, int]]()
    for one, parent in [(pid, 0), *_below(pid)]:
        try:
            line = Path(f"/proc/{one}/cmdline").read_bytes()
            extent, size = (int(word) * 4096 for word in Path(f"/proc/{one}/statm").read_text().split()[:2])
        except (OSError, ValueError):
            continue  # it has ended
        seen[one] = line, extent
        if seen.get(parent) == seen[one]:
            continue
        command = line.split(b"\0")
        if b"-I" in command:
            children.append(size)
        else:
            web += size
    return web, children


def _below(pid: int) -> Iterator[tuple[int, int]]:
    """Yield each process below this one with its parent, parents first."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return  # it has ended
    for task in tasks:
        try:
            found = [int(word) for word in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
        except OSError:
            continue
        for child in found:
            yield child, pid
            yield from _below(child)


class Visitor:
    """Somebody who registers, with a browser's cookies."""

    def __init__(self, url: str) -> None:
        self.port = int(url.rpartition(":")[2])
        self.cookies: SimpleCookie = SimpleCookie()

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items()), "Accept-Language": "en"}
        with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before all was sent
            connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)
        connection.close()
        return answer.status, text

    def register(self, number: int, name: str, paper: bytes) -> tuple[int, str]:
        _status, page = self.ask("GET", "/register")
        given = {
            found[1]: html.unescape(found[2])
            for found in re.finditer(r'name="(csrf_token|form_key|shown\w*|terms_id|privacy_id)"[^>]*? value="([^"]*)"', page)
        }
        given |= {
            "name": f"Wiebke Feldhusen {number}",
            "email": f"w{number}@post.example",
            "phone": "+49 1515 5501001",
            "terms": "y",
        }
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in given.items()
        ]
        safe = name.replace('"', "%22").encode()
        head = f'--{mark}\r\nContent-Disposition: form-data; name="cv"; filename="'.encode() + safe
        parts += [head + b'"\r\nContent-Type: application/octet-stream\r\n\r\n', paper, f"\r\n--{mark}--\r\n".encode()]
        return self.ask("POST", "/register", b"".join(parts), f"multipart/form-data; boundary={mark}")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    found = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'lotse.sqlite3'}",
        "FILES_URL": str(tmp_path / "files"),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "MAIL_URL": f"file:{tmp_path / 'mail'}",
        "REQUIRE_MFA": "off",
        "SCHEDULER": "inprocess",
    }
    flask("db", "upgrade", settings=found)
    return found


def test_hostile_papers_harm_nobody(settings: dict[str, str], tmp_path: Path) -> None:
    with live_server(settings, port=free_port()) as server:
        Visitor(server.url).register(0, "Lebenslauf.pdf", hostile.one_page(b"BT ET"))  # all is loaded once
        time.sleep(2)
        before = weights(server.process.pid)[0]
        with Watch(server) as watch:
            answers = [(REFUSED, *Visitor(server.url).register(99, "gross.pdf", b"%PDF-1.7\n" + b"\0" * (60 * MEGABYTE)))]
            for number, (name, paper, outcome, _words) in enumerate(PAPERS, 1):
                answers.append((outcome, *Visitor(server.url).register(number, name, paper)))
            taken = sum(outcome == READ for outcome, _status, _text in answers) + 1
            problems = read(tmp_path / "lotse.sqlite3", taken)

    more = watch.most - before
    print(f"server {before / MEGABYTE:.0f} MB before, at most {more / MEGABYTE:.0f} MB more; child at most "
          f"{watch.most_of_a_child / MEGABYTE:.0f} MB; {watch.asked} other answers, the slowest {watch.slowest:.2f} s; {problems}")  # fmt: skip
    for (outcome, status, text), what in zip(answers, ["60 MB", *(name for name, *_rest in PAPERS)], strict=True):
        assert status in ((413, 422) if outcome == REFUSED else (200, 302, 303)), (what, status)
        if status == 422:
            assert "cv-error" in text or "is-invalid" in text, what
    assert watch.wrong == [] and watch.asked > 10
    assert watch.slowest < SLOWEST_ANSWER
    assert more < MOST_MORE
    assert watch.most_of_a_child < MOST_OF_A_CHILD


def read(database: Path, taken: int, within: float = 150.0) -> list[str | None]:
    """Wait until each paper that was taken has been read; return what was wrong with each, None for nothing."""
    until = time.monotonic() + within
    found: list[str | None] = []
    while time.monotonic() < until:
        with sqlite3.connect(database) as connection:
            found = [row[0] for row in connection.execute("SELECT problem FROM paper_reading ORDER BY document_id")]
        if len(found) >= taken:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{len(found)} of {taken} papers were read: {found}")
