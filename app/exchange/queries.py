"""What was brought along: batches, how far their papers are read, and whom the notice is owed to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionBatch, AdmissionCase, DataOrigin, PaperReading
from app.admission.state_rules import LEFT, STAGES
from app.db import db
from app.managers.models import Manager, ManagerDocument
from app.managers.rules import State


def batches(most: int = 50) -> Sequence[Any]:
    """Return the newest imports, each with how many people came in by it; one statement."""
    people = sa.select(sa.func.count()).where(AdmissionCase.batch_id == AdmissionBatch.id).scalar_subquery()
    return db.session.execute(
        sa.select(
            AdmissionBatch.id,
            AdmissionBatch.name,
            AdmissionBatch.imported_at,
            AdmissionBatch.imported_by_id,
            AdmissionBatch.started_at,
            people.label("people"),
        )
        .order_by(AdmissionBatch.id.desc())
        .limit(most)
    ).all()


def by_state(batch_id: int) -> Sequence[Any]:
    """Return the states of the people of a batch, with how many are in each."""
    return db.session.execute(
        sa.select(Manager.state, sa.func.count().label("people"))
        .join(AdmissionCase, AdmissionCase.manager_id == Manager.id)
        .where(AdmissionCase.batch_id == batch_id)
        .group_by(Manager.state)
        .order_by(Manager.state)
    ).all()


def papers(batch_id: int) -> tuple[int, int]:
    """Return how many papers the people of a batch have, and how many of these were read."""
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(PaperReading.document_id))
        .select_from(ManagerDocument)
        .join(AdmissionCase, AdmissionCase.manager_id == ManagerDocument.manager_id)
        .outerjoin(PaperReading, PaperReading.document_id == ManagerDocument.id)
        .where(AdmissionCase.batch_id == batch_id)
    ).one()
    return row[0], row[1]


def to_be_released(batch_id: int) -> int:
    """Return how many people of a batch are released in its table and by nobody else yet."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(AdmissionCase)
            .join(Manager, Manager.id == AdmissionCase.manager_id)
            .where(AdmissionCase.batch_id == batch_id, Manager.state == State.RELEASED, Manager.released_on.is_(None))
        )
        or 0
    )


def letters_to_come(batch_id: int) -> tuple[int, int, int]:
    """Return to how many the notice will go by mail, to how many by hand, and how many the stages will write to."""
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(Manager.email.is_not(None)),
            sa.func.count().filter(Manager.email.is_(None)),
            sa.func.count().filter(Manager.state.in_(STAGES), Manager.email.is_not(None)),
        )
        .join(AdmissionCase, AdmissionCase.manager_id == Manager.id)
        .join(DataOrigin, DataOrigin.manager_id == Manager.id)
        .where(AdmissionCase.batch_id == batch_id, _untold(), Manager.state.not_in(LEFT))
    ).one()
    return row[0], row[1], row[2]


def _untold() -> Any:
    return sa.and_(DataOrigin.told_at.is_(None), DataOrigin.by_hand_on.is_(None))


def told_since(instant: datetime) -> int:
    """Return how many people of imports got their notice since then."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(DataOrigin)
            .join(AdmissionCase, AdmissionCase.manager_id == DataOrigin.manager_id)
            .where(AdmissionCase.batch_id.is_not(None), DataOrigin.told_at >= instant)
        )
        or 0
    )


def to_tell(most: int) -> list[int]:
    """Return the numbers of people of started imports who have a mail address and no notice yet, at most so many."""
    return list(
        db.session.scalars(
            sa.select(Manager.id)
            .join(AdmissionCase, AdmissionCase.manager_id == Manager.id)
            .join(AdmissionBatch, AdmissionBatch.id == AdmissionCase.batch_id)
            .join(DataOrigin, DataOrigin.manager_id == Manager.id)
            .where(
                AdmissionBatch.started_at.is_not(None),
                _untold(),
                Manager.email.is_not(None),
                Manager.state.not_in(LEFT),
            )
            .order_by(Manager.id)
            .limit(most)
        )
    )
