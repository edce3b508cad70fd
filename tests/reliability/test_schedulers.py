"""Any number of schedulers: two processes and two web servers at once; the leader is stopped, continued, killed.

The long form does it in real minutes, and measures how soon reminders leave (`bin/bench --reliability`).
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from app.core.clock import machine_now
from app.db import db, unit_of_work
from app.reminders.models import JobRun, Lease, Told
from app.reminders.participants import SOON, SOON_AHEAD
from app.reminders.rounds import LEASE
from app.talks.models import Talk
from tests.factories import make_contact, make_user
from tests.reliability.machine import Machine
from tests.reliability.plant import Member, Plant, a_plant

pytestmark = [pytest.mark.sql, pytest.mark.slow]
PATIENCE = 90.0
MINUTE = timedelta(minutes=1)
SOON_ENOUGH_SECONDS, SHARE = 60, 0.99


def start(plant: Plant) -> None:
    """Two schedulers, and two web servers that each run one in process."""
    plant.settings["SCHEDULER"] = "inprocess"
    plant.start("scheduler", "scheduler", "web", "web")


def put_due(count: int, at: datetime) -> None:
    """Let colleagues be reminded at the instant `at` of so many talks."""
    owner, contact, begins = make_user(), make_contact(), at + SOON_AHEAD
    shared = {
        "kind": "quality",
        "side": "client",
        "state": "arranged",
        "planned": False,
        "minutes": 30,
        "channel": "phone",
        "appointment_at": begins,
        "appointment_zone": "Europe/Berlin",
        "sort_on": begins.date(),
        "owner_id": owner.id,
        "contact_id": contact.id,
        "created_at": machine_now(),
        "version": 1,
    }
    with unit_of_work():
        db.session.execute(sa.insert(Talk.__table__), [shared] * count)


def next_minute(ahead: int = 1) -> datetime:
    return machine_now().replace(second=0, microsecond=0) + ahead * MINUTE


def reminders(plant: Plant) -> Counter[str]:
    keys = (str(delivery.message["X-Lotse-Key"]) for delivery in plant.mail.deliveries)
    return Counter(key for key in keys if key.startswith(f"{SOON}/"))


def wait_until(true: Callable[[], bool], plant: Plant, what: str, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"{what}\n{plant.logs()[-4000:]}"
        time.sleep(0.2)


def leader(plant: Plant) -> str:
    db.session.rollback()
    worker = db.session.scalar(sa.select(Lease.worker))
    db.session.rollback()
    return worker or ""


def member_of(plant: Plant, worker: str) -> Member:
    """Return the process that calls itself `worker`; of a web server its own or the one below it."""
    number = int(worker.rpartition("-")[0].rpartition("-")[2])
    from tests.reliability.plant import family

    return next(one for one in plant.members if one.process and number in family(one.process.pid))


def wait_for_quiet(plant: Plant) -> None:
    """Wait until all jobs that began have ended, so that a process is not stopped with the database's one lock in its hand."""

    def is_quiet() -> bool:
        db.session.rollback()
        begun = db.session.scalar(sa.select(sa.func.count()).select_from(JobRun).where(JobRun.ended_at.is_(None)))
        db.session.rollback()
        return begun == 0 and 5 < machine_now().second < 50

    wait_until(is_quiet, plant, "jobs do not end")


def check_slots(count: int, plant: Plant) -> None:
    """Each slot of a job was run once, by whom doesn't matter; each reminder was told once and arrived once."""
    found = reminders(plant)
    assert set(found.values()) == {1} and len(found) == count
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Told).where(Told.rule == SOON)) == count
    slots = Counter((run.job, run.slot) for run in db.session.scalars(sa.select(JobRun)))
    assert set(slots.values()) == {1}
    assert [slot for _job, slot in slots if "~" in slot or "+" in slot] == []
    done = db.session.scalar(sa.select(sa.func.sum(JobRun.done)).where(JobRun.job == "talks.tell"))
    assert done == count, "what one did, no other counts again"


