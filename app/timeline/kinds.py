"""How each kind of event is told. Rooms register theirs when they are loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`title` is an English message id with places for facts; `text` names the fact shown under it, as written.

    `tone` is "", "ok", "info" or "bad". `money` marks an event whose facts under "money" only those see who may.
    """

    name: str
    title: str
    icon: str
    tone: str = ""
    text: str | None = "text"


KINDS: dict[str, Kind] = {}


def register(name: str, title: str, icon: str, tone: str = "", text: str | None = "text") -> None:
    """Register a kind of event ("mandates.extended"); wrap `title` in N_ so that the catalogues have it."""
    KINDS[name] = Kind(name, title, icon, tone, text)
