"""One form posted eight times at once, to two web processes on one database: one record, and everybody is led to it."""

from __future__ import annotations

import http.client
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa

from tests.databases import empty_database
from tests.journeys.sweep import forms_of
from tests.servers import flask, live_server

pytestmark = [pytest.mark.sql, pytest.mark.slow]
EMAIL, PASSWORD, AT_ONCE = "k.ostendorff@example.org", "Leuchtfeuer-Priel-29", 8


@dataclass
class Answer:
    status: int
    location: str
    text: str
    cookie: str


@dataclass
class House:
    """Two processes that serve one database."""

    database: str
    urls: tuple[str, str]
    cookie: str = ""

    def ask(self, path: str, data: dict[str, str] | None = None, door: int = 0) -> Answer:
        """Ask the process behind one of the two doors, with the cookie of whoever signed in."""
        connection = http.client.HTTPConnection(urlsplit(self.urls[door]).netloc, timeout=60)
        headers = {"Cookie": self.cookie, "Accept-Language": "en", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if data else "GET", path, urlencode(data) if data else None, headers)
        answer = connection.getresponse()
        text, cookie = answer.read().decode(), answer.headers.get("Set-Cookie", "").split(";")[0]
        connection.close()
        return Answer(answer.status, answer.headers.get("Location", ""), text, cookie)

    def form(self, path: str, **typed: str) -> dict[str, str]:
        """Return the first form of a page as posted with what was typed."""
        answer = self.ask(path)
        self.cookie = answer.cookie or self.cookie
        return {**{field.name: "".join(field.values[:1]) for field in forms_of(answer.text, path)[0].fields}, **typed}

    def sign_in(self) -> None:
        answer = self.ask("/login", self.form("/login", email=EMAIL, password=PASSWORD))
        assert answer.status == 303, answer.text
        self.cookie = answer.cookie

    def at_once(self, path: str, data: dict[str, str]) -> list[Answer]:
        """Post the same eight times, half of them at each door."""
        ready = Barrier(AT_ONCE)

        def post(number: int) -> Answer:
            ready.wait()
            return self.ask(path, data, door=number % 2)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(post, range(AT_ONCE)))

    def count(self, table: str) -> int:
        engine = sa.create_engine(self.database, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with empty_database(tmp_path) as database:
        settings = {
            "DATABASE_URL": database,
            "FILES_URL": str(tmp_path / "files"),
            "MAIL_URL": f"file:{tmp_path / 'mail'}",
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "REQUIRE_MFA": "off",
            "SCHEDULER": "off",
        }
        flask("db", "upgrade", settings=settings)
        flask("users", "add", EMAIL, "--role", "lead", "--name", "Katrin Ostendorff", "--password", PASSWORD, settings=settings)
        with live_server(settings) as first, live_server(settings) as second:
            found = House(database, (first.url, second.url))
            found.sign_in()
            yield found


def test_one_form_posted_eight_times_at_once_makes_one_record(house: House) -> None:
    client = house.form("/clients/new", name="Velbrink Antriebstechnik GmbH", region="DE-BY")
    answers = house.at_once("/clients/new", client)

    assert Counter((one.status, one.location) for one in answers) == {(303, "/clients/1"): AT_ONCE}
    assert house.count("client") == 1

    contact = house.form("/clients/1/contacts/new", first_name="Rainer", last_name="Osterkamp")
    note = house.form("/clients/1/notes/new", text="Ruft am Montag zurück")
    for path, data, table in (("/clients/1/contacts/new", contact, "contact"), ("/clients/1/notes/new", note, "event")):
        before = house.count(table)
        answers = house.at_once(path, data)
        assert {one.status for one in answers} == {303}
        assert len({re.sub("[?#].*", "", one.location) for one in answers}) == 1
        assert house.count(table) - before == 1