def test_the_leader_is_stopped_continued_and_killed_and_each_slot_is_done_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine", "bureau")
    with a_plant(tmp_path) as plant:
        plant.settings.update(machine.settings)
        put_due(10, machine_now())
        start(plant)
        wait_until(lambda: len(reminders(plant)) == 10, plant, "the first are not told")

        first = leader(plant)
        put_due(10, machine_now() + MINUTE)
        wait_for_quiet(plant)
        member_of(plant, first).freeze()
        machine.sleep(LEASE + MINUTE)  # longer than its lease
        wait_until(lambda: leader(plant) not in ("", first), plant, "nobody takes over from one that was stopped")
        wait_until(lambda: len(reminders(plant)) == 20, plant, "the second are not told")
        member_of(plant, first).thaw()
        time.sleep(5)
        second = leader(plant)
        assert second != first, "whoever was continued does not lead"

        put_due(10, machine_now() + machine.wall + MINUTE)
        wait_for_quiet(plant)
        killed = member_of(plant, second)
        killed.kill(Random(1)) if killed.port is None else killed.end()
        machine.sleep(LEASE + MINUTE)
        wait_until(lambda: leader(plant) not in ("", second), plant, "nobody takes over from one that was killed")
        wait_until(lambda: len(reminders(plant)) == 30, plant, "the third are not told")
        plant.stop()
        check_slots(30, plant)


@pytest.mark.long
def test_in_real_minutes_a_stopped_and_a_killed_leader_lose_nothing(tmp_path: Path) -> None:
    with a_plant(tmp_path) as plant:
        start(plant)
        wait_until(lambda: leader(plant) != "", plant, "nobody leads")
        first, began = leader(plant), next_minute()
        for ahead in range(9):
            put_due(10, began + ahead * MINUTE)
        wait_until(lambda: len(reminders(plant)) >= 10, plant, "the first are not told")

        wait_for_quiet(plant)
        member_of(plant, first).freeze()
        stopped_at = time.monotonic()
        wait_until(lambda: leader(plant) != first, plant, "nobody takes over", 2 * LEASE.total_seconds())
        time.sleep(max(0.0, LEASE.total_seconds() + 10 - (time.monotonic() - stopped_at)))
        member_of(plant, first).thaw()

        time.sleep(15)
        wait_for_quiet(plant)
        second = leader(plant)
        member_of(plant, second).kill(Random(1))
        killed_at = time.monotonic()
        wait_until(lambda: leader(plant) != second, plant, "nobody takes over", 2 * LEASE.total_seconds())
        taken_over = time.monotonic() - killed_at
        plant.revive()
        wait_until(lambda: len(reminders(plant)) == 90, plant, "some are not told", 11 * 60)
        plant.stop()

        print(f"{db.engine.dialect.name}: taken over {taken_over:.0f} s after the kill; 90 reminders, each once")
        assert taken_over <= 60
        check_slots(90, plant)


@pytest.mark.long
@pytest.mark.parametrize(("count", "minutes"), [(40, 3), (2000, 1)])
def test_reminders_leave_within_a_minute_of_being_due(tmp_path: Path, count: int, minutes: int) -> None:
    with a_plant(tmp_path) as plant:
        start(plant)
        wait_until(lambda: leader(plant) != "", plant, "nobody leads")
        due_at = [next_minute(2) + ahead * MINUTE for ahead in range(minutes)]
        at_zero = machine_now() - timedelta(seconds=time.monotonic())
        for instant in due_at:
            put_due(count, instant)
        wait_until(lambda: len(reminders(plant)) == count * minutes, plant, "some are not told", 60 * (minutes + 5))
        plant.stop()

        waits = sorted(
            (at_zero + timedelta(seconds=one.at) - _due_at(str(one.message["X-Lotse-Key"]))).total_seconds()
            for one in plant.mail.deliveries
            if str(one.message["X-Lotse-Key"]).startswith(f"{SOON}/")
        )
        slowest = waits[math.ceil(SHARE * len(waits)) - 1]
        print(f"{db.engine.dialect.name}: {count} reminders a minute, 99 % within {slowest:.1f} s, all within {waits[-1]:.1f} s")
        assert slowest <= SOON_ENOUGH_SECONDS and waits[0] >= 0
        check_slots(count * minutes, plant)


def _due_at(key: str) -> datetime:
    return datetime.fromisoformat(key.split("/")[2]) - SOON_AHEAD
