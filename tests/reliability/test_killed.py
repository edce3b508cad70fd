"""Two schedulers and two web processes are killed, frozen and cut off while letters go and forms are posted.

Nothing is missing afterwards: each letter arrived, each acknowledged form is there, once; no letter has a second Message-ID,
and at most as many came twice as there were kills and replies that got lost. `pytest -s` prints what happened.
The long form: `bin/bench --reliability`.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from app.core.clock import clock
from app.db import db, unit_of_work
from app.mail import Recipient, queries, queue
from app.mail.models import Letter
from tests.reliability.load import Load
from tests.reliability.plant import MAIL_TIMEOUT, Plant, a_plant

pytestmark = [pytest.mark.sql, pytest.mark.slow]
MOST_PATIENT = 15.0  # seconds without a letter, between two strikes
LATER = 2 * 3600  # seconds: by then every claim is free again, and what was put off is due


@dataclass(frozen=True)
class Size:
    letters: int
    posts: int
    people: int
    kills: int
    freezes: int
    mail_cuts: int
    database_cuts: int
    database_crashes: int
    pause: tuple[float, float]  # seconds between two strikes


SHORT = Size(40, 16, 2, kills=6, freezes=1, mail_cuts=1, database_cuts=1, database_crashes=1, pause=(0.2, 1.2))
LONG = Size(400, 200, 4, kills=60, freezes=4, mail_cuts=4, database_cuts=4, database_crashes=2, pause=(0.5, 3.0))


@dataclass
class Strikes:
    """What is done to the plant, in an order by chance that is the same each time."""

    plant: Plant
    size: Size
    chance: Random = field(default_factory=lambda: Random(20261127))
    done: Counter[str] = field(default_factory=Counter)
    cut_letters: int = 0
    sent_meanwhile: int = 0  # letters that arrived before the last strike

    def plan(self) -> list[str]:
        size, on_postgresql = self.size, self.plant.cluster is not None
        kinds = {
            "kill": size.kills,
            "freeze": size.freezes,
            "cut_mail": size.mail_cuts,
            "cut_database": size.database_cuts if on_postgresql else 0,
            "crash_database": size.database_crashes if on_postgresql else 0,
        }
        plan = [kind for kind, count in kinds.items() for _ in range(count)]
        self.chance.shuffle(plan)
        return plan

    def strike(self, kind: str) -> None:
        getattr(self, f"_{kind}")()
        self.done[kind] += 1

    def _kill(self) -> None:
        self.chance.choice(self.plant.members).kill(self.chance)

    def _freeze(self) -> None:
        """Stop one in whatever it does, for a moment or for longer than its claim holds."""
        one = self.chance.choice(self.plant.members)
        one.freeze()
        time.sleep(self.chance.choice((0.5, 2 * MAIL_TIMEOUT + 1)) if self.size.freezes > 1 else 0.5)
        one.thaw()

    def _cut_mail(self) -> None:
        self.cut_letters += self.plant.mail_proxy.cut()

    def _cut_database(self) -> None:
        assert self.plant.database_proxy
        self.plant.database_proxy.cut()

    def _crash_database(self) -> None:
        self.plant.crash_database()


def put(first: int, last: int) -> None:
    with unit_of_work():
        for number in range(first, last):
            queue(
                key=f"killed/{number}",
                to=Recipient(f"leser{number}@example.org", "", "de"),
                subject="Ein Brief",
                text="Guten Tag\n",
                purpose="mail.test",
                at=clock().now(),
            )


@pytest.mark.parametrize("size", [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.long)])
def test_whatever_is_killed_nothing_is_missing_and_nothing_is_there_twice(tmp_path: Path, size: Size) -> None:
    with a_plant(tmp_path) as plant:
        began = time.monotonic()
        strikes, load = Strikes(plant, size), Load(plant)
        plant.start("scheduler", "scheduler", "web", "web")
        load.begin(people=size.people, posts=size.posts)
        plant.mail.delay = 0.3  # slow
        plan = strikes.plan()
        for number, kind in enumerate(plan):
            if number == len(plan) // 2:
                plant.mail.delay, plant.mail.drop_share, plant.mail.drop_replies = 0.05, 0.1, 1
            put(size.letters * number // len(plan), size.letters * (number + 1) // len(plan))
            at_work(plant, strikes.chance.uniform(*size.pause))
            strikes.strike(kind)
            plant.revive()
        strikes.sent_meanwhile = len(plant.mail.deliveries)
        finish(plant, load)
        report = told(plant, strikes, load, time.monotonic() - began)
        print(report)

        load.check()
        check_letters(plant, strikes, size)


def at_work(plant: Plant, seconds: float) -> None:
    """Wait so long, and until some letter has gone meanwhile: on a busy machine a process that was just begun sends nothing yet."""
    before, until = len(plant.mail.deliveries), time.monotonic() + MOST_PATIENT
    time.sleep(seconds)
    while len(plant.mail.deliveries) == before and time.monotonic() < until:
        plant.revive()
        time.sleep(0.05)


def finish(plant: Plant, load: Load) -> None:
    """Let everything work again, until all posts are through and all letters have gone."""
    while not load.is_done:
        time.sleep(0.2)
        plant.revive()
    load.finish()
    plant.stop()
    plant.mail.delay = plant.mail.drop_share = 0
    for hours in (1, 2):
        db.session.rollback()
        if queries.counts()["queued"]:
            plant.once(hours * LATER)


def check_letters(plant: Plant, strikes: Strikes, size: Size) -> None:
    db.session.rollback()
    assert queries.counts() == {"queued": 0, "sent": size.letters, "failed": 0, "cancelled": 0}
    copies: dict[str, list[str]] = defaultdict(list)
    for message in plant.mail.messages:
        copies[message["X-Lotse-Key"]].append(message["Message-ID"])
    ours = {row.key: row.message_id for row in db.session.execute(sa.select(Letter.key, Letter.message_id))}
    assert set(copies) == set(ours)
    assert [key for key, found in copies.items() if set(found) != {ours[key]}] == []
    assert twice(plant) <= allowed(plant, strikes)
    # Else nothing would have been shown.
    assert strikes.sent_meanwhile >= size.letters / 4 and any(not one.told for one in plant.mail.deliveries)


def twice(plant: Plant) -> int:
    return len(plant.mail.deliveries) - len({message["Message-ID"] for message in plant.mail.messages})


def allowed(plant: Plant, strikes: Strikes) -> int:
    """How many copies too many there may be: one for each death, and for each reply that got lost."""
    deaths = strikes.done["kill"] + strikes.done["freeze"]
    return deaths + strikes.cut_letters + sum(not one.told for one in plant.mail.deliveries)


def told(plant: Plant, strikes: Strikes, load: Load, seconds: float) -> str:
    """Return what happened, in one line."""
    figures: Sequence[tuple[str, object]] = (
        ("database", db.engine.dialect.name),
        ("seconds", round(seconds)),
        ("strikes", dict(strikes.done)),
        ("arrived before the last strike", strikes.sent_meanwhile),
        ("letters", len({message["Message-ID"] for message in plant.mail.messages})),
        ("twice", twice(plant)),
        ("allowed", allowed(plant, strikes)),
        ("replies dropped", sum(not one.told for one in plant.mail.deliveries)),
        ("posts acknowledged", len(load.acknowledged)),
        ("given up", len(load.given_up)),
        ("answers", dict(sorted(load.statuses.items()))),
    )
    return "; ".join(f"{name}: {value}" for name, value in figures)
