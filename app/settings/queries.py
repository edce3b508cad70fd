"""The settings in force, read at most every few seconds."""

from __future__ import annotations

import time

import sqlalchemy as sa
from flask import current_app

from app.db import db
from app.settings.models import FirmSetting
from app.settings.rules import Firm, firm_from

_CACHE = "lotse.firm"
# A change made by another process shows here at the latest after this many seconds; one made by this process at once.
FRESH_SECONDS = 5.0


def firm() -> Firm:
    """Return the firm's settings; one statement at most every FRESH_SECONDS."""
    cached = current_app.extensions.get(_CACHE)
    if cached and time.monotonic() - cached[0] < FRESH_SECONDS:
        return cached[1]
    rows = db.session.execute(sa.select(FirmSetting.name, FirmSetting.value))
    now = firm_from({name: value for name, value in rows})
    current_app.extensions[_CACHE] = (time.monotonic(), now)
    return now


def forget() -> None:
    """Have the settings read again."""
    current_app.extensions.pop(_CACHE, None)
