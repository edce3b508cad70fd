"""From which day on another manager may be on a mandate.

Source: docs/domain.md, "Mandates" (manager replaced): spells follow each other without gap or overlap.
"""

from __future__ import annotations

from datetime import date

from app.core.errors import N_, RuleViolation


def check_first_day(first_on: date, *, spell_starts_on: date, starts_on: date, ends_on: date) -> None:
    """Raise RuleViolation at "first_on" unless the day lies in the term (inclusive) and after the former one's first day.

    On the very first day of the mandate nobody has been on it yet: then the new manager simply comes instead.
    """
    if not starts_on <= first_on <= ends_on:
        raise RuleViolation(
            N_("The first day must lie in the term, from %(start)s to %(end)s."), field="first_on", start=starts_on, end=ends_on
        )
    if first_on < spell_starts_on or (first_on == spell_starts_on != starts_on):
        raise RuleViolation(
            N_("The present manager started on %(day)s: please choose a later day."), field="first_on", day=spell_starts_on
        )
