"""What the list of managers can be narrowed to; read from the address, leniently: an unknown value filters nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from app.core.vocabulary import INDUSTRIES, REGIONS
from app.managers.rules import State
from app.managers.vocabulary import FUNCTIONS, LANGUAGES

ON_MANDATE = "on_mandate"
SORTS = ("name", "next_step", "newest")
AVAILABLE = ("now", "four_weeks", "unknown")


@dataclass(frozen=True)
class Filters:
    """Each None, empty or False filters nothing. `owner` is "mine"; `papers` is "stale"."""

    q: str = ""
    state: str | None = None  # a State, or ON_MANDATE
    function: str | None = None
    industry: str | None = None
    region: str | None = None
    language: str | None = None
    available: str | None = None
    owner: str | None = None
    newcomer: str | None = None  # yes, no
    papers: str | None = None
    step: str | None = None  # none
    sort: str = "name"

    @property
    def active(self) -> int:
        """How many are set; the order is none of them."""
        return sum(bool(getattr(self, field.name)) for field in fields(self) if field.name != "sort")


_KNOWN: Mapping[str, object] = {
    "state": {*State, ON_MANDATE} - {State.ERASED},
    "function": FUNCTIONS,
    "industry": INDUSTRIES,
    "region": REGIONS,
    "language": LANGUAGES,
    "available": AVAILABLE,
    "owner": ("mine",),
    "newcomer": ("yes", "no"),
    "papers": ("stale",),
    "step": ("none",),
}


def filters_from(given: Mapping[str, str]) -> Filters:
    """Return the filters an address asks for."""
    chosen = {name: given[name] for name, known in _KNOWN.items() if given.get(name) in known}  # type: ignore[operator]
    sort = given.get("sort", "name")
    return Filters(q=given.get("q", "").strip()[:200], sort=sort if sort in SORTS else "name", **chosen)
