"""Very many reminders are due in one minute: 99 of 100 are in the mail server's hands within 60 seconds.

Two schedulers; a talk each for the colleagues, two hours ahead, all at the same minute. The seconds count from the minute
in which they became due. `pytest -s` prints what was measured.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.clock import machine_now
from app.db import db, unit_of_work
from app.mail import queries
from app.talks.models import Talk
from tests.factories import make_contact, make_user
from tests.reliability.plant import Plant, a_plant

pytestmark = [pytest.mark.sql, pytest.mark.slow]
AHEAD = timedelta(hours=2)
WITHIN = 60.0


@pytest.mark.parametrize(
    "letters, within",
    # The short form shows that it works on a machine that has other things to do; the long one, how quick it is.
    [pytest.param(60, 2 * WITHIN, id="short"), pytest.param(2000, WITHIN, id="long", marks=pytest.mark.long)],
)
def test_all_reminders_of_one_minute_leave_in_time(tmp_path: Path, letters: int, within: float) -> None:
    with a_plant(tmp_path) as plant:
        due_at = next_minute(machine_now() + timedelta(seconds=20 if letters < 100 else 60))
        arrange(letters, due_at + AHEAD)
        plant.start("scheduler", "scheduler")
        assert machine_now() < due_at and not plant.mail.deliveries, "not ready in time"
        came = list(arrivals(plant, letters, due_at, within + 60))

        db.session.rollback()
        late = sum(seconds > within for seconds in came)
        load = " ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"{db.engine.dialect.name}: {letters} due, first after {came[0]:.1f} s, 99 % after {came[int(letters * 0.99) - 1]:.1f} s, "
              f"last after {came[-1]:.1f} s; load {load}")  # fmt: skip
        assert late <= letters / 100
        assert len({message["X-Lotse-Key"] for message in plant.mail.messages}) == letters == len(plant.mail.deliveries)
        assert queries.counts()["failed"] == 0


def next_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def arrange(count: int, at: datetime) -> None:
    """Put so many talks of ten colleagues at that instant; nobody else is told of them, for it is not their eve."""
    contact = make_contact(email=None)
    owners = [make_user(digest=False).id for _ in range(10)]
    rows = [
        {
            "kind": "quality", "side": "client", "state": "arranged", "contact_id": contact.id, "owner_id": owners[number % 10],
            "due_on": at.date(), "sort_on": at.date(), "appointment_at": at, "appointment_zone": "Europe/Berlin", "minutes": 30,
            "created_at": at - timedelta(days=20),
        }
        for number in range(count)
    ]  # fmt: skip
    with unit_of_work():
        db.session.execute(sa.insert(Talk), rows)


def arrivals(plant: Plant, count: int, due_at: datetime, seconds: float) -> Iterator[float]:
    """Yield how many seconds after `due_at` each letter was taken."""
    offset = time.monotonic() - (datetime.now(UTC) - due_at).total_seconds()  # the clock of the deliveries at due_at
    plant.mail.wait_for(count, (due_at - datetime.now(UTC)).total_seconds() + seconds)
    yield from sorted(one.at - offset for one in plant.mail.deliveries)
