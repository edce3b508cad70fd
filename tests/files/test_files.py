"""Documents are kept by hash, in versions, and handed out as attachments."""

from __future__ import annotations

import errno
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import files
from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.files.models import StoredFile
from app.files.store import FolderStore
from app.files.ticks import sweep
from config import Config
from tests.factories import make_team
from tests.files import samples
from tests.office import Office

pytestmark = pytest.mark.sql


def keep(clock: FrozenClock, content: bytes = samples.PDF, name: str = "cv.pdf", **given: Any) -> StoredFile:
    team = make_team()
    with unit_of_work():
        return files.keep(content, **{"owner": db.session.merge(team), "kind": "cv", "name": name, "at": clock.now(), **given})


def test_versions_of_a_kind_are_counted_and_the_same_content_is_one_version(app: Flask, clock: FrozenClock) -> None:
    first = keep(clock)
    assert keep(clock).id == first.id
    second = keep(clock, samples.docx(), "cv.docx")
    other = keep(clock, kind="certificate")

    assert [file.number for file in (first, second, other)] == [1, 2, 1]
    assert files.content_of(second) == samples.docx()
    latest = files.latest(make_team(), "cv")
    assert latest and latest.id == second.id
    assert other.sha256 == first.sha256


def test_a_download_cannot_run(app: Flask, clock: FrozenClock, office: Office) -> None:
    file = keep(clock, name="Lebenslauf Jürgen.pdf")

    answer = office.client.get(f"/files/{file.id}")

    assert answer.status_code == 200 and answer.data == samples.PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Lebenslauf%20J%C3%BCrgen.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_stranger_gets_no_file(app: Flask, clock: FrozenClock) -> None:
    file = keep(clock)

    assert Office(app).client.get(f"/files/{file.id}").status_code == 302


@pytest.mark.parametrize("number", ["999", str(2**63 - 1), str(2**63), "-1", "x"])
def test_an_unknown_number_is_404(office: Office, number: str) -> None:
    assert office.open(f"/files/{number}").status == 404


def test_contents_lie_under_their_hash_and_for_our_eyes_only(app: Flask, clock: FrozenClock, config: Config) -> None:
    file = keep(clock)

    path = Path(config.files_url) / file.sha256[:2] / file.sha256
    assert path.read_bytes() == samples.PDF
    assert path.stat().st_mode & 0o077 == 0


def test_what_a_failed_transaction_left_is_swept_after_a_day_and_the_rest_stays(
    app: Flask, clock: FrozenClock, config: Config
) -> None:
    kept = keep(clock)
    with pytest.raises(sa.exc.IntegrityError), unit_of_work():
        files.keep(samples.docx(), owner=make_team_row(), kind="cv", name="cv.docx", at=clock.now(), actor=Stranger())
    store = FolderStore(Path(config.files_url))
    contents = list(Path(config.files_url).glob("*/*"))
    assert len(contents) == 2
    sweep()
    assert len(list(Path(config.files_url).glob("*/*"))) == 2

    for path in contents:
        os.utime(path, (0, 0))
    (contents[0].parent / "unfinished-1").write_bytes(b"half")
    os.utime(contents[0].parent / "unfinished-1", (0, 0))
    sweep()

    assert [path.name for path in Path(config.files_url).glob("*/*")] == [kept.sha256]
    assert store.get(kept.sha256) == samples.PDF


class Stranger:
    id = 999_999


def make_team_row() -> Any:
    from app.users.models import Team

    return db.session.query(Team).first()


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """Have the system refuse to write files beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, told)


def test_where_there_is_no_room_nothing_half_written_stays_and_work_goes_on_after(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    content = b"x" * 100_000

    with no_room_beyond(50_000), pytest.raises(OSError):
        store.put(content)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    assert store.get(store.put(content)) == content


def test_no_space_is_answered_as_such(app: Flask, clock: FrozenClock, office: Office) -> None:
    def full() -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    full.permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/full", "full", full)

    assert office.open("/full").status == 507


def test_removing_all_files_of_a_record(app: Flask, clock: FrozenClock) -> None:
    keep(clock)
    keep(clock, samples.docx(), "cv.docx")
    clock.move(timedelta(days=1))

    with unit_of_work():
        assert files.remove_all(make_team_row()) == 2

    assert db.session.query(StoredFile).count() == 0
