"""What a colleague owns that somebody else must take over before the account is disabled. Rooms register theirs.

belongings.register("talks", N_("Talks due or arranged"), count=queries.open_of, hand_over=actions.hand_over)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.users.models import User

Count = Callable[[int], int]
HandOver = Callable[[User, User, User | None, datetime], object]


@dataclass(frozen=True)
class Kind:
    """`label` is an English message id (N_) in the plural; `count` says how many are open, `hand_over` gives them all."""

    name: str
    label: str
    count: Count
    hand_over: HandOver
    needs_owner: bool = True  # only who can own records takes it over; else whoever may hold talks


@dataclass(frozen=True)
class Open:
    """How many of one kind somebody has."""

    kind: Kind
    count: int


KINDS: dict[str, Kind] = {}


def register(kind: str, label: str, *, count: Count, hand_over: HandOver, needs_owner: bool = True) -> None:
    """Register a kind of thing that has an owner.

    `count(user_id)` returns how many open ones there are; `hand_over(from_user, to_user, actor, at)` makes `to_user`
    their owner, as part of the caller's transaction.
    """
    KINDS[kind] = Kind(kind, label, count, hand_over, needs_owner)


def open_of(user_id: int) -> list[Open]:
    """Return what the user still has, kinds without any left out, in the order of their names."""
    found = [Open(kind, kind.count(user_id)) for _name, kind in sorted(KINDS.items())]
    return [one for one in found if one.count]
