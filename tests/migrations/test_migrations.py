"""The migrations build what the models say, and bring filled databases of every released version forward."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from click.testing import Result
from flask import Flask

from app import create_app
from app.core.clock import FrozenClock
from app.db import db
from config import Config
from tests.conftest import TUESDAY_MORNING
from tests.databases import SERVER, empty_database

pytestmark = pytest.mark.sql
RELEASES = Path(__file__).parent / "releases"


def app_on(url: str, folder: Path) -> Flask:
    config = Config(
        database_url=url,
        secret_key="only-for-tests-" + "x" * 40,
        public_url="http://localhost",
        files_url=str(folder / "files"),
        backup_dir=str(folder / "backups"),
        testing=True,
    )
    return create_app(config, FrozenClock(TUESDAY_MORNING))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    with empty_database(tmp_path) as url:
        app = app_on(url, tmp_path)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def upgrade(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["db", "upgrade"])


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, db.metadata)
    return [one for one in found if "search_name_f" not in str(one)]


def test_the_migrations_build_what_the_models_say(empty):
    answer = upgrade(empty)

    assert answer.exit_code == 0, answer.output
    assert differences() == []


def test_a_second_upgrade_changes_nothing_and_makes_no_backup(empty, tmp_path):
    upgrade(empty)

    again = upgrade(empty)

    assert (again.exit_code, again.output) == (0, "")
    assert not (tmp_path / "backups").exists()


def test_a_database_of_a_newer_version_is_refused_with_a_sentence(empty):
    upgrade(empty)
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    answer = upgrade(empty)

    assert answer.exit_code == 1 and "newer version" in answer.output


def test_the_index_of_names_works_after_migrating(empty):
    upgrade(empty)
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO client (name, sort_name, region, turnover_currency, created_at, version) "
                "VALUES ('Velbrink GmbH', 'velbrink', 'DE-BY', 'EUR', '2026-01-01', 1)"
            )
        )

    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT folded FROM search_name WHERE kind = 'client'")) == "velbrink"


@pytest.mark.parametrize("release", sorted(RELEASES.glob("*.sqlite3")), ids=lambda path: path.stem)
def test_a_filled_database_of_each_release_comes_forward(release, tmp_path):
    path = tmp_path / "lotse.sqlite3"
    shutil.copyfile(release, path)
    before = counts(path)
    app = app_on(f"sqlite:///{path}", tmp_path)
    with app.app_context():
        answer = upgrade(app)
        assert answer.exit_code == 0, answer.output
        assert differences() == []
        db.engine.dispose()

    after = counts(path)
    assert {table: after[table] for table in before if table in after} == before


if SERVER:  # a dump is PostgreSQL's own

    @pytest.mark.parametrize("release", sorted(RELEASES.glob("*.sql.gz")), ids=lambda path: path.name)
    def test_a_dump_of_each_release_comes_forward_on_postgresql(release, tmp_path):
        with empty_database(tmp_path) as url:
            address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            subprocess.run(
                ["psql", "-q", "-v", "ON_ERROR_STOP=1", address],
                input=gzip.decompress(release.read_bytes()),
                check=True,
                capture_output=True,
            )
            app = app_on(url, tmp_path)
            with app.app_context():
                answer = upgrade(app)
                assert answer.exit_code == 0, answer.output
                assert differences() == []
                assert db.session.scalar(sa.text("SELECT count(*) FROM manager")) > 0
                db.session.remove()
                db.engine.dispose()


def counts(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        ]
        return {table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


def test_there_is_a_filled_database_of_this_release():
    version = tomllib.loads((RELEASES.parents[2] / "pyproject.toml").read_text())["project"]["version"]
    files = {path.name for path in RELEASES.iterdir()}

    assert {f"{version}.sqlite3", f"{version}.sql.gz"} <= files
    assert all(path.stat().st_size < 1_000_000 for path in RELEASES.iterdir())
