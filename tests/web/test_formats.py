"""Days, instants and money as people in three countries write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel

from app.core.clock import CLOCK, FrozenClock
from app.web import formats
from app.web.language import locale_of

TUESDAY_MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


@contextmanager
def reading(language: str, zone: str = "Europe/Berlin", at: datetime = TUESDAY_MORNING) -> Iterator[None]:
    """Read as somebody with this language and zone, at this instant."""
    app = Flask(__name__)
    app.extensions[CLOCK] = FrozenClock(at)
    Babel(app, locale_selector=lambda: locale_of(language), timezone_selector=lambda: zone, default_translation_directories="")
    formats.init_app(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("language", "written", "in_full", "short"),
    [
        ("de", "Di 24. März", "Dienstag, 24. März 2026", "24. März"),
        ("en", "Tue 24 March", "Tuesday 24 March 2026", "24 Mar"),
        ("nl", "di 24 maart", "dinsdag 24 maart 2026", "24 mrt"),
    ],
)
def test_a_day_is_written_as_the_reader_writes_it(language: str, written: str, in_full: str, short: str) -> None:
    with reading(language):
        assert formats.day(date(2026, 3, 24)) == written
        assert formats.day_long(date(2026, 3, 24)) == in_full
        assert formats.day_short(date(2026, 3, 24)) == short


@pytest.mark.parametrize(
    ("language", "zone", "place"),
    [
        ("de", "Europe/Vienna", "Wien"),
        ("nl", "Europe/Vienna", "Wenen"),
        ("en", "Europe/Vienna", "Vienna"),
        ("de", "Europe/Zurich", "Zürich"),
        ("nl", "Europe/Brussels", "Brussel"),
        ("nl", "Europe/Berlin", "Berlijn"),
        ("de", "America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("de", "UTC", "UTC"),
    ],
)
def test_a_zone_is_named_for_its_place_as_the_reader_calls_it(language: str, zone: str, place: str) -> None:
    with reading(language):
        assert formats.zone_place(zone) == place


def test_a_day_of_another_year_says_its_year() -> None:
    with reading("de"):
        assert formats.day(date(2027, 1, 4)) == "Mo 4. Januar 2027"
        assert formats.day(date(2027, 1, 4), date(2027, 6, 1)) == "Mo 4. Januar"


def test_an_instant_is_shown_in_the_readers_zone_and_by_the_readers_day() -> None:
    half_past_midnight_in_berlin = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
    with reading("en", at=half_past_midnight_in_berlin):
        assert formats.moment(datetime(2026, 3, 17, 9, 30, tzinfo=UTC)) == "today 10:30"
        assert formats.moment(datetime(2026, 3, 16, 22, 0, tzinfo=UTC)) == "yesterday 23:00"
    with reading("en", zone="UTC", at=half_past_midnight_in_berlin):
        assert formats.moment(datetime(2026, 3, 17, 9, 30, tzinfo=UTC)) == "tomorrow 09:30"


def test_the_night_of_the_time_change_shows_both_sides_right() -> None:
    with reading("en"):
        assert formats.clock_time(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == "01:30"
        assert formats.clock_time(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == "03:30"


@pytest.mark.parametrize(
    ("language", "whole", "with_cents"),
    [("de", "1.450\xa0€", "1.450,50\xa0€"), ("en", "€1,450", "€1,450.50"), ("nl", "€\xa01.450", "€\xa01.450,50")],
)
def test_money_shows_cents_only_where_there_are_any(language: str, whole: str, with_cents: str) -> None:
    with reading(language):
        assert formats.money(Decimal("1450.00")) == whole
        assert formats.money(Decimal("1450.50")) == with_cents


def test_swiss_money_names_its_currency() -> None:
    with reading("de"):
        assert formats.money(1800, "CHF") == "1.800\xa0CHF"


def test_shares_and_numbers_follow_the_language() -> None:
    with reading("de"):
        assert formats.percent(Decimal("0.235")) == "24\xa0%"
        assert formats.percent(Decimal("0.235"), 1) == "23,5\xa0%"
        assert formats.number(1284) == "1.284"
    with reading("en"):
        assert formats.percent(Decimal("0.235"), 1) == "23.5%"


@pytest.mark.parametrize(
    ("on", "words", "state"),
    [
        (date(2026, 3, 13), "4 days", "lo-due is-late"),
        (date(2026, 3, 16), "1 day", "lo-due is-late"),
        (date(2026, 3, 17), "today", "lo-due is-soon"),
        (date(2026, 3, 18), "tomorrow", "lo-due is-soon"),
        (date(2026, 3, 20), "Fri 20 March", "lo-due"),
    ],
)
def test_the_due_mark_says_the_distance_when_late_and_the_day_when_not(on: date, words: str, state: str) -> None:
    with reading("en"):
        assert formats.due(on) == f'<time class="{state}" datetime="{on.isoformat()}">{words}</time>'


def test_an_appointment_of_today_shows_its_time() -> None:
    with reading("de"):
        mark = formats.due(datetime(2026, 3, 17, 9, 30, tzinfo=UTC))
        assert mark == '<time class="lo-due" datetime="2026-03-17T10:30+01:00">10:30</time>'


def test_how_long_ago_something_was() -> None:
    with reading("de"):
        assert formats.age(date(2026, 3, 17)) == "today"  # this small application has no catalogue
        assert formats.age(date(2026, 3, 14)) == "vor 3 Tagen"
        assert formats.age(date(2026, 1, 20)) == "vor 2 Monaten"


def test_lists_join_their_last_two_with_a_word() -> None:
    with reading("de"):
        assert formats.listed(["Deutsch", "Englisch", "Niederländisch"]) == "Deutsch, Englisch und Niederländisch"
        assert formats.listed(["Köln", "Bremen"], "or") == "Köln oder Bremen"


def test_typed_text_keeps_its_lines_and_loses_its_markup() -> None:
    with reading("en"):
        assert formats.paragraphs("One\ntwo\r\n\r\n<b>three</b>") == "<p>One<br>two</p><p>&lt;b&gt;three&lt;/b&gt;</p>"


def test_any_value_can_be_put_into_a_sentence() -> None:
    with reading("en"):
        assert formats.plain_value([date(2026, 3, 24), 1284, time(9, 5)]) == "Tue 24 March, 1,284 and 09:05"
        assert formats.plain_value(None) == ""
        assert formats.plain_value(True) == "yes"


@pytest.mark.parametrize("name", sorted(set(formats.FILTERS) - {"listed", "initials", "iso"}))
def test_what_is_not_known_is_an_empty_text(name: str) -> None:
    with reading("en"):
        assert formats.FILTERS[name](None) == ""


def test_a_timeline_says_the_time_of_the_last_two_days_and_the_day_before_that() -> None:
    with reading("en"):
        assert formats.happened(datetime(2026, 3, 16, 9, 30, tzinfo=UTC)) == "yesterday 10:30"
        assert formats.happened(datetime(2026, 2, 9, 9, 30, tzinfo=UTC)) == "Mon 9 Feb"
        assert formats.happened(datetime(2025, 12, 29, 9, 30, tzinfo=UTC)) == "Mon 29 Dec 2025"
