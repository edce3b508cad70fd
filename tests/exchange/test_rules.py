"""Tables of others: encodings, separators, headings, words and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.exchange import rules
from app.exchange.rules import Papers
from app.exchange.sheets import LARGEST, MOST_ROWS, rows_of
from app.managers.rules import State

TEXT = "Nachname;Vorname;E-Mail\r\nMaaßdorf;Jürgen;j@example.org\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|", "~", "^", ":", "#", "\x1f"])
def test_every_encoding_and_separator_reads_alike(encoding, separator):
    content = TEXT.replace(";", separator).encode(encoding)

    assert rows_of(content, rules.known_headings) == [
        ["Nachname", "Vorname", "E-Mail"], ["Maaßdorf", "Jürgen", "j@example.org"],
    ]  # fmt: skip


def test_a_separator_in_quotes_and_a_line_that_names_it():
    assert rows_of(b'sep=;\r\nName;Notiz\r\n"Berg, Jan";"a;b\nc"\r\n', rules.known_headings) == [
        ["Name", "Notiz"], ["Berg, Jan", "a;b\nc"],
    ]  # fmt: skip


@pytest.mark.parametrize("content", [
    b"", b"  \r\n ", b"Name\0;x\n", b"Name;x\n\x81\x8d\n", b"\xff\xfeN", b'Name\n"' + b"x" * 200_000,
    b"%PDF-1.7\0\0", b"Name\n" + b"x\n" * (MOST_ROWS + 2), b"x" * (LARGEST + 1), b";" * 300,
], ids=["empty", "blank", "nul", "cp1252", "half", "huge", "pdf", "long", "large", "wide"])  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(RuleViolation) as refused:
        rules.columns(rows_of(content, rules.known_headings)[0])

    assert refused.value.field == "file" and refused.value.message.endswith((".", "?"))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content):
    try:
        rows = rows_of(content, rules.known_headings)
    except RuleViolation:
        return
    assert all(isinstance(cell, str) and "\0" not in cell for row in rows for cell in row)


def said(headings: str, row: str):
    return rules.values_of(row.split(";"), rules.columns(headings.split(";")))


@pytest.mark.parametrize("headings, row, expected", [
    ("Nachname;Vorname", "van der Berg;Dr. Jan", {"title": "Dr.", "first_name": "Jan", "particle": "van der", "last_name": "Berg"}),
    ("Achternaam;Voornaam;Tussenvoegsel", "Berg;Jan;van der", {"first_name": "Jan", "particle": "van der", "last_name": "Berg"}),
    ("Name", "Prof. Dr. Jan van der Berg", {"title": "Prof. Dr.", "first_name": "Jan", "particle": "van der", "last_name": "Berg"}),
    ("Name", "van der Berg, Jan", {"first_name": "Jan", "particle": "van der", "last_name": "Berg"}),
    ("Last name;First name", "García Márquez;Ana", {"first_name": "Ana", "last_name": "García Márquez"}),
    ("NACHNAME ;Sprache;Anrede;Land", "Roth;Niederländisch;Frau;Österreich",
     {"last_name": "Roth", "language": "nl", "form_of_address": "frau", "country": "AT"}),
    ("Nachname;Straße;PLZ;Ort;Telefon", "Roth;Weg 1;20095;Hamburg;+49 40 123",
     {"last_name": "Roth", "street": "Weg 1", "postcode": "20095", "city": "Hamburg", "phone": "+49 40 123"}),
])  # fmt: skip
def test_rows_are_understood(headings, row, expected):
    assert said(headings, row) == {**expected, "state": State.CONFIRMED}


@pytest.mark.parametrize("word, state", [
    ("", State.CONFIRMED), ("Registriert", State.CONFIRMED), ("In Prüfung", State.IN_REVIEW), ("Nachfassen 2", State.FOLLOW_UP_2),
    ("opvolging 3", State.FOLLOW_UP_3), ("Interview fällig", State.INTERVIEW), ("Released", State.RELEASED),
    ("afgewezen", State.OUT), ("PAUSIERT", State.PAUSED),
])  # fmt: skip
def test_state_words_of_three_languages(word, state):
    assert said("Nachname;Status", f"Roth;{word}")["state"] is state


@pytest.mark.parametrize("headings, row", [
    ("Nachname;Vorname", ";Jan"), ("Nachname;Status", "Roth;halb fertig"), ("Nachname;Status", "Roth;gelöscht"),
    ("Nachname;Sprache", "Roth;Klingonisch"), ("Nachname;Ort", 'Roth;=HYPERLINK("x")'), ("Nachname;Ort", "Roth;+cmd|' /C calc'!A0"),
    ("Nachname;Ort", "Roth;@SUM(A1)"), ("Nachname", "R" * 90), ("Nachname", "Roth;zu viel"),
])  # fmt: skip
def test_rows_that_nobody_can_be_made_of_are_refused(headings, row):
    with pytest.raises(RuleViolation):
        said(headings, row)


def test_unknown_columns_are_told_and_a_name_is_needed():
    assert rules.columns(["Nachname", "Schuhgröße", "", "Name"]).unknown == ("Schuhgröße",)
    with pytest.raises(RuleViolation):
        rules.columns(["Vorname", "E-Mail"])


WITHIN = ("CV_0009003.pdf", "Profil 9003 neu.pdf", "CV 2024-03-01 9003.pdf", "Lebenslauf-9003-20240301.docx", "CV_042.pdf")


@pytest.mark.parametrize("name", [
    "cv 2019.pdf", "cv_1900.pdf", "cv_2099.pdf", "cv 01.03.2024.pdf", "cv_01032024.pdf", "cv_v02.pdf", "cv 12.pdf", "cv_000.pdf",
    "cv 0171 3920021.pdf", "cv 9003 9004.pdf", "cv max0815@post.example.pdf", "cv.9003", "cv.pdf",
])  # fmt: skip
def test_years_days_versions_and_phone_numbers_are_nobodys_number(name):
    assert rules.number_in(name) is None


@pytest.mark.parametrize("name, number", [
    ("cv_0002019.pdf", "2019"), ("cv_2100.pdf", "2100"), ("cv_1899.pdf", "1899"), ("cv_0009003_v02.pdf", "9003"),
    ("cv_9003 (0009003).pdf", "9003"), ("2019 liste.pdf", "2019"), ("id 0017.pdf", "17"),
])  # fmt: skip
def test_a_number_is_found_within_a_name(name, number):
    assert rules.number_in(name) == number


@pytest.mark.parametrize("number, email, named, found", [
    ("17", "", "", ["17_cv.pdf", "sub/0017 liste.docx"]),
    ("ID 17", "", "", ["17_cv.pdf", "sub/0017 liste.docx"]),
    ("1", "", "", []),
    ("", "jan@example.org", "", ["jan@example.org.pdf"]),
    ("", "jan@example.co", "", []),  # never by a part of the address
    ("", "", "CV Roth.pdf; 17_cv.pdf", ["CV Roth.pdf", "17_cv.pdf"]),
    ("17", "JAN@example.org", "17_cv.pdf", ["17_cv.pdf", "sub/0017 liste.docx", "jan@example.org.pdf"]),
    ("", "", "", []),
    ("9003", "", "", ["CV_0009003.pdf", "Profil 9003 neu.pdf", "CV 2024-03-01 9003.pdf", "Lebenslauf-9003-20240301.docx"]),
    ("0009003", "", "", ["CV_0009003.pdf", "Profil 9003 neu.pdf", "CV 2024-03-01 9003.pdf", "Lebenslauf-9003-20240301.docx"]),
    ("42", "", "", ["CV_042.pdf"]),
])  # fmt: skip
def test_papers_are_found_by_number_address_and_name(number, email, named, found):
    papers = Papers(
        ["17_cv.pdf", "sub/0017 liste.docx", "170.pdf", "jan@example.org.pdf", "jan@example.co.uk.pdf", "CV Roth.pdf", *WITHIN]
    )

    assert papers.of(number, email, named) == found
