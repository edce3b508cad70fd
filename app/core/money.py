"""Rates and margins; always an amount beside its unit and currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CURRENCIES = ("EUR", "CHF")
RATE_UNITS = ("day", "hour")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """An amount net of VAT per `unit` ("day" or "hour")."""

    amount: Decimal
    unit: str

    def per_day(self, hours_a_day: int) -> Decimal:
        """Return the amount for one day of `hours_a_day` hours."""
        return self.amount if self.unit == "day" else (self.amount * hours_a_day).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Margin:
    """What stays with the provider per day, and as a share (0–1) of the client rate."""

    per_day: Decimal
    share: Decimal | None


def margin(client_rate: Rate, manager_rate: Rate, hours_a_day: int) -> Margin:
    """Return client rate less manager rate, both brought to a day.

    The share is None where the client pays nothing. Source: docs/domain.md, "Mandates".
    """
    paid, cost = client_rate.per_day(hours_a_day), manager_rate.per_day(hours_a_day)
    left = paid - cost
    return Margin(left, (left / paid).quantize(Decimal("0.001"), ROUND_HALF_UP) if paid else None)
