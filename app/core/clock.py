"""The one place that asks what time it is.

Everything else takes `today` and `at` as arguments; views and ticks pass them on from `clock()`.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from flask import current_app

from app.core.errors import N_, RuleViolation

CLOCK = "lotse.clock"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Reading:
    """What the clocks of the machine `host` show at one moment; LOTSE_CLOCK_OFFSET is no part of it.

    `boot_id` and `since_boot` (seconds, sleep included) are None where the machine does not tell them.
    """

    host: str
    at: datetime
    boot_id: str | None = None
    since_boot: float | None = None

    @property
    def booted_at(self) -> datetime | None:
        """Return when this boot began by the wall clock: the same at each reading, unless somebody moved that clock."""
        if self.boot_id is None or self.since_boot is None:
            return None
        return self.at - timedelta(seconds=self.since_boot)


class Clock(Protocol):
    """What tells the time: aware UTC instants, and days in a named zone."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""

    def today(self, zone: str) -> date:
        """Return the day it is in `zone` (an IANA name)."""

    def reading(self) -> Reading:
        """Return what the machine's own clocks show."""


class SystemClock:
    """The machine's clock, moved by `offset_seconds` (LOTSE_CLOCK_OFFSET)."""

    def __init__(self, offset_seconds: int = 0) -> None:
        self.offset = timedelta(seconds=offset_seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def today(self, zone: str) -> date:
        return self.now().astimezone(ZoneInfo(zone)).date()

    def reading(self) -> Reading:
        return Reading(socket.gethostname()[:60], machine_now(), boot_id(), boottime_seconds())


class FrozenClock:
    """A clock that stands still until it is moved; for tests and the demo firm.

    Moved, it is what LOTSE_CLOCK_OFFSET does: the machine's own clocks know nothing of it. `jump` sets those, too.
    """

    def __init__(self, at: datetime, machine: str = "here") -> None:
        self.machine, self.boots = machine, 1
        self._jumped = timedelta(0)
        self.move_to(at)

    def now(self) -> datetime:
        return self._at

    def today(self, zone: str) -> date:
        return self._at.astimezone(ZoneInfo(zone)).date()

    def move_to(self, at: datetime) -> None:
        """Set the clock to `at`, which must be aware."""
        if at.tzinfo is None:
            raise ValueError("the clock wants an aware instant")
        self._at = at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        self._at += by

    def jump(self, by: timedelta) -> None:
        """Set the machine's wall clock alone, as somebody at the machine does."""
        self._at += by
        self._jumped += by

    def reading(self) -> Reading:
        return Reading(self.machine, machine_now() + self._jumped, f"{self.machine} {self.boots}", boottime_seconds())


def clock() -> Clock:
    """Return the application's clock."""
    return current_app.extensions[CLOCK]


def boottime_seconds() -> float | None:
    """Return the seconds this host runs since boot, sleep included; None where the host has no such clock.

    Source: docs/decisions, "A clock that jumped".
    """
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return None
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@cache
def boot_id() -> str | None:
    """Return the name that the kernel gave this boot, the same in all its containers; None where it gives none."""
    return BOOT_ID.read_text().strip()[:40] if BOOT_ID.exists() else None


def stopwatch() -> float:
    """Return seconds from no particular moment, for measuring spans: no change of the clock touches it."""
    return time.monotonic()


def machine_now() -> datetime:
    """Return the machine's own time, without any offset: for timers only, never for what is due."""
    return datetime.now(UTC)


def system_seconds() -> float:
    """Return seconds since 1970 as files carry them, which know nothing of our offset."""
    return time.time()


def sleep(seconds: float) -> None:
    """Wait on the real clock, whatever the offset."""
    time.sleep(seconds)


def check_zone(name: str, field: str | None = None) -> str:
    """Return `name` if it is a zone of the IANA database; raise RuleViolation at `field` otherwise."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleViolation(N_("“%(zone)s” is not a time zone, such as Europe/Berlin."), field=field, zone=name) from None
    return name
