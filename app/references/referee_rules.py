"""What holds for a referee: the consent of the manager, the time worked together, until when the referee is told.

Source: docs/domain.md, "References" and "Privacy".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import date

from app.core.dates import add_months
from app.core.errors import N_, RuleViolation

HIDDEN = "…"
_LAST_DIGITS = 8  # of a phone number, however the rest is written


class ConsentHow(enum.StrEnum):
    """How the manager agreed."""

    MAIL = "mail"
    PHONE = "phone"
    IN_PERSON = "in_person"
    PAPERS = "papers"  # named as a referee in the papers sent in
    LINK = "link"


def check_together(together_from: date | None, together_until: date | None, today: date) -> None:
    """Raise RuleViolation where the time worked together (both days inclusive) ends before it begins, or begins ahead."""
    if together_from is not None and together_from > today:
        raise RuleViolation(N_("This day lies ahead."), field="together_from")
    if together_from is not None and together_until is not None and together_until < together_from:
        raise RuleViolation(N_("The end lies before the beginning."), field="together_until")


def check_consent_on(on: date, today: date) -> None:
    """Raise RuleViolation for a consent that was given after today."""
    if on > today:
        raise RuleViolation(N_("This day lies ahead."), field="consent_on")


def notice_due_on(entered_on: date) -> date:
    """Return the last day on which the referee is to be told where the data came from, inclusive: the law's month."""
    return add_months(entered_on, 1)


def number_pattern(numbers: Iterable[str]) -> re.Pattern[str] | None:
    """Return the pattern of phone numbers however they are grouped; None where there are none."""
    digits = {re.sub(r"\D", "", number)[-_LAST_DIGITS:] for number in numbers}
    parts = [r"[\s()/.\-]*".join(one) for one in sorted(digits) if len(one) == _LAST_DIGITS]
    return re.compile(rf"(?:\+?\(?\d[\d\s()/.\-]*?)?(?:{'|'.join(parts)})(?!\d)") if parts else None
