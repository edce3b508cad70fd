"""Handing letters over: to a mail server, or into a folder. One interface for both.

    with transport_for(url, timeout=30) as transport:
        transport.send(envelope)      # returns the server's Reply, raises Undelivered

A connection stays open over several letters. Each letter, from connecting to the last reply, has `timeout` seconds.
"""

from __future__ import annotations

import hashlib
import os
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import unquote, urlsplit

from app.core.clock import stopwatch
from app.core.durable import write_durably
from app.mail.message import Envelope
from app.mail.rules import Fault

LONGEST_REPLY = 500
# The sender's own fault in an answer to MAIL FROM is the letter's where it is about its size (RFC 1870).
TOO_LARGE = 552
# Whatever it answers, this is about us: sign-in is wanted, refused, or must be encrypted (RFC 4954).
NOT_SIGNED_IN = (530, 534, 535, 538)


@dataclass(frozen=True)
class Reply:
    """What the other side said last."""

    code: int
    text: str


class Undelivered(Exception):
    """The letter was not accepted, or nobody knows; `code` is None where there was no answer."""

    def __init__(self, fault: Fault, code: int | None, text: str) -> None:
        super().__init__(text)
        self.fault, self.code, self.text = fault, code, text[:LONGEST_REPLY]


class Transport(Protocol):
    """Where letters go."""

    def send(self, envelope: Envelope) -> Reply:
        """Hand one letter over; return once the other side has taken it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def transport_for(url: str, timeout: float) -> Transport:
    """Return the transport for a MAIL_URL; nothing is connected yet. `timeout` is in seconds for one whole letter."""
    if url.startswith("file:"):
        return FolderTransport(Path(url.removeprefix("file:")))
    return SmtpTransport(url, timeout)


class FolderTransport:
    """Each letter is one file with the bytes that SMTP would have carried.

    Its name comes from the Message-ID, so a letter that is handed over again after a crash is the same file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def send(self, envelope: Envelope) -> Reply:
        try:
            path = self._write(envelope)
        except OSError as problem:
            raise Undelivered(Fault.SERVER_AWAY, None, f"folder: {os.strerror(problem.errno or 0)}") from problem
        return Reply(250, f"written to {path.name}")

    def _write(self, envelope: Envelope) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]}.eml"
        write_durably(path, envelope.content, 0o666)
        return path


class _Deadline:
    """Seconds left for the present letter; time-outs of single calls would add up."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.start()

    def start(self) -> None:
        self.ends = stopwatch() + self.timeout

    @property
    def is_over(self) -> bool:
        return stopwatch() >= self.ends

    def short(self) -> float:
        """Return the seconds left; where there are none, as few as it takes to fetch what has arrived already.

        A process that was frozen finds the server's answer waiting: whoever does not read it sends the letter twice.
        """
        return max(self.ends - stopwatch(), 0.001)

    def left(self) -> float:
        left = self.ends - stopwatch()
        if left <= 0:
            raise TimeoutError("the time for this letter is over")
        return left


class _Lines:
    """What smtplib reads replies from; a server that trickles bytes gains no time by it."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self.sock, self.deadline, self.rest = sock, deadline, b""
        self.late = False  # one look at what has arrived after the time was over, no more

    def readline(self, limit: int = -1) -> bytes:
        while b"\n" not in self.rest and not 0 < limit <= len(self.rest):
            late = self.deadline.is_over
            self.sock.settimeout(self.deadline.left() if self.late else self.deadline.short())
            more = self.sock.recv(4096)
            self.late = late
            if not more:
                break
            self.rest += more
        at = self.rest.find(b"\n") + 1 or len(self.rest)
        end = min(at, limit) if limit > 0 else at
        line, self.rest = self.rest[:end], self.rest[end:]
        return line

    def close(self) -> None:
        self.rest = b""


class _Client(smtplib.SMTP):
    """smtplib's client, every step of it under one deadline."""

    _host: str  # smtplib's own: what starttls checks the certificate against

    def __init__(self, deadline: _Deadline, tls: ssl.SSLContext | None) -> None:
        self.deadline, self.tls = deadline, tls
        super().__init__(timeout=deadline.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        problem: OSError = OSError("no address")
        for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self.deadline.left())
                sock.connect(address)
                if self.tls is not None:
                    sock = self.tls.wrap_socket(sock, server_hostname=host)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as failed:
                sock.close()
                problem = failed
            else:
                return sock
        raise problem

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock, self.deadline)
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock:
            self.sock.settimeout(self.deadline.left())
        super().send(s)


