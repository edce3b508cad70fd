"""The appreciation score: what managers say of the interview, per quarter, for the firm and its teams, never per person.

Score: the mean of "treated with respect" and "substance" over all answers of the quarter, 1 to 5, one decimal.
Source: docs/domain.md, "After the interview".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = 1, 5
_TENTH = Decimal("0.1")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year, 1 to 4."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return date(self.year, 3 * self.number - 2, 1)

    def back(self, count: int) -> Quarter:
        """Return the quarter that lies `count` quarters before."""
        year, index = divmod(self.year * 4 + self.number - 1 - count, 4)
        return Quarter(year, index + 1)


@dataclass(frozen=True)
class Tally:
    """How many answered, and the sums of both ratings."""

    count: int = 0
    respect: int = 0
    substance: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.respect + other.respect, self.substance + other.substance)


@dataclass(frozen=True)
class Score:
    """What may be shown of a group: its number of answers and three means, one decimal each."""

    count: int
    score: Decimal
    respect: Decimal
    substance: Decimal


def quarter_of(day: date) -> Quarter:
    """Return the quarter in which the day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def score(tally: Tally, least: int) -> Score | None:
    """Return the means of the answers, half a tenth rounded up; None for fewer than `least`."""
    if tally.count < max(least, 1):
        return None
    both = _mean(tally.respect + tally.substance, 2 * tally.count)
    return Score(tally.count, both, _mean(tally.respect, tally.count), _mean(tally.substance, tally.count))


def shown_teams(counts: Mapping[int, int], least: int) -> frozenset[int]:
    """Return the teams whose score may be shown beside the firm's; `counts` are answers by team.

    A team with fewer than `least` is hidden. So that the firm minus the teams shown tells of nobody, the next smallest
    is hidden too while only one team is, or while those hidden have fewer than `least` answers together.
    Teams without answers are never shown and hide nothing.
    """
    rest = sorted((count, team) for team, count in counts.items() if count > 0)
    hidden = [count for count, _team in rest if count < least]
    rest = rest[len(hidden) :]
    while hidden and rest and (len(hidden) == 1 or sum(hidden) < least):
        hidden.append(rest.pop(0)[0])
    return frozenset(team for _count, team in rest)


def _mean(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(_TENTH, ROUND_HALF_UP)
