"""Changing the firm's settings."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import sqlalchemy as sa

from app.core.addresses import checked_email
from app.core.clock import check_zone
from app.core.dates import check_free_day, check_region
from app.core.errors import N_, RuleViolation
from app.db import db
from app.settings import queries
from app.settings.models import FirmRevision, FirmSetting
from app.settings.rules import NAMES, Firm, bounds_of

_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


def revision() -> FirmRevision:
    """Return the row whose version two administrators meet at; the first change makes it."""
    found = db.session.get(FirmRevision, 1)
    if found is None:
        found = FirmRevision(id=1, changes=0)
        db.session.add(found)
        db.session.flush()
    return found


def change(values: dict[str, Any]) -> None:
    """Keep the given settings; those equal to their default are not kept.

    Raises RuleViolation at the field for a value that cannot work.
    """
    _check_all(values)
    defaults = Firm()
    kept = {row.name: row for row in db.session.scalars(sa.select(FirmSetting))}
    for name, value in values.items():
        stored = list(value) if isinstance(value, tuple) else value
        if value == getattr(defaults, name):
            if name in kept:
                db.session.delete(kept[name])
        elif name in kept:
            kept[name].value = stored
        else:
            db.session.add(FirmSetting(name=name, value=stored))
    revision().changes += 1
    db.session.flush()
    queries.forget()


def _check_all(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in NAMES:
            raise KeyError(name)
        _check(name, value)
    first, last = values.get("digest_at"), values.get("digest_until")
    if first and last and time.fromisoformat(first) >= time.fromisoformat(last):
        raise RuleViolation(N_("This must be later than the daily mail itself."), field="digest_until")


def _check(name: str, value: Any) -> None:
    if name == "zone":
        check_zone(value, field="zone")
    elif name == "region":
        check_region(value, field="region")
    elif name == "mailbox":
        if value:
            checked_email(value, field="mailbox")
    elif name == "free_days":
        for day in value:
            _check_month_day(day)
    elif name in ("digest_at", "digest_until"):
        _check_time(name, value)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        _check_number(name, value)
    elif isinstance(value, tuple):
        for number in value:
            _check_number(name, number)


def _check_number(name: str, value: int) -> None:
    least, most = bounds_of(name)
    if not least <= value <= most:
        raise RuleViolation(N_("Please enter a number between %(least)s and %(most)s."), field=name, least=least, most=most)
    if name == "backup_hour" and value == 2:
        raise RuleViolation(N_("Nothing is scheduled between 2:00 and 3:00, the hour that clocks change."), field=name)


def _check_month_day(text: str) -> None:
    found = _MONTH_DAY.fullmatch(text)
    if not found:
        raise RuleViolation(N_("“%(day)s” is not a day of the year; write 12-24 for 24 December."), field="free_days", day=text)
    check_free_day(int(found[1]), int(found[2]), field="free_days")


def _check_time(name: str, text: str) -> None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise RuleViolation(N_("“%(time)s” is not a time of day."), field=name, time=text) from None
    if at.tzinfo is not None or at.second:
        raise RuleViolation(N_("“%(time)s” is not a time of day."), field=name, time=text)
    if time(2, 0) <= at < time(3, 0):
        raise RuleViolation(N_("Nothing is scheduled between 2:00 and 3:00, the hour that clocks change."), field=name)
