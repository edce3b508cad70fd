"""Real servers for tests, all on loopback and gone when the test run is: PostgreSQL, SMTP, Lotse itself.

Also where the system keeps Chromium. Ports are free ones, so that two test runs go side by side.
"""

from __future__ import annotations

import asyncio
import ctypes
import glob
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random
from types import TracebackType

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"
PATIENCE = 60.0  # seconds until a server that does not answer is a failure; long, for a machine under load
SETTINGS = (
    *("DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "MAIL_URL", "MAIL_TIMEOUT", "MAIL_FROM", "FILES_URL", "SCHEDULER"),
    *("LOTSE_CLOCK_OFFSET", "TRUSTED_PROXIES", "REQUIRE_MFA", "HOST", "PORT", "BACKUP_DIR", "METRICS", "METRICS_TOKEN"),
    *("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"),
)
# As root, and without looking for anything outside this machine.
CHROMIUM_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((LOOPBACK, 0))
        return int(trial.getsockname()[1])


def chromium_path() -> str | None:
    """The system's Chromium or Chrome, None if Playwright's own is to be used."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def html_checker() -> Path | None:
    """The Nu HTML checker's jar, None where it was not fetched (it needs npm and Java; CI has it always)."""
    return max((ROOT / ".cache").glob("vnu-*/vnu.jar"), default=None)


def die_with_parent() -> None:
    """For `preexec_fn`: the child ends when the thread that started it does, even by kill -9."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


# PostgreSQL


def postgresql_programs() -> Path | None:
    """The folder with initdb and postgres, of the newest version there is."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = [Path(name) for name in glob.glob("/usr/lib/postgresql/*/bin") if Path(name, "initdb").exists()]
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


class PostgresCluster:
    """A private PostgreSQL that keeps nothing: its data lie in a temporary folder, unsynced.

    `with PostgresCluster() as cluster: connect(cluster.url("postgres"))`. Its user may create databases and the
    extension pg_trgm. As root it runs as the system's user postgres, because PostgreSQL refuses root.
    `durable`: what it committed outlives `crash()`.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.port = 0
        self.folder: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PostgresCluster:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> PostgresCluster:
        """Raise RuntimeError where PostgreSQL is not installed or does not start. Call it in the main thread."""
        programs = postgresql_programs()
        if programs is None:
            raise RuntimeError("PostgreSQL is not installed (Debian: apt-get install postgresql).")
        self.folder = Path(tempfile.mkdtemp(prefix="lotse-postgresql-"))
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        data = self.folder / "data"
        options = ["--auth=trust", "--username=lotse", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        made = subprocess.run(
            [programs / "initdb", *options, "-D", data], cwd="/", capture_output=True, text=True, **self._as_user
        )
        if made.returncode:
            self.stop()
            raise RuntimeError(f"initdb failed: {made.stderr}")
        for _ in range(5):  # another program may take the free port first
            self.port = free_port()
            if self._serve():
                return self
        log = (self.folder / "log").read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start: {log}")

    def crash(self) -> None:
        """Stop it at once, as a crash does, all its connections with it; `resume` starts it again with its data."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE)

    def resume(self) -> None:
        """Start it again at its old port; it recovers by itself. Call it in the main thread."""
        if not self._serve():
            assert self.folder
            raise RuntimeError(f"PostgreSQL did not start again: {(self.folder / 'log').read_text(errors='replace')}")

    def _serve(self) -> bool:
        programs = postgresql_programs()
        assert self.folder and programs
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "off",
            "max_connections": 200,
            "shared_buffers": "64MB",
            "autovacuum_naptime": "10min",
        }
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [programs / "postgres", "-D", self.folder / "data", *arguments],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
                **self._as_user,
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=5).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(PATIENCE)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.process = self.folder = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://lotse@{LOOPBACK}:{self.port}/{database}"

    def _address(self, database: str) -> str:
        return self.url(database).replace("+psycopg", "")

    @property
    def user(self) -> str | None:
        return "postgres" if os.getuid() == 0 else None

    @property
    def _as_user(self) -> dict:
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}


# SMTP


@dataclass(frozen=True)
class Delivery:
    """One letter that the server took: who sent it to whom, its bytes, and whether the client was told so."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    told: bool
    at: float = field(default_factory=time.monotonic)

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


class MailServer:
    """A real SMTP server on loopback that collects letters and misbehaves when told.

    Change the attributes at any time; they hold from the next command on. `deliveries` is what it took.
    Stopped and started again it has the same port: a server that was down.
    """

    def __init__(self, *, login: tuple[str, str] | None = None) -> None:
        self.login = login  # user and password; None: no sign-in is offered
        self.port = free_port()
        self.deliveries: list[Delivery] = []
        self.connections = 0
        self.delay = 0.0  # seconds before the reply to the letter's end
        self.replies: dict[str, str] = {}  # recipient: reply instead of 250, such as "550 5.1.1 unknown" or "451 later"
        self.sender_reply: str | None = None  # reply to any MAIL FROM
        self.data_reply: str | None = None  # reply to any letter's end; the letter is not taken
        self.refuse_login = False
        self.drop_replies = 0  # so many letters are taken, and the connection cut instead of a reply
        self.drop_share = 0.0  # of the letters; of these too
        self.chance = Random(1)
        self._controller: Controller | None = None

    def __enter__(self) -> MailServer:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """As MAIL_URL wants it."""
        sign_in = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"smtp://{sign_in}{LOOPBACK}:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [delivery.message for delivery in self.deliveries]

    def start(self) -> MailServer:
        options: dict = {"authenticator": self._authenticate, "auth_require_tls": False} if self.login else {}
        if self.login:
            options["auth_required"] = True
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port, ready_timeout=PATIENCE, **options)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    def wait_for(self, count: int, seconds: float = PATIENCE) -> list[EmailMessage]:
        """The letters taken, once there are `count`; raise TimeoutError if that takes longer than `seconds`."""
        until = time.monotonic() + seconds
        while len(self.deliveries) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.deliveries)} letters instead of {count} after {seconds} s")
            time.sleep(0.05)
        return self.messages

    # What aiosmtpd calls

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        good = (
            not self.refuse_login
            and isinstance(data, LoginPassword)
            and self.login == (data.login.decode(), data.password.decode())
        )
        return AuthResult(success=good, handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.sender_reply:
            return self.sender_reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.data_reply:
            return self.data_reply
        cut = self.drop_replies > 0 or self.chance.random() < self.drop_share
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.deliveries.append(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, told=not cut))
        if cut:
            self.drop_replies = max(0, self.drop_replies - 1)
            assert server.transport
            server.transport.abort()
        return "250 OK"


# Files


class StorageServer:
    """An S3 server on loopback with an empty bucket `lotse`; it keeps nothing. `settings` are Lotse's for it.

    `with StorageServer() as storage: … storage.stop() … storage.start()` takes it away and brings it back with what it had.
    """

    bucket = "lotse"

    def __init__(self) -> None:
        self.port = free_port()
        self._application = DomainDispatcherApplication(create_backend_app)
        self._server: BaseWSGIServer | None = None

    def __enter__(self) -> StorageServer:
        self.start()
        answer = urllib.request.urlopen(urllib.request.Request(f"{self.url}/{self.bucket}", method="PUT"), timeout=PATIENCE)
        answer.close()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].reset()

    def start(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server(LOOPBACK, self.port, self._application, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self._server = None

    @property
    def serves(self) -> bool:
        return self._server is not None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "FILES_URL": f"s3://{self.bucket}",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "only-for-tests",
            "AWS_SECRET_ACCESS_KEY": "only-for-tests",
            "AWS_REGION": "eu-central-1",
        }


# Lotse


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with exactly these `settings` of ours."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | dict(settings)


def flask(*arguments: str, settings: Mapping[str, str], check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `flask ARGUMENTS` in a process of its own; raise RuntimeError with its words where `check` and it fails."""
    done = subprocess.run(flask_command(*arguments), env=environment(settings), capture_output=True, text=True, cwd=ROOT)
    if check and done.returncode:
        raise RuntimeError(f"flask {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done


def flask_command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "flask", "--app", str(ROOT / "wsgi.py"), *arguments]


@dataclass
class LiveServer:
    """Lotse served by granian, as bin/run does it, without migrating first."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it with a signal: SIGTERM lets requests end, SIGKILL is the crash. The worker goes too."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)


@contextmanager
def live_server(settings: Mapping[str, str], *, port: int | None = None, log: Path | None = None) -> Iterator[LiveServer]:
    """Serve with these settings on a free port until the block ends; raise RuntimeError if it does not answer.

    PUBLIC_URL is the address served unless it is among the settings. `log` takes what it prints.
    """
    port = port or free_port()
    url = f"http://{LOOPBACK}:{port}"
    with tempfile.TemporaryDirectory(prefix="lotse-server-") as folder:
        log = log or Path(folder) / "log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "bin" / "lib" / "serve.py")],
                env=environment({"PUBLIC_URL": url, **settings, "HOST": LOOPBACK, "PORT": str(port)}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                preexec_fn=die_with_parent,
            )
        server = LiveServer(process, url, log)
        try:
            if not answers(f"{url}/healthz", process):
                raise RuntimeError(f"The server does not answer: {log.read_text(errors='replace')}")
            yield server
        finally:
            server.stop()


def answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """True once `url` answers, with whatever status; False if `process` ends or PATIENCE does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return True
        except urllib.error.HTTPError as answer:
            answer.close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def main() -> int:
    """`python -m tests.servers COMMAND…`: run it beside a PostgreSQL of its own, named by LOTSE_TEST_DATABASE."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with PostgresCluster() as cluster:
        return subprocess.run(sys.argv[1:], env=os.environ | {"LOTSE_TEST_DATABASE": cluster.url("postgres")}).returncode


if __name__ == "__main__":
    sys.exit(main())
