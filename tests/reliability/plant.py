"""An installation of real processes, which can be killed, stopped and cut off at any moment.

    with a_plant(folder) as plant:
        plant.start("scheduler", "scheduler", "web", "web")
        plant.members[0].kill()
        plant.revive()

On SQLite, or on a PostgreSQL of its own where the tests run on PostgreSQL; its clients reach that through a proxy.
Processes that ended are started again by `revive`, as a service manager does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.db import db
from app.db.commands import newest_revision
from config import Config
from tests.databases import SERVER, fresh_database
from tests.reliability.proxy import Proxy
from tests.servers import (
    LOOPBACK,
    PATIENCE,
    ROOT,
    MailServer,
    PostgresCluster,
    answers,
    die_with_parent,
    environment,
    flask,
    flask_command,
    free_port,
)

SECRET = "only-for-tests-" + "x" * 40
MAIL_TIMEOUT = 4  # seconds; a claim that nobody holds any more is free again after twice that


@dataclass
class Member:
    """One process of the plant; `port` for one that serves pages."""

    name: str
    command: list[str]
    settings: dict[str, str]
    log: Path
    port: int | None = None
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        """Begin it. Call it in the main thread: it ends with the thread that began it."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=environment(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                preexec_fn=die_with_parent,
            )
        self.starts += 1

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, chance: Random) -> None:
        """kill -9 the process, or the worker below it."""
        assert self.process
        self._signal(chance.choice(family(self.process.pid)), signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does, its workers too, until `thaw`."""
        assert self.process
        for number in family(self.process.pid):
            self._signal(number, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        for number in family(self.process.pid):
            self._signal(number, signal.SIGCONT)

    def end(self) -> None:
        """Tell it to end, and wait until it has."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise

    @staticmethod
    def _signal(number: int, what: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(number, what)


def family(number: int) -> list[int]:
    """Return the process and those it began."""
    found = [number]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == number and words[0] != "Z":
                found.append(int(stat.parent.name))
    return found


@dataclass
class Plant:
    """Where everything is. `app` is this process's own application on the same database, for looking and preparing."""

    folder: Path
    config: Config
    app: Flask
    mail: MailServer
    mail_proxy: Proxy
    settings: dict[str, str]
    cluster: PostgresCluster | None = None
    database_proxy: Proxy | None = None
    members: list[Member] = field(default_factory=list)

    def start(self, *kinds: str, offset: int = 0) -> None:
        """Begin members of these kinds ("scheduler", "web") whose clock is `offset` seconds ahead; wait until pages are served."""
        begun = [self._member(kind, offset) for kind in kinds]
        for member in begun:
            member.start()
        for member in begun:
            if member.port and not answers(f"{member.url}/healthz", member.process):  # type: ignore[arg-type]
                raise RuntimeError(f"{member.name} does not answer: {member.log.read_text(errors='replace')}")

    def revive(self) -> None:
        """Start again what ended."""
        for member in self.members:
            if not member.lives:
                member.start()

    def stop(self) -> None:
        """End all members as an administrator does."""
        for member in self.members:
            member.end()
        self.members.clear()

    def once(self, offset: int = 0) -> None:
        """Run `scheduler --once` with a clock `offset` seconds ahead."""
        flask("scheduler", "--once", settings={**self.settings, "LOTSE_CLOCK_OFFSET": str(offset)})

    def crash_database(self) -> None:
        """Stop the PostgreSQL server at once and start it again."""
        assert self.cluster
        self.cluster.crash()
        self.cluster.resume()

    @property
    def urls(self) -> list[str]:
        return [member.url for member in self.members if member.port]

    def logs(self) -> str:
        """Return what all processes have said."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _member(self, kind: str, offset: int) -> Member:
        name = f"{kind}-{len(self.members) + 1}"
        settings, port = {**self.settings, "LOTSE_CLOCK_OFFSET": str(offset)}, None
        command = flask_command("scheduler")
        if kind == "web":
            port = free_port()
            settings |= {"HOST": LOOPBACK, "PORT": str(port)}
            command = [sys.executable, str(ROOT / "bin" / "lib" / "serve.py")]
        member = Member(name, command, settings, self.folder / f"{name}.log", port)
        self.members.append(member)
        return member


@contextmanager
def a_plant(folder: Path, *, files: Path | None = None, database: str = "", offset: int = 0) -> Iterator[Plant]:
    """Set up database, mail server and proxies in `folder`; `database` in place of a new one. Members are gone at the end."""
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer())
        mail_proxy = stack.enter_context(Proxy(mail.port))
        cluster, proxy, direct, through = None, None, database, database
        if not database and SERVER:
            cluster = stack.enter_context(PostgresCluster(durable=True))
            proxy = stack.enter_context(Proxy(cluster.port))
            direct = make_database(cluster)
            through = direct.replace(f":{cluster.port}/", f":{proxy.port}/")
        elif not database:
            direct = through = stack.enter_context(fresh_database(folder))
        config = Config(
            database_url=direct,
            secret_key=SECRET,
            public_url="http://localhost",
            mail_url=f"smtp://{LOOPBACK}:{mail_proxy.port}",
            mail_timeout=MAIL_TIMEOUT,
            files_url=str(files or folder / "files"),
            backup_dir=str(folder / "backups"),
            require_mfa="off",
            clock_offset=offset,
        )
        app = create_app(config)
        settings = settings_of(replace(config, database_url=through))
        plant = Plant(folder, config, app, mail, mail_proxy, settings, cluster, proxy)
        with app.app_context():
            prepare_tables()
            try:
                yield plant
            finally:
                for member in plant.members:
                    member.thaw()
                    member.process.kill()  # type: ignore[union-attr]
                    member.process.wait(PATIENCE)  # type: ignore[union-attr]
                db.session.remove()
                db.engine.dispose()


def settings_of(config: Config) -> dict[str, str]:
    """Return the environment of this configuration."""
    return {
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "PUBLIC_URL": config.public_url,
        "MAIL_URL": config.mail_url,
        "MAIL_TIMEOUT": str(config.mail_timeout),
        "FILES_URL": config.files_url,
        "BACKUP_DIR": config.backups,
        "REQUIRE_MFA": config.require_mfa,
        "SCHEDULER": "off",
        "LOTSE_CLOCK_OFFSET": str(config.clock_offset),
    }


def make_database(cluster: PostgresCluster, further: str = "") -> str:
    """Create the database "lotse" there, with `further` words of its own; return its address."""
    engine = sa.create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE lotse {further}")
    return cluster.url("lotse")


def prepare_tables() -> None:
    """Make the tables where there are none, and say that they are this version's."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        db.session.commit()
    db.create_all()
    db.session.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
    db.session.execute(sa.text("DELETE FROM alembic_version"))
    db.session.execute(sa.text("INSERT INTO alembic_version VALUES (:version)"), {"version": newest_revision()})
    db.session.commit()
