"""Fixtures: a fresh database per test, a clock that stands still, a browser without a screen.

`LOTSE_TEST_DATABASE` (a PostgreSQL address with rights to create databases) makes all tests run there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from app import create_app
from app.core.clock import FrozenClock
from app.core.garbage import settle
from app.db import db
from config import Config
from tests import factories
from tests.databases import SERVER, fresh_database, leave_unsynced
from tests.made_once import compile_once, compile_routes_once
from tests.office import Office

# The same algorithm with next to no work.
QUICK_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 1024, "argon2__parallelism": 1}
TUESDAY_MORNING = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)  # 8:40 in Berlin

# A busy machine is slow, not wrong.
settings.register_profile("lotse", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lotse")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(TUESDAY_MORNING)


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    with fresh_database(tmp_path) as url:
        yield Config(
            database_url=url,
            secret_key="only-for-tests-" + "x" * 40,
            public_url="http://localhost",
            mail_url=f"file:{tmp_path / 'mail'}",
            files_url=str(tmp_path / "files"),
            backup_dir=str(tmp_path / "backups"),
            require_mfa="off",
            testing=True,
            flask={"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES, "REGISTRATION_SECONDS": 0.0, "WINDOW_SECONDS": 0.0},
        )


@pytest.fixture
def app(config: Config, clock: FrozenClock) -> Iterator[Flask]:
    app = compile_once(create_app(config, clock))
    with app.app_context():
        leave_unsynced(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(app: Flask) -> Office:
    """A consultant at work, signed in."""
    return Office(app, factories.make_user())


@pytest.fixture
def lead(app: Flask) -> Office:
    return Office(app, factories.make_user(role="lead"))


@pytest.fixture
def administrator(app: Flask) -> Office:
    return Office(app, factories.make_user(role="administrator"))


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out what says nothing on this database, and what is marked `long`, unless the command line asks for it by that name."""
    not_here = ["on_sqlite" if SERVER else "on_postgresql"]
    if "long" not in config.option.markexpr.split():
        not_here.append("long")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in not_here)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    settle()


def pytest_configure(config: Any) -> None:
    compile_routes_once()
    config.addinivalue_line("markers", "sql: touches SQL; runs on PostgreSQL too")
    config.addinivalue_line("markers", "browser: drives Chromium")
    os.environ.setdefault("LOTSE_CLOCK_OFFSET", "0")
