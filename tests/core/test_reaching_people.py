"""Phone numbers and postcodes, as they are kept and shown."""

from __future__ import annotations

import pytest

from app.core.errors import RuleViolation
from app.core.phones import normal_phone, shown_phone
from app.core.postcodes import normal_postcode


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("0171 39200 21", "DE", "+491713920021"),
        ("0211/4566-0", "DE", "+4921145660"),
        ("0049 (0)40 1234567", "AT", "+49401234567"),
        ("+31 20 555 0123", "DE", "+31205550123"),
        ("020-5550123", "NL", "+31205550123"),
        ("044 668 18 00", "CH", "+41446681800"),
        ("02 555 12 12", "BE", "+3225551212"),
        ("0171 3920021", None, "+491713920021"),
    ],
)
def test_a_number_is_kept_in_one_form(typed, country, kept):
    assert normal_phone(typed, country) == kept


@pytest.mark.parametrize("typed", ["", "12", "call me", "0151 123", "+999 12345678", "1" * 81, "040 1234567 ext. 12", "\0"])
def test_what_is_no_number_is_refused_at_its_field(typed):
    with pytest.raises(RuleViolation) as refused:
        normal_phone(typed, "DE", field="mobile")
    assert refused.value.field == "mobile"


def test_a_number_is_shown_as_its_reader_writes_it():
    assert shown_phone("+491713920021", "DE") == "0171 3920021"
    assert shown_phone("+491713920021", "NL") == "+49 171 3920021"
    assert shown_phone("+31205550123", "NL") == "020 555 0123"
    assert shown_phone("no number", "NL") == "no number"
    assert shown_phone(None) == ""


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("20459", "DE", "20459"),
        ("D-20459", "DE", "20459"),
        ("1012ab", "NL", "1012 AB"),
        ("1012  AB", "NL", "1012 AB"),
        ("L-1648", "LU", "1648"),
        ("sw1a 1aa", "GB", "SW1A 1AA"),
        ("8001", "CH", "8001"),
        ("any", None, "ANY"),
    ],
)
def test_a_postcode_is_kept_as_its_country_writes_it(typed, country, kept):
    assert normal_postcode(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country"), [("2045", "DE"), ("204599", "DE"), ("0012 AB", "NL"), ("20459", "AT"), ("٢٠٤٥٩", "DE")]
)
def test_a_postcode_of_another_country_is_refused(typed, country):
    with pytest.raises(RuleViolation):
        normal_postcode(typed, country)
