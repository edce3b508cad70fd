"""What a reference weighs by who gives it, and when two of them contradict each other.

Source: docs/domain.md, "References".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.core.dates import add_months

OLD_AFTER_YEARS = 5
CONTRADICTION_FROM = 2  # points of a rating from 1 to 5
_TENTH = Decimal("0.1")


class Relation(enum.StrEnum):
    """How the referee stood to the manager, in the order of weight."""

    BOSS = "boss"
    OWNER = "owner"
    CLIENT = "client"
    PEER = "peer"
    REPORT = "report"


WEIGHTS: dict[Relation, Decimal] = {
    Relation.BOSS: Decimal(4),
    Relation.OWNER: Decimal(4),
    Relation.CLIENT: Decimal(3),
    Relation.PEER: Decimal(2),
    Relation.REPORT: Decimal(1),
}


@dataclass(frozen=True)
class Said:
    """A rating from 1 to 5 with who gave it; `together_until` is the last day they worked together."""

    rating: int
    relation: Relation
    together_until: date | None


def weight(relation: Relation, together_until: date | None, today: date) -> Decimal:
    """Return what a reference counts: half where they last worked together more than five years ago.

    Where that day is not known it counts half as well.
    """
    full = WEIGHTS[relation]
    is_old = together_until is None or add_months(together_until, 12 * OLD_AFTER_YEARS) < today
    return full / 2 if is_old else full


def weighed_mean(said: Iterable[Said], today: date) -> Decimal | None:
    """Return the mean rating by weight, one decimal (a half tenth rounded up); None where nobody said anything."""
    pairs = [(weight(one.relation, one.together_until, today), one.rating) for one in said]
    if not pairs:
        return None
    total = sum((one * rating for one, rating in pairs), Decimal(0))
    return (total / sum((one for one, _rating in pairs), Decimal(0))).quantize(_TENTH, ROUND_HALF_UP)


def contradicts(written: int | None, told: int | None) -> bool:
    """Whether what was told on the phone lies two points or more from the written reference, either way; for a person to judge."""
    return written is not None and told is not None and abs(written - told) >= CONTRADICTION_FROM


def is_judged(judged_on: date | None, called_on: date, released_on: date) -> bool:
    """Whether a judgement covers both what was told on `called_on` and what was released on `released_on`."""
    return judged_on is not None and judged_on >= max(called_on, released_on)
