"""The set-up for several machines of docs/operations.md, on loopback: two web processes and two schedulers on one PostgreSQL,
files in S3-compatible storage. Whichever process somebody reaches, it is one Lotse.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from werkzeug.test import encode_multipart

from app.db import db
from app.mail.models import Letter
from tests.databases import SERVER
from tests.factories import make_manager
from tests.files import samples
from tests.journeys.doors import Visitor
from tests.reliability.plant import Plant, a_plant
from tests.servers import PATIENCE, StorageServer, flask

pytestmark = [pytest.mark.sql, pytest.mark.slow]
EMAIL, PASSWORD = "lead@example.org", "Leuchtturm-Westerhever-26"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with StorageServer() as storage, a_plant(tmp_path_factory.mktemp("machines")) as plant:
        plant.settings.update(storage.settings, BACKUP_DIR=str(plant.folder / "backups"))
        flask(
            "users",
            "add",
            EMAIL,
            "--role",
            "lead",
            "--name",
            "Katrin Ostendorff",
            "--password",
            PASSWORD,
            settings=plant.settings,
        )
        plant.start("web", "web", "scheduler", "scheduler")
        yield plant


def at_door(plant: Plant, number: int, cookie: str = "") -> Visitor:
    return Visitor(plant.urls[number], cookie)


def signed_in(plant: Plant) -> str:
    """Sign in at the first web process; return the cookie."""
    door = at_door(plant, 0)
    answer = door.post(door.form("/login", email=EMAIL, password=PASSWORD))
    assert answer.status in (302, 303), answer.text
    return answer.cookie


def upload(visitor: Visitor, path: str, content: bytes) -> str:
    form = visitor.form(path, path)
    boundary, body = encode_multipart({**form.fields, "kind": "cv"})
    part = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = body.removesuffix(f"--{boundary}--\r\n".encode()) + part.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection(urlsplit(visitor.url).netloc, timeout=60)
    headers = {"Cookie": visitor.cookie, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    connection.request("POST", form.action, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 303, text
    return str(answer.headers["Location"])


if SERVER:  # one database for several machines is PostgreSQL's

    def test_who_signs_in_at_one_is_signed_in_at_the_other(plant: Plant) -> None:
        cookie = signed_in(plant)

        assert [at_door(plant, number, cookie).ask("/today").status for number in (0, 1)] == [200, 200]
        second = at_door(plant, 1, cookie)
        out = second.post(second.form("/settings", "/logout"))
        assert out.status in (302, 303)
        assert at_door(plant, 0, cookie).ask("/today").status == 302

    def test_a_file_sent_to_one_is_handed_out_by_the_other(plant: Plant) -> None:
        manager = make_manager()
        first, second = (at_door(plant, number, signed_in(plant)) for number in (0, 1))

        upload(first, f"/managers/{manager.id}/documents/new", samples.PDF)
        page = second.ask(f"/managers/{manager.id}/documents").text
        link = re.search(rf'href="(/managers/{manager.id}/documents/\d+)"', page)
        assert link, page
        answer = second.ask(link[1])
        assert (answer.status, answer.content) == (200, samples.PDF)
        assert not (plant.folder / "files").exists()

    def test_a_backup_takes_the_files_out_of_the_storage(plant: Plant) -> None:
        target = plant.folder / "backups" / "one"
        told = json.loads(flask("backup", str(target), "--json", settings=plant.settings).stdout)

        assert told["files"] == 1
        assert json.loads(flask("backup", "--verify", str(target), "--json", settings=plant.settings).stdout)["ok"]

    def test_each_letter_goes_once_whichever_scheduler_sends_it(plant: Plant) -> None:
        keys = json.loads(flask("mail", "test", "a@example.org", "--count", "20", "--json", settings=plant.settings).stdout)
        until = time.monotonic() + PATIENCE
        while len(arrived(plant) & set(keys)) < len(keys) and time.monotonic() < until:
            time.sleep(0.1)

        assert set(keys) <= arrived(plant)
        assert len(plant.mail.deliveries) == len(arrived(plant))
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).where(Letter.key.in_(keys), Letter.state == "sent")) == len(keys)

    def arrived(plant: Plant) -> set[str]:
        return {str(one.message["X-Lotse-Key"]) for one in plant.mail.deliveries}

    def test_both_say_that_all_is_well(plant: Plant) -> None:
        for number in (0, 1):
            health = json.loads(at_door(plant, number).ask("/healthz").text)
            assert health["ok"] and health["migrated"] and health["backup_age_seconds"] is not None

    def test_failed_tries_to_sign_in_count_at_both_together(plant: Plant) -> None:
        statuses = []
        for attempt in range(12):
            door = at_door(plant, attempt % 2)
            statuses.append(door.post(door.form("/login", email="nobody@example.org", password="wrong-" + "x" * 12)).status)

        assert 429 not in statuses[:10] and statuses[10:] == [429, 429], statuses
