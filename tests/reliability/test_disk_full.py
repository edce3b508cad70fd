"""The disk is full while files are sent and forms posted: pages that say so, reading goes on, nothing is half there.

Database and files lie on one small disk; on PostgreSQL the server's log of changes has room of its own, for without that
the server itself would end. Once there is room again work goes on, with the same processes.
"""

from __future__ import annotations

import hashlib
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.clients.models import Client
from app.core.clock import clock
from app.db import db, unit_of_work
from app.files.models import StoredFile
from app.mail.models import Letter
from app.users.models import UserSession
from tests import databases
from tests.factories import make_manager, make_user
from tests.files import samples
from tests.journeys.doors import Answer, Typed, Visitor
from tests.office import sign_in
from tests.reliability.plant import Plant, a_plant, make_database
from tests.reliability.small_disk import SmallDisk, a_small_disk
from tests.reliability.test_killed import put
from tests.servers import PATIENCE, PostgresCluster

pytestmark = [pytest.mark.sql, pytest.mark.slow]
MEGABYTES = 60
FULL = "There is no space left"


@dataclass
class House:
    """Everything that keeps something on the small disk, and somebody at work."""

    plant: Plant
    disk: SmallDisk
    visitor: Visitor
    papers: str  # the page that takes a manager's papers

    def enter(self, name: str) -> tuple[Typed, Answer]:
        """Enter a client with a long note, so that it needs space."""
        form = self.visitor.form("/clients/new", name=name, region="DE-BY", note="Steht so im Vertrag. " * 900)
        return form, self.visitor.post(form)

    def send(self, paper: bytes) -> Answer:
        form = self.visitor.form(self.papers)
        fields = {**form.fields, "kind": "cv"}
        fields.pop("file", None)
        return upload(self.visitor, form.action, fields, paper)


def upload(visitor: Visitor, path: str, fields: dict[str, str], paper: bytes) -> Answer:
    mark = uuid.uuid4().hex
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="Lebenslauf.docx"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", paper, f"\r\n--{mark}--\r\n".encode()]
    connection = HTTPConnection(urlsplit(visitor.url).netloc, timeout=60)
    headers = {"Cookie": visitor.cookie, "Accept-Language": "en", "Content-Type": f"multipart/form-data; boundary={mark}"}
    connection.request("POST", path, b"".join(parts), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Answer(answer.status, answer.headers.get("Location", ""), content.decode(errors="replace"), "", content)


@contextmanager
def database_on(disk: SmallDisk) -> Iterator[str]:
    """Yield the address of an empty database whose tables lie on the disk."""
    if not databases.SERVER:
        yield f"sqlite:///{disk.folder / 'lotse.sqlite3'}"
        return
    with PostgresCluster() as cluster:
        tables = disk.folder / "tables"
        tables.mkdir()
        if cluster.user:
            shutil.chown(tables, cluster.user, cluster.user)
        engine = sa.create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{tables}'")
        yield make_database(cluster, "TABLESPACE small")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with (
        a_small_disk(MEGABYTES) as disk,
        database_on(disk) as database,
        a_plant(tmp_path, files=disk.folder / "files", database=database) as plant,
    ):
        user, manager = make_user(digest=False), make_manager()
        manager_id = manager.id
        client = plant.app.test_client()
        sign_in(client, user)
        with unit_of_work():  # this note is due: it must not keep anybody from reading
            db.session.execute(sa.update(UserSession).values(last_seen_at=clock().now() - timedelta(minutes=10)))
        cookie = client.get_cookie("lotse")
        assert cookie is not None
        plant.start("scheduler", "web")
        yield House(plant, disk, Visitor(plant.urls[0], f"lotse={cookie.value}"), f"/managers/{manager_id}/documents/new")


def paper(megabytes: float) -> bytes:
    """A document of that size, different each time."""
    noise = hashlib.shake_256(uuid.uuid4().bytes).digest(int(megabytes * 1024 * 1024))
    return samples.docx(**{"word/media/image1.png": noise})


def test_a_full_disk_is_said_and_harms_nothing(house: House) -> None:
    _form, first = house.enter("Erste GmbH")
    assert first.status == 303
    assert house.send(paper(0.1)).status == 303
    house.disk.fill()

    refused, entered = None, [first]
    for number in range(100):  # what the database has in reserve is used up first
        refused, answer = house.enter(f"Auftraggeber {number}")
        entered.append(answer)
        if answer.status != 303:
            break
    assert refused is not None and (answer.status, FULL in answer.text) == (507, True)
    late = house.send(paper(2))
    assert (late.status, FULL in late.text) == (507, True)
    reads(house, entered)
    house.disk.make_room()

    assert house.visitor.post(refused).status == 303
    assert house.send(paper(2)).status == 303
    put(0, 3)
    letters_go(3)
    is_whole(house, len([one for one in entered if one.status == 303]) + 1)


def letters_go(count: int) -> None:
    """Wait until the scheduler, which found the database full for a while, has sent the letters that were put since."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        db.session.rollback()
        if db.session.scalar(sa.select(sa.func.count()).where(Letter.key.startswith("killed/"), Letter.state == "sent")) == count:
            return
        time.sleep(0.2)
    raise AssertionError("the letters do not go")


def reads(house: House, entered: list[Answer]) -> None:
    """Lists, records and files are there as before, for a session whose last use could not be noted."""
    for path in ("/clients", "/today", "/mail", first_path(entered), house.papers.removesuffix("/new")):
        answer = house.visitor.ask(path)
        assert answer.status == 200, (path, answer.text[:2000])
    with db.session.no_autoflush:
        db.session.rollback()
        kept = db.session.scalars(sa.select(StoredFile)).one()
    document = house.visitor.ask(house.papers.removesuffix("new") + "1")
    assert hashlib.sha256(document.content).hexdigest() == kept.sha256


def first_path(entered: list[Answer]) -> str:
    return entered[0].location.partition("?")[0]


def is_whole(house: House, clients: int) -> None:
    """Each row's content is there and right, nothing unfinished lies about, and the database is sound."""
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Client)) == clients
    rows = db.session.scalars(sa.select(StoredFile)).all()
    folder = house.disk.folder / "files"
    assert len(rows) == 2
    for row in rows:
        assert hashlib.sha256((folder / row.sha256[:2] / row.sha256).read_bytes()).hexdigest() == row.sha256
    assert not list(folder.glob("**/unfinished-*"))
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    assert '"event": "bug"' not in house.plant.logs(), house.plant.logs()[-4000:]
