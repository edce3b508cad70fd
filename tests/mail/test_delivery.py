"""Handing one letter over: encrypted, over a connection that closes, to a server that trickles."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core.clock import stopwatch
from app.mail.delivery import Undelivered, _Deadline, _Lines, transport_for
from app.mail.message import Envelope
from app.mail.rules import Fault
from tests.servers import LOOPBACK, free_port

LETTER = Envelope("k", "<a@example.org>", "post@example.org", "a@example.org", b"Subject: x\r\n\r\nhello\r\n")
Talk = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def encrypted(certificate: Path, *, from_the_start: bool) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    how = {"ssl_context": context} if from_the_start else {"tls_context": context, "require_starttls": True}
    server = Controller(Sink(), hostname="localhost", port=free_port(), **how)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def talking(*talks: Talk) -> Iterator[str]:
    """A server that answers its first, second … connection as the talks do; yields its MAIL_URL."""
    listener = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        for talk in talks:
            connection, _address = listener.accept()
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        listener.close()


def taking(letters: int, last_word: bytes = b"") -> Talk:
    """Take so many letters over one connection, say a last word, and close it."""

    def talk(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        taken = 0
        while taken < letters and (line := lines.readline()):
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go\r\n")
                while lines.readline() != b".\r\n":
                    pass
                taken += 1
            connection.sendall(b"250 ok\r\n")
        if last_word:
            lines.readline()
            connection.sendall(last_word)

    return talk


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtp+starttls", False), ("smtps", True)])
def test_letters_go_encrypted(certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, from_the_start: bool) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with encrypted(certificate, from_the_start=from_the_start) as port, transport_for(f"{scheme}://localhost:{port}", 10) as mail:
        assert [mail.send(LETTER).code for _ in range(2)] == [250, 250]


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with (
        encrypted(certificate, from_the_start=True) as port,
        transport_for(f"smtps://localhost:{port}", 10) as mail,
        pytest.raises(Undelivered) as refused,
    ):
        mail.send(LETTER)
    assert refused.value.fault is Fault.SERVER_AWAY


def test_a_server_that_wants_encryption_stops_all_letters_and_not_this_one(certificate: Path) -> None:
    with (
        encrypted(certificate, from_the_start=False) as port,
        transport_for(f"smtp://localhost:{port}", 10) as mail,
        pytest.raises(Undelivered) as refused,
    ):
        mail.send(LETTER)
    assert (refused.value.fault, refused.value.code) == (Fault.SENDER_REFUSED, 530)


@pytest.mark.parametrize("last_word", [b"", b"421 enough for today\r\n"])
def test_a_connection_that_closed_between_two_letters_is_opened_anew(last_word: bytes) -> None:
    with talking(taking(1, last_word), taking(1)) as url, transport_for(url, 5) as mail:
        assert [mail.send(LETTER).code for _ in range(2)] == [250, 250]


def test_a_server_that_is_busy_at_the_door_is_away_for_all() -> None:
    with (
        talking(lambda connection: connection.sendall(b"421 too many\r\n")) as url,
        transport_for(url, 5) as mail,
        pytest.raises(Undelivered) as refused,
    ):
        mail.send(LETTER)
    assert (refused.value.fault, refused.value.code) == (Fault.SERVER_AWAY, 421)


def test_a_server_that_trickles_gets_no_more_time_than_one_that_is_silent() -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"220-")
        for _ in range(40):
            try:
                connection.sendall(b"x")
            except OSError:
                return
            time.sleep(0.1)

    started = stopwatch()
    with talking(trickle) as url, transport_for(url, 1) as mail, pytest.raises(Undelivered):
        mail.send(LETTER)
    assert stopwatch() - started < 2.5


def test_nobody_at_the_address_is_a_server_that_is_away() -> None:
    with transport_for(f"smtp://{LOOPBACK}:{free_port()}", 5) as mail, pytest.raises(Undelivered) as refused:
        mail.send(LETTER)
    assert (refused.value.fault, refused.value.code) == (Fault.SERVER_AWAY, None)


def test_a_folder_that_cannot_be_written_is_away_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    blocked = tmp_path / "post"
    blocked.write_text("a file in the way")

    with transport_for(f"file:{blocked}", 5) as mail, pytest.raises(Undelivered) as refused:
        mail.send(LETTER)

    assert refused.value.fault is Fault.SERVER_AWAY
    assert [path.name for path in tmp_path.iterdir()] == ["post"]


def test_an_answer_that_arrived_while_we_were_frozen_is_read_and_nothing_after_it() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        deadline = _Deadline(0.05)
        lines = _Lines(ours, deadline)
        theirs.sendall(b"250 taken\r\n")
        time.sleep(0.1)

        assert lines.readline() == b"250 taken\r\n"
        theirs.sendall(b"250 more\r\n")
        with pytest.raises(TimeoutError):
            lines.readline()


def test_a_server_that_has_not_answered_by_then_gets_no_further_time() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lines = _Lines(ours, _Deadline(0.0))
        started = stopwatch()
        with pytest.raises(TimeoutError):
            lines.readline()
        assert stopwatch() - started < 1
