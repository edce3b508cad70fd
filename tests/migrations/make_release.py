"""Make the filled database of a release: `python -m tests.servers python -m tests.migrations.make_release`.

The demo firm as migrated, on SQLite as a file and on PostgreSQL as a dump; most letters, events and changes are left out, so that each stays
under one megabyte. Made once, when a version is released; never made anew.
"""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.clock import FrozenClock
from app.db import db
from app.demo import firm
from config import Config
from tests.databases import SERVER, empty_database

RELEASES = Path(__file__).parent / "releases"
DAY = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
KEPT_LETTERS, KEPT_CHANGES, KEPT_READINGS, KEPT_EVENTS = 8, 60, 6, 300


def main() -> None:
    version = tomllib.loads((RELEASES.parents[2] / "pyproject.toml").read_text())["project"]["version"]
    RELEASES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lotse.sqlite3"
        fill(f"sqlite:///{path}", folder)
        target = RELEASES / f"{version}.sqlite3"
        target.unlink(missing_ok=True)
        with sqlite3.connect(path) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with sqlite3.connect(target, isolation_level=None) as small:  # a hundred indexes of half a page each
            for statement in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 1024", "VACUUM"):
                small.execute(statement)
        if SERVER:
            with empty_database(Path(folder)) as url:
                fill(url, folder)
                dump(url, RELEASES / f"{version}.sql.gz")
    for made in sorted(RELEASES.glob(f"{version}.*")):
        print(made.name, made.stat().st_size, "bytes")


def fill(url: str, folder: str) -> None:
    app = app_on(url, folder)
    with app.app_context():
        answer = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert answer.exit_code == 0, answer.output
        firm.build(1, DAY)
        shorten()
        db.session.remove()
        db.engine.dispose()


def app_on(url: str, folder: str) -> Flask:
    config = Config(
        database_url=url,
        secret_key="only-for-the-demo-" + "x" * 40,
        public_url="http://localhost",
        mail_url=f"file:{folder}/mail",
        files_url=f"{folder}/files",
        require_mfa="off",
    )
    return create_app(config, FrozenClock(DAY))


def shorten() -> None:
    statements = (
        f"DELETE FROM letter_attempt WHERE letter_id IN (SELECT id FROM letter ORDER BY id DESC LIMIT 100000 OFFSET {KEPT_LETTERS})",
        f"DELETE FROM letter WHERE id IN (SELECT id FROM letter ORDER BY id DESC LIMIT 100000 OFFSET {KEPT_LETTERS})",
        f"DELETE FROM paper_reading WHERE document_id NOT IN (SELECT document_id FROM paper_reading ORDER BY 1 LIMIT {KEPT_READINGS})",
        f"DELETE FROM event_subject WHERE event_id IN (SELECT id FROM event ORDER BY id DESC LIMIT 100000 OFFSET {KEPT_EVENTS})",
        f"DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id DESC LIMIT 100000 OFFSET {KEPT_EVENTS})",
        f"DELETE FROM audit_change WHERE id IN (SELECT id FROM audit_change ORDER BY id DESC LIMIT 100000 OFFSET {KEPT_CHANGES})",
    )
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def dump(url: str, target: Path) -> None:
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(["pg_dump", "--no-owner", "--no-privileges", address], check=True, capture_output=True)
    text = "\n".join(line for line in done.stdout.decode().splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))
    target.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
