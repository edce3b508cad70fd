"""Whom to ask for newer papers and a day, and what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.admission.freshness_rules import MONTHS_OF_A_YEAR, Facts, Needs, Round, Terms
from app.admission.models import AdmissionBatch, AdmissionCase, FreshnessRound
from app.core.dates import add_months
from app.db import db
from app.managers.models import Manager, ManagerDocument
from app.managers.rules import PAPERS, State
from app.mandates.models import Mandate
from app.settings.queries import firm


def terms() -> Terms:
    """Return what the firm has set."""
    kept = firm()
    return Terms(
        known_days=kept.availability_known_days,
        fresh_months=kept.papers_fresh_months,
        remind_days=kept.freshness_remind_days,
        pause_days=kept.freshness_pause_days,
        mandate_weeks=kept.freshness_mandate_weeks,
        named_days=kept.freshness_named_days,
        rounds_a_year=kept.freshness_rounds_a_year,
    )


def facts_of(manager_id: int) -> Facts:
    """Return what is known of one manager, as the database has it now."""
    return _facts(db.session.execute(_known().where(Manager.id == manager_id)).one())


def open_round(manager_id: int) -> FreshnessRound | None:
    """Return the round under way; there is one at most."""
    return db.session.scalar(
        sa.select(FreshnessRound)
        .where(FreshnessRound.manager_id == manager_id, FreshnessRound.ended_on.is_(None))
        .order_by(FreshnessRound.number.desc())
        .limit(1)
    )


def rounds_of(manager_id: int) -> Sequence[FreshnessRound]:
    """Return the manager's rounds, the newest first."""
    return db.session.scalars(
        sa.select(FreshnessRound).where(FreshnessRound.manager_id == manager_id).order_by(FreshnessRound.number.desc())
    ).all()


def pause_reason(manager_id: int) -> Needs:
    """Return what a pause was for: what had stayed open in the last round, where that one ended in the pause."""
    last = next(iter(rounds_of(manager_id)), None)
    return asked(last) if last is not None and last.outcome == "paused" else Needs()


def asked(one: Any) -> Needs:
    """Return what a round asks for."""
    return Needs(papers=one.asks_papers, availability=one.asks_availability)


def as_round(one: Any) -> Round:
    """Return a round as the rules read it."""
    return Round(asked(one), one.letters, one.last_sent_on)


@dataclass(frozen=True)
class Candidate:
    """A released manager with an address, what is known, and the rounds that count."""

    manager_id: int
    facts: Facts
    now: Round | None
    begun: Sequence[date]


def candidates(today: date) -> list[Candidate]:
    """Return everybody released whom we can write to; two statements, however many there are.

    Who came in by an import is left alone until a lead has started it.
    """
    rounds: Mapping[int, list[Any]] = defaultdict(list)
    counted = sa.or_(FreshnessRound.ended_on.is_(None), FreshnessRound.began_on > add_months(today, -MONTHS_OF_A_YEAR))
    for row in db.session.execute(sa.select(*FreshnessRound.__table__.c).where(counted)):
        rounds[row.manager_id].append(row)
    waits_for_start = sa.exists().where(AdmissionBatch.id == AdmissionCase.batch_id, AdmissionBatch.started_at.is_(None))
    found = []
    for row in db.session.execute(
        _known().where(Manager.state == State.RELEASED, Manager.email.is_not(None), ~waits_for_start).order_by(Manager.id)
    ):
        own = rounds.get(row.id, [])
        now = next((as_round(one) for one in own if one.ended_on is None), None)
        found.append(Candidate(row.id, _facts(row), now, [one.began_on for one in own]))
    return found


def _known() -> sa.Select[*tuple[Any, ...]]:
    day = sa.func.coalesce(ManagerDocument.made_on, ManagerDocument.received_on)
    papers = sa.select(sa.func.max(day, type_=sa.Date)).where(
        ManagerDocument.manager_id == Manager.id, ManagerDocument.kind.in_(PAPERS)
    )
    engaged = sa.select(sa.func.max(Mandate.ends_on)).where(
        Mandate.manager_id == Manager.id, Mandate.signed_on.is_not(None), Mandate.lost_on.is_(None)
    )
    return sa.select(
        Manager.id,
        Manager.state,
        Manager.available_from,
        Manager.availability_confirmed_on,
        papers.scalar_subquery().label("papers_on"),
        engaged.scalar_subquery().label("engaged_until"),
        AdmissionCase.last_letter_on,
    ).outerjoin(AdmissionCase, AdmissionCase.manager_id == Manager.id)


def _facts(row: Any) -> Facts:
    return Facts(
        state=State(row.state),
        papers_on=row.papers_on,
        available_from=row.available_from,
        confirmed_on=row.availability_confirmed_on,
        engaged_until=row.engaged_until,
        last_letter_on=row.last_letter_on,
    )
