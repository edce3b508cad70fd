"""What the demo firm's mandates are about, in the language of each client: the tables beside this file, by the key of the term."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Course:
    """The texts of one mandate, and what becomes of it.

    Lists hold lists of texts: `goals` title and measure; `steps` (milestones) title, means and who answers for it; `reports`
    tasks and obstacle, month after month; `candidates` a place in PEOPLE, the last state, its reason and its day counted from
    today; `items` kind, text, receiver, days before the end, state and reason. `handed_over` is one thing a line.
    `adjusted` makes a second version of the handbook, `replaced` brings another manager, `views` are percents by side and goal.
    """

    title: str
    function: str | None = None
    goal: str | None = None
    exit_plan: str | None = None
    handed_over: str | None = None
    successor: str | None = None
    reach: str | None = None
    expectations: str | None = None
    means: str | None = None
    culture: str | None = None
    reports_to: str | None = None
    place: str | None = "line"
    step: str | None = None
    goals: list[list[str]] = field(default_factory=list)
    steps: list[list[str]] = field(default_factory=list)
    candidates: list[list[Any]] = field(default_factory=list)
    reports: list[list[str]] = field(default_factory=list)
    newest_missing: bool = False
    adjusted: dict[str, Any] = field(default_factory=dict)
    replaced: dict[str, Any] = field(default_factory=dict)
    accepted: str = "meeting"  # how the first version was; "open": presented only, "unseen": written only
    items: list[list[Any]] = field(default_factory=list)
    phasing: bool = False
    views: dict[str, list[int]] = field(default_factory=dict)
    view_notes: dict[str, list[str]] = field(default_factory=dict)
    joint_talk: bool = False
    closes: bool = False
    closed_because: str | None = None
    lost_because: str | None = None
    notes: list[str] = field(default_factory=list)


@cache
def courses() -> dict[str, Course]:
    """Return the courses by key."""
    found: dict[str, Course] = {}
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        for key, table in tomllib.loads(file.read_text("utf-8")).items():
            texts: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in table.items()}
            found[key] = Course(**texts)
    return found
