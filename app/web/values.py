"""Any value in words, for messages and for the page that shows two versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_date, format_datetime, format_decimal
from flask_babel import gettext as _

LARGEST_ID = 2**31 - 1  # PostgreSQL's integer, the type of our keys


def record_number(text: str | None) -> int | None:
    """Return the number of a record as an address names it; None for what cannot be one."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > LARGEST_ID:
        return None
    return int(text)


def plain_value(value: Any) -> str:
    """Return the value as the reader would write it; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return format_datetime(value, "medium")
    if isinstance(value, date):
        return format_date(value, "long")
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain_value(item) for item in value)
    return str(value)
