"""What references weigh, and which contradict each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.references.call_rules import Relation, Said, contradicts, weighed_mean, weight

TODAY = date(2026, 11, 27)


def test_a_boss_weighs_more_than_a_client_a_client_more_than_a_peer_and_a_peer_more_than_a_report():
    fresh = [weight(one, date(2026, 1, 1), TODAY) for one in Relation]

    assert fresh == sorted(fresh, reverse=True)
    assert weight(Relation.BOSS, TODAY, TODAY) == weight(Relation.OWNER, TODAY, TODAY)
    assert len(set(fresh)) == 4


@pytest.mark.parametrize(
    ("until", "expected"),
    [(date(2021, 11, 27), Decimal(3)), (date(2021, 11, 26), Decimal("1.5")), (None, Decimal("1.5"))],
)
def test_older_than_five_years_counts_half(until, expected):
    assert weight(Relation.CLIENT, until, TODAY) == expected


def test_the_mean_goes_by_weight():
    boss, report = Said(5, Relation.BOSS, TODAY), Said(2, Relation.REPORT, TODAY)

    assert weighed_mean([boss, report], TODAY) == Decimal("4.4")
    assert weighed_mean([], TODAY) is None


@pytest.mark.parametrize(
    ("written", "told", "expected"), [(5, 3, True), (3, 5, True), (5, 4, False), (None, 1, False), (4, None, False)]
)
def test_two_points_are_a_contradiction(written, told, expected):
    assert contradicts(written, told) is expected
