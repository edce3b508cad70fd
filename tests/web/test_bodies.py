"""What a request brings: too much of it is answered with a sentence, what never comes holds up nobody."""

from __future__ import annotations

import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import RequestTimeout, ServiceUnavailable

from app.web import bodies
from tests.office import Office
from tests.reliability.test_hostile_papers import Visitor
from tests.servers import LiveServer, flask, live_server

MEGABYTE = 1024 * 1024
HALF = b"POST /register HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n--x\r\n"


class Stalled:
    """A body of which nothing comes until the connection ends."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def read(self, _size: int) -> bytes:
        self.ended.wait(60)
        return b""


def test_a_body_that_stalls_is_given_up_and_its_place_is_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.1)
    monkeypatch.setattr(bodies, "PLACES", bodies._Places())
    inner = Stalled()

    for _try in range(bodies.AT_ONCE_OF_ONE + 1):
        with pytest.raises(RequestTimeout):
            bodies._Body(inner, "192.0.2.1").read(10)

    inner.ended.set()


def test_one_address_cannot_hold_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    places = bodies._Places()
    monkeypatch.setattr(bodies, "PLACES", places)
    for _one in range(bodies.AT_ONCE_OF_ONE):
        places.take("192.0.2.1")

    with pytest.raises(ServiceUnavailable):
        places.take("192.0.2.1")

    places.take("192.0.2.2")
    places.leave("192.0.2.1")
    places.take("192.0.2.1")


def test_a_body_is_given_as_it_came_and_what_is_left_is_thrown_away() -> None:
    content = bytes(range(256)) * 2_000
    source = io.BytesIO(content)
    body = bodies._Body(source, "192.0.2.1")

    assert body.read(10) == content[:10]
    assert body.readall() == content[10:]
    assert body.read(10) == b""

    source = io.BytesIO(content)
    body = bodies._Body(source, "192.0.2.1")
    body.read(1)
    body.throw_away()
    assert source.tell() == len(content)


class Kept:
    """What a connection that stays open gives: whoever reads beyond the body waits."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)
        self.waits = threading.Event()

    def read(self, size: int) -> bytes:
        piece = self._rest.read(size)
        if len(piece) < size:
            self.waits.wait(60)
        return piece


def test_no_more_is_read_than_was_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.5)
    source = Kept(b"x" * (bodies.PIECE + 10))

    try:
        assert bodies._Body(source, "192.0.2.1", bodies.PIECE + 10).readall() == b"x" * (bodies.PIECE + 10)
    finally:
        source.waits.set()


@pytest.mark.sql
def test_files_that_are_too_much_together_are_refused_and_not_cut(app: Flask, lead: Office) -> None:
    page = lead.open("/admission/imports/new")
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page.text)
    assert token is not None
    papers = [(io.BytesIO(b"%PDF-1.4 " + b"x" * 7 * MEGABYTE + b" startxref %%EOF"), f"{n}.pdf") for n in (1, 2)]

    answer = lead.post("/admission/imports/new", {"csrf_token": token[1], "papers": papers, "file": (io.BytesIO(b"a"), "a.csv")})

    assert answer.status == 413


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'lotse.sqlite3'}",
        "FILES_URL": str(tmp_path / "files"),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "MAIL_URL": f"file:{tmp_path / 'mail'}",
        "SCHEDULER": "off",
    }
    flask("db", "upgrade", settings=settings)
    with live_server(settings) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("chunked", [False, True])
def test_sixty_megabytes_are_refused_at_the_field_and_what_was_typed_is_kept(server: LiveServer, chunked: bool) -> None:
    visitor = Visitor(server.url)
    if chunked:
        plain = visitor.ask
        visitor.ask = (
            lambda method, path, body=b"", kind="": plain(  # type: ignore[method-assign]
                method, path, iter([body[at : at + 65_536] for at in range(0, len(body), 65_536)]) if body else b"", kind
            )
        )

    status, text = visitor.register(7, "gross.pdf", b"%PDF-1.7\n" + b"\0" * 60 * MEGABYTE)

    assert status == 422
    assert "This file has more than 10 MB" in text
    assert "Wiebke Feldhusen 7" in text


@pytest.mark.slow
def test_bodies_that_never_come_hold_up_no_page(server: LiveServer) -> None:
    address = urlsplit(server.url)
    with ExitStack() as stack:
        for _number in range(30):
            slow = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            slow.sendall(HALF)
        time.sleep(3)  # those without a place have had their answer
        started = time.monotonic()
        assert Visitor(server.url).ask("GET", "/register")[0] == 200
        assert time.monotonic() - started < 5
