"""The mail server is away for 49 hours: afterwards every letter is there, each once; one bad address holds up nobody.

The scheduler is the real command; its clock is moved by LOTSE_CLOCK_OFFSET, an hour at a time in the long form.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.clock import clock
from app.db import db, unit_of_work
from app.mail import Recipient, queries, queue
from app.mail.models import Letter, LetterAttempt
from app.mail.rules import Priority
from tests.reliability.plant import Plant, a_plant

pytestmark = [pytest.mark.sql, pytest.mark.slow]
HOUR = 3600
BAD = "stets-voll@example.org"


def put(key: str, address: str = "a@example.org", priority: Priority = Priority.NORMAL) -> None:
    with unit_of_work():
        to = Recipient(address, "", "de")
        queue(key=key, to=to, subject="x", text="x\n", purpose="mail.test", at=clock().now(), priority=priority)


def arrived(plant: Plant) -> Counter[str]:
    return Counter(message["X-Lotse-Key"] for message in plant.mail.messages)


@pytest.mark.parametrize(
    "hours", [pytest.param((0, 1, 25, 49), id="short"), pytest.param(tuple(range(50)), id="long", marks=pytest.mark.long)]
)
def test_after_49_hours_without_a_mail_server_every_letter_is_there_once(tmp_path: Path, hours: tuple[int, ...]) -> None:
    with a_plant(tmp_path) as plant:
        for number in range(40):
            put(f"away/{number}")
        plant.mail.replies[BAD] = "451 4.2.2 mailbox full"
        put("bad", BAD, Priority.SECURITY)  # before all others in the queue
        plant.mail.stop()
        for hour in hours[:-1]:
            plant.once(hour * HOUR)
        db.session.rollback()
        stopped = queries.trouble()
        assert stopped is not None and stopped.fault == "server_away"
        assert queries.counts() == {"queued": 41, "sent": 0, "failed": 0, "cancelled": 0}
        tried = db.session.scalar(sa.select(sa.func.count()).select_from(LetterAttempt))
        assert tried == len(hours) - 1  # one letter each time, not each letter

        plant.mail.start()
        plant.once(hours[-1] * HOUR)

        assert arrived(plant) == Counter(f"away/{number}" for number in range(40))
        db.session.rollback()
        assert queries.counts() == {"queued": 1, "sent": 40, "failed": 0, "cancelled": 0}
        assert queries.trouble() is None
        bad = db.session.scalars(sa.select(Letter).where(Letter.key == "bad")).one()
        assert bad.state == "queued" and bad.failures >= 1
