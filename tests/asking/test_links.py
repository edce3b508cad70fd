"""Links of requests: guessed, expired, taken back, used twice, forwarded, gone: the right answer, nothing told, never a 500."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.db import unit_of_work
from tests.asking.test_invitation import Client, asks, due_talk, invited
from tests.factories import make_contact, reload
from tests.office import Office

pytestmark = pytest.mark.sql


@pytest.fixture
def client(office: Office, app: Flask) -> Client:
    return Client(app, invited(office, due_talk(office)).link_id)


def text(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined]


def test_a_guessed_link_tells_nothing(client: Client) -> None:
    client.path = client.path[:-4] + "AAAA"

    answer = client.open()

    assert answer.status_code == 404
    assert "Osterkamp" not in text(answer)
    assert "Werkleitung" not in text(answer)


def test_after_its_end_it_says_so(client: Client, clock: FrozenClock) -> None:
    clock.move_to(datetime(2026, 5, 17, 8, 0, tzinfo=UTC))

    assert client.open().status_code == 410
    assert asks()[0].answer is None


def test_answering_twice_keeps_the_first_answer(client: Client) -> None:
    first, second = client.times()[:2]
    shown = text(client.open())
    client.answer("time", time=first)
    client.open = lambda: type("Kept", (), {"get_data": lambda _self, as_text: shown})()  # type: ignore[method-assign]

    again = client.answer("later", weeks="4")

    assert again.status_code == 200
    assert "Thank you, until then" in text(again)
    assert second not in text(again)
    assert [entry.answer for entry in asks()] == ["yes"]


@pytest.mark.parametrize("kind", ["", "yes", "form<script>", "draft"])
def test_an_answer_there_is_none_of_changes_nothing(client: Client, kind: str) -> None:
    assert client.answer(kind).status_code == 422
    assert asks()[0].answer is None


@pytest.mark.parametrize("time", ["", "soon", "2026-03-24T09:00:00+00:00", "2026-13-45"])
def test_only_a_time_that_was_proposed_can_be_chosen(client: Client, time: str) -> None:
    assert client.answer("time", time=time).status_code == 422
    assert asks()[0].answer is None


def test_forwarded_to_somebody_else_it_names_who_it_is_for_and_no_more(client: Client) -> None:
    page = text(client.open())

    assert "This link is yours alone and ends on" in page
    assert "@" not in page.partition("<main")[2]  # no address of anybody


def test_once_somebody_else_is_asked_the_link_asks_nothing_more(office: Office, app: Flask) -> None:
    talk = due_talk(office)
    client = Client(app, invited(office, talk).link_id)
    other = make_contact(talk.mandate.client)
    with unit_of_work():
        reload(talk).contact_id = other.id

    answer = client.open()

    assert answer.status_code == 200
    assert "nothing is asked any more" in text(answer)
    assert 'name="answer"' not in text(answer)


def test_pages_behind_it_are_kept_out_of_caches_and_search_engines(client: Client) -> None:
    answer = client.open()

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Deze tijd kiezen"), ("de", "Diesen Termin nehmen"), ("en", "Take this time")]
)
def test_in_each_language_by_a_link(client: Client, language: str, words: str) -> None:
    client.path += f"?lang={language}"

    assert words in text(client.open())
