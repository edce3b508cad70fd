"""Postcodes as their countries write them. Source: docs/domain.md, "Clients and contacts"."""

from __future__ import annotations

import re

from app.core.errors import N_, RuleViolation

_FOUR, _FOUR_NO_ZERO = re.compile(r"[0-9]{4}"), re.compile(r"[1-9][0-9]{3}")
# What a postcode looks like, and an example to show; those of other countries are taken as written.
POSTCODES: dict[str, tuple[re.Pattern[str], str]] = {
    "DE": (re.compile(r"[0-9]{5}"), "20459"),
    "AT": (_FOUR_NO_ZERO, "1010"),
    "CH": (_FOUR_NO_ZERO, "8001"),
    "LI": (_FOUR_NO_ZERO, "9490"),
    "NL": (re.compile(r"[1-9][0-9]{3} [A-Z]{2}"), "1012 AB"),
    "BE": (_FOUR_NO_ZERO, "1000"),
    "LU": (_FOUR, "1648"),
}
_COUNTRY_MARK = re.compile(r"^(D|A|CH|FL|NL|B|L|DE|AT|LI|BE|LU)\s?-\s?")
_DUTCH = re.compile(r"^([0-9]{4}) ?([A-Z]{2})$")


def normal_postcode(text: str, country: str | None, field: str | None = "postcode") -> str:
    """Return the postcode as its country writes it ("1012ab" → "1012 AB" in NL, "D-20459" → "20459").

    Raises RuleViolation at `field` where that country writes its postcodes in another way.
    """
    code = re.sub(r"\s+", " ", text.strip().upper())
    if country not in POSTCODES:
        return code
    pattern, example = POSTCODES[country]
    code = _COUNTRY_MARK.sub("", code)
    if country == "NL":
        code = _DUTCH.sub(r"\1 \2", code)
    if not pattern.fullmatch(code):
        raise RuleViolation(
            N_("“%(text)s” is not a postcode of this country, such as %(example)s."), field=field, text=text, example=example
        )
    return code
