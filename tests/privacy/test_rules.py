"""Confirmation, hashes, how long the law keeps, and how a name is found in a text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.privacy.rules import Person, address_hash, check_confirmation, kept_until, overwritten, redacted

ANNEKE = Person(
    9999,
    names=(("Anneke", "van der", "Roelofs"),),
    emails=("anneke@example.org",),
    phones=("+4915112345678",),
)


@pytest.mark.parametrize("typed", ["9999", " 9999 ", "ID 9999", "id9999"])
def test_the_number_confirms(typed):
    check_confirmation(9999, typed)


@pytest.mark.parametrize("typed", [None, "", "999", "99999", "ID", "9999 x", "-9999", "٩٩٩٩"])
def test_anything_else_does_not(typed):
    with pytest.raises(RuleViolation) as refused:
        check_confirmation(9999, typed)
    assert refused.value.field == "confirmation"


def test_the_hash_needs_the_key_and_knows_no_capitals():
    assert address_hash("a" * 40, " Anneke@Example.org") == address_hash("a" * 40, "anneke@example.org")
    assert address_hash("a" * 40, "anneke@example.org") != address_hash("b" * 40, "anneke@example.org")


@pytest.mark.parametrize(
    ("country", "year"), [("DE", 2034), ("AT", 2033), ("CH", 2036), ("NL", 2033), ("BE", 2036), ("US", 2036)]
)
def test_mandates_are_kept_by_the_law_of_the_country(country, year):
    assert kept_until(date(2026, 7, 10), country) == date(year, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "Anneke van der Roelofs",
        "anneke van\n  der ROELOFS,",
        "Roelofs, Anneke",
        "an anneke@example.org.",
        "Tel. 0151 1234 5678",
        "+49 (151) 123-45678",
    ],
)
def test_what_names_her_alone_is_found_everywhere(text):
    assert "ID 9999" in redacted(text, ANNEKE.everywhere(), "ID 9999")
    assert "oelofs" not in redacted(text, ANNEKE.everywhere(), "ID 9999").lower()


def test_the_last_name_alone_is_hers_only_in_her_records():
    assert redacted("Frau Roelofs rief an", ANNEKE.everywhere(), "x") == "Frau Roelofs rief an"
    assert redacted("Frau Roelofs rief an", ANNEKE.nearby(), "x") == "Frau x rief an"
    assert redacted("Roelofsen GmbH", ANNEKE.nearby(), "x") == "Roelofsen GmbH"


def test_json_keeps_its_shape():
    given_ = {"text": "Roelofs", "num": 3, "list": ["Roelofs", None]}

    assert redacted(given_, ANNEKE.nearby(), "x") == {"text": "x", "num": 3, "list": ["x", None]}
    assert overwritten({"email": "a@b", "rate": 3}) == {"email": "erased", "rate": "erased"}


@given(st.text(alphabet="abc \n", max_size=30), st.text(alphabet="abc \n", max_size=30))
def test_the_full_name_never_survives(before, after):
    assert "Roelofs" not in redacted(f"{before} Anneke van der Roelofs {after}", ANNEKE.everywhere(), "ID 9999")
