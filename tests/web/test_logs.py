"""Logs: one JSON object a line, with the request's number, and nothing about a person."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask

from app.db import db
from app.users.models import User
from app.web import logs
from app.web.proxies import PROXIED
from tests.factories import make_client, make_contact, make_manager, make_user
from tests.office import Office

pytestmark = pytest.mark.sql
MARKS = ("Querdenfeld", "zwanette@", "171 5550147", "Wiesengrund", "Geheimer-Teil")


@pytest.fixture
def written(app: Flask) -> Iterator[io.StringIO]:
    """What is logged from here on."""
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    logs.configure(sys.stderr)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_told_by_its_route_and_the_number_of_who_asked(office: Office, written: io.StringIO) -> None:
    manager = make_manager()
    page = office.open(f"/managers/{manager.id}?q=Querdenfeld")

    (line,) = lines(written)

    assert line.pop("ms") >= 0 and line.pop("timestamp")
    assert line == {
        "event": "request", "level": "info", "method": "GET", "route": "/managers/<int:manager_id>", "status": 200,
        "user": office.user.id, "request": page.headers["X-Request-ID"],
    }  # fmt: skip


def test_a_personal_link_is_told_without_its_token(app: Flask, written: io.StringIO) -> None:
    Office(app).open("/p/Geheimer-Teil-einer-Adresse")
    Office(app).open("/gibt-es-nicht/Geheimer-Teil")

    assert [(line["route"], line["status"], line["user"]) for line in lines(written)] == [
        ("/p/<token>", 404, None),
        ("none", 404, None),
    ]
    assert "Geheimer-Teil" not in written.getvalue()


def test_a_number_is_taken_over_from_a_trusted_proxy_alone(app: Flask) -> None:
    def number(given: str, **environ: Any) -> str:
        return str(
            app.test_client().get("/login", headers={"X-Request-ID": given}, environ_overrides=environ).headers["X-Request-ID"]
        )

    assert number("edge-7f3a.1", **{PROXIED: True}) == "edge-7f3a.1"
    assert number("edge-7f3a.1") != "edge-7f3a.1"
    for odd in ("a b", "x" * 65, '"}', "short"):
        assert number(odd, **{PROXIED: True}) != odd


def test_a_bug_is_found_in_the_log_by_the_number_on_the_page(
    app: Flask, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "Frau Querdenfeld, zwanette@querdenfeld.example"

    def broken() -> None:
        raise ValueError(typed)

    broken.__dict__.update(app.view_functions["security.login"].__dict__)  # as public as it
    monkeypatch.setitem(app.view_functions, "security.login", broken)
    page = Office(app).open("/login")

    bug, request = lines(written)

    assert page.status == 500 and page.headers["X-Request-ID"] in page.text
    assert bug["request"] == request["request"] == page.headers["X-Request-ID"]
    assert "builtins.ValueError" in bug["exception"] and "test_logs.py" in bug["exception"] and "broken" in bug["exception"]
    assert not [mark for mark in MARKS if mark in written.getvalue()]


def test_errors_of_the_database_name_no_row(app: Flask, written: io.StringIO) -> None:
    user = make_user(email="zwanette@querdenfeld.example")
    log = structlog.get_logger()
    for values in ({"email": user.email, "id": 9_000}, {"email": None, "last_name": "Querdenfeld"}):
        row = {column.name: getattr(user, column.key, None) for column in User.__table__.columns} | values
        try:
            db.session.execute(sa.insert(User.__table__).values(**row))
        except sa.exc.DBAPIError:
            log.exception("item failed")
            logging.getLogger("somelibrary").exception("could not save %s", user.email)
        db.session.rollback()

    told = lines(written)
    assert len(told) == 4 and all("sqlalchemy" in line["exception"] and "IntegrityError" in line["exception"] for line in told)
    assert not [mark for mark in MARKS if mark in written.getvalue()]


def test_what_libraries_say_is_kept_without_its_values(written: io.StringIO) -> None:
    logging.getLogger("somelibrary").warning("refused %s", "zwanette@querdenfeld.example")
    logging.getLogger("somelibrary").warning("refused zwanette@querdenfeld.example")
    logging.getLogger("app.mail.ticks").warning("letter %d: %s", 7, "not_now")

    assert [line["event"] for line in lines(written)][::2] == ["refused %s", "letter 7: not_now"]
    assert "zwanette@" not in written.getvalue()


def test_a_day_at_the_office_leaves_nobody_in_the_log(office: Office, administrator: Office, written: io.StringIO) -> None:
    person = {"first_name": "Zwanette", "last_name": "Querdenfeld", "email": "zwanette@querdenfeld.example"}
    manager = make_manager(owner=office.user, mobile="+491715550147", street="Wiesengrund 7", **person)
    contact = make_contact(client=make_client(owner=office.user, name="Querdenfeld GmbH"), **person)
    base = f"/clients/{contact.client_id}/contacts/{contact.id}"
    office.open("/search?q=Querdenfeld")
    office.open("/search?q=%2B49+171+5550147")
    first, second = (
        office.open(f"/managers/{manager.id}/edit").fill(note=f"Querdenfeld {n}", phone="+49 171 5550147") for n in (1, 2)
    )
    assert [first.submit().status, second.submit().status] == [200, 409]
    assert office.open(f"/managers/{manager.id}/edit").fill(email="zwanette@", phone="171 5550147 x").submit().status == 422
    office.open(base).form("notes").fill(text="Querdenfeld ruft an").submit()
    office.open("/clients/new").fill(name="Querdenfeld GmbH", region="DE-BY").submit()
    administrator.open("/users/new").fill(
        email="zwanette@querdenfeld.example", first_name="Zwanette", last_name="Querdenfeld"
    ).submit()
    Office(office.app).open("/login").fill(email="zwanette@querdenfeld.example", password="Wiesengrund").submit()
    Office(office.app).open("/register").fill(
        name="Zwanette Querdenfeld", email="zwanette@querdenfeld.example", phone="+49 171 5550147", terms="y"
    ).submit()

    assert len(lines(written)) > 15
    assert not [mark for mark in MARKS if mark in written.getvalue()]
