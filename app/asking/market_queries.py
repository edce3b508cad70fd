"""What market briefs are made of: mandates that are over and in no batch yet, and the batches that are closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.asking.market_rules import BATCHES_SHOWN, Batch, Comparable, Figures, figures
from app.asking.models import MarketBatch, MarketMandate
from app.clients.models import Client
from app.core.money import Rate
from app.db import db
from app.mandates.models import Extension, Mandate
from app.settings.queries import firm


class MarketKind(NamedTuple):
    """What is compared with one another: kinds never overlap."""

    function: str
    country: str
    currency: str


@dataclass(frozen=True)
class Waiting:
    """A mandate that is over and in no batch yet."""

    mandate_id: int
    comparable: Comparable


def waiting(today: date) -> dict[MarketKind, list[Waiting]]:
    """Return by kind the mandates that are over, complete and in no batch, in the order of their ends; one statement."""
    extended = (
        sa.exists()
        .where(Extension.mandate_id == Mandate.id, Extension.kind == "extension", Extension.signed_on.is_not(None))
        .correlate(Mandate)
    )
    rows = db.session.execute(
        sa.select(
            Mandate.id, Mandate.function, Mandate.client_id, Mandate.client_rate, Mandate.client_rate_unit, Mandate.currency,
            Mandate.starts_on, Mandate.ends_on, Client.region, extended.label("is_extended"),
        )
        .join(Client, Client.id == Mandate.client_id)
        .outerjoin(MarketMandate, MarketMandate.mandate_id == Mandate.id)
        .where(
            Mandate.ends_on < today, Mandate.lost_on.is_(None), Mandate.signed_on.is_not(None), Mandate.function.is_not(None),
            Mandate.client_rate > 0, Mandate.starts_on.is_not(None), MarketMandate.mandate_id.is_(None),
        )
        .order_by(Mandate.ends_on, Mandate.id)
    )  # fmt: skip
    found: dict[MarketKind, list[Waiting]] = {}
    for row in rows:
        kind = MarketKind(row.function, row.region[:2], row.currency)
        found.setdefault(kind, []).append(Waiting(row.id, _comparable(row)))
    return found


def _comparable(row: Any) -> Comparable:
    rate = Rate(Decimal(row.client_rate), row.client_rate_unit).per_day(firm().hours_a_day)
    weeks = max(1, round(((row.ends_on - row.starts_on).days + 1) / 7))
    return Comparable(row.client_id, rate, weeks, bool(row.is_extended))


def figures_of(kind: MarketKind) -> Figures | None:
    """Return what a brief may say of a kind; None where no batch is closed. One statement."""
    rows = db.session.scalars(
        sa.select(MarketBatch)
        .where(MarketBatch.function == kind.function, MarketBatch.country == kind.country, MarketBatch.currency == kind.currency)
        .order_by(MarketBatch.id.desc())
        .limit(BATCHES_SHOWN)
    ).all()
    return figures([_batch(row) for row in reversed(rows)])


def _batch(row: MarketBatch) -> Batch:
    return Batch(tuple(row.day_rates), tuple(row.weeks), row.extended, frozenset(row.client_ids))


@dataclass(frozen=True)
class Listed:
    """A kind that has a brief, with its figures and the day on which its last batch was closed."""

    kind: MarketKind
    figures: Figures
    closed_on: date


def kinds() -> list[Listed]:
    """Return the kinds that have a brief; one statement."""
    found: dict[MarketKind, list[MarketBatch]] = {}
    for row in db.session.scalars(sa.select(MarketBatch).order_by(MarketBatch.id)):
        found.setdefault(MarketKind(row.function, row.country, row.currency), []).append(row)
    listed = [(kind, figures([_batch(row) for row in rows]), rows[-1].closed_on) for kind, rows in sorted(found.items())]
    return [Listed(kind, shown, closed_on) for kind, shown, closed_on in listed if shown is not None]


def kind_of(mandate: Any) -> MarketKind | None:
    """Return the kind that a mandate is compared within; None where its function is not known."""
    if mandate is None or mandate.function is None:
        return None
    return MarketKind(mandate.function, mandate.client.country, mandate.currency)
