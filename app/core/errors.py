"""What a business "no" looks like."""

from __future__ import annotations

from typing import Any


def N_(message: str) -> str:
    """Mark an English message for the catalogues; it is translated where it is shown."""
    return message


class RuleViolation(Exception):
    """The business says no: an English message with its values, shown at a field.

    `message` is untranslated and uses `%(name)s` places for `values`; dates and
    amounts are passed as they are, the page formats them for its reader.
    `field` names the form field to show it at; None shows it above the form.
    """

    def __init__(self, message: str, field: str | None = None, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class StaleRecord(Exception):
    """Two people changed one record; the second one is shown both versions (409)."""


class Forbidden(Exception):
    """The person may not do this to this record (403)."""


class StoreAway(OSError):
    """The place for files cannot be reached, or does not let us in; for now. What was asked of it was not done."""
