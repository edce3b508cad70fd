"""Feedback is weighed by its giver: raw + (mean of all − mean of this giver's), within the scale, one decimal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feedback.rules import Leaning, adjusted, weigh


@pytest.mark.parametrize(
    ("raw", "mean", "own_mean", "count", "expected"),
    [
        (4, "4.0", "3.7", 5, "4.3"),  # rates lower than others
        (4, "3.5", "4.2", 3, "3.3"),
        (5, "4.0", "3.0", 3, "5.0"),  # kept within the scale
        (1, "3.0", "4.5", 3, "1.0"),
        (3, "3.25", "3.0", 3, "3.3"),  # a half tenth is rounded up
        (4, "4.0", "3.0", 2, None),  # two ratings say nothing about a habit
    ],
)
def test_the_value_beside_the_rating(raw, mean, own_mean, count, expected):
    value = adjusted(raw, Decimal(mean), Decimal(own_mean), count)

    assert value == (Decimal(expected) if expected else None)


def test_why_it_differs():
    assert weigh(4, 4.0, 3.6, 5, 3).leaning is Leaning.LOWER
    assert weigh(4, 4.0, 4.4, 5, 3).leaning is Leaning.HIGHER
    assert weigh(4, 4.0, 4.01, 5, 3).leaning is Leaning.ALIKE
    assert weigh(4, 4.0, 3.6, 2, 3).adjusted is None
    assert weigh(4, None, None, 0, 3).adjusted is None


ratings = st.lists(st.integers(1, 5), min_size=3, max_size=40)


@given(ratings, ratings)
def test_it_stays_within_the_scale_and_keeps_the_order_of_one_person(own, others):
    everybody = own + others
    mean, own_mean = sum(everybody) / len(everybody), sum(own) / len(own)
    values = [adjusted(raw, mean, own_mean, len(own)) for raw in sorted(own)]

    assert all(value is not None and 1 <= value <= 5 for value in values)
    assert values == sorted(values, key=lambda value: value or 0)


@given(ratings)
def test_who_alone_rates_is_taken_as_is(own):
    mean = sum(own) / len(own)

    assert all(adjusted(raw, mean, mean, len(own)) == raw for raw in own)
