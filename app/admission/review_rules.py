"""What a review of papers may find and decide. Source: docs/domain.md, "How a CV is read" and "Admission of managers"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.admission.cv.judge import CRITERIA
from app.admission.state_rules import Verb
from app.core.errors import N_, RuleViolation

__all__ = ["CRITERIA", "DECISIONS", "OBSTACLES", "VERDICTS"]

VERDICTS = ("ok", "weak", "missing")
OBSTACLES = ("no_paper", "unreadable", "no_cv")
"""Why papers cannot be judged by the criteria: there are none, they cannot be read, or they are no CV."""
DECISIONS = (Verb.FALL_SHORT, Verb.REPEAT, Verb.PASS, Verb.REFUSE)
LONGEST_NOTE = 1_000


def offered(criterion: str) -> tuple[str, ...]:
    """Return the verdicts that a criterion has."""
    return VERDICTS[:2] if criterion == "plain_language" else VERDICTS


def obstacle(problem: str | None, analysis: Mapping[str, Any] | None, has_paper: bool = True) -> str | None:
    """Return why these papers cannot be judged, a key of OBSTACLES; None where they can."""
    if not has_paper:
        return "no_paper"
    if problem is not None:
        return "unreadable"
    return "no_cv" if analysis is not None and not analysis["is_cv"] else None


def proposed(analysis: Mapping[str, Any] | None) -> dict[str, dict[str, str]]:
    """Return the verdicts as the analyser proposes them; an empty one for what a person has to judge alone."""
    found = (analysis or {}).get("criteria") or {}
    return {name: {"verdict": found[name]["verdict"] if name in found else "", "note": ""} for name in CRITERIA}


def checked(verdicts: Mapping[str, Mapping[str, str | None]]) -> dict[str, dict[str, str]]:
    """Return the verdicts as they are kept; raise RuleViolation at `verdict_…` for one that its criterion does not have."""
    kept: dict[str, dict[str, str]] = {}
    for name in CRITERIA:
        given = verdicts.get(name, {})
        verdict = given.get("verdict") or ""
        if verdict and verdict not in offered(name):
            raise RuleViolation(N_("“%(key)s” is not on the list."), field=f"verdict_{name}", key=verdict)
        kept[name] = {"verdict": verdict, "note": (given.get("note") or "").strip()[:LONGEST_NOTE]}
    return kept


def shortfalls(verdicts: Mapping[str, Mapping[str, str | None]], hindered_by: str | None = None) -> tuple[str, ...]:
    """Return what falls short: criteria judged weak or missing in the rubric's order, before them what hindered judging."""
    found = [name for name in CRITERIA if verdicts.get(name, {}).get("verdict") in VERDICTS[1:]]
    return (*([hindered_by] if hindered_by else []), *found)


def unjudged(verdicts: Mapping[str, Mapping[str, str]]) -> Sequence[str]:
    """Return the criteria without a verdict."""
    return [name for name in CRITERIA if not verdicts.get(name, {}).get("verdict")]


def check_decision(
    verb: Verb, verdicts: Mapping[str, Mapping[str, str]], hindered_by: str | None = None, reason: str | None = None
) -> None:
    """Raise RuleViolation where the verdicts do not carry this decision, at `reason` where one has to be given.

    What the state of the case allows, `state_rules.after` says.
    """
    if verb not in DECISIONS:
        raise RuleViolation(N_("A review does not end like this."))
    if verb is Verb.REFUSE:
        return
    if not hindered_by and (open_ones := unjudged(verdicts)):
        raise RuleViolation(N_("Please judge every criterion first."), field=f"verdict_{open_ones[0]}")
    short = shortfalls(verdicts, hindered_by)
    if verb in (Verb.FALL_SHORT, Verb.REPEAT) and not short:
        raise RuleViolation(N_("Every criterion is judged ok: there is nothing to ask for."))
    must_explain = hindered_by or any(one["verdict"] == "missing" for one in verdicts.values())
    if verb is Verb.PASS and must_explain and not (reason or "").strip():
        raise RuleViolation(N_("Something is missing; please say why the papers pass all the same."), field="reason")
