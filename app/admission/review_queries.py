"""Papers with what they say, and the reviews of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionCase, CvReview, PaperReading
from app.admission.state_rules import OPEN_REVIEWS
from app.db import db
from app.files.models import StoredFile
from app.managers.models import Manager, ManagerDocument


def open_of(manager_id: int) -> CvReview | None:
    """Return the review that somebody has begun and nobody has decided."""
    return db.session.scalar(
        sa.select(CvReview)
        .where(CvReview.manager_id == manager_id, CvReview.decided_at.is_(None))
        .order_by(CvReview.id.desc())
        .limit(1)
    )


def latest_decided(manager_id: int) -> CvReview | None:
    """Return the last review that was decided."""
    return db.session.scalar(
        sa.select(CvReview)
        .where(CvReview.manager_id == manager_id, CvReview.decided_at.is_not(None))
        .order_by(CvReview.decided_at.desc(), CvReview.id.desc())
        .limit(1)
    )


def history(manager_id: int) -> Sequence[CvReview]:
    """Return the decided reviews, the first one first: how the criteria went from version to version."""
    return db.session.scalars(
        sa.select(CvReview)
        .where(CvReview.manager_id == manager_id, CvReview.decided_at.is_not(None))
        .order_by(CvReview.decided_at, CvReview.id)
    ).all()


def latest_paper(manager_id: int, kind: str = "cv") -> ManagerDocument | None:
    """Return the newest version of a document of this kind."""
    return db.session.scalar(
        sa.select(ManagerDocument)
        .where(ManagerDocument.manager_id == manager_id, ManagerDocument.kind == kind)
        .order_by(ManagerDocument.number.desc())
        .limit(1)
    )


def paper(document_id: int | None) -> ManagerDocument | None:
    """Return the document with this number."""
    return db.session.get(ManagerDocument, document_id) if document_id is not None else None


def reading_of(document_id: int | None) -> PaperReading | None:
    """Return what the document says; None where nobody has read it yet."""
    return db.session.get(PaperReading, document_id) if document_id is not None else None


def analysis_of(manager_id: int) -> dict[str, Any] | None:
    """Return what the analyser found in the newest CV that it could judge; None where there is none."""
    return db.session.scalar(
        sa.select(PaperReading.analysis)
        .join(ManagerDocument, ManagerDocument.id == PaperReading.document_id)
        .where(ManagerDocument.manager_id == manager_id, ManagerDocument.kind == "cv", PaperReading.problem.is_(None))
        .order_by(ManagerDocument.number.desc())
        .limit(1)
    )


def file_of(document: ManagerDocument) -> StoredFile:
    return db.session.get_one(StoredFile, document.file_id)


def unread(most: int) -> list[int]:
    """Return the numbers of documents that nobody has read yet, the oldest first, at most so many."""
    return list(
        db.session.scalars(
            sa.select(ManagerDocument.id)
            .outerjoin(PaperReading, PaperReading.document_id == ManagerDocument.id)
            .where(PaperReading.document_id.is_(None))
            .order_by(ManagerDocument.id)
            .limit(most)
        )
    )


def papers_of(manager_id: int) -> Sequence[Any]:
    """Return the documents, by kind, newest version first, each with the name of its file and what reading it gave.

    `read_at` is None for what nobody has read yet. One statement, without the text.
    """
    document = ManagerDocument
    return db.session.execute(
        sa.select(
            document.id,
            document.kind,
            document.number,
            document.received_on,
            StoredFile.name,
            PaperReading.read_at,
            PaperReading.problem,
        )
        .join(StoredFile, StoredFile.id == document.file_id)
        .outerjoin(PaperReading, PaperReading.document_id == document.id)
        .where(document.manager_id == manager_id)
        .order_by(document.kind, document.number.desc())
    ).all()


def next_owed(reviewer_id: int, but: int) -> int | None:
    """Return the manager whose review this colleague owes next, the longest due first."""
    return db.session.scalar(
        sa.select(AdmissionCase.manager_id)
        .join(Manager, Manager.id == AdmissionCase.manager_id)
        .where(AdmissionCase.reviewer_id == reviewer_id, Manager.state.in_(OPEN_REVIEWS), Manager.id != but)
        .order_by(AdmissionCase.next_on, AdmissionCase.manager_id)
        .limit(1)
    )
