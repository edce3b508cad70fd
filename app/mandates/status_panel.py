"""Status checks as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.mandates import status_labels as labels
from app.mandates import status_rules as rules
from app.mandates.course_models import StatusCheck
from app.mandates.models import Mandate


@dataclass(frozen=True)
class Row:
    """One check; `degree` from 0 to 100, None where too little is known or nothing is kept."""

    check: StatusCheck
    occasion: Any
    degree: int | None
    words: Any
    tone: str | None


@dataclass(frozen=True)
class Panel:
    """The last check that was answered, and the first one that is not; `is_open`: that one can be answered now."""

    last: Row | None
    next: Row | None
    is_open: bool


@dataclass(frozen=True)
class Compared:
    """One question: what was answered, and at the check before; `has_changed` where both are there and differ."""

    question: Any
    answer: Any
    evidence: str
    before: Any
    evidence_before: str
    is_sign: bool
    has_changed: bool


def row_of(check: StatusCheck) -> Row:
    """Return a check with its words."""
    points = rules.degree(rules.Regime(check.regime), check.answers) if check.done_on else None
    band = rules.band(points) if points is not None else None
    return Row(
        check,
        labels.OCCASIONS[rules.Occasion(check.occasion)],
        points,
        labels.BANDS[band] if band else "",
        labels.TONES[band] if band else None,
    )


def checks_of(mandate_id: int) -> list[StatusCheck]:
    """Return all checks of a mandate by their day; one statement."""
    found = sa.select(StatusCheck).where(StatusCheck.mandate_id == mandate_id)
    return list(db.session.scalars(found.order_by(StatusCheck.due_on, StatusCheck.id)))


def panel(mandate: Mandate, checks: Sequence[Any], today: date) -> Panel | None:
    """Return the panel of these checks, by their day; None before the contract, in other countries, and for none."""
    if mandate.signed_on is None or rules.regime_of(mandate.region) is None:
        return None
    done = sorted((check for check in checks if check.done_on), key=_order)
    still_open = [check for check in checks if not check.done_on and mandate.is_live]
    if not checks:
        return None
    is_open = bool(still_open) and rules.first_day(still_open[0].due_on) <= today
    return Panel(row_of(done[-1]) if done else None, row_of(still_open[0]) if still_open else None, is_open)


def _order(check: StatusCheck) -> tuple[date, date, int]:
    assert check.done_on is not None
    return check.done_on, check.due_on, check.id


def before(check: StatusCheck, checks: list[StatusCheck]) -> StatusCheck | None:
    """Return the check that was answered last before this one, by the same rules."""
    earlier = [one for one in checks if one.done_on and one.regime == check.regime and one.id != check.id]
    if check.done_on:
        earlier = [one for one in earlier if _order(one) < _order(check)]
    return max(earlier, key=_order, default=None)


def compared(check: StatusCheck, former: StatusCheck | None) -> tuple[Compared, ...]:
    """Return each question with what was answered now and before."""
    return tuple(
        _compared(question, check.answers, former.answers if former else {})
        for question in rules.QUESTIONS[rules.Regime(check.regime)]
    )


def _compared(question: rules.Question, answers: dict[str, Any], was: dict[str, Any]) -> Compared:
    answer, answer_before = rules.answer_of(answers, question.key), rules.answer_of(was, question.key)
    return Compared(
        question=labels.QUESTIONS[question.key],
        answer=labels.ANSWERS[answer] if answer else "",
        evidence=(answers.get(question.key) or {}).get("evidence", ""),
        before=labels.ANSWERS[answer_before] if answer_before else "",
        evidence_before=(was.get(question.key) or {}).get("evidence", ""),
        is_sign=bool(rules.share(question, answer)),
        has_changed=answer is not None and answer_before is not None and answer is not answer_before,
    )
