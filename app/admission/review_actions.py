"""Reviewing papers: begun by a person, judged, decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.admission import actions, review_queries
from app.admission import review_rules as rules
from app.admission.models import AdmissionCase, CvReview
from app.admission.state_rules import Verb
from app.core.errors import N_, RuleViolation
from app.db import db
from app.managers.models import ManagerDocument
from app.managers.rules import State


def obstacle(document: ManagerDocument | None) -> str | None:
    """Return why this paper cannot be judged by the criteria, a key of rules.OBSTACLES; None where it can."""
    read = review_queries.reading_of(document.id if document is not None else None)
    return rules.obstacle(read.problem if read else None, read.analysis if read else None, has_paper=document is not None)


def open_review(case: AdmissionCase, document: ManagerDocument | None, *, actor: Any, at: datetime) -> CvReview:
    """Begin a review of these papers, or go on with the one that is open; verdicts are proposed by the analyser.

    Raises RuleViolation in a state in which no review is owed.
    """
    manager = case.manager
    if manager.state == State.CONFIRMED:
        actions.move(case, Verb.TAKE, actor=actor, at=at)
    elif manager.state != State.IN_REVIEW:
        raise RuleViolation(N_("The papers are not in review."))
    if case.review_began_at is None:
        case.review_began_at = at
    case.reviewer_id = actor.id
    review = review_queries.open_of(case.manager_id)
    if review is None:
        read = review_queries.reading_of(document.id if document is not None else None)
        review = CvReview(
            manager_id=case.manager_id,
            document_id=document.id if document is not None else None,
            verdicts=rules.proposed(read.analysis if read is not None else None),
            began_at=at,
            began_by_id=actor.id,
        )
        db.session.add(review)
        db.session.flush()
    return review


def judge(
    case: AdmissionCase,
    document: ManagerDocument | None,
    verdicts: Mapping[str, Mapping[str, str | None]],
    *,
    towards: Verb | None,
    actor: Any,
    at: datetime,
) -> CvReview:
    """Keep what was judged in the open review, which is begun where there is none.

    `towards` is the decision that is to follow by a letter; None leaves it open. Raises RuleViolation at the field, also
    for verdicts that do not carry the decision; a reason for passing is asked for with the letter.
    """
    review = open_review(case, document, actor=actor, at=at)
    save_verdicts(review, document, verdicts)
    if towards is not None and towards is not Verb.PASS:
        rules.check_decision(towards, review.verdicts, obstacle(document))
    case.manager.changed_at = at
    return review


def save_verdicts(review: CvReview, document: ManagerDocument | None, verdicts: Mapping[str, Mapping[str, str | None]]) -> None:
    """Keep verdicts and notes, and by which version they were judged; raise RuleViolation at the field."""
    review.verdicts = rules.checked(verdicts)
    review.document_id = document.id if document is not None else None


def decide(review: CvReview, verb: Verb, *, reason: str | None, actor: Any, at: datetime) -> AdmissionCase:
    """End the review with this decision and move the case by it; raise RuleViolation for what cannot be, at `reason` too.

    What falls short stays on the case, for the queue and for the letters.
    """
    document = db.session.get(ManagerDocument, review.document_id) if review.document_id is not None else None
    hindered_by = obstacle(document)
    rules.check_decision(verb, review.verdicts, hindered_by, reason)
    case = db.session.get_one(AdmissionCase, review.manager_id)
    actions.move(case, verb, actor=actor, at=at, reason=reason)
    review.decision, review.reason = verb.value, (reason or "").strip() or None
    review.decided_at, review.decided_by_id = at, actor.id
    case.falls_short = "" if verb is Verb.PASS else " ".join(rules.shortfalls(review.verdicts, hindered_by))
    return case
