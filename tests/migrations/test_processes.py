"""Migrating as real processes do it: two at once, one killed in the midst; and what starts on a database of another version."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db.commands import newest_revision
from tests.databases import SERVER, empty_database, fresh_database
from tests.servers import LOOPBACK, PATIENCE, ROOT, environment, flask, flask_command, free_port

pytestmark = [pytest.mark.sql, pytest.mark.slow]
RELEASES = Path(__file__).parent / "releases"
OLD = "0.3.0"


def settings_for(url: str, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "FILES_URL": str(folder / "files"),
        "MAIL_URL": f"file:{folder / 'mail'}",
        "BACKUP_DIR": str(folder / "backups"),
        "REQUIRE_MFA": "off",
    }


@pytest.fixture
def old(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The filled database of an older release, as the settings of an installation."""
    with empty_database(tmp_path) as url:
        if SERVER:
            address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            content = gzip.decompress((RELEASES / f"{OLD}.sql.gz").read_bytes())
            subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", address], input=content, check=True, capture_output=True)
        else:
            shutil.copyfile(RELEASES / f"{OLD}.sqlite3", str(sa.make_url(url).database))
        yield settings_for(url, tmp_path)


def asked(settings: dict[str, str], statement: str) -> object:
    engine = sa.create_engine(settings["DATABASE_URL"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.scalar(sa.text(statement))


def revision(settings: dict[str, str]) -> object:
    return asked(settings, "SELECT version_num FROM alembic_version")


def start(settings: dict[str, str], *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        list(command), env=environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_two_processes_that_migrate_at_once_migrate_once(old: dict[str, str], tmp_path: Path) -> None:
    both = [start(old, *flask_command("db", "upgrade")) for _ in range(2)]
    said = [process.communicate(timeout=PATIENCE * 3) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(bool(out) for out, _ in said) == [False, True]  # the second one found nothing to do
    assert revision(old) == newest_revision()
    assert len(list((tmp_path / "backups").iterdir())) == 1


# Migrates in a process that stops in the midst of it, after the tables of half the revisions were changed, and waits to be killed.
STOPPING = """
import sys, time
from alembic.runtime.migration import MigrationContext
from flask.cli import ScriptInfo
done = [0]
update = MigrationContext.run_migrations
def slow(self, **given):
    told = self.opts.get("on_version_apply") or ()
    callbacks = self.on_version_apply_callbacks
    def stop(**_):
        done[0] += 1
        if done[0] == 4:
            print("in the midst", flush=True)
            time.sleep(600)
    self.on_version_apply_callbacks = (*callbacks, stop)
    return update(self, **given)
MigrationContext.run_migrations = slow
from wsgi import app
app.cli.main(args=["db", "upgrade"], prog_name="flask", obj=ScriptInfo(create_app=lambda: app))
"""


def test_one_killed_in_the_midst_leaves_the_database_as_it_was_and_the_next_one_goes_on(old: dict[str, str]) -> None:
    before = revision(old)
    process = start(old, sys.executable, "-c", textwrap.dedent(STOPPING))
    assert process.stdout
    lines = []
    while not (lines and "in the midst" in lines[-1]):
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        lines.append(line)
    assert "Backup before migrating" in lines[0]
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert revision(old) == before
    flask("db", "upgrade", settings=old)
    assert revision(old) == newest_revision()
    backup = lines[0].split(": ", 1)[1].strip()
    assert "is whole" in flask("backup", "--verify", backup, settings=old).stdout


def test_the_backup_before_migrating_brings_the_old_state_back(old: dict[str, str], tmp_path: Path) -> None:
    managers = asked(old, "SELECT count(*) FROM manager")
    flask("db", "upgrade", settings=old)
    (backup,) = (tmp_path / "backups").iterdir()
    place = tmp_path / "other"
    place.mkdir()

    with empty_database(place) as url:
        other = settings_for(url, place)
        said = flask("restore", str(backup), settings=other).stdout
        assert "is migrated, as db upgrade does" in said
        assert revision(other) == newest_revision()
        assert asked(other, "SELECT count(*) FROM manager") == managers


@pytest.fixture
def present(tmp_path: Path) -> Iterator[dict[str, str]]:
    with fresh_database(tmp_path) as url:
        yield settings_for(url, tmp_path)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_revision()})


def served(settings: dict[str, str]) -> tuple[int, str]:
    """Start the web server; return how it ended, and what it said. It must not serve."""
    address = {"HOST": LOOPBACK, "PORT": str(free_port())}
    process = start({**settings, **address}, sys.executable, str(ROOT / "bin" / "lib" / "serve.py"))
    began = time.monotonic()
    try:
        out, error = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("the web server goes on") from None
    assert time.monotonic() - began < PATIENCE
    return process.returncode, out + error


@pytest.mark.parametrize(
    ("at", "sentence"),
    [("9999", "migrated by a newer version of Lotse (revision 9999)"), ("0012", "Please call: bin/flask db upgrade")],
)
def test_nothing_starts_on_a_database_of_another_version(present: dict[str, str], at: str, sentence: str, tmp_path: Path) -> None:
    engine = sa.create_engine(present["DATABASE_URL"], poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :at"), {"at": at})

    for command in (["scheduler", "--once"], ["search", "x"], ["users", "first-link"], ["backup", str(tmp_path / "b")]):
        done = flask(*command, settings=present, check=False)
        assert (done.returncode, done.stdout) == (1, ""), command
        assert sentence in done.stderr and done.stderr.count("\n") == 1, (command, done.stderr)
    code, said = served(present)
    assert code != 0 and sentence in said
    plan = flask("talks", "plan", "--start", "2026-01-05", "--end", "2026-06-30", "--region", "DE", settings=present)
    assert plan.returncode == 0  # needs no database


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    with empty_database(tmp_path) as url:
        done = flask("users", "first-link", settings=settings_for(url, tmp_path), check=False)

    assert done.returncode == 1 and done.stderr == "The database has no tables yet. Please call: bin/flask db upgrade\n"


def test_a_database_that_is_away_is_said_in_a_sentence(tmp_path: Path) -> None:
    settings = settings_for(f"postgresql://nobody@{LOOPBACK}:{free_port()}/nothing", tmp_path)

    done = flask("users", "first-link", settings=settings, check=False)
    assert done.returncode == 1 and done.stderr.startswith("The database cannot be reached") and done.stderr.count("\n") == 1
    done = flask("db", "upgrade", settings=settings, check=False)
    assert done.returncode == 1 and "cannot be reached" in done.stderr and done.stderr.count("\n") == 1
