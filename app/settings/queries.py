"""The settings in force, read at most every few seconds."""

from __future__ import annotations

import time

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.db.aside import aside
from app.settings.models import FirmRevision, FirmSetting
from app.settings.rules import Firm, firm_from

_CACHE = "lotse.firm"
# A change made by another process shows here at the latest after this many seconds; one made by this process at once.
FRESH_SECONDS = 5.0


def firm() -> Firm:
    """Return the firm's settings; one statement at most every FRESH_SECONDS."""
    cached = current_app.extensions.get(_CACHE)
    if cached and time.monotonic() - cached[0] < FRESH_SECONDS:
        return cached[1]
    now = fresh()
    current_app.extensions[_CACHE] = (time.monotonic(), now)
    return now


def fresh() -> Firm:
    """Return the firm's settings as the database has them this moment."""
    rows = db.session.execute(sa.select(FirmSetting.name, FirmSetting.value))
    return firm_from({row.name: row.value for row in rows})


def revision_version() -> int:
    """Return the version of the settings that a form is made from; 1 before the first change."""
    return db.session.scalar(sa.select(FirmRevision.version)) or 1


def make_revision() -> None:
    """Make the row of the version where there is none, so that a refused form has one to be compared with."""
    if db.session.scalar(sa.select(FirmRevision.id)) is not None:
        return
    try:
        with aside() as connection:
            connection.execute(sa.insert(FirmRevision).values(id=1, changes=0, version=1))
    except IntegrityError:
        return  # somebody else made it a moment ago


def forget() -> None:
    """Have the settings read again."""
    current_app.extensions.pop(_CACHE, None)
