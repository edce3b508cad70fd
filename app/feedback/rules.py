"""Weighing feedback by its giver: who rates strictly is not read like who rates kindly.

Source: docs/domain.md, "Client feedback".
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = 1, 5  # of the overall rating
OWN_RATINGS_LEAST = 3
_TENTH = Decimal("0.1")


class Leaning(enum.StrEnum):
    """How somebody rates beside all others."""

    LOWER = "lower"
    HIGHER = "higher"
    ALIKE = "alike"


@dataclass(frozen=True)
class Weighed:
    """A rating with what it is worth once its giver's habit is taken off."""

    raw: int
    adjusted: Decimal | None  # None: too few ratings of the giver
    leaning: Leaning | None = None
    own_count: int = 0


def adjusted(
    raw: int,
    mean_of_all: Decimal | float,
    mean_of_giver: Decimal | float,
    own_count: int,
    least: int = OWN_RATINGS_LEAST,
    lowest: int = LOWEST,
    highest: int = HIGHEST,
) -> Decimal | None:
    """Return raw + (mean of all ratings of that scale − mean of this giver's), kept within the scale, one decimal.

    None where the giver has rated fewer than `least` times. Both means include the rating itself; a half tenth is
    rounded up.
    """
    if own_count < least:
        return None
    value = raw + _decimal(mean_of_all) - _decimal(mean_of_giver)
    return min(max(value, Decimal(lowest)), Decimal(highest)).quantize(_TENTH, ROUND_HALF_UP)


def weigh(
    raw: int, mean_of_all: Decimal | float | None, mean_of_giver: Decimal | float | None, own_count: int, least: int
) -> Weighed:
    """Return the overall rating with its adjusted value and the words for why it differs."""
    if mean_of_all is None or mean_of_giver is None or own_count < least:
        return Weighed(raw, None, None, own_count)
    value = adjusted(raw, mean_of_all, mean_of_giver, own_count, least)
    habit = _decimal(mean_of_giver) - _decimal(mean_of_all)
    near = abs(habit) < _TENTH / 2
    leaning = Leaning.ALIKE if near else Leaning.LOWER if habit < 0 else Leaning.HIGHER
    return Weighed(raw, value, leaning, own_count)


def _decimal(value: Decimal | float) -> Decimal:
    # A mean comes from the database as a binary fraction; its noise must not decide where a half tenth goes.
    return Decimal(str(value)).quantize(Decimal("0.000001"))
