"""Personal links: what is behind them, and what happens when they have ended."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string

from app import links
from app.core.clock import FrozenClock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.links.models import PersonalLink
from app.links.purposes import PURPOSES
from app.links.rules import State, derive_key, redact, token_of
from app.users.models import Team
from app.web.forms import ActionForm
from tests.factories import make_team, reload
from tests.office import Office

pytestmark = pytest.mark.sql

PAGE = """<html lang="{{ language() }}"><title>{{ _("Language") }}</title>
<form method="post">{{ form.csrf_token }}{{ form.form_key }}<button>Go</button></form>"""


@pytest.fixture
def purpose(clock: FrozenClock) -> Iterator[list[str]]:
    """A purpose whose POST counts a use and notes the team's name."""
    acted: list[str] = []

    def show(link: PersonalLink) -> str:
        return render_template_string(PAGE, form=ActionForm.for_request())

    def act(link: PersonalLink, request: Any) -> str:
        form = ActionForm.for_request()
        if form.submitted():
            with unit_of_work():
                links.use(link, at=clock.now())
                acted.append(db.session.get_one(Team, link.subject_id).name)
        return "thank you"

    links.register("tests.team", show=show, act=act)
    yield acted
    del PURPOSES["tests.team"]


def give(clock: FrozenClock, **given: Any) -> PersonalLink:
    team = make_team()
    with unit_of_work():
        return links.issue("tests.team", team, **{"language": "nl", "at": clock.now(), **given})


def path_of(link: PersonalLink) -> str:
    return links.url_of(link).removeprefix("http://localhost")


def test_looking_at_a_link_changes_nothing_and_its_button_acts(app: Flask, clock: FrozenClock, purpose: list[str]) -> None:
    link = give(clock, max_uses=1)
    visitor = Office(app)

    page = visitor.open(path_of(link))
    head = visitor.client.head(path_of(link))

    assert (page.status, head.status_code) == (200, 200)
    assert reload(link).uses == 0 and purpose == []
    assert page.submit().text == "thank you"
    assert reload(link).uses == 1 and purpose == ["Firm"]


def test_a_page_behind_a_link_speaks_the_links_language_until_another_is_chosen(
    app: Flask, clock: FrozenClock, purpose: list[str]
) -> None:
    link = give(clock)
    visitor = Office(app)

    assert 'lang="nl"' in visitor.open(path_of(link)).text
    assert 'lang="de"' in visitor.open(path_of(link) + "?lang=de").text


def test_a_page_behind_a_link_is_kept_out_of_caches_search_engines_and_referrers(
    app: Flask, clock: FrozenClock, purpose: list[str]
) -> None:
    headers = Office(app).open(path_of(give(clock))).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_a_post_without_the_pages_token_is_refused(app: Flask, clock: FrozenClock, purpose: list[str]) -> None:
    link = give(clock)

    answer = Office(app).post(path_of(link), {})

    assert answer.status == 400
    assert reload(link).uses == 0 and purpose == []


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [("expired", 410, "has expired"), ("used", 410, "was used already"), ("revoked", 410, "no longer valid")],
)
def test_a_link_that_has_ended_says_why_to_get_and_post(
    app: Flask, clock: FrozenClock, purpose: list[str], state: str, status: int, words: str
) -> None:
    link = give(clock, language="en", max_uses=1, expires_at=clock.now() + timedelta(days=7))
    with unit_of_work():
        if state == "used":
            links.use(link, at=clock.now())
        elif state == "revoked":
            links.revoke(db.session.merge(link), at=clock.now())
    if state == "expired":
        clock.move(timedelta(days=7))
    visitor = Office(app)
    page = visitor.open(path_of(link))

    assert page.status == status
    assert words in page.text
    app.config["WTF_CSRF_ENABLED"] = False
    assert visitor.post(path_of(link), {}).status == status
    assert purpose == []


def test_an_ended_link_speaks_its_own_language(app: Flask, clock: FrozenClock, purpose: list[str]) -> None:
    link = give(clock, language="de", expires_at=clock.now())

    page = Office(app).open(path_of(link))

    assert page.status == 410
    assert 'lang="de"' in page.text and "abgelaufen" in page.text


def test_a_link_holds_until_the_very_moment_it_expires(app: Flask, clock: FrozenClock, purpose: list[str]) -> None:
    link = give(clock, expires_at=clock.now() + timedelta(days=7))
    clock.move(timedelta(days=7) - timedelta(microseconds=1))

    assert Office(app).open(path_of(link)).status == 200


