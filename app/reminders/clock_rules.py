"""Did the clock of a machine jump ahead, or has time really passed? Source: docs/decisions, "A clock that jumped"."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.clock import Reading

MOST_AHEAD = timedelta(hours=24)
ALIVE = timedelta(minutes=3)  # three ticks: how old the last sign of life of a scheduler may be


class Against(enum.StrEnum):
    """What shows that a clock is ahead."""

    BOOT = "boot"  # the time that passed on the same machine since its clock was last trusted
    SERVER = "server"  # the clock of the database server
    SCHEDULER = "scheduler"  # the clock of a scheduler that is alive on another machine


@dataclass(frozen=True)
class Jump:
    """How far a clock is ahead, and against what."""

    against: Against
    ahead: timedelta


@dataclass(frozen=True)
class Seen:
    """A jump that was seen before: of which boot, and how far the clock was ahead then."""

    against: Against
    ahead: timedelta
    boot_id: str | None
    booted_at: datetime | None
    confirmed: bool


def jump(
    now: Reading, trusted: Reading | None = None, server: datetime | None = None, elsewhere: Iterable[datetime] = ()
) -> Jump | None:
    """Return how far the clock of `now` is ahead where that is more than 24 hours, else None.

    `trusted` is the newest reading of the same boot that was trusted; it counts only if it is of the same boot.
    `server` is the database server's clock, `elsewhere` are those of living schedulers on other machines, all at this
    moment and without offsets. Another boot, or no earlier reading: time has passed, nobody is asked.
    """
    if trusted is not None and trusted.boot_id == now.boot_id and now.booted_at and trusted.booted_at:
        ahead = now.booted_at - trusted.booted_at
        if ahead > MOST_AHEAD:
            return Jump(Against.BOOT, ahead)
    if server is not None and now.at - server > MOST_AHEAD:
        return Jump(Against.SERVER, now.at - server)
    furthest = min(elsewhere, default=None)
    if furthest is not None and now.at - furthest > MOST_AHEAD:
        return Jump(Against.SCHEDULER, now.at - furthest)
    return None


def is_same(seen: Seen, found: Jump, now: Reading) -> bool:
    """Say whether the jump found now is the one seen before: the clock stands where it stood then, give or take a day."""
    if seen.boot_id != now.boot_id:
        return False
    if seen.booted_at is not None and now.booted_at is not None:
        return abs(seen.booted_at - now.booted_at) <= MOST_AHEAD
    return abs(seen.ahead - found.ahead) <= MOST_AHEAD


def is_over(seen: Seen, found: Jump | None, now: Reading) -> bool:
    """Say whether a jump seen before is past, so that what was confirmed holds no longer.

    One that nobody confirmed is past as soon as nothing shows it any more. A confirmed one that the machine itself
    showed has moved what is trusted; it is past when the clock was moved again.
    """
    if seen.boot_id != now.boot_id:
        return True
    if seen.confirmed and seen.against is Against.BOOT and seen.booted_at is not None and now.booted_at is not None:
        return abs(seen.booted_at - now.booted_at) > MOST_AHEAD
    return found is None or not is_same(seen, found, now)


def is_alive(at: datetime, now: datetime) -> bool:
    """Say whether a sign of life is of now: not older than three ticks, and not of a clock that was set back since."""
    return abs(now - at) <= ALIVE
