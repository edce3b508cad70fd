"""What is behind a link, by its purpose. Rooms register theirs when they are loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.links.models import PersonalLink

Show = Callable[[PersonalLink], Any]
Act = Callable[[PersonalLink, Any], Any]


@dataclass(frozen=True)
class Purpose:
    """`show` answers GET and changes nothing; `act` answers POST; `used` and `expired` show what an ended link led to.

    `expired` answers POST too, where something may still be asked for: a page as text goes out as 410, any other answer as it is.
    """

    show: Show
    act: Act
    used: Show | None = None
    expired: Show | None = None


PURPOSES: dict[str, Purpose] = {}


def register(purpose: str, *, show: Show, act: Act, used: Show | None = None, expired: Show | None = None) -> None:
    """Say what a link of this purpose shows and does.

    `show(link)` and `act(link, request)` return an answer as any view does, in the link's language. `act` opens the
    unit of work and calls `links.use(link, at=…)` in it. Without `used` or `expired`, a link that
    was used up or has expired gets a page that says so.
    """
    PURPOSES[purpose] = Purpose(show, act, used, expired)