class SmtpTransport:
    """A mail server: smtp://, smtp+starttls:// or smtps://, with user and password where it wants them."""

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        self.scheme, self.host = parts.scheme, parts.hostname or "localhost"
        self.port = parts.port or {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.deadline = _Deadline(timeout)
        self.client: _Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, envelope: Envelope) -> Reply:
        self.deadline.start()
        if self.client is not None:
            # Servers close a connection after some letters or minutes; the letter has not been taken then.
            with suppress(_Stale):
                return self._send(envelope)
        try:
            return self._send(envelope)
        except _Stale as stale:
            raise Undelivered(Fault.NOT_NOW, stale.code, stale.text) from None

    def _send(self, envelope: Envelope) -> Reply:
        client = self.client or self._connect()
        try:
            self._begin(client, envelope)
        except (OSError, smtplib.SMTPServerDisconnected) as broken:
            self.close(politely=False)
            if self.deadline.is_over:
                raise Undelivered(Fault.NOT_NOW, None, _words(broken)) from broken
            raise _Stale(None, _words(broken)) from broken
        return self._content(client, envelope)

    def _begin(self, client: _Client, envelope: Envelope) -> None:
        options = [f"size={len(envelope.content)}"] if client.has_extn("size") else []
        code, text = client.mail(envelope.sender, options)
        if code != 250:
            self._refused(code, text, Fault.REFUSED if code == TOO_LARGE else Fault.SENDER_REFUSED)
        code, text = client.rcpt(envelope.recipient)
        if code not in (250, 251):
            self._refused(code, text, Fault.REFUSED)

    def _content(self, client: _Client, envelope: Envelope) -> Reply:
        try:
            code, text = client.data(envelope.content)
        except smtplib.SMTPDataError as refused:
            self._refused(refused.smtp_code, refused.smtp_error, Fault.REFUSED)
        except (OSError, smtplib.SMTPException) as broken:
            self.close(politely=False)
            raise Undelivered(Fault.NOT_NOW, None, _words(broken)) from broken
        if code != 250:
            self._refused(code, text, Fault.REFUSED)
        return Reply(code, _plain(text))

    def _refused(self, code: int, text: bytes | str, if_final: Fault) -> None:
        """Leave the connection fit for the next letter, and say what the refusal means."""
        words = _plain(text)
        if code == 421:  # the server is about to close
            self.close(politely=False)
            raise _Stale(code, words)
        self._reset()
        fault = Fault.SENDER_REFUSED if code in NOT_SIGNED_IN else if_final
        raise Undelivered(fault if code >= 500 else Fault.NOT_NOW, code, words)

    def _reset(self) -> None:
        try:
            if self.client is not None and self.client.rset()[0] != 250:
                self.close(politely=False)
        except (OSError, smtplib.SMTPException):
            self.close(politely=False)

    def _connect(self) -> _Client:
        context = ssl.create_default_context() if self.scheme != "smtp" else None
        client = _Client(self.deadline, context if self.scheme == "smtps" else None)
        try:
            client._host = self.host
            code, text = client.connect(self.host, self.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, text)
            client.ehlo_or_helo_if_needed()
            if self.scheme == "smtp+starttls":
                client.starttls(context=context)
                client.ehlo()
            if self.user:
                client.login(self.user, self.password)
        except (OSError, UnicodeError, smtplib.SMTPException) as problem:
            client.close()
            raise _at_the_door(problem) from problem
        self.client = client
        return client

    def close(self, *, politely: bool = True) -> None:
        """End the connection; a server that does not answer QUIT any more is not waited for long."""
        client, self.client = self.client, None
        if client is None:
            return
        if politely:
            self.deadline.ends = stopwatch() + 2
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
        client.close()


class _Stale(Exception):
    """The connection ended before this letter's content had begun to go."""

    def __init__(self, code: int | None, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def _at_the_door(problem: Exception) -> Undelivered:
    """Say what a fault while connecting or signing in means: it concerns all letters."""
    code = getattr(problem, "smtp_code", None)
    # No usable way to sign in, or none to encrypt, will not heal by itself either.
    final = (code is not None and code >= 500) or isinstance(problem, smtplib.SMTPNotSupportedError)
    return Undelivered(Fault.SENDER_REFUSED if final else Fault.SERVER_AWAY, code, _words(problem))


def _words(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        return _plain(problem.smtp_error)
    return f"{type(problem).__name__}: {problem}"


def _plain(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(words.split())[:LONGEST_REPLY]
