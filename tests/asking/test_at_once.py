"""Several at the very same moment, each with a connection of its own: one request goes out, one answer counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from app.asking.models import WrittenAnswer
from app.clients.models import Contact
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.ledger import actions
from app.ledger.models import Ask
from app.ledger.rules import Channel, Purpose
from app.links.models import PersonalLink
from app.talks.models import Talk
from tests.asking.test_invitation import Client, asks, due_talk, invited, letters
from tests.factories import make_talk, make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql
NOW = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
MANY = 6


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[object]:
    """Do all at the same moment, and return what each returned."""
    ready = Barrier(len(acts))

    def begin(act: Callable[[], object]) -> object:
        with app.app_context():
            try:
                ready.wait()
                return act()
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(begin, acts))


def prepared(app: Flask, link_id: int | None, kind: str, **given: str) -> Callable[[], int]:
    """Open the page behind the link, as somebody with a session of their own, and return what posts its form."""
    with app.app_context():
        client = Client(app, link_id)
        shown = client.open().get_data(as_text=True)
        db.session.remove()
    tokens = re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', shown)
    data = {"answer": kind, **dict(tokens), **given}
    return lambda: int(client.browser.post(client.path, data=data, follow_redirects=True).status_code)


def test_of_several_requests_at_once_one_goes_out(app: Flask, office: Office) -> None:
    contact_id = due_talk(office).contact_id

    def ask() -> str:
        try:
            with unit_of_work():
                contact = db.session.get_one(Contact, contact_id)
                actions.ask(contact, actions.What(Purpose.REFERENCE, Channel.MAIL), actor=None, at=NOW)
        except RuleViolation as violation:
            return str(violation.field)
        return "asked"

    answers = at_once(app, [ask] * MANY)

    assert sorted(map(str, answers)) == ["asked", *["override_reason"] * (MANY - 1)]
    assert len(asks()) == 1


def test_two_colleagues_who_ask_for_two_mandates_at_once(app: Flask, office: Office) -> None:
    first = due_talk(office)
    talks = [make_talk(mandate=first.mandate, kind="aftercare").id for _ in range(2)]
    colleague = Office(app, make_user(role="lead"))
    pages = [
        who.open(f"/talks/{number}/invitation").fill(place="+49 89 123456").submit()
        for who, number in zip((office, colleague), talks, strict=True)
    ]
    assert [one.status for one in pages] == [200, 200]

    statuses = at_once(app, [lambda shown=shown: shown.form(0).submit().status for shown in pages])

    assert sorted(map(str, statuses)) == ["200", "422"]
    assert len(asks()) == 1
    assert len(letters("asking.invitation")) == 1


def test_two_answers_at_once_are_one(app: Flask, office: Office) -> None:
    talk = due_talk(office)
    link_id = invited(office, talk).link_id
    time = Client(app, link_id).times()[0]

    def answer(kind: str, **given: str) -> Callable[[], int]:
        return prepared(app, link_id, kind, **given)

    statuses = at_once(
        app, [answer("time", time=time), answer("later", weeks="4"), answer("never"), answer("other", said="Friday")]
    )

    assert set(statuses) == {200}
    assert len(asks()) == 1
    assert asks()[0].answer in ("yes", "later", "no")
    assert len(letters("asking.answer")) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Talk)) == 1
    assert db.session.get_one(PersonalLink, link_id).uses <= MANY


def test_two_drafts_and_the_form_itself_at_once(app: Flask, office: Office) -> None:
    talk = due_talk(office)
    link_id = invited(office, talk, way="form").link_id

    def draft(**given: str) -> Callable[[], int]:
        return prepared(app, link_id, "form", **given)

    statuses = at_once(app, [draft(draft="1", overall="3"), draft(draft="1", overall="4"), draft(draft="1", progress="50")])
    assert set(statuses) == {204}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WrittenAnswer)) == 1

    statuses = at_once(
        app, [draft(overall="5"), draft(draft="1", overall="2"), draft(overall="1"), draft(draft="1", progress="75")]
    )
    assert set(statuses) <= {200, 204}
    talk = reload(talk)
    assert (talk.state, talk.written) == ("held", True)
    kept = db.session.scalars(sa.select(WrittenAnswer)).one()
    assert kept.sent_at is not None
    assert kept.answers["overall"] == str(talk.overall)


def test_two_who_arrange_the_same_talk_by_phone_at_once(app: Flask, office: Office) -> None:
    talk = due_talk(office)
    appointment = {"day": "2026-03-24", "time": "10:30", "minutes": "30", "channel": "phone", "place": "+49 89 123456"}
    pages = [office.open(f"/talks/{talk.id}/arrangement").fill(**appointment) for _ in range(2)]

    statuses = at_once(app, [lambda shown=shown: shown.submit().status for shown in pages])

    assert 500 not in statuses
    assert len(asks()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ask)) == 1
