"""A German letter goes on small after its first line, and begins large everywhere else."""

from __future__ import annotations

import pytest
from flask import Flask

from app.mail.compose import Bullets, compose

FIRST = "Sehr geehrte Frau van der Berg,"
ASK = "gern höre ich von Ihnen, wie es läuft."


@pytest.mark.parametrize(
    ("typed", "first", "later"),
    [
        (ASK, ASK, "Gern höre ich von Ihnen, wie es läuft."),
        ("Was kostet diese Funktion?", "was kostet diese Funktion?", "Was kostet diese Funktion?"),
        ("Über den Sommer war es ruhig.", "über den Sommer war es ruhig.", "Über den Sommer war es ruhig."),
        ("Sie sehen früh, ob es passt.", "Sie sehen früh, ob es passt.", "Sie sehen früh, ob es passt."),
        ("Ihr Feedback hat geholfen.", "Ihr Feedback hat geholfen.", "Ihr Feedback hat geholfen."),
        ("Wasser kommt hier nicht vor.", "Wasser kommt hier nicht vor.", "Wasser kommt hier nicht vor."),
        ("mb:sys liefert.", "mb:sys liefert.", "mb:sys liefert."),
    ],
)
def test_the_first_paragraph_goes_on_with_the_sentence(app: Flask, typed: str, first: str, later: str) -> None:
    with app.test_request_context():
        assert compose("de", [FIRST, typed]).text.split("\n\n")[1].strip() == first
        written = compose("de", [FIRST, "Nutzen zuerst.", typed])
    assert written.text.split("\n\n")[2].strip() == later
    assert later in written.html


def test_only_paragraphs_of_a_german_letter_change(app: Flask) -> None:
    with app.test_request_context():
        assert "Wat kost dit?" in compose("nl", ["Geachte mevrouw Van der Berg,", "Wat kost dit?"]).text
        assert "Was it so?" in compose("en", ["Dear Ms van der Berg,", "Was it so?"]).text
        assert "Was jetzt?" in compose("de", ["Überfällig", "Was jetzt?"]).text
        assert "- Was jetzt?" in compose("de", [FIRST, Bullets(["Was jetzt?"])]).text
        assert compose("de", []).text.strip() == ""
