"""Closing batches of comparable mandates. Nothing commits."""

from __future__ import annotations

from datetime import date

from app.asking.market_queries import MarketKind, waiting
from app.asking.market_rules import Batch, close_batches
from app.asking.models import MarketBatch, MarketMandate
from app.db import db


def close(today: date) -> int:
    """Close all batches that are full, each mandate in one at most; return how many."""
    count = 0
    for kind, found in waiting(today).items():
        batches, _left = close_batches([one.comparable for one in found])
        numbers = [one.mandate_id for one in found]
        for batch in batches:
            _keep(kind, batch, numbers[: batch.mandates], today)
            numbers = numbers[batch.mandates :]
            count += 1
    return count


def _keep(kind: MarketKind, batch: Batch, mandate_ids: list[int], today: date) -> None:
    row = MarketBatch(
        **kind._asdict(),
        closed_on=today,
        day_rates=list(batch.day_rates),
        weeks=list(batch.weeks),
        extended=batch.extended,
        client_ids=sorted(batch.client_ids),
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all([MarketMandate(mandate_id=number, batch_id=row.id) for number in mandate_ids])
