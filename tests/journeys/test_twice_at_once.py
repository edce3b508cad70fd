"""One form posted eight times at once, to two web processes on one database: one record, and everybody is led to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import empty_database
from tests.journeys.doors import Answer, Typed, Visitor, at_once
from tests.servers import flask, live_server

pytestmark = [pytest.mark.sql, pytest.mark.slow]
EMAIL, PASSWORD, AT_ONCE = "k.ostendorff@example.org", "Leuchtfeuer-Priel-29", 8


@dataclass
class House:
    """Two processes that serve one database, and somebody before each of them who is signed in."""

    database: str
    doors: tuple[Visitor, Visitor]

    def form(self, path: str, **typed: str) -> Typed:
        first, second = self.doors
        form = first.form(path, **typed)
        second.cookie = first.cookie
        return form

    def sign_in(self) -> None:
        first, second = self.doors
        answer = first.post(first.form("/login", email=EMAIL, password=PASSWORD))
        assert answer.status == 303, answer.text
        first.cookie = second.cookie = answer.cookie

    def at_once(self, form: Typed) -> list[Answer]:
        """Post the same eight times, half of them at each door."""
        return at_once(*(partial(self.doors[number % 2].post, form) for number in range(AT_ONCE)))

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
            found = House(database, (Visitor(first.url), Visitor(second.url)))
            found.sign_in()
            yield found


def test_one_form_posted_eight_times_at_once_makes_one_record(house: House) -> None:
    client = house.form("/clients/new", name="Velbrink Antriebstechnik GmbH", region="DE-BY")
    answers = house.at_once(client)

    assert Counter((one.status, one.location) for one in answers) == {(303, "/clients/1"): AT_ONCE}
    assert house.count("client") == 1

    contact = house.form("/clients/1/contacts/new", first_name="Rainer", last_name="Osterkamp")
    note = house.form("/clients/1/notes/new", text="Ruft am Montag zurück")
    for form, table in ((contact, "contact"), (note, "event")):
        before = house.count(table)
        answers = house.at_once(form)
        assert {one.status for one in answers} == {303}
        assert len({re.sub("[?#].*", "", one.location) for one in answers}) == 1
        assert house.count(table) - before == 1
