"""Letters as text and HTML out of the same blocks."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import gettext as _

from app.mail.compose import LINK_PLACE, Bullets, Composed, Facts, Heading, Row, Rows, compose, speaking


@pytest.fixture
def digest(app: Flask) -> Composed:
    return compose(
        "de",
        [
            "Guten Tag, Frau Roelofs,",
            Heading("Überfällig"),
            Rows(
                [Row("4 Tage", "Abschlussgespräch <vereinbaren>", "https://lotse.example/talks/1", "Marschland & Söhne", "late")]
            ),
            Facts([("Wann", "Dienstag, 10:30")]),
            Bullets(["Erstens", "Zweitens"]),
        ],
        title="Dienstag, 17. März",
        preview="Ein Ding",
        button=("Heute öffnen", LINK_PLACE),
        closing=["Freundliche Grüße\nKatrin Ostendorff"],
        footer="Diese Übersicht kommt an Arbeitstagen.",
        footer_link=("Zeit ändern", "https://lotse.example/settings"),
    )


def test_both_bodies_say_the_same_in_the_same_order(digest: Composed) -> None:
    said = [
        "Dienstag, 17. März",
        "Guten Tag, Frau Roelofs,",
        "Überfällig",
        "4 Tage",
        "Marschland",
        "Wann",
        "Erstens",
        "Heute öffnen",
        LINK_PLACE,
        "Katrin Ostendorff",
        "Diese Übersicht",
    ]

    places = [digest.text.index(words) for words in said]
    assert places == sorted(places)
    for words in said:
        assert words in digest.html


def test_names_cannot_write_html(digest: Composed) -> None:
    assert "&lt;vereinbaren&gt;" in digest.html and "Marschland &amp; Söhne" in digest.html
    assert "<vereinbaren>" in digest.text


def test_the_html_has_one_button_no_picture_and_nothing_from_elsewhere(digest: Composed) -> None:
    assert digest.html.count("background:#0b5a6b") == 1
    assert '<html lang="de">' in digest.html
    for foreign in ("<img", "<script", "<link", "@import", "url("):
        assert foreign not in digest.html
    assert "prefers-color-scheme:dark" in digest.html


def test_text_lines_stay_short_and_links_whole(app: Flask) -> None:
    url = "https://lotse.example/" + "x" * 100
    text = compose("en", ["word " * 60], button=("Open", url)).text

    assert f"\n{url}\n" in text
    assert all(len(line) <= 72 for line in text.splitlines() if line != url)


@pytest.mark.parametrize(("language", "words"), [("de", "Testbrief"), ("nl", "Testbrief"), ("en", "Test letter")])
def test_letters_are_written_in_the_recipients_language(app: Flask, language: str, words: str) -> None:
    with speaking(language):
        assert _("Test letter") == words
