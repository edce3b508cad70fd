"""What a client's and a contact's facts may be.

Source: docs/domain.md, "Clients and contacts".
"""

from __future__ import annotations

import re
from datetime import date

from app.core.errors import N_, RuleViolation

CONTACT_ROLES = ("sponsor", "line", "hr", "finance", "successor", "works_council", "purchasing", "other")
CHANNELS = ("phone", "video", "in_person", "mail")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@.]{2,}([/?#]\S*)?")


def normal_website(text: str, field: str | None = "website") -> str:
    """Return the web address with https:// where none was typed; raise RuleViolation at `field` for what is none."""
    address = text if re.match(r"(?i)https?://", text) else f"https://{text}"
    address = re.sub(r"(?i)^https?://", lambda scheme: scheme[0].lower(), address)
    if not _WEB_ADDRESS.fullmatch(address):
        raise RuleViolation(N_("“%(text)s” is not a web address, such as www.firm.de."), field=field, text=text[:80])
    return address


def has_left(left_on: date | None, today: date) -> bool:
    """Say whether a contact is no longer at the client; `left_on` is the first day away."""
    return left_on is not None and left_on <= today


def check_departure(left_on: date | None, today: date) -> date:
    """Return the first day away; raise RuleViolation where it is missing or more than a year ahead."""
    if left_on is None:
        raise RuleViolation(N_("Please choose the first day on which this person is no longer there."), field="left_on")
    if (left_on - today).days > 366:
        raise RuleViolation(N_("This day is more than a year ahead."), field="left_on")
    return left_on
