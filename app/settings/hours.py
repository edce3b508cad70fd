"""When letters that nobody wrote by hand go out: on working days of the firm, between the hours of the digest."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.core.dates import is_working_day
from app.settings.queries import firm


def is_office_hour(at: datetime) -> bool:
    """Whether `at` lies on a working day of the firm, between the first and the last time of the digest (inclusive)."""
    settings = firm()
    local = at.astimezone(ZoneInfo(settings.zone))
    is_working = is_working_day(local.date(), settings.region, settings.free_month_days)
    return is_working and settings.digest_time <= local.time() <= settings.digest_last_time
