"""Real schedulers on machines whose clocks are set while they run: who refuses, who goes on, who catches up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.clock import clock, machine_now
from app.db import db, unit_of_work
from app.mail import Recipient, queue
from app.reminders import heart
from app.reminders.models import ClockJump, Heartbeat, JobRun
from tests.databases import SERVER
from tests.reliability.machine import Machine, ServerClock
from tests.reliability.plant import Plant, a_plant
from tests.servers import flask

pytestmark = [pytest.mark.sql, pytest.mark.slow]
DAY = timedelta(days=1)
WEEKEND = timedelta(days=2, hours=15)  # Friday 17:00 to Monday 8:00
PATIENCE = 60.0
STILL = 5.5  # seconds: two rounds of sending, one look for requests


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine", "bureau")


@pytest.fixture
def plant(tmp_path: Path, machine: Machine) -> Iterator[Plant]:
    with a_plant(tmp_path) as plant:
        plant.settings.update(machine.settings)
        yield plant


@pytest.fixture
def server(plant: Plant) -> ServerClock | None:
    return ServerClock(plant.config.database_url) if SERVER else None


def put(name: str, at: datetime | None = None) -> str:
    with unit_of_work():
        key = f"clock/{name}"
        to = Recipient(f"{name}@example.org", "", "de")
        queue(key=key, to=to, subject="Ein Brief", text="Guten Tag\n", purpose="mail.test", at=at or clock().now())
    return key


def wait_until(true: Callable[[], bool], plant: Plant, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        db.session.rollback()
        assert time.monotonic() < until, f"{what}\n{plant.logs()[-4000:]}"
        time.sleep(0.1)
    db.session.rollback()


def arrived(plant: Plant, key: str) -> bool:
    return key in {message["X-Lotse-Key"] for message in plant.mail.messages}


def refusing() -> set[str]:
    """The machines whose clock jumped and is neither confirmed nor set right."""
    db.session.rollback()
    return {jump.host for jump in heart.open_jumps()}


def newest_run() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.max(JobRun.id))) or 0


def test_a_running_host_whose_clock_jumps_two_days_refuses_until_somebody_confirms(plant: Plant, machine: Machine) -> None:
    plant.start("scheduler")
    before = put("before")
    wait_until(lambda: arrived(plant, before) and newest_run() > 0, plant, "no letter before the jump")

    machine.set_clock(2 * DAY)
    wait_until(lambda: refusing() == {"bureau"}, plant, "no refusal")
    ran, held = newest_run(), put("held")
    time.sleep(STILL)
    assert not arrived(plant, held) and newest_run() == ran
    for member in plant.members:  # starting it again does not make the clock right
        member.end()
        member.start()
    time.sleep(STILL)
    assert not arrived(plant, held) and newest_run() == ran and plant.members[0].lives
    once = flask("scheduler", "--once", settings=plant.settings, check=False)
    assert once.returncode == 1 and once.stderr.count("\n") == 1 and "48 hours ahead" in once.stderr

    said = flask("scheduler", "--confirm-clock", settings=plant.settings).stdout
    assert "the clock of bureau, 48 hours ahead" in said
    wait_until(lambda: arrived(plant, held) and newest_run() > ran, plant, "it does not go on")
    assert refusing() == set()
    plant.stop()
    plant.start("scheduler")
    after = put("after")
    wait_until(lambda: arrived(plant, after), plant, "what was confirmed is forgotten")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ClockJump)) == 1


@pytest.mark.long
def test_a_clock_that_is_set_right_needs_nobody(plant: Plant, machine: Machine) -> None:
    plant.start("scheduler")
    wait_until(lambda: newest_run() > 0, plant, "no run")
    machine.set_clock(2 * DAY)
    wait_until(lambda: refusing() == {"bureau"}, plant, "no refusal")
    held = put("held")

    machine.set_clock(-2 * DAY)
    wait_until(lambda: arrived(plant, held), plant, "it does not go on")
    assert refusing() == set() and db.session.scalar(sa.select(ClockJump.confirmed_at)) is None


def test_a_machine_off_from_friday_evening_to_monday_catches_up_and_asks_nobody(
    plant: Plant, machine: Machine, server: ServerClock | None
) -> None:
    plant.start("scheduler")
    wait_until(lambda: newest_run() > 0, plant, "no run on Friday")
    plant.stop()
    ran, waiting = newest_run(), put("over-the-weekend")
    machine.set_clock(WEEKEND)
    machine.boot()
    if server:
        server.set(WEEKEND)

    plant.start("scheduler")
    wait_until(lambda: arrived(plant, waiting) and newest_run() > ran, plant, "it does not catch up")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ClockJump)) == 0


@pytest.mark.long
def test_a_machine_that_slept_over_the_weekend_goes_on_and_asks_nobody(
    plant: Plant, machine: Machine, server: ServerClock | None
) -> None:
    plant.start("scheduler")
    wait_until(lambda: newest_run() > 0, plant, "no run on Friday")
    waiting = put("over-the-weekend", clock().now() + DAY)
    plant.members[0].freeze()
    ran = newest_run()
    if server:
        server.set(WEEKEND)
    machine.sleep(WEEKEND)
    plant.members[0].thaw()

    wait_until(lambda: arrived(plant, waiting) and newest_run() > ran, plant, "it does not go on")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ClockJump)) == 0


@pytest.mark.long
def test_a_clock_set_back_three_days_stops_nothing(plant: Plant, machine: Machine) -> None:
    plant.start("scheduler")
    wait_until(lambda: newest_run() > 0, plant, "no run")
    ran = newest_run()

    machine.set_clock(-3 * DAY)
    then = machine_now() - 3 * DAY
    letter = put("set-back", then)
    wait_until(lambda: arrived(plant, letter), plant, "letters wait for three days")
    wait_until(lambda: newest_run() > ran, plant, "jobs wait for three days")
    assert db.session.scalar(sa.select(sa.func.max(Heartbeat.at))) < then + timedelta(minutes=5)
    assert refusing() == set()


@pytest.mark.long
@pytest.mark.on_postgresql  # on SQLite all schedulers are on one machine
def test_of_two_machines_the_one_whose_clock_is_wrong_refuses_and_the_other_goes_on(plant: Plant, tmp_path: Path) -> None:
    plant.start("scheduler")
    wait_until(lambda: newest_run() > 0, plant, "no run")
    wrong = Machine(tmp_path / "wrong", "wrong")
    wrong.set_clock(2 * DAY)
    plant.settings.update(wrong.settings)
    plant.start("scheduler")
    wait_until(lambda: refusing() == {"wrong"}, plant, "no refusal")

    letter, ran = put("by-the-other"), newest_run()
    wait_until(lambda: arrived(plant, letter) and newest_run() > ran, plant, "nobody goes on")
    workers = set(db.session.scalars(sa.select(JobRun.worker)))
    assert {worker.partition("-")[0] for worker in workers} == {"bureau"}


@pytest.mark.long
@pytest.mark.on_postgresql  # SQLite has no clock of its own
def test_a_database_server_that_is_two_days_behind_shows_a_jump_after_a_boot(
    plant: Plant, machine: Machine, server: ServerClock
) -> None:
    server.set(-2 * DAY)
    plant.start("scheduler")
    wait_until(lambda: refusing() == {"bureau"}, plant, "no refusal")
    assert db.session.scalar(sa.select(ClockJump.against)) == "server"

    server.set(timedelta(0))
    letter = put("set-right")
    wait_until(lambda: arrived(plant, letter), plant, "it does not go on")
