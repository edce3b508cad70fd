"""Figures of a market brief that give nobody away: from five mandates of three clients on, also not by comparing two briefs.

Mandates of one kind (function, country, currency) that are over are taken in the order in which they ended, and cut into
*batches*: a batch is closed as soon as it holds enough mandates of enough clients. A figure is made of closed batches
alone, so that two briefs of the same kind differ by whole batches; kinds do not overlap, and no figure of a part or of
the whole is ever made beside one of a kind. What a batch holds is frozen when it closes: a rate corrected or a mandate
erased later changes no figure, and so cannot be found by comparing.

Source: docs/domain.md, "Asking so that people say yes"; docs/decisions, "Market brief".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST_MANDATES, LEAST_CLIENTS = 5, 3
BATCHES_SHOWN = 6  # the newest ones
RATE_STEP = 10  # figures of rates are rounded to so many


@dataclass(frozen=True)
class Comparable:
    """What one mandate brings: client, day rate in whole units of the kind's currency, length in weeks, whether extended."""

    client_id: int
    day_rate: Decimal
    weeks: int
    is_extended: bool


@dataclass(frozen=True)
class Batch:
    """A closed batch, as it is kept: sorted values without a word on whose they are, and the set of clients by number."""

    day_rates: tuple[int, ...]
    weeks: tuple[int, ...]
    extended: int
    client_ids: frozenset[int]

    @property
    def mandates(self) -> int:
        return len(self.day_rates)


@dataclass(frozen=True)
class Figures:
    """What a brief may say of one kind. Rates are rounded, the range leaves out the outer quarters."""

    mandates: int
    clients: int
    median_rate: int
    lower_rate: int
    upper_rate: int
    median_weeks: int
    extended_percent: int


def close_batches(waiting: Sequence[Comparable]) -> tuple[list[Batch], list[Comparable]]:
    """Return the batches that the mandates of one kind, in the order of their ends, fill, and those left waiting.

    A batch that is large enough in mandates but not in clients goes on growing.
    """
    closed: list[Batch] = []
    open_ones: list[Comparable] = []
    for one in waiting:
        open_ones.append(one)
        if len(open_ones) >= LEAST_MANDATES and len({each.client_id for each in open_ones}) >= LEAST_CLIENTS:
            closed.append(_frozen(open_ones))
            open_ones = []
    return closed, open_ones


def _frozen(mandates: Sequence[Comparable]) -> Batch:
    return Batch(
        day_rates=tuple(sorted(int(one.day_rate) for one in mandates)),
        weeks=tuple(sorted(one.weeks for one in mandates)),
        extended=sum(one.is_extended for one in mandates),
        client_ids=frozenset(one.client_id for one in mandates),
    )


def figures(batches: Iterable[Batch]) -> Figures | None:
    """Return the figures of the newest batches, given in the order in which they were closed; None without one.

    Raises ValueError for a batch that is too small (a bug: `close_batches` makes none).
    """
    shown = list(batches)[-BATCHES_SHOWN:]
    if not shown:
        return None
    if any(one.mandates < LEAST_MANDATES or len(one.client_ids) < LEAST_CLIENTS for one in shown):
        raise ValueError("a batch of too few mandates or clients")
    rates = sorted(rate for one in shown for rate in one.day_rates)
    weeks = sorted(week for one in shown for week in one.weeks)
    extended = sum(one.extended for one in shown)
    return Figures(
        mandates=len(rates),
        clients=len(frozenset().union(*(one.client_ids for one in shown))),
        median_rate=_rounded(quantile(rates, 2)),
        lower_rate=_rounded(quantile(rates, 1)),
        upper_rate=_rounded(quantile(rates, 3)),
        median_weeks=round(quantile(weeks, 2)),
        extended_percent=round(100 * extended / len(rates)),
    )


def quantile(values: Sequence[int], quarter: int) -> float:
    """Return the value below which so many quarters of the sorted `values` lie, between neighbours in proportion."""
    position = (len(values) - 1) * quarter / 4
    below = int(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (position - below)


def _rounded(rate: float) -> int:
    return round(rate / RATE_STEP) * RATE_STEP
