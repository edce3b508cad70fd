"""What letters are for, in words. Rooms register theirs when they are loaded."""

from __future__ import annotations

from app.core.errors import N_

PURPOSES: dict[str, str] = {"mail.test": N_("Test letter")}


def register(purpose: str, label: str) -> None:
    """Register a purpose ("talks.invitation") with its English label; wrap the label in N_."""
    PURPOSES[purpose] = label


def label_of(purpose: str) -> str:
    """Return the English label, or the purpose itself where nobody registered it."""
    return PURPOSES.get(purpose, purpose)
