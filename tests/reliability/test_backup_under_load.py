"""Backups while people work and processes are killed: on an empty machine, each acknowledged change of before is there.

The long form: `pytest -m long`, or `bin/bench --reliability`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.files import keep
from app.files.store import FolderStore
from tests.databases import empty_database
from tests.factories import make_team
from tests.files import samples
from tests.reliability.load import Load
from tests.reliability.plant import SECRET, Plant, a_plant
from tests.servers import PATIENCE, ROOT, environment, flask, flask_command

pytestmark = [pytest.mark.sql, pytest.mark.slow]


@dataclass(frozen=True)
class Size:
    before: int  # so many are acknowledged anew before each backup
    people: int
    backups: int
    kills: int


SHORT = Size(before=12, people=2, backups=1, kills=1)
LONG = Size(before=60, people=4, backups=6, kills=24)
ENDLESS = 100_000


def test_what_was_acknowledged_before_a_backup_is_in_it(tmp_path: Path) -> None:
    check(tmp_path, SHORT)


@pytest.mark.long
def test_what_was_acknowledged_before_each_of_many_backups_is_in_it(tmp_path: Path) -> None:
    check(tmp_path, LONG)


def check(folder: Path, size: Size) -> None:
    with a_plant(folder) as plant:
        contents = keep_files()
        load = Load(plant)
        plant.start("web")
        load.begin(people=size.people, posts=ENDLESS)
        backups = [back_up(plant, load, number, size) for number in range(size.backups)]
        load.stop()
        load.finish()
        assert load.statuses[500] == 0, plant.logs()[-4000:]
    for number, backup in enumerate(backups):
        place = folder / f"machine-{number}"
        shutil.copytree(backup, place / "only" / "this")
        restored(place, place / "only" / "this", load, size.before * (number + 1), contents)


def keep_files() -> set[str]:
    team = make_team()
    with unit_of_work():
        for content, name in ((samples.PDF, "cv.pdf"), (samples.docx(), "cv.docx")):
            keep(content, owner=db.session.merge(team), kind="cv", name=name, at=datetime.now(UTC))
    return {samples.PDF.hex(), samples.docx().hex()}


def back_up(plant: Plant, load: Load, number: int, size: Size) -> Path:
    """Make a backup in the midst of the load; its processes are killed meanwhile."""
    before = len(load.acknowledged)
    until = time.monotonic() + PATIENCE * 3
    while len(load.acknowledged) < before + size.before and time.monotonic() < until:
        plant.revive()
        time.sleep(0.02)
    chance, kills = Random(number), size.kills // size.backups
    target = plant.folder / "backups" / str(number)
    began = len(load.acknowledged)
    backup = subprocess.Popen(flask_command("backup", str(target)), env=environment(plant.settings), cwd=ROOT)
    while backup.poll() is None or len(load.acknowledged) == began:  # people go on meanwhile
        if kills:
            plant.members[0].kill(chance)
            kills -= 1
        time.sleep(chance.uniform(0.0, 0.3))
        plant.revive()
        assert time.monotonic() < until + PATIENCE
    assert backup.returncode == 0
    return target


def restored(place: Path, backup: Path, load: Load, least: int, contents: set[str]) -> None:
    taken_at = datetime.fromisoformat(json.loads((backup / "manifest.json").read_text())["taken_at"])
    with empty_database(place) as url:
        settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": SECRET,
            "FILES_URL": str(place / "files"),
            "MAIL_URL": f"file:{place / 'mail'}",
            "REQUIRE_MFA": "off",
        }
        told = json.loads(flask("backup", "--verify", str(backup), "--json", settings=settings).stdout)
        assert told["ok"] and told["problems"] == []
        flask("restore", str(backup), settings=settings)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            there = list(connection.scalars(sa.text("SELECT name FROM client")))
            assert len(there) == told["rows"]["client"]
    wanted = {one.name for one in load.acknowledged if one.at < taken_at}
    assert len(wanted) >= least and wanted <= set(there) and len(there) == len(set(there))
    store = FolderStore(place / "files")
    assert {store.get(sha256).hex() for sha256 in store.hashes()} == contents
    print(
        f"{len(wanted)} acknowledged before the backup of {taken_at:%H:%M:%S.%f}, all there; {len(there)} of {len(load.acknowledged)} in all"
    )
