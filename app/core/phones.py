"""Phone numbers: kept as E.164, shown as people of the reader's country write them.

Source: docs/domain.md, "Clients and contacts".
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from app.core.errors import N_, RuleViolation

LONGEST_PHONE = 80
USUAL_COUNTRY = "DE"


def normal_phone(text: str, country: str | None, field: str | None = "phone") -> str:
    """Return a phone number as E.164 ("+491713920021"); without +49 or 0049 it counts as one of `country` (ISO).

    Raises RuleViolation at `field`, saying what is wrong with it.
    """
    if len(text) > LONGEST_PHONE:
        raise RuleViolation(N_("This is too long for a phone number."), field=field)
    try:
        number = phonenumbers.parse(text, country or USUAL_COUNTRY)
    except NumberParseException:
        raise RuleViolation(
            N_("“%(text)s” is not a phone number, such as 040 1234567 or +31 20 1234567."), field=field, text=text
        ) from None
    if number.extension:
        raise RuleViolation(N_("Please write the extension as the last digits of the number."), field=field)
    if not phonenumbers.is_valid_number(number):
        raise RuleViolation(
            N_("“%(text)s” has too few or too many digits, or an unknown area code. From abroad write it with +49, +31 …"),
            field=field,
            text=text,
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def shown_phone(number: str | None, country: str | None = None) -> str:
    """Return an E.164 number as people of `country` write it: "0171 3920021" at home, "+31 20 …" from abroad.

    What is no E.164 number is returned as it is.
    """
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    at_home = phonenumbers.region_code_for_number(parsed) == (country or USUAL_COUNTRY)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)
