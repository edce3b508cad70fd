"""The benefit library, and how often each was answered with yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.asking.models import Benefit
from app.db import db
from app.ledger.models import Ask
from app.ledger.rules import SAID_YES

FEW_CASES = 5  # below so many answers a share says nothing


@dataclass(frozen=True)
class Counted:
    """A benefit with how many of those who answered said yes."""

    benefit: Benefit
    yes: int
    answered: int

    @property
    def is_few(self) -> bool:
        return self.answered < FEW_CASES

    @property
    def share(self) -> float:
        return self.yes / self.answered if not self.is_few else 0.5


def library() -> list[Counted]:
    """Return all benefits in their order, those taken out last; one statement."""
    said_yes = sa.func.sum(sa.case((Ask.answer.in_([one.value for one in SAID_YES]), 1), else_=0))
    counts = (
        sa.select(Ask.benefit_id, said_yes.label("yes"), sa.func.count().label("answered"))
        .where(Ask.benefit_id.is_not(None), Ask.answer.is_not(None))
        .group_by(Ask.benefit_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Benefit, counts.c.yes, counts.c.answered)
        .outerjoin(counts, counts.c.benefit_id == Benefit.id)
        .order_by(Benefit.is_active.desc(), Benefit.position, Benefit.id)
    )
    return [Counted(benefit, yes or 0, answered or 0) for benefit, yes, answered in rows]


def offered(purpose: str, role: str | None, all_of_them: Iterable[Counted], *, has_brief: bool) -> list[Counted]:
    """Return what fits the occasion and the person's role, what was answered with yes most often first.

    Without a market brief for the mandate, what promises one is left out.
    """
    fits = [
        one
        for one in all_of_them
        if one.benefit.is_active
        and (has_brief or not one.benefit.has_brief)
        and (not one.benefit.purposes or purpose in one.benefit.purposes)
        and (not one.benefit.roles or role is None or role in one.benefit.roles)
    ]
    return sorted(fits, key=lambda one: (-one.share, one.benefit.position, one.benefit.id))
