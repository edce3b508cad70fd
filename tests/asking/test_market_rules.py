"""Market briefs: five mandates of three clients behind every figure, and behind every difference of two."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.asking.market_rules import BATCHES_SHOWN, Batch, Comparable, close_batches, figures, quantile

MANDATES = st.lists(
    st.builds(
        Comparable,
        client_id=st.integers(1, 6),
        day_rate=st.integers(600, 3000).map(Decimal),
        weeks=st.integers(1, 150),
        is_extended=st.booleans(),
    ),
    max_size=60,
)


def some(count: int, clients: int, rate: int = 1500) -> list[Comparable]:
    return [Comparable(n % clients + 1, Decimal(rate + 10 * n), 20 + n, n % 2 == 0) for n in range(count)]


@pytest.mark.parametrize(("count", "clients", "closed"), [(4, 4, 0), (5, 2, 0), (5, 3, 1), (9, 3, 1), (10, 3, 2), (40, 2, 0)])
def test_a_figure_needs_five_mandates_of_three_clients(count, clients, closed):
    batches, waiting = close_batches(some(count, clients))

    assert len(batches) == closed
    assert (figures(batches) is None) is (closed == 0)
    assert sum(one.mandates for one in batches) + len(waiting) == count


def test_what_a_brief_says():
    batches, _waiting = close_batches(some(5, 3))
    found = figures(batches)

    assert found is not None
    assert (found.mandates, found.clients) == (5, 3)
    assert (found.lower_rate, found.median_rate, found.upper_rate) == (1510, 1520, 1530)
    assert (found.median_weeks, found.extended_percent) == (22, 60)


def test_a_batch_that_is_too_small_makes_no_figure():
    with pytest.raises(ValueError, match="too few"):
        figures([Batch((1, 2, 3, 4), (1, 2, 3, 4), 0, frozenset({1, 2, 3}))])


@pytest.mark.parametrize(("quarter", "value"), [(1, 17.5), (2, 25), (3, 32.5)])
def test_quarters_lie_between_neighbours(quarter, value):
    assert quantile([10, 20, 30, 40], quarter) == value


@settings(max_examples=200)
@given(mandates=MANDATES, first=st.integers(0, 60), second=st.integers(0, 60))
def test_two_briefs_differ_by_five_mandates_of_three_clients_or_not_at_all(mandates, first, second):
    earlier, later = sorted((first, second))
    one, _waiting = close_batches(mandates[:earlier])
    other, _waiting = close_batches(mandates[:later])

    assert other[: len(one)] == one  # what is closed stays as it was
    shown, shown_later = one[-BATCHES_SHOWN:], other[-BATCHES_SHOWN:]
    for gone in (difference(shown, shown_later), difference(shown_later, shown)):
        rates = sum(len(batch.day_rates) for batch in gone)
        clients = set().union(*(batch.client_ids for batch in gone)) if gone else set()
        assert not gone or (rates >= 5 and len(clients) >= 3)


def difference(these: list[Batch], those: list[Batch]) -> list[Batch]:
    return list((Counter(these) - Counter(those)).elements())
