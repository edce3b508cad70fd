"""What letters are for, in words. Rooms register theirs when they are loaded."""

from __future__ import annotations

from app.core.errors import N_

PURPOSES: dict[str, str] = {"mail.test": N_("Test letter")}


# Letters of these are emptied, address and all, the moment they are sent or given up.
FORGOTTEN: set[str] = set()


def register(purpose: str, label: str, *, forgotten: bool = False) -> None:
    """Register a purpose ("talks.invitation") with its English label; wrap the label in N_.

    `forgotten`: nothing of such a letter stays once it has gone or failed for good.
    """
    PURPOSES[purpose] = label
    if forgotten:
        FORGOTTEN.add(purpose)


def label_of(purpose: str) -> str:
    """Return the English label, or the purpose itself where nobody registered it."""
    return PURPOSES.get(purpose, purpose)
