"""Backups: whole or not at all, checked in a scratch place, restored only into an empty one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app import create_app, links
from app.backup.queries import last_backup
from app.backup.rules import manifest_from
from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.files import keep
from app.files.models import StoredFile
from app.files.store import FolderStore
from app.mail import Recipient, queue
from app.mail.models import Letter, MailQueue
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.managers.rules import State
from app.privacy import actions as privacy
from app.privacy import ticks as privacy_ticks
from app.privacy.models import ErasedAddress, Erasure
from app.references.models import Referee
from config import Config
from tests.databases import SERVER, empty_database
from tests.factories import make_manager, make_referee, make_user, reload
from tests.files import samples
from tests.office import Office

pytestmark = pytest.mark.sql


def flask(app: Flask, *arguments: str) -> Result:
    with app.app_context():  # of its own: what the test has open stays
        answer: Result = app.test_cli_runner().invoke(args=list(arguments))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


@pytest.fixture
def filled(app: Flask, clock: FrozenClock) -> Flask:
    """A firm with people, a document and a letter that waits."""
    manager = make_manager(last_name="Quastenberg", email="wilhelmine@example.org")
    make_manager(last_name="Andersen")
    with unit_of_work():
        keep(samples.PDF, owner=db.session.merge(manager), kind="cv", name="cv.pdf", at=clock.now())
        queue(key="k/1", to=Recipient("a@example.org", "", "de"), subject="x", text="x\n", purpose="mail.test", at=clock.now())
    db.session.rollback()
    return app


@pytest.fixture
def taken(filled: Flask, tmp_path: Path) -> Path:
    folder = tmp_path / "backups" / "one"
    answer = flask(filled, "backup", str(folder))
    assert answer.exit_code == 0, answer.output
    return folder


@contextmanager
def another_machine(config: Config, clock: FrozenClock, tmp_path: Path, **changed: Any) -> Iterator[Flask]:
    """An installation with an empty database and no files."""
    place = tmp_path / "machine"
    place.mkdir()
    with empty_database(place) as url:
        app = create_app(replace(config, **{"database_url": url, "files_url": str(place / "files"), **changed}), clock)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def manifest(folder: Path) -> Any:
    return manifest_from((folder / "manifest.json").read_text())


def test_a_backup_says_what_it_holds(filled, clock, tmp_path):
    folder = tmp_path / "backups" / "one"
    answer = flask(filled, "backup", str(folder), "--json")

    told, found = json.loads(answer.stdout), manifest(folder)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert told["files"] == 1 and told["rows"]["manager"] == 2 and told["database"]["kind"] == db.engine.dialect.name
    assert found.rows["manager"] == 2 and found.rows["letter"] == 1 and found.zone == "Europe/Berlin"
    assert found.at == clock.now()
    (sha256,) = found.files
    assert (folder / "files" / sha256[:2] / sha256).read_bytes() == samples.PDF
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.parent.iterdir()] == ["one"]


def test_progress_is_told_to_people(filled, tmp_path):
    answer = flask(filled, "backup", str(tmp_path / "backups" / "one"))

    assert "Copying the database" in answer.stdout and "Files: 1." in answer.stdout and "The backup is in" in answer.stdout


def test_a_backup_is_made_only_in_a_new_or_empty_folder(filled, tmp_path):
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    full.mkdir()
    (full / "x").touch()

    assert flask(filled, "backup", str(empty)).exit_code == 0
    refused = flask(filled, "backup", str(full))
    assert refused.exit_code == 1 and refused.stderr == f"{full} is not empty. Please name a new folder for the backup.\n"
    assert flask(filled, "backup", str(full / "x")).exit_code == 1
    assert flask(filled, "backup").exit_code == 2


def test_what_cannot_be_written_is_said_and_leaves_nothing_behind(filled, tmp_path, monkeypatch):
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.backup.actions._from_store", full)
    answer = flask(filled, "backup", str(tmp_path / "backups" / "one"))

    assert answer.exit_code == 1 and "No space left on device" in answer.stderr and answer.stderr.count("\n") == 1
    assert list((tmp_path / "backups").iterdir()) == []
    with filled.app_context():
        assert "No space left" in (last_backup().problem or "")


def test_the_second_backup_gives_the_same_contents_another_name(filled, taken, tmp_path):
    flask(filled, "backup", str(taken.parent / "two"))

    (sha256,) = manifest(taken).files
    first, second = (taken.parent / name / "files" / sha256[:2] / sha256 for name in ("one", "two"))
    assert first.stat().st_ino == second.stat().st_ino

    first.chmod(0o600)
    first.write_bytes(b"gone bad".ljust(first.stat().st_size))
    flask(filled, "backup", str(taken.parent / "three"))
    third = taken.parent / "three" / "files" / sha256[:2] / sha256
    assert third.read_bytes() == samples.PDF


def test_a_whole_backup_is_verified(filled, taken):
    answer = flask(filled, "backup", "--verify", str(taken))
    told = json.loads(flask(filled, "backup", "--verify", str(taken), "--json").stdout)

    assert answer.exit_code == 0 and "is whole" in answer.stdout, answer.output
    assert told["ok"] is True and told["problems"] == [] and told["rows"]["manager"] == 2


def break_database(folder: Path) -> None:
    path = folder / manifest(folder).database["file"]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def break_file(folder: Path) -> None:
    next(path for path in (folder / "files").rglob("*") if path.is_file()).write_bytes(b"other")


def lose_file(folder: Path) -> None:
    next(path for path in (folder / "files").rglob("*") if path.is_file()).unlink()


def change_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"manager": 2', '"manager": 3'))


def lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def claim_another_count(folder: Path) -> None:
    found = manifest(folder)
    (folder / "manifest.json").write_text(replace(found, rows=found.rows | {"manager": 3}).to_json())


def leave_out_a_file(folder: Path) -> None:
    lose_file(folder)
    (folder / "manifest.json").write_text(replace(manifest(folder), files={}).to_json())


@pytest.mark.parametrize(
    "harm", [break_database, break_file, lose_file, change_manifest, lose_manifest, claim_another_count, leave_out_a_file]
)
def test_a_damaged_backup_is_found_out_and_not_restored(harm, filled, taken, config, clock, tmp_path):
    harm(taken)

    answer = flask(filled, "backup", "--verify", str(taken))
    assert answer.exit_code == 1 and answer.stderr.count("\n") == 1 and "is no " in answer.stderr
    with another_machine(config, clock, tmp_path) as app:
        refused = flask(app, "restore", str(taken))
        assert refused.exit_code == 1 and refused.stderr.count("\n") == 1, refused.output
        with app.app_context():
            assert "manager" not in sa.inspect(db.engine).get_table_names()


def test_a_folder_without_a_backup_is_none(filled, tmp_path):
    for command in (("backup", "--verify"), ("restore",)):
        answer = flask(filled, *command, str(tmp_path / "nowhere"))
        assert answer.exit_code == 1 and "is no whole backup" in answer.stderr


def test_verifying_leaves_the_database_and_no_scratch_behind(filled, taken):
    def databases() -> Any:
        return db.session.scalar(sa.text("SELECT count(*) FROM pg_database WHERE datname LIKE 'lotse_verify%'")) if SERVER else 0

    flask(filled, "backup", "--verify", str(taken))

    assert databases() == 0
    assert db.session.query(Manager).count() == 2


def test_an_empty_machine_gets_all_back(filled, taken, config, clock, tmp_path):
    clock.move(timedelta(days=1))
    with another_machine(config, clock, tmp_path) as app:
        answer = flask(app, "restore", str(taken))
        assert answer.exit_code == 0, answer.output
        with app.app_context():
            assert {one.last_name for one in db.session.query(Manager)} == {"Quastenberg", "Andersen"}
            file = db.session.query(StoredFile).one()
            assert FolderStore(Path(app.extensions["lotse.config"].files_url)).get(file.sha256) == samples.PDF
            assert Office(app, make_user(role="administrator")).client.get(f"/files/{file.id}").data == samples.PDF
        again = flask(app, "backup", str(tmp_path / "elsewhere" / "two"))
        assert again.exit_code == 0, again.output
        before, after = manifest(taken).rows, manifest(tmp_path / "elsewhere" / "two").rows
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {
            "mail_queue",
            "audit_change",
            "backup_run",
            "personal_link",
            "user_account",
            "user_session",
            "team",
            "form_post",
        }


def test_only_an_empty_database_and_place_for_files_is_filled(filled, taken, config, clock, tmp_path):
    refused = flask(filled, "restore", str(taken))
    assert (refused.exit_code, refused.stderr) == (
        1,
        "The database is not empty. A backup is restored only into an empty one; please name a new one.\n",
    )

    with another_machine(config, clock, tmp_path, files_url=config.files_url) as app:
        refused = flask(app, "restore", str(taken))
        assert refused.exit_code == 1 and "FILES_URL" in refused.stderr
        with app.app_context():
            assert sa.inspect(db.engine).get_table_names() == []


def test_a_second_restore_is_refused(filled, taken, config, clock, tmp_path):
    with another_machine(config, clock, tmp_path) as app:
        assert flask(app, "restore", str(taken)).exit_code == 0
        assert flask(app, "restore", str(taken)).exit_code == 1


def test_a_backup_of_a_newer_version_is_refused(filled, taken, config, clock, tmp_path):
    (taken / "manifest.json").write_text(replace(manifest(taken), revision="9999", lotse="99.0").to_json())

    with another_machine(config, clock, tmp_path) as app:
        refused = flask(app, "restore", str(taken))
        assert refused.exit_code == 1 and "newer version of Lotse (99.0" in refused.stderr


def test_a_backup_of_the_other_kind_of_database_is_refused(filled, taken, config, clock, tmp_path):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[db.engine.dialect.name]
    found = manifest(taken)
    (taken / "manifest.json").write_text(replace(found, database=found.database | {"kind": other}).to_json())

    with another_machine(config, clock, tmp_path) as app:
        refused = flask(app, "restore", str(taken))
        assert refused.exit_code == 1 and "This is a backup of" in refused.stderr


def test_a_restore_that_was_broken_off_is_begun_again(filled, taken, config, clock, tmp_path, monkeypatch):
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with another_machine(config, clock, tmp_path) as app:
        monkeypatch.setattr("app.backup.restoring.replay", killed)
        app.test_cli_runner().invoke(args=["restore", str(taken)])
        refused = flask(app, "users", "first-link")
        assert refused.exit_code == 1 and ("restore" in refused.stderr or "db upgrade" in refused.stderr)
        monkeypatch.undo()

        answer = flask(app, "restore", str(taken))
        assert answer.exit_code == 0, answer.output
        assert flask(app, "users", "first-link").exit_code == 0


# What must not be as it was then


def test_letters_wait_until_an_administrator_lets_them_go(filled, taken, config, clock, tmp_path):
    with another_machine(config, clock, tmp_path) as app:
        told = json.loads(flask(app, "restore", str(taken), "--json").stdout)
        assert told["letters"] == 1
        with app.app_context():
            clock.move(timedelta(days=2))
            assert send_due("w").sent == 0
            db.session.rollback()
            office = Office(app, make_user(role="administrator"))
            assert "a backup was restored" in office.open("/mail").text
            assert office.open("/mail").form("resumptions").submit().status == 200
            assert db.session.query(MailQueue).count() == 0
            assert send_due("w").sent == 1
            assert db.session.query(Letter).one().state == "sent"


def test_the_command_lets_letters_go_too(filled, taken, config, clock, tmp_path):
    with another_machine(config, clock, tmp_path) as app:
        flask(app, "restore", str(taken))
        assert json.loads(flask(app, "mail", "resume", "--json").stdout) == {"waiting": 1}
        with app.app_context():
            assert send_due("w").sent == 1


def test_nobody_is_signed_in_after_a_restore(filled, config, clock, tmp_path):
    office = Office(filled, make_user(role="administrator"))
    assert office.open("/today").status == 200
    flask(filled, "backup", str(tmp_path / "backups" / "one"))

    with another_machine(config, clock, tmp_path) as app:
        told = json.loads(flask(app, "restore", str(tmp_path / "backups" / "one"), "--json").stdout)
        assert told["sessions"] >= 1
        browser = app.test_client()
        for cookie in office.client._cookies.values():  # type: ignore[attr-defined]
            browser.set_cookie(cookie.key, cookie.value)
        assert browser.get("/today").status_code == 302


def test_a_link_sent_after_the_backup_opens_nobody_elses_page(filled, taken, config, clock, tmp_path):
    someone = db.session.query(Manager).first()
    with unit_of_work():
        lost = links.url_of(links.issue("mail.test", db.session.merge(someone), language="de", at=clock.now()))

    with another_machine(config, clock, tmp_path) as app:
        flask(app, "restore", str(taken))
        with app.app_context():
            other = db.session.query(Manager).first()
            with unit_of_work():
                new = links.url_of(links.issue("mail.test", db.session.merge(other), language="de", at=clock.now()))
        assert new != lost


def test_another_key_is_told(filled, taken, config, clock, tmp_path):
    with another_machine(config, clock, tmp_path, secret_key="another-key-" + "y" * 40) as app:
        answer = flask(app, "restore", str(taken))
        assert answer.exit_code == 0 and "SECRET_KEY is not the one of then" in answer.stdout


# Erasures


def erase(name: str, clock: FrozenClock) -> int:
    with unit_of_work():
        manager = db.session.query(Manager).filter_by(last_name=name).one()
        privacy.erase(manager, actor=None, at=clock.now())
        number = manager.id
    privacy_ticks.finish(clock.now())
    db.session.rollback()
    return number


def check_erased_again(app: Flask, taken: Path, number: int, *options: str) -> None:
    answer = flask(app, "restore", str(taken), *options)
    assert answer.exit_code == 0, answer.output
    assert "made again: 1" in answer.stdout
    with app.app_context():
        manager = db.session.get_one(Manager, number)
        assert (manager.state, manager.last_name, manager.email) == (State.ERASED, f"ID {number}", None)
        assert db.session.query(StoredFile).count() == 0 and db.session.query(Erasure).count() == 1
        assert db.session.query(ErasedAddress).count() == 1
        assert db.session.query(Letter).count() == 1  # nobody is told a second time
        assert list(FolderStore(Path(app.extensions["lotse.config"].files_url)).hashes()) == []
        assert db.session.query(Manager).filter_by(last_name="Andersen").count() == 1


def test_who_was_erased_since_is_erased_again_by_the_journal_beside_the_backups(filled, taken, config, clock, tmp_path):
    clock.move(timedelta(hours=1))
    number = erase("Quastenberg", clock)

    with another_machine(config, clock, tmp_path) as app:
        check_erased_again(app, taken, number)


def test_by_the_journal_among_the_files_alone(filled, taken, config, clock, tmp_path):
    clock.move(timedelta(hours=1))
    number = erase("Quastenberg", clock)
    shutil.copytree(taken, tmp_path / "carried" / "one")

    with another_machine(config, clock, tmp_path) as app:
        check_erased_again(app, tmp_path / "carried" / "one", number, "--erasures", str(config.files_url))


def test_by_a_later_backup_alone(filled, taken, config, clock, tmp_path):
    clock.move(timedelta(hours=1))
    number = erase("Quastenberg", clock)
    flask(filled, "backup", str(taken.parent / "two"))
    shutil.copytree(taken, tmp_path / "carried" / "one")

    with another_machine(config, clock, tmp_path) as app:
        check_erased_again(app, tmp_path / "carried" / "one", number, "--erasures", str(taken.parent / "two"))


def test_the_journal_holds_no_personal_data_and_is_written_once(filled, taken, config, clock):
    clock.move(timedelta(hours=1))
    number = erase("Quastenberg", clock)
    store = FolderStore(Path(config.files_url))

    ((name, text),) = store.notes("erasures")
    assert json.loads(text) == {"kind": "manager", "id": number, "told": True, "erased_at": clock.now().isoformat()}
    assert name == f"erasures/manager-{number}-20260317T084000Z"
    store.remove_note(name)
    privacy_ticks.finish(clock.now())
    assert list(store.notes("erasures")) == []


def test_a_journal_that_could_not_be_written_is_written_later(filled, taken, config, clock, monkeypatch):
    from app.core.errors import StoreAway

    def away(*_: Any) -> None:
        raise StoreAway(113, "away")

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "write_note", away)
        erase("Quastenberg", clock)
    store = FolderStore(Path(config.files_url))
    assert list(store.notes("erasures")) == []

    assert privacy_ticks.finish(clock.now()).done >= 1
    assert len(list(store.notes("erasures"))) == 1


def test_another_person_with_the_number_of_an_erased_one_stays(filled, taken, config, clock, tmp_path):
    number = db.session.query(Manager.id).filter_by(last_name="Quastenberg").scalar()
    earlier = {"kind": "manager", "id": number, "told": True, "erased_at": "2025-01-01T00:00:00+00:00"}
    FolderStore(taken.parent).write_note(f"erasures/manager-{number}-20250101T000000Z", json.dumps(earlier))

    with another_machine(config, clock, tmp_path) as app:
        assert flask(app, "restore", str(taken)).exit_code == 0
        with app.app_context():
            assert db.session.get_one(Manager, number).last_name == "Quastenberg"


def test_a_referee_who_was_erased_since_is_erased_again(filled, config, clock, tmp_path):
    from app.privacy import referees

    referee = make_referee(manager=db.session.query(Manager).filter_by(last_name="Andersen").one())
    number = referee.id
    flask(filled, "backup", str(tmp_path / "backups" / "one"))
    clock.move(timedelta(hours=1))
    with unit_of_work():
        referees.erase(db.session.get_one(Referee, number), actor=None, at=clock.now())
    privacy_ticks.finish(clock.now())

    with another_machine(config, clock, tmp_path) as app:
        answer = flask(app, "restore", str(tmp_path / "backups" / "one"))
        assert "made again: 1" in answer.stdout, answer.output
        with app.app_context():
            assert db.session.get(Referee, number) is None


# Files that are not there


def test_a_file_that_the_store_has_lost_is_told_and_holds_up_nothing(filled, config, tmp_path):
    file = db.session.query(StoredFile).one()
    FolderStore(Path(config.files_url)).delete(file.sha256)
    db.session.rollback()
    folder = tmp_path / "backups" / "one"

    answer = flask(filled, "backup", str(folder))
    assert answer.exit_code == 0 and "1 file that a record names is not in the place" in answer.stderr
    assert manifest(folder).missing == [file.sha256]
    assert flask(filled, "backup", "--verify", str(folder)).exit_code == 0


def test_a_file_deleted_while_the_backup_was_made_is_no_loss(filled, config, clock, tmp_path, monkeypatch):
    from app.backup import actions

    copy_files = actions._copy_files

    def after_an_erasure(*given: Any) -> Any:
        with filled.app_context():
            erase("Quastenberg", clock)
        return copy_files(*given)

    monkeypatch.setattr(actions, "_copy_files", after_an_erasure)
    folder = tmp_path / "backups" / "one"
    answer = flask(filled, "backup", str(folder))

    assert answer.exit_code == 0 and answer.stderr == ""
    assert len(manifest(folder).gone) == 1 and manifest(folder).missing == []
    assert flask(filled, "backup", "--verify", str(folder)).exit_code == 0
    with another_machine(config, clock, tmp_path) as app:
        answer = flask(app, "restore", str(folder))
        assert answer.exit_code == 0 and "made again: 1" in answer.stdout, answer.output


def test_health_says_how_old_the_newest_backup_is(filled, taken, clock):
    clock.move(timedelta(minutes=5))

    assert filled.test_client().get("/healthz").json["backup_age_seconds"] == 300
    assert reload(db.session.query(Manager).first()) is not None
