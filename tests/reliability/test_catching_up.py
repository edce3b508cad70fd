"""Three days off, nights of 23 and 25 hours, a clock set back: nobody is told twice, and old things come in one digest.

The long form: three thousand things due, in a real process with a real mail server (`bin/bench --reliability`).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from app.admission.models import AdmissionCase
from app.core.clock import FrozenClock, machine_now
from app.db import db, unit_of_work
from app.mail.models import Letter
from app.reminders.models import JobRun, Told
from app.reminders.ticks import send_digests
from app.scheduler import Scheduler
from app.settings import actions as setting_actions
from app.talks.models import Talk
from app.users.models import User
from tests.admission.people import in_admission
from tests.factories import make_contact, make_talk, make_user
from tests.reliability.plant import Plant, a_plant

pytestmark = [pytest.mark.sql, pytest.mark.slow]
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
COLLEAGUES = 10
SOUND_SECONDS = 60


def next_friday_evening() -> datetime:
    """A Friday at 17:00 in Berlin with working days around it: in the middle of March, of a year to come."""
    day = date(machine_now().year + 1, 3, 8)
    return datetime.combine(day + timedelta(days=(4 - day.weekday()) % 7), time_of_day(17), BERLIN)


def offset_to(moment: datetime) -> int:
    return round((moment - machine_now()).total_seconds())


def talks(count: int, owners: list[User], **values: object) -> list[dict[str, object]]:
    contacts = [make_contact() for _ in range(COLLEAGUES)]
    shared = {"kind": "quality", "side": "client", "planned": False, "created_at": machine_now(), "version": 1, **values}
    return [
        {**shared, "owner_id": owners[at % len(owners)].id, "contact_id": contacts[at % len(contacts)].id} for at in range(count)
    ]


def make_due(count: int, friday: datetime) -> list[User]:
    """Let so many things fall due until Monday, a fifth of each kind, two fifths talks; return the colleagues who look after them."""
    owners = [make_user() for _ in range(COLLEAGUES)]
    saturday, fifth = friday.date() + DAY, count // 5
    arranged = {"state": "arranged", "minutes": 30, "channel": "phone", "appointment_zone": "Europe/Berlin"}
    passed = datetime.combine(saturday, time_of_day(11), BERLIN)
    tomorrow = datetime.combine(saturday + 3 * DAY, time_of_day(11), BERLIN)
    rows = [
        talks(2 * fifth, owners, state="due", due_on=saturday, sort_on=saturday),
        talks(fifth, owners, appointment_at=passed, sort_on=saturday, **arranged),
        talks(fifth, owners, appointment_at=tomorrow, sort_on=tomorrow.date(), **arranged),
    ]
    with unit_of_work():
        for some in rows:
            db.session.execute(sa.insert(Talk.__table__), some)
    for number in range(count - 4 * fifth):
        manager = in_admission("follow_up_1", None, owner=owners[number % COLLEAGUES], email=f"bewerber{number}@post.example")
        db.session.execute(
            sa.update(sa.inspect(AdmissionCase).local_table)
            .where(AdmissionCase.manager_id == manager.id)
            .values(next_on=saturday)
        )
        db.session.commit()
    return owners


def copies(plant: Plant) -> dict[str, Counter[str]]:
    """Return by the first part of the letters' keys how often each of these went to whom."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for delivery in plant.mail.deliveries:
        key = str(delivery.message["X-Lotse-Key"])
        found[key.partition("/")[0]][f"{key} {delivery.recipients[0]}"] += 1
    return found


