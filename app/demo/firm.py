"""The demo firm, built through the real actions with a frozen clock."""

from __future__ import annotations

from datetime import datetime

PASSWORD = "Leuchtturm-Westerhever-26"
SIGN_INS = {
    "administrator": "administrator@hafenkontor.example",
    "lead": "lead@hafenkontor.example",
    "consultant": "consultant@hafenkontor.example",
    "assistant": "assistant@hafenkontor.example",
    "auditor": "auditor@hafenkontor.example",
}


def build(seed: int, at: datetime) -> None:
    """Build the firm as it stands on the day of `at`."""
    raise RuntimeError("the demo firm is being written")
