"""Steps of a case that a letter tells of: the letter and the step are one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.admission import actions, letter_actions, review_actions, review_queries
from app.admission.letter_rules import kind_for
from app.admission.models import CvReview
from app.admission.state_rules import Verb
from app.core.errors import N_, RuleViolation
from app.interviews import queries as interview_queries
from app.mail.typed import Words
from app.managers.models import Manager
from app.managers.rules import State

BY_REVIEW = (Verb.FALL_SHORT, Verb.REPEAT, Verb.PASS, Verb.REFUSE)
STEPS = (*BY_REVIEW, Verb.ADMIT, Verb.WAIVE, Verb.SKIP)
"""Everything that staff do with a letter."""


def review_for(manager: Manager, verb: Verb) -> CvReview | None:
    """Return the open review that this step decides; None where it is none of a review's."""
    return review_queries.open_of(manager.id) if verb in BY_REVIEW and manager.state == State.IN_REVIEW else None


def take(manager: Manager, verb: Verb, words: Words, *, reason: str | None, actor: Any, at: datetime) -> None:
    """Take the step and send its letter; part of one transaction, so that nobody is in a state without having been told.

    Raises RuleViolation for what the case does not allow, and at `reason` or `text`.
    """
    case, review = actions.case_of(manager, at=at), review_for(manager, verb)
    if verb is Verb.ADMIT and not interview_queries.was_held(manager.id):
        raise RuleViolation(N_("No interview was completed yet. Hold it, or waive it with a reason."))
    if review is None and verb in BY_REVIEW and verb is not Verb.REFUSE:
        raise RuleViolation(N_("Please judge the papers first."))
    standing = case.standing
    if review is not None:
        review_actions.decide(review, verb, reason=reason, actor=actor, at=at)
    else:
        actions.move(case, verb, actor=actor, at=at, reason=reason)
    letter_actions.send(manager, kind_for(verb, standing), words, writer=actor, actor=actor, at=at)
