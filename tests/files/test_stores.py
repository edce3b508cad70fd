"""A folder and a bucket keep contents alike; a bucket that is away, full or not ours says so."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.core.errors import StoreAway
from app.db import db, unit_of_work
from app.files import keep
from app.files.models import StoredFile
from app.files.store import FolderStore, Store, WrongPlace, store_for
from app.files.ticks import sweep
from config import Config, WrongSetting
from tests.factories import make_manager, make_team
from tests.files import samples
from tests.office import Office
from tests.servers import StorageServer

CONTENT = b"one content"
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def server() -> Iterator[StorageServer]:
    with StorageServer() as server:
        yield server


@pytest.fixture
def storage(server: StorageServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[StorageServer]:
    """The bucket, empty, and named by the environment as on a web machine."""
    for name, value in server.settings.items():
        monkeypatch.setenv(name, value)
    store = store_for("s3://lotse")
    for sha256 in list(store.hashes()):
        store.delete(sha256)
    for name, _text in list(store.notes("erasures")):
        store.remove_note(name)
    yield server
    if not server.serves:
        server.start()


@pytest.fixture(params=["folder", "bucket", "folder in a bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    request.getfixturevalue("storage")
    return store_for("s3://lotse" if request.param == "bucket" else f"s3://lotse/{tmp_path.name}")


def test_what_is_put_can_be_got_by_its_hash_and_is_there_once(store: Store) -> None:
    assert store.put(CONTENT) == store.put(CONTENT) == HASH
    large = os.urandom(11_000_000)

    assert store.get(HASH) == CONTENT
    assert store.get(store.put(large)) == large
    assert sorted(store.hashes()) == sorted([HASH, hashlib.sha256(large).hexdigest()])


def test_an_empty_content_is_one_too(store: Store) -> None:
    assert store.get(store.put(b"")) == b""


def test_what_is_not_there_is_said_so_and_deleting_it_is_no_error(store: Store) -> None:
    store.put(CONTENT)
    store.delete(HASH)
    store.delete(HASH)

    with pytest.raises(FileNotFoundError):
        store.get(HASH)
    assert list(store.hashes()) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HASH.upper(), HASH + "/", HASH[:-1]])
def test_only_a_hash_is_a_name(store: Store, name: str) -> None:
    with pytest.raises(ValueError):
        store.get(name)
    with pytest.raises(ValueError):
        store.delete(name)


def test_the_sweep_finds_contents_by_their_age(store: Store) -> None:
    store.put(CONTENT)
    now = time.time()

    assert list(store.older_than(60, now)) == []
    assert list(store.older_than(60, now + 120)) == [HASH]


def test_notes_are_kept_beside_the_contents_and_are_none(store: Store) -> None:
    store.write_note("erasures/manager-7", "first")
    store.write_note("erasures/manager-7", "second")
    store.write_note("erasures/manager-8", "third")

    assert list(store.notes("erasures")) == [("erasures/manager-7", "second"), ("erasures/manager-8", "third")]
    assert list(store.hashes()) == [] and list(store.older_than(-60, time.time())) == []
    store.remove_note("erasures/manager-7")
    store.remove_note("erasures/manager-7")
    assert list(store.notes("erasures")) == [("erasures/manager-8", "third")]


@pytest.mark.parametrize("name", ["erasures", "../x", "erasures/../x", "Erasures/x", "erasures/", "erasures/a b"])
def test_a_note_has_a_plain_name(store: Store, name: str) -> None:
    with pytest.raises(ValueError):
        store.write_note(name, "")


def test_a_place_that_serves_is_no_trouble(store: Store) -> None:
    store.check()


def test_a_bucket_that_is_not_there_is_named(storage: StorageServer) -> None:
    other = store_for("s3://another")

    with pytest.raises(WrongPlace, match="no bucket another"):
        other.check()
    for work in (lambda: other.put(CONTENT), lambda: other.get(HASH), lambda: list(other.hashes())):
        with pytest.raises(StoreAway):
            work()


def test_a_storage_that_is_away_is_told_from_a_content_that_is_not_there(storage: StorageServer) -> None:
    store = store_for("s3://lotse")
    store.put(CONTENT)
    storage.stop()
    began = time.monotonic()

    for work in (store.check, lambda: store.put(CONTENT), lambda: store.get(HASH), lambda: store.delete(HASH)):
        with pytest.raises(StoreAway):
            work()
    assert time.monotonic() - began < 30  # nobody who waits for a page waits long


# The whole application on a bucket


@pytest.fixture
def config(config: Config, storage: StorageServer) -> Config:
    return replace(config, files_url="s3://lotse")


def keep_one(clock: FrozenClock, content: bytes = samples.PDF, name: str = "cv.pdf") -> StoredFile:
    team = make_team()
    with unit_of_work():
        return keep(content, owner=db.session.merge(team), kind="cv", name=name, at=clock.now())


@pytest.mark.sql
def test_a_document_goes_to_the_bucket_and_comes_back(app: Flask, clock: FrozenClock, office: Office) -> None:
    file = keep_one(clock)

    assert list(store_for("s3://lotse").hashes()) == [file.sha256]
    assert office.client.get(f"/files/{file.id}").data == samples.PDF


@pytest.mark.sql
def test_the_sweep_takes_from_the_bucket_what_no_row_names(
    app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keep_one(clock)
    store = store_for("s3://lotse")
    store.put(CONTENT)
    sweep()
    assert sorted(store.hashes()) == sorted([file.sha256, HASH])

    monkeypatch.setattr("app.files.ticks.system_seconds", lambda: time.time() + 2 * 86_400)
    sweep()

    assert list(store.hashes()) == [file.sha256]


@pytest.mark.sql
def test_while_the_storage_is_away_pages_say_so_nothing_is_half_kept_and_it_goes_on_after(
    app: Flask, clock: FrozenClock, office: Office, storage: StorageServer
) -> None:
    file = keep_one(clock)
    number = file.id
    manager = make_manager()
    storage.stop()

    with app.app_context():  # of its own, as each request has
        away = office.client.get(f"/files/{number}")
    assert away.status_code == 503 and "files are kept cannot be reached" in away.text and "Retry-After" in away.headers
    assert office.open(f"/managers/{manager.id}").status == 200
    assert office.client.get("/healthz").json["database"] is True
    with pytest.raises(StoreAway):
        keep_one(clock, samples.docx(), "cv.docx")
    assert db.session.query(StoredFile).count() == 1

    storage.start()
    with app.app_context():
        assert office.client.get(f"/files/{number}").data == samples.PDF


# Settings


GOOD = {
    "DATABASE_URL": "sqlite:///:memory:",
    "SECRET_KEY": "x" * 40,
    "FILES_URL": "s3://lotse",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"FILES_URL": "s3://"}, "FILES_URL"),
        ({"FILES_URL": "s3://Big_Bucket"}, "FILES_URL"),
        ({"FILES_URL": "gs://lotse"}, "FILES_URL"),
        ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID must"),
        ({"AWS_SECRET_ACCESS_KEY": " "}, "AWS_SECRET_ACCESS_KEY must"),
        ({"AWS_ENDPOINT_URL": "storage.example.org"}, "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL": "https://storage.example.org:port"}, "AWS_ENDPOINT_URL"),
    ],
)
def test_a_wrong_value_for_a_bucket_stops_the_start_with_a_sentence(change: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        Config.from_environment(GOOD | change)


@pytest.mark.parametrize("url", ["s3://lotse", "s3://lotse.files-2/firm/a"])
def test_right_values_for_a_bucket_are_taken(url: str) -> None:
    assert Config.from_environment(GOOD | {"FILES_URL": url}).files_url == url
    role = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "/run/token"}
    assert Config.from_environment(GOOD | role).files_url == "s3://lotse"
