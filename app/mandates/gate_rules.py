"""What a mandate lacks for the next stage, and for its close. The list shows all the time, not only on trying to pass.

Source: docs/domain.md, "Mandates" (the four stages).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.errors import N_, RuleViolation
from app.mandates.rules import Stage

SIDES = ("client", "manager", "provider")
"""Whose view of a goal is asked for; the order in which they are shown."""


class Missing(enum.StrEnum):
    """One thing that is missing; stored with a gate that was passed nevertheless, never translated."""

    GOAL = "goal"
    EXIT_PLAN = "exit_plan"
    HANDED_OVER = "handed_over"
    EXIT_DAY = "exit_day"
    MANAGER = "manager"
    CONTRACT = "contract"
    HANDBOOK = "handbook"
    MOMENTS = "moments"
    CHANGES_WAITING = "changes_waiting"
    LATE_MILESTONES = "late_milestones"
    AFTER_END = "after_end"
    TOO_EARLY = "too_early"
    LAST_DAY = "last_day"
    HANDOVER_ITEMS = "handover_items"
    OPEN_HANDOVER = "open_handover"
    SUCCESSOR = "successor"
    CLOSING_TALK = "closing_talk"
    EVALUATION_TALK = "evaluation_talk"
    LISTED_GOALS = "listed_goals"
    CLIENT_VIEW = "client_view"
    MANAGER_VIEW = "manager_view"
    PROVIDER_VIEW = "provider_view"
    GAP_TALK = "gap_talk"


NEVER_OVERRIDDEN = frozenset({Missing.MANAGER, Missing.CONTRACT, Missing.LAST_DAY})
"""Without these the later stages have no dates; an early end is agreed as such. See docs/decisions."""
_NOT_EVEN_A_LEAD = {
    Missing.MANAGER: N_("Without a manager and a signed contract a mandate does not go on, not even for a lead."),
    Missing.CONTRACT: N_("Without a manager and a signed contract a mandate does not go on, not even for a lead."),
    Missing.LAST_DAY: N_(
        "Before its last day a mandate is not closed, not even by a lead. If it ends sooner, write down the early end."
    ),
}

_VIEWS = {"client": Missing.CLIENT_VIEW, "manager": Missing.MANAGER_VIEW, "provider": Missing.PROVIDER_VIEW}


@dataclass(frozen=True)
class Facts:
    """All that decides whether a gate opens, on a day.

    `late_milestones`, `after_end` (milestones and evaluation moments), `handover_items` and `open_handover_items` are counts; `views_missing` the sides that have not yet
    judged each goal; `gap_waits`: a gap between the views has had no talk since the last view came in.
    """

    has_goal: bool = False
    has_exit_plan: bool = False
    has_handed_over: bool = False
    has_exit_day: bool = False
    has_manager: bool = False
    is_signed: bool = False
    is_accepted: bool = False
    has_moments: bool = False
    has_changes_waiting: bool = False
    late_milestones: int = 0
    after_end: int = 0
    in_last_weeks: bool = False
    is_over: bool = False
    handover_items: int = 0
    open_handover_items: int = 0
    has_successor: bool = False
    closing_is_settled: bool = False
    evaluation_was_held: bool = False
    goals: int = 0
    views_missing: frozenset[str] = frozenset(SIDES)
    gap_waits: bool = False


def missing(stage: int, facts: Facts) -> tuple[Missing, ...]:
    """Return what is missing to leave `stage`, in the order in which it is told; stage 4 is left by closing."""
    lacking: Mapping[Missing, bool] = {
        Stage.SCOPING: _of_scoping,
        Stage.ANALYSIS: _of_analysis,
        Stage.EXECUTION: _of_execution,
        Stage.HANDOVER: _of_close,
    }[Stage(stage)](facts)
    return tuple(key for key, is_missing in lacking.items() if is_missing)


def _of_scoping(facts: Facts) -> dict[Missing, bool]:
    return {
        Missing.GOAL: not facts.has_goal,
        Missing.EXIT_PLAN: not facts.has_exit_plan,
        Missing.HANDED_OVER: not facts.has_handed_over,
        Missing.EXIT_DAY: not facts.has_exit_day,
        Missing.MANAGER: not facts.has_manager,
        Missing.CONTRACT: not facts.is_signed,
    }


def _of_analysis(facts: Facts) -> dict[Missing, bool]:
    return {
        Missing.HANDBOOK: not facts.is_accepted,
        Missing.MOMENTS: not facts.has_moments,
        Missing.AFTER_END: facts.after_end > 0,
    }


def _of_execution(facts: Facts) -> dict[Missing, bool]:
    return {
        Missing.CHANGES_WAITING: facts.has_changes_waiting,
        Missing.LATE_MILESTONES: facts.late_milestones > 0,
        Missing.AFTER_END: facts.after_end > 0,
        Missing.TOO_EARLY: not (facts.in_last_weeks or facts.is_over),
    }


def _of_close(facts: Facts) -> dict[Missing, bool]:
    views = {key: facts.goals > 0 and side in facts.views_missing for side, key in _VIEWS.items()}
    return {
        Missing.LAST_DAY: not facts.is_over,
        Missing.HANDOVER_ITEMS: facts.handover_items == 0,
        Missing.OPEN_HANDOVER: facts.open_handover_items > 0,
        Missing.SUCCESSOR: not facts.has_successor,
        Missing.CLOSING_TALK: not facts.closing_is_settled,
        Missing.EVALUATION_TALK: not facts.evaluation_was_held,
        Missing.LISTED_GOALS: facts.goals == 0,
        **views,
        Missing.GAP_TALK: facts.gap_waits,
    }


def check(lacking: Collection[Missing], override_reason: str | None, may_override: bool) -> bool:
    """Return whether the gate is passed by override; raise RuleViolation where it stays shut.

    Nothing missing: passed without. Else a lead passes it with a reason, but for what can never be overridden.
    """
    if not lacking:
        return False
    if not may_override:
        raise RuleViolation(N_("Something is still missing. A lead can pass this nevertheless, with a reason."))
    if refusal := refusal_for_all(lacking):
        raise RuleViolation(refusal)
    if not (override_reason or "").strip():
        raise RuleViolation(
            N_("Something is still missing. To pass nevertheless, please write the reason."), field="override_reason"
        )
    return True


def refusal_for_all(lacking: Iterable[Missing]) -> str | None:
    """Return the English sentence why nobody passes the gate, not even a lead; None where a lead can."""
    return next((_NOT_EVEN_A_LEAD[key] for key in lacking if key in NEVER_OVERRIDDEN), None)


@dataclass(frozen=True)
class View:
    """How far a goal was reached, in percent, as `side` sees it; given on a day."""

    goal_id: int
    side: str
    percent: int
    given_on: date


def views_missing(goal_ids: Collection[int], views: Iterable[View]) -> frozenset[str]:
    """Return the sides that have not judged each of the goals; all three where no goal is listed."""
    given = {(view.goal_id, view.side) for view in views}
    return frozenset(side for side in SIDES if not goal_ids or any((goal, side) not in given for goal in goal_ids))


def gap(percents: Collection[int]) -> int:
    """Return the points between the lowest and the highest view of one goal; 0 for fewer than two."""
    return max(percents) - min(percents) if len(percents) > 1 else 0


def wide_gaps(views: Iterable[View], least_points: int) -> dict[int, int]:
    """Return the goals whose views lie `least_points` or more apart, with the points."""
    by_goal: dict[int, list[int]] = {}
    for view in views:
        by_goal.setdefault(view.goal_id, []).append(view.percent)
    return {goal: points for goal, percents in by_goal.items() if (points := gap(percents)) >= least_points}


def gap_waits(views: Collection[View], least_points: int, last_talk_on: date | None) -> bool:
    """Whether a wide gap has had no evaluation talk on or after the day the last view of such a goal came in."""
    wide = wide_gaps(views, least_points)
    last_view_on = max((view.given_on for view in views if view.goal_id in wide), default=None)
    return last_view_on is not None and (last_talk_on is None or last_talk_on < last_view_on)