@pytest.mark.parametrize("token", ["x", "a" * 5000, "..%2f", "%ff%fe", "ü"])
def test_an_unknown_token_gives_a_friendly_page(app: Flask, token: str) -> None:
    page = Office(app).open(f"/p/{token}?lang=en")

    assert page.status == 404


def test_wrong_tokens_are_throttled_per_address_and_right_ones_are_not(
    app: Flask, clock: FrozenClock, purpose: list[str]
) -> None:
    link = give(clock)
    visitor = Office(app)

    statuses = [visitor.open(f"/p/wrong{number}").status for number in range(22)]
    refused = visitor.open("/p/wrong")

    assert statuses == [404] * 20 + [429] * 2
    assert refused.headers["Retry-After"] == "60"
    assert visitor.open(path_of(link)).status == 200
    assert visitor.client.get("/p/other", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    clock.move(timedelta(seconds=60))
    assert visitor.open("/p/wrong").status == 404


def test_the_database_holds_the_hash_and_never_the_token(app: Flask, clock: FrozenClock, purpose: list[str]) -> None:
    link = give(clock)
    token = links.url_of(link).rpartition("/")[2]

    row = db.session.execute(sa.text("SELECT * FROM personal_link")).mappings().one()

    assert len(token) >= 22
    assert token not in [str(value) for value in row.values()]
    assert links.url_of(reload(link)).endswith(token)
    for audit in db.session.execute(sa.text("SELECT old, new FROM audit_change")).all():
        assert token not in str(audit) and link.token_hash not in str(audit)


def test_a_higher_version_makes_another_token() -> None:
    key = derive_key("secret")

    assert token_of(key, 1, 1) == token_of(key, 1, 1)
    assert (
        len(
            {
                token_of(key, 1, 1),
                token_of(key, 1, 2),
                token_of(key, 2, 1),
                token_of(key, 11, 1),
                token_of(derive_key("other"), 1, 1),
            }
        )
        == 5
    )


def test_a_link_for_one_use_cannot_be_used_twice(app: Flask, clock: FrozenClock) -> None:
    link = give(clock, max_uses=1)
    with unit_of_work():
        links.use(link, at=clock.now())

    with pytest.raises(RuleViolation), unit_of_work():
        links.use(link, at=clock.now())

    assert reload(link).uses == 1


def test_revoking_all_links_of_a_record_leaves_those_that_had_ended(app: Flask, clock: FrozenClock) -> None:
    open_link, spent = give(clock), give(clock, max_uses=1)
    with unit_of_work():
        links.use(spent, at=clock.now())

    with unit_of_work():
        revoked = links.revoke_all(make_team_of(open_link), at=clock.now())

    assert revoked == 1
    assert reload(open_link).state(clock.now()) is State.REVOKED
    assert reload(spent).state(clock.now()) is State.USED


def make_team_of(link: PersonalLink) -> Team:
    return db.session.get_one(Team, link.subject_id)


def test_tokens_are_taken_out_of_what_is_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    assert redact("GET /p/abcDEF-_1?lang=de HTTP/1.1") == "GET /p/…?lang=de HTTP/1.1"
    assert redact("/feeds/abc.ics") == "/feeds/…"
    with caplog.at_level(logging.INFO, "werkzeug"):
        logging.getLogger("werkzeug").info('"GET %s HTTP/1.1" %d', "/p/abcDEF", 404)
    assert "abcDEF" not in caplog.text


def test_a_link_that_is_erased_while_it_is_used_is_a_link_that_has_ended(app: Flask, clock: FrozenClock) -> None:
    team = make_team()
    with unit_of_work():
        link = links.issue("test", db.session.merge(team), language="de", at=clock.now())
    number = link.id
    db.session.execute(sa.delete(PersonalLink).where(PersonalLink.id == number), execution_options={"synchronize_session": False})

    with pytest.raises(RuleViolation):
        links.use(link, at=clock.now())


def test_a_record_that_is_erased_while_a_page_is_under_way_is_404(app: Flask, office: Office) -> None:
    def erased() -> str:
        team = db.session.get_one(Team, number)
        db.session.execute(sa.delete(Team).where(Team.id == number), execution_options={"synchronize_session": False})
        db.session.expire(team)
        return team.name

    with unit_of_work():
        team = Team(name="Ohne Leute")
        db.session.add(team)
    number = team.id
    erased.permission = "today.read"  # type: ignore[attr-defined]
    app.add_url_rule("/erased", "erased", erased)

    assert office.open("/erased").status == 404
