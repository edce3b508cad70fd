"""When a letter goes out again, and what a mail server's answer means."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# After the first, second … failed attempt; then every hour. Source: docs/decisions, "Mail".
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
HOURLY = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(hours=72)  # since the first attempt
RENDER_TRIES = 5
LINK_PLACE = "[personal link]"


class State(enum.StrEnum):
    """A letter's fate. One that is being sent at this moment is still queued."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Priority(enum.IntEnum):
    """Lower numbers go first."""

    SECURITY = 0  # somebody waits for it in front of a screen: sign-in, reset
    NORMAL = 5
    BULK = 9


class Fault(enum.StrEnum):
    """What went wrong with an attempt, and so whom it concerns."""

    NOT_NOW = "not_now"  # this letter, later: 4xx, or the connection broke
    REFUSED = "refused"  # this letter, for good: 5xx for recipient or content
    SERVER_AWAY = "server_away"  # all letters: no connection
    SENDER_REFUSED = "sender_refused"  # all letters: 5xx at greeting, sign-in or sender


# The whole queue stands until somebody lets it go on: since the backup that was restored, some letters may have gone already.
RESTORED = "restored"
UNTIL_RESUMED = datetime(9000, 1, 1, tzinfo=UTC)

# How long all letters wait where the fault is not theirs.
QUEUE_PAUSE = {Fault.SERVER_AWAY: timedelta(seconds=30), Fault.SENDER_REFUSED: timedelta(minutes=3)}


TOLD_AFTER = timedelta(minutes=10)


def concerns_staff(fault: str, since: datetime, now: datetime) -> bool:
    """Say whether everybody is told that the queue stands still: at once where it does not heal by itself."""
    return fault in (Fault.SENDER_REFUSED, RESTORED) or now - since >= TOLD_AFTER


@dataclass(frozen=True)
class Later:
    """Try again at `at`."""

    at: datetime


@dataclass(frozen=True)
class GivenUp:
    """No further attempt."""


def after_failure(failures: int, first_attempt_at: datetime, now: datetime) -> Later | GivenUp:
    """Say what follows the `failures`-th failed attempt (≥ 1) made at `now`: 1, 5, 15, 60 minutes, then hourly, for 72 hours.

    The last attempt lies at 72 hours after the first one, not before. Source: docs/decisions, "Mail".
    """
    if now - first_attempt_at >= GIVE_UP_AFTER:
        return GivenUp()
    wait = BACKOFF[failures - 1] if failures <= len(BACKOFF) else HOURLY
    return Later(min(now + wait, max(first_attempt_at + GIVE_UP_AFTER, now + BACKOFF[0])))


def after_render_failure(failures: int, now: datetime) -> Later | GivenUp:
    """Say what follows the `failures`-th time (≥ 1) that a letter could not be made ready."""
    if failures >= RENDER_TRIES:
        return GivenUp()
    return Later(now + BACKOFF[min(failures, len(BACKOFF)) - 1])


def pace_ends(nth_at: datetime | None, now: datetime) -> datetime | None:
    """Say until when no letter may go, where the one that filled the minute began at `nth_at`; None where one may go now.

    An instant far ahead was written by a clock that was set back since; it binds nobody.
    """
    if nth_at is None or nth_at > now + MINUTE or nth_at + MINUTE <= now:
        return None
    return nth_at + MINUTE


def lease(mail_timeout: int) -> timedelta:
    """Return how long a claim holds: twice the time-out of a whole letter, in seconds."""
    return timedelta(seconds=2 * mail_timeout)


def one_line(text: str) -> str:
    """Return `text` fit for a header: no line breaks or other control characters, single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
