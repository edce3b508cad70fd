"""Finding people by their address, the proof of a registration, and who reviews next."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admission.models import AdmissionCase, RegistrationProof
from app.admission.state_rules import OPEN_REVIEWS
from app.db import db
from app.managers.models import Manager
from app.managers.rules import State
from app.users.models import User
from app.users.ownership import may_own
from app.users.queries import absent_on, reviewers


def by_email(email: str) -> Manager | None:
    """Return the manager with this address (in small letters); the oldest, should there be several."""
    return db.session.scalar(
        sa.select(Manager).where(Manager.email == email, Manager.state != State.ERASED).order_by(Manager.id).limit(1)
    )


def with_case(manager_id: int) -> tuple[Manager, AdmissionCase | None] | None:
    """Return the manager with the case, where there is one; None for a number that nobody has. One statement."""
    select = sa.select(Manager, AdmissionCase).outerjoin(AdmissionCase, AdmissionCase.manager_id == Manager.id)
    found = db.session.execute(select.where(Manager.id == manager_id)).first()
    return (found[0], found[1]) if found is not None else None


def proof_of(manager_id: int) -> RegistrationProof | None:
    """Return what proves the registration; None for who was entered by us."""
    return db.session.scalar(sa.select(RegistrationProof).where(RegistrationProof.manager_id == manager_id))


def reviewer_there(number: int | None, today: date) -> User | None:
    """Return this reviewer, if there is one who can take something on today."""
    user = db.session.get(User, number) if number is not None else None
    return user if user is not None and may_own(user) and user.id not in absent_on(today) else None


def least_busy_reviewer(today: date) -> User | None:
    """Return the reviewer with the fewest open reviews who is there today; the first by name among equals."""
    away = absent_on(today)
    there = [user for user in reviewers() if user.id not in away and may_own(user)]
    rows = db.session.execute(
        sa.select(AdmissionCase.reviewer_id, sa.func.count())
        .join(Manager, Manager.id == AdmissionCase.manager_id)
        .where(Manager.state.in_(OPEN_REVIEWS), AdmissionCase.reviewer_id.is_not(None))
        .group_by(AdmissionCase.reviewer_id)
    )
    open_ones = dict(rows.all())
    return min(there, key=lambda user: open_ones.get(user.id, 0), default=None)


def ending(state: State, today: date) -> list[int]:
    """Return the numbers of those in this state whose day has come."""
    return list(
        db.session.scalars(
            sa.select(Manager.id)
            .join(AdmissionCase, AdmissionCase.manager_id == Manager.id)
            .where(Manager.state == state, AdmissionCase.next_on <= today)
            .order_by(Manager.id)
        )
    )


def whole_proof(manager_id: int) -> RegistrationProof | None:
    """Return the proof with the texts that were agreed to."""
    return db.session.scalar(
        sa.select(RegistrationProof)
        .where(RegistrationProof.manager_id == manager_id)
        .options(joinedload(RegistrationProof.terms), joinedload(RegistrationProof.privacy))
    )