@pytest.mark.parametrize("count", [pytest.param(200, id="short"), pytest.param(3000, id="long", marks=pytest.mark.long)])
def test_three_days_off_are_caught_up_in_one_round_with_one_digest_each(tmp_path: Path, count: int) -> None:
    friday = next_friday_evening()
    with a_plant(tmp_path, offset=offset_to(friday)) as plant:
        owners = make_due(count, friday)
        monday = datetime.combine(friday.date() + 3 * DAY, time_of_day(8, 5), BERLIN)

        began = time.monotonic()
        plant.once(offset_to(monday))
        seconds = time.monotonic() - began
        first = copies(plant)
        plant.once(offset_to(monday + timedelta(minutes=1)))

        print(f"{db.engine.dialect.name}: {count} things due after three days, caught up in {seconds:.1f} s: {told(first)}")
        assert copies(plant) == first, "a second round has nothing left"
        assert {number for one in first.values() for number in one.values()} == {1}, "each letter once"
        digests = Counter(key.rpartition(" ")[2] for key in first["reminders.digest"])
        assert digests == dict.fromkeys([owner.email for owner in owners], 1)
        assert len(first["reminders.tomorrow"]) == count // 5, "what lies ahead is told"
        assert "reminders.soon" not in first, "what has passed is in the digest, no letter of its own"
        assert len(first["admission.stage_2"]) == count - 4 * (count // 5)
        assert sum(len(one) for one in first.values()) == COLLEAGUES + 2 * (count // 5)
        db.session.rollback()
        failed = db.session.scalars(sa.select(JobRun).where(sa.or_(JobRun.failed > 0, JobRun.problem.is_not(None)))).all()
        assert [(run.job, run.failed, run.problem) for run in failed] == []
        assert seconds < SOUND_SECONDS


def told(found: dict[str, Counter[str]]) -> str:
    return ", ".join(f"{sum(one.values())} {name}" for name, one in sorted(found.items()))


@pytest.fixture
def colleagues(app: Flask) -> list[User]:
    """Colleagues whose clocks are changed on other nights, each with something overdue."""
    zones = ("Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe")
    users = [make_user(zone=zone) for zone in zones]
    for user in users:
        make_talk(owner=user, due_on=date(2026, 1, 12))
    return users


def steps(start: datetime, end: datetime, by: timedelta) -> Iterator[datetime]:
    while start < end:
        yield start
        start += by


# Berlin's two nights are before a Sunday, New York's too; in Cairo the clock changes before a Friday and at the end of a Thursday.
NIGHTS = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 24), date(2026, 10, 25), date(2026, 10, 29), date(2026, 11, 1)]


@pytest.mark.parametrize("night", NIGHTS, ids=str)
@pytest.mark.parametrize("digest_at", ["00:30", "03:00", "07:30"])
def test_each_local_day_has_one_digest_in_nights_of_23_and_25_hours(
    clock: FrozenClock, colleagues: list[User], night: date, digest_at: str
) -> None:
    with unit_of_work():
        setting_actions.change({"digest_at": digest_at})
    midnight = datetime.combine(night, time_of_day(0), UTC)
    for moment in steps(midnight - 2 * DAY, midnight + 3 * DAY, timedelta(minutes=20)):
        clock.move_to(moment)
        send_digests(moment)

    db.session.rollback()
    per_day = Counter((letter.to_address, letter.guard_args["day"]) for letter in db.session.scalars(sa.select(Letter)))
    assert set(per_day.values()) == {1}
    for user in colleagues:
        days = {date.fromisoformat(day) for address, day in per_day if address == user.email}
        whole = {night + number * DAY for number in (-1, 0, 1, 2)}
        assert {day for day in whole if day.weekday() < 5} <= days


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_clock_set_back_three_days_gives_one_digest_for_each_local_day(app: Flask, clock: FrozenClock, zone: str) -> None:
    user = make_user(zone=zone)
    make_talk(owner=user, due_on=date(2026, 2, 2))
    scheduler = Scheduler(app)

    def work(first: date, last: date) -> None:
        start = datetime.combine(first, time_of_day(12), ZoneInfo(zone)).astimezone(UTC)
        for moment in steps(start, start + (last - first) + timedelta(hours=1), DAY):
            clock.move_to(moment)
            scheduler.once()
            scheduler.minute()

    work(date(2026, 3, 10), date(2026, 3, 13))
    work(date(2026, 3, 10), date(2026, 3, 16))

    db.session.rollback()
    sent = Counter(letter.guard_args["day"] for letter in db.session.scalars(sa.select(Letter).where(Letter.state == "sent")))
    assert sent == {f"2026-03-{day}": 1 for day in (10, 11, 12, 13, 16)}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Told)) == 5
    runs = db.session.scalars(sa.select(JobRun.slot).where(JobRun.job == "talks.tell")).all()
    assert len(runs) == len(set(runs)) and sum(slot.startswith("2026-03-11") for slot in runs) == 2, "jobs ran on, set back"
