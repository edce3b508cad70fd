"""Sweeping contents that no row names: left by transactions that failed, or by files that were removed."""

from __future__ import annotations

from app.core.clock import system_seconds
from app.db import unit_of_work
from app.files.actions import forget_contents
from app.files.queries import the_store

ONE_DAY = 86_400
AT_ONCE = 500


def sweep() -> int:
    """Delete contents that lie there for a day and that no row names; return how many."""
    old, swept = list(the_store().older_than(ONE_DAY, system_seconds())), 0
    for start in range(0, len(old), AT_ONCE):
        with unit_of_work():
            swept += forget_contents(old[start : start + AT_ONCE])
    return swept
