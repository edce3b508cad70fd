"""What the one-minute form asks: three questions of the talk's record, and whether we may quote.

Source: docs/domain.md, "Asking so that people say yes".
"""

from __future__ import annotations

from app.talks.question_rules import Question, questions
from app.talks.rules import Kind, Side

ASKED: dict[Kind, tuple[str, ...]] = {
    Kind.QUALITY: ("overall", "progress", "change_next"),
    Kind.EXTENSION: ("overall", "why_extended", "change_new_term"),
    Kind.CLOSING: ("overall", "manager_again", "what_remains"),
}
QUARTERS = (0, 25, 50, 75, 100)  # percent, as offered


def has_form(kind: str) -> bool:
    """Whether a talk of this kind can be answered in writing."""
    return kind in ASKED


def asked(kind: str) -> tuple[Question, ...]:
    """Return the questions of the form, in order; empty for a kind without one."""
    by_key = {question.key: question for question in questions(Kind(kind), Side.CLIENT)}
    return tuple(by_key[key] for key in ASKED.get(Kind(kind), ()))
