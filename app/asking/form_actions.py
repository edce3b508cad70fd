"""What is filled into the one-minute form: kept as it is typed, a talk's record once it is sent. Nothing commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.asking.form_rules import QUARTERS, asked
from app.asking.invitation_letters import tell_owner
from app.asking.models import WrittenAnswer
from app.core.dates import local_day
from app.core.errors import N_
from app.db import db
from app.ledger import actions as ledger
from app.ledger.models import Ask
from app.ledger.rules import Reply
from app.settings.queries import firm
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.question_rules import BOUNDS, LONGEST_TEXT, AnswerType

QUOTE = "may_quote"


def keep(entry: Ask, talk: Talk, given: Mapping[str, Any], *, at: datetime) -> WrittenAnswer:
    """Keep what is filled in so far; wrong values of a half-filled form are left out."""
    kept = db.session.get(WrittenAnswer, entry.id)
    if kept is None:
        kept = WrittenAnswer(ask_id=entry.id, answers={})
        db.session.add(kept)
    known = {question.key: question for question in asked(talk.kind)}
    kept.answers = {
        key: True if key == QUOTE else value
        for key, value in given.items()
        if value and (key == QUOTE or (key in known and _fits(known[key], str(value))))
    }
    kept.saved_at = at
    return kept


def _fits(question: Any, value: str) -> bool:
    if question.type is AnswerType.TEXT:
        return "\0" not in value and len(value) <= LONGEST_TEXT
    if question.type is AnswerType.CHOICE:
        return value in question.choices
    offered = QUARTERS if question.type is AnswerType.PERCENT else range(BOUNDS[question.type][0], BOUNDS[question.type][1] + 1)
    return value in {str(number) for number in offered}


def send_in(entry: Ask, talk: Talk, given: Mapping[str, Any], *, may_quote: bool, at: datetime) -> Talk:
    """Make the answers the record of the talk, marked as written, and tell the colleague.

    Raises RuleViolation for a talk that was held meanwhile, or a wrong or missing answer.
    """
    kept = keep(entry, talk, {**given, QUOTE: may_quote}, at=at)
    kept.sent_at = at
    talks.log(talk, talks.Record(held_at=at, answers=given), actor=None, at=at)
    talk.written, talk.may_quote = True, True if may_quote else None
    ledger.answer(entry, Reply.WRITTEN, local_day(at, firm().zone))
    tell_owner(talk, N_("%(person)s has answered in writing"), N_("%(person)s has filled in the form (%(kind)s). It is the record of "
               "the talk."), said=None, key=f"asking.answer/{entry.id}/written", at=at)  # fmt: skip
    return talk


def partial_of(ask_id: int) -> WrittenAnswer | None:
    """Return what somebody filled in and did not send; None where there is nothing of that kind."""
    kept = db.session.get(WrittenAnswer, ask_id)
    return kept if kept is not None and kept.sent_at is None and kept.answers else None
