"""The firm that is measured: built once for each size, then copied for each run."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.clock import FrozenClock
from app.core.garbage import settle
from app.db import db, unit_of_work
from app.demo import bulk, bulk_mandates
from app.managers.models import Manager
from app.mandates.plan_models import HandbookVersion
from app.timeline.models import Event, EventSubject
from app.users.models import User
from benchmarks import busy_mandate
from benchmarks.floor import create_floor
from config import Config
from tests import factories
from tests.office import Office

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"
NOW = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
SEED = 1
COLLEAGUES = 40
_FILLING = [Path(str(one.__file__)) for one in (bulk, bulk_mandates, busy_mandate)]
SINGLE = "einzigartig"  # a name that one manager bears


@dataclass
class Firm:
    """Application and floor on one database, and a colleague signed in."""

    app: Flask
    floor: Flask
    office: Office
    user_id: int
    busy_id: int  # a manager with 20 events
    mandate_id: int  # a mandate in execution with much on its page


@contextmanager
def firm_of(managers: int) -> Iterator[Firm]:
    kept = KEPT / f"{managers}-{_shape()}.sqlite3"
    if not kept.exists():
        _build(kept, managers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lotse.sqlite3"
        shutil.copyfile(kept, path)
        app = _app(path)
        with app.app_context():
            user = db.session.scalars(sa.select(User).where(User.role == "lead").limit(1)).one()
            user_id = user.id
            busy = db.session.scalar(
                sa.select(EventSubject.about_id).group_by(EventSubject.about_id).having(sa.func.count() >= 20).limit(1)
            )
            versions = HandbookVersion.mandate_id
            mandate_id = db.session.scalar(sa.select(versions).group_by(versions).order_by(sa.func.count().desc()).limit(1))
            assert busy is not None and mandate_id is not None
            office = Office(app, user)
            db.session.remove()
        settle()  # as wsgi.py does; the floor in the same process gains as well
        # Without a context of ours: else all requests would share one, and with it the person and the session once loaded.
        yield Firm(app, create_floor(f"sqlite:///{path}", NOW.date().isoformat()), office, user_id, busy, mandate_id)
        with app.app_context():
            db.engine.dispose()


def _shape() -> str:
    """Return a mark of the tables and of what fills them, so that a database kept from before a change is not measured."""
    files = [*sorted((ROOT / "migrations" / "versions").glob("*.py")), *_FILLING, Path(__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


def _app(path: Path) -> Flask:
    config = Config(
        database_url=f"sqlite:///{path}",
        secret_key="only-for-measuring-" + "x" * 40,
        public_url="http://localhost",
        require_mfa="off",
    )
    return create_app(config, FrozenClock(NOW))


def _build(kept: Path, managers: int) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    building = kept.with_suffix(".building")
    building.unlink(missing_ok=True)
    begun = time.perf_counter()
    app = _app(building)
    with app.app_context():
        db.create_all()
        owners = [factories.make_user(role="lead" if not number else "consultant").id for number in range(COLLEAGUES)]
        bulk.load(managers, SEED, owners, NOW)
        factories.make_manager(last_name=SINGLE.capitalize())
        _twenty_events()
        busy_mandate.fill(NOW)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    building.rename(kept)
    print(f"built {managers:,} managers in {time.perf_counter() - begun:.0f} s")


def _twenty_events() -> None:
    busy = db.session.scalars(sa.select(Manager).order_by(Manager.id).limit(1)).one()
    with unit_of_work():
        for hour in range(20):
            at: Any = NOW.replace(day=1, hour=hour)
            event = Event(kind="notes.added", at=at, actor_kind="user", actor_id=1, facts={"text": "Called about availability."})
            db.session.add(event)
            db.session.flush()
            db.session.add(EventSubject(about_type="manager", about_id=busy.id, at=at, event_id=event.id))
