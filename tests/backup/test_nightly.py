"""The nightly backup: once a night, old ones go, and administrators hear of a failure."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.backup import running, ticks
from app.backup.models import BackupRun
from app.backup.queries import last_backup
from app.core.clock import FrozenClock
from app.core.clock import clock as the_clock
from app.db import db, unit_of_work
from app.scheduler import JOBS
from app.settings import actions as settings
from config import Config
from tests.factories import make_manager, make_user
from tests.office import Office

pytestmark = pytest.mark.sql
NIGHT = datetime(2026, 3, 18, 0, 5, tzinfo=UTC)  # 1:05 in Berlin


def run() -> int:
    """Run the job as the scheduler does, and wait for its thread."""
    outcome = ticks.nightly(the_clock().now())
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join()
    db.session.rollback()
    return outcome.done


def names(config: Config) -> list[str]:
    place = Path(config.backups)
    return sorted(path.name for path in place.iterdir()) if place.exists() else []


def test_the_job_stands_in_the_table():
    assert any(job.name == "backup.nightly" for job in JOBS)


def test_there_is_one_each_night(app: Flask, clock: FrozenClock, config: Config) -> None:
    make_manager()
    assert run() == 0  # the first one waits for a night
    clock.move_to(NIGHT)
    assert run() == 1
    assert run() == 0
    clock.move(timedelta(hours=5))
    assert run() == 0
    clock.move_to(NIGHT + timedelta(days=1))
    assert run() == 1

    assert names(config) == ["nightly-20260318T000500Z", "nightly-20260319T000500Z"]
    assert last_backup().taken_at == clock.now() and last_backup().problem is None


def test_it_can_be_switched_off(app: Flask, clock: FrozenClock, config: Config) -> None:
    with unit_of_work():
        settings.change({"backup_nightly": False})
    clock.move_to(NIGHT)

    assert run() == 0 and names(config) == []


def test_old_ones_go_and_others_stay(app: Flask, clock: FrozenClock, config: Config) -> None:
    with unit_of_work():
        settings.change({"backups_daily": 2, "backups_weekly": 0})
    place = Path(config.backups)
    (place / "by-hand").mkdir(parents=True)
    (place / "unfinished-nightly-20260101T000000Z-abcd").mkdir()
    os.utime(place / "unfinished-nightly-20260101T000000Z-abcd", (0, 0))
    for night in range(4):
        clock.move_to(NIGHT + timedelta(days=night))
        assert run() == 1

    assert names(config) == ["by-hand", "nightly-20260320T000500Z", "nightly-20260321T000500Z"]


def test_a_failure_is_told_to_administrators_and_tried_again_an_hour_later(
    app: Flask, clock: FrozenClock, config: Config
) -> None:
    clock.move_to(NIGHT)
    Path(config.backups).write_text("a file where the folder should be")
    assert run() == 1

    told = last_backup()
    assert told.taken_at is None and told.problem and "could not be" in told.problem
    page = Office(app, make_user(role="administrator")).open("/today").text
    assert "There is no new backup." in page and "could not be" in page
    assert "There is no new backup." not in Office(app, make_user()).open("/today").text
    assert run() == 0
    Path(config.backups).unlink()
    clock.move(timedelta(minutes=61))
    assert run() == 0  # between two and three nothing is scheduled
    clock.move(timedelta(hours=1))
    assert run() == 1
    assert last_backup().problem is None


def test_without_pg_dump_there_is_a_clear_sentence(app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    clock.move_to(NIGHT)
    run()

    if db.engine.dialect.name == "postgresql":
        assert "pg_dump is missing" in (last_backup().problem or "")
    else:
        assert last_backup().problem is None


def test_one_that_is_under_way_is_not_begun_twice_unless_its_process_has_died(app: Flask, clock: FrozenClock) -> None:
    clock.move_to(NIGHT)
    with unit_of_work():
        db.session.add(BackupRun(kind="nightly", folder="x", started_at=clock.now()))
    assert run() == 0
    clock.move(timedelta(hours=26))

    assert run() == 1


def test_two_schedulers_begin_one(app: Flask, clock: FrozenClock, config: Config) -> None:
    clock.move_to(NIGHT)
    assert running.is_owed(clock.now())
    run()

    assert not running.is_owed(clock.now())
    assert len(names(config)) == 1


def test_the_hour_of_the_time_change_cannot_be_chosen(app: Flask) -> None:
    from app.core.errors import RuleViolation

    with pytest.raises(RuleViolation, match="Nothing is scheduled between"), unit_of_work():
        settings.change({"backup_hour": 2})


def test_the_settings_page_keeps_a_switch(administrator: Office) -> None:
    page = administrator.open("/settings/firm")
    fields: dict[str, Any] = page.forms[-1]["fields"]
    assert fields.get("backup_nightly") is not None

    saved = page.form(len(page.forms) - 1).fill(backup_nightly=[], backups_daily="7").submit()
    assert saved.status == 200
    from app.settings.queries import fresh

    assert fresh().backup_nightly is False and fresh().backups_daily == 7
