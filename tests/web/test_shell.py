"""The shell of pages: where one can go, what one is told, how forms are drawn and refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import Markup

from app.db import db
from app.web import navigation
from app.web.fields import table_roles
from tests import factories
from tests.browser import patterns
from tests.office import Office


@pytest.fixture
def app(app: Flask) -> Flask:
    patterns.init_app(app)
    return app


def links_of(text: str) -> list[str]:
    return re.findall(r'<a[^>]* href="([^"]+)"', text)


def test_the_navigation_shows_only_what_answers_and_what_one_may_open(app: Flask) -> None:
    shown = {
        path for role in ("auditor", "consultant", "administrator") for path in _side(Office(app, factories.make_user(role=role)))
    }

    answering = {rule.rule for rule in app.url_map.iter_rules()}
    assert shown <= answering
    with app.app_context():
        missing = {place.path for _group, places in navigation.GROUPS for place in places} - answering
    assert not shown & missing


def _side(office: Office) -> list[str]:
    text = office.open("/menu").text
    return links_of(text[text.index('class="lo-side"') : text.index("</nav>")])[1:]


def test_a_page_says_where_one_is(office: Office) -> None:
    text = office.open("/menu").text

    assert re.search(r'<a href="/menu" aria-current="page">', text)


def test_a_page_speaks_the_readers_language_and_wears_the_readers_colours(app: Flask) -> None:
    german = Office(app, factories.make_user(language="de", theme="dark"))
    plain = Office(app, factories.make_user(language="nl", theme=None))

    assert '<html lang="de" data-bs-theme="dark">' in german.open("/menu").text
    assert '<html lang="nl">' in plain.open("/menu").text


def test_single_keys_can_be_switched_off(app: Flask) -> None:
    assert 'data-keys="off"' in Office(app, factories.make_user(single_keys=False)).open("/menu").text
    assert 'data-keys="off"' not in Office(app, factories.make_user(single_keys=True)).open("/menu").text


def test_no_page_holds_a_style_or_a_script_of_its_own(office: Office) -> None:
    for path in ["/menu", "/nowhere", *(f"/patterns/{name}" for name in patterns.NAMES)]:
        text = office.open(path).text
        assert not re.search(r"<style|<script(?! src)|\sstyle=|\son[a-z]+=|javascript:", text), path


def test_ids_are_given_once_on_a_page(office: Office) -> None:
    for name in patterns.NAMES:
        ids = re.findall(r'\sid="([^"]+)"', office.open(f"/patterns/{name}").text)
        assert len(ids) == len(set(ids)), (name, sorted(i for i in ids if ids.count(i) > 1))


def test_every_page_has_one_heading(office: Office) -> None:
    for name in patterns.NAMES:
        assert office.open(f"/patterns/{name}").text.count("<h1") == 1


def test_a_refused_form_lists_its_errors_first_and_ties_them_to_the_fields(office: Office) -> None:
    page = office.open("/patterns/form").form(0).fill(who="", day="2026-03-24", minutes="1000", overall="4").submit()

    assert page.status == 422
    assert page.text.index("data-errors") < page.text.index("<h1")
    assert '<a href="#who">' in page.text
    assert '<a href="#minutes">' in page.text
    assert re.search(r'<input[^>]*aria-describedby="who-hint who-error"[^>]*id="who"', page.text)
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*id="minutes"', page.text)
    assert 'id="who-error"' in page.text


def test_a_refused_form_keeps_what_was_typed(office: Office) -> None:
    page = (
        office.open("/patterns/form")
        .form(0)
        .fill(who="", day="2026-03-24", change="More time on the floor", overall="4", languages=["de"])
        .submit()
    )

    assert "More time on the floor" in page.text
    assert re.search(r'name="overall" value="4" checked', page.text)
    assert re.search(r'name="languages" value="de" checked', page.text)


def test_optional_fields_say_so_and_required_ones_say_nothing(office: Office) -> None:
    text = office.open("/patterns/form").text

    assert re.search(r'for="minutes">Minutes <span class="lo-mute fw-normal">optional', text)
    assert re.search(r'for="day">On</label>', text)


def test_what_was_done_is_told_with_its_undo(office: Office) -> None:
    text = office.open("/patterns/list?told=1").text

    assert re.search(r'is-ok lo-flash"><p data-told>Saved\. The next talk is on Monday\.', text)
    assert re.search(
        r'<p data-told>Cancelled\.</p>\s*<form class="lo-inline" method="post" action="/patterns/list">.*?Undo</button>',
        text,
        re.S,
    )
    assert 'is-bad lo-flash"><p data-told>The letter could not be sent.' in text


def test_the_list_under_the_question_mark_names_every_key(office: Office) -> None:
    text = office.open("/menu").text
    keys = text[text.index('<dialog class="lo-dialog" id="keys"') :]

    for key in ("/", "j", "k", "x", "Enter", "Ctrl", "?"):
        assert f'<kbd class="lo-kbd">{key}</kbd>' in keys


def test_a_page_behind_a_link_shows_the_provider_and_not_us(app: Flask) -> None:
    text = Office(app).open("/patterns/public").text

    assert "lo-side" not in text
    assert 'hreflang="nl"' in text
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 507])
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_error_has_a_sentence_and_a_way_on(app: Flask, code: int, signed_in: bool) -> None:
    reader = Office(app, factories.make_user() if signed_in else None)
    _fail_with(app, code)

    page = reader.open("/failing")

    assert page.status == code
    assert page.text.count("<h1") == 1
    assert re.search(r'class="btn btn-[a-z]+" href="/', page.text)
    assert ("lo-side" in page.text) == (signed_in and code < 500)


def _fail_with(app: Flask, code: int) -> None:
    from app.web.errors import _answer

    def failing() -> Any:
        return _answer(code)

    failing.permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/failing", view_func=failing)


def test_a_mistake_of_ours_gives_a_number_to_tell(app: Flask) -> None:
    from app.web.errors import _answer

    with app.test_request_context():
        assert "a1b2c3d4" in _answer(500, reference="a1b2c3d4")[0]


def test_a_database_that_fails_still_leaves_a_page_with_a_sentence(office: Office) -> None:
    db.session.execute(sa.text("DROP TABLE user_session"))
    db.session.commit()

    page = office.open("/menu")

    assert page.status == 503
    assert "One moment, please" in page.text
    assert page.headers["Retry-After"]


def test_the_parts_of_a_table_keep_their_roles_where_rows_become_cards() -> None:
    inside = Markup(
        '<thead><tr><th scope="col">Name</th></tr></thead><tbody><tr><th scope="row">A</th><td class="r">1</td></tr></tbody>'
    )

    assert table_roles(inside) == (
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Name</th></tr></thead>'
        '<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">A</th><td role="cell" class="r">1</td></tr></tbody>'
    )


def test_a_select_is_required_only_where_it_can_be_empty(office: Office) -> None:
    assert re.search(r'<select class="form-select" id="region"[^>]*>', office.open("/patterns/form").text)
    assert not re.search(r'<select[^>]*id="region"[^>]* required', office.open("/patterns/form").text)


def test_many_options_are_folded_away_and_say_what_is_chosen(office: Office) -> None:
    page = office.open("/patterns/form")
    assert "<summary>None chosen</summary>" in page.text

    refused = page.form(0).fill(who="", day="2026-03-24", overall="4", regions=["r1", "r3"]).submit()
    assert "<summary>Region 1 and Region 3</summary>" in refused.text


def test_two_people_saving_one_record_see_both_versions_and_nothing_typed_is_lost(administrator: Office) -> None:
    path = f"/managers/{factories.make_manager().id}/edit"
    first, second = administrator.open(path), administrator.open(path)
    first.fill(note="Saved by the first").submit()

    both = second.fill(note="Typed by the second").submit()

    assert both.status == 409
    assert "Saved by the first" in both.text
    assert re.search(r"<textarea[^>]*>\s*Typed by the second</textarea>", both.text)
    assert both.text.count('<fieldset class="lo-both">') == 1
    both.keep("mine").submit()
    assert "Typed by the second" in administrator.open(path).text
