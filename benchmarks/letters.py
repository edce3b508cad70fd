"""`bin/bench --letters N`: a follow-up round with N letters due, two schedulers at once, on SQLite or PostgreSQL.

Both are processes of their own, begun at the same moment. What is measured is the round of the job `admission.follow_up`
alone, from its begin to its end in the slower of the two; then each letter is counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.admission.models import AdmissionCase
from app.admission.ticks import follow_up
from app.core.clock import FrozenClock
from app.db import acting_as, db, unit_of_work
from app.mail.models import Letter
from config import Config
from tests import factories
from tests.servers import PostgresCluster

NOW = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
SCHEDULERS = 2
SHORT = ("company_facts tasks", "project_list", "contact company_facts tasks", "currency")


def measure(letters: int, database: str) -> dict[str, Any]:
    """Return seconds, letters queued, managers with more than one, and each scheduler's share."""
    with _database(database) as url:
        app = _app(url)
        with app.app_context():
            db.create_all()
            _fill(letters)
            db.session.remove()
            db.engine.dispose()
        begin_at = time.time() + 6  # both have started by then
        command = [sys.executable, "-m", "benchmarks.letters", url, str(begin_at)]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(SCHEDULERS)]
        shares = [json.loads(one.communicate()[0]) for one in running]
        with app.app_context():
            queued = db.session.execute(sa.select(Letter.about_id, sa.func.count()).group_by(Letter.about_id)).all()
            db.session.remove()
            db.engine.dispose()
    return {
        "database": database,
        "seconds": round(max(one["seconds"] for one in shares), 1),
        "letters": sum(count for _number, count in queued),
        "twice": sum(count > 1 for _number, count in queued),
        "shares": [one["done"] for one in shares],
        "late_start": round(max(one["late"] for one in shares), 1),
    }


def one_scheduler(url: str, begin_at: float) -> None:
    """Run the job's round once at that instant; print how it went as JSON."""
    app = _app(url)
    with app.app_context(), acting_as("scheduler"):
        db.session.execute(sa.text("SELECT 1"))
        db.session.rollback()
        time.sleep(max(0.0, begin_at - time.time()))
        late, begun = time.time() - begin_at, time.perf_counter()
        outcome = follow_up(NOW)
        seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "done": outcome.done, "failed": outcome.failed, "late": late}))


@contextmanager
def _database(name: str) -> Iterator[str]:
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/lotse.sqlite3"
    else:
        with PostgresCluster() as cluster:
            engine = sa.create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql("CREATE DATABASE lotse")
            engine.dispose()
            yield cluster.url("lotse")


def _app(url: str) -> Flask:
    config = Config(
        database_url=url,
        secret_key="only-for-measuring-" + "x" * 40,
        public_url="http://localhost",
        require_mfa="off",
    )
    return create_app(config, FrozenClock(NOW))


def _fill(letters: int) -> None:
    """Put so many people into the three stages, their time for new papers over since today; a tenth have an end instead."""
    owners = [factories.make_user(role="consultant") for _number in range(10)]
    with unit_of_work():
        for number in range(letters):
            stage = number % 3 + 1
            manager = factories.new_manager(
                state=f"follow_up_{stage}", owner=owners[number % len(owners)], language=("de", "nl", "en")[number % 3]
            )
            db.session.add(
                AdmissionCase(
                    manager=manager,
                    entered_state_at=NOW - timedelta(days=14),
                    stages_used=stage,
                    repeated=False,
                    falls_short=SHORT[number % len(SHORT)],
                    next_on=NOW.date(),
                    last_letter_on=NOW.date() - timedelta(days=14),
                )
            )


if __name__ == "__main__":
    one_scheduler(sys.argv[1], float(sys.argv[2]))
