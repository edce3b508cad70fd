"""Changing the firm's settings."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import sqlalchemy as sa

from app.core.clock import check_zone
from app.core.errors import N_, RuleViolation
from app.db import db
from app.settings import queries
from app.settings.models import FirmSetting
from app.settings.rules import NAMES, Firm


def change(values: dict[str, Any]) -> None:
    """Keep the given settings; those equal to their default are not kept.

    Raises RuleViolation at the field for a value that cannot work.
    """
    defaults = Firm()
    kept = {row.name: row for row in db.session.scalars(sa.select(FirmSetting))}
    for name, value in values.items():
        if name not in NAMES:
            raise KeyError(name)
        _check(name, value)
        stored = list(value) if isinstance(value, tuple) else value
        if value == getattr(defaults, name):
            if name in kept:
                db.session.delete(kept[name])
        elif name in kept:
            kept[name].value = stored
        else:
            db.session.add(FirmSetting(name=name, value=stored))
    queries.forget()


def _check(name: str, value: Any) -> None:
    if name == "zone":
        check_zone(value, field="zone")
    elif name == "free_days":
        for day in value:
            _check_month_day(day)
    elif name in ("digest_at", "digest_until"):
        _check_time(name, value)
    elif isinstance(value, int) and not 0 <= value <= 10_000:
        raise RuleViolation(N_("Please enter a number between 0 and 10,000."), field=name)


def _check_month_day(text: str) -> None:
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise RuleViolation(N_("“%(day)s” is not a day of the year; write 12-24 for 24 December."), field="free_days", day=text) from None


def _check_time(name: str, text: str) -> None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise RuleViolation(N_("“%(time)s” is not a time of day."), field=name, time=text) from None
    if time(2, 0) <= at < time(3, 0):
        raise RuleViolation(N_("Nothing is scheduled between 2:00 and 3:00, the hour that clocks change."), field=name)


