"""When an interview is complete, and what counts as a concrete recommendation.

Source: docs/domain.md, "The interview".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.errors import N_, RuleViolation
from app.core.names import fold

LEAST_RECOMMENDATIONS = 3
MOST_RECOMMENDATIONS = 8
CONCRETE_WORDS = 3  # "Write more" helps nobody; a task, a thing and how
LATEST_DAYS = 366  # a date further off is no date
LOWEST, HIGHEST = 1, 5
STRONG = 4  # from this rating on, a letter says it as praise
MOST_PRAISED = 3


class Ability(enum.StrEnum):
    """The six abilities of an interim manager, in the order of the guide."""

    PROBLEM = "problem"
    STRATEGY = "strategy"
    EXECUTION = "execution"
    LEADERSHIP = "leadership"
    SPEED = "speed"
    HANDOVER = "handover"


class Used(enum.StrEnum):
    """Whether a recommendation was used, as seen at a later contact."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Missing(enum.StrEnum):
    """What an interview still lacks; shown all the time, not only when one tries to complete it."""

    ABILITIES = "abilities"
    RECOMMENDATIONS = "recommendations"
    HELD = "held"  # its appointment lies ahead


@dataclass(frozen=True)
class Recommendation:
    """What the manager is advised to do, and by when."""

    text: str
    by_on: date | None


def is_concrete(text: str) -> bool:
    """Say whether a recommendation says enough to be acted upon: at least three words."""
    return len(fold(text).split()) >= CONCRETE_WORDS


def check_recommendations(
    given: Iterable[Recommendation], held_on: date, least: int = LEAST_RECOMMENDATIONS
) -> list[Recommendation]:
    """Return the recommendations as they may be kept on completing.

    Raises RuleViolation at "recommendation-N" (N from 0) for one without a date, with a date that is not after the day of
    the interview or more than a year off, one that is too short, one said twice; at "recommendations" for fewer than `least`.
    """
    kept: list[Recommendation] = []
    said: set[str] = set()
    for number, one in enumerate(given):
        text = " ".join(one.text.split())
        if not text:
            continue
        field = f"recommendation-{number}"
        if not is_concrete(text):
            raise RuleViolation(N_("Please say what to do in at least three words."), field=field)
        if fold(text) in said:
            raise RuleViolation(N_("This recommendation stands there already."), field=field)
        if one.by_on is None:
            raise RuleViolation(N_("Each recommendation needs a day by which it is to be done."), field=field)
        if one.by_on <= held_on or (one.by_on - held_on).days > LATEST_DAYS:
            raise RuleViolation(N_("The day must lie after the interview, at most a year."), field=field)
        said.add(fold(text))
        kept.append(Recommendation(text, one.by_on))
    if len(kept) < least:
        raise RuleViolation(
            N_("An interview is completed with at least one recommendation, with a date. The manager takes it home.")
            if least == 1
            else N_(
                "An interview is completed with at least %(least)s recommendations, each with a date. The manager takes them home."
            ),
            field="recommendations",
            least=least,
        )
    return kept


def missing(
    abilities: Mapping[str, int | None],
    recommendations: Iterable[Recommendation],
    is_over: bool,
    least: int = LEAST_RECOMMENDATIONS,
) -> list[Missing]:
    """Return what the interview lacks for being completed, in the order of the page."""
    lacks = []
    if not is_over:
        lacks.append(Missing.HELD)
    if any(abilities.get(ability) is None for ability in Ability):
        lacks.append(Missing.ABILITIES)
    complete = [one for one in recommendations if is_concrete(one.text) and one.by_on is not None]
    if len(complete) < least:
        lacks.append(Missing.RECOMMENDATIONS)
    return lacks


def check_abilities(abilities: Mapping[str, int | None]) -> dict[str, int]:
    """Return the six ratings; raises RuleViolation at the ability that was not rated or lies outside 1 to 5."""
    for ability in Ability:
        rating = abilities.get(ability)
        if rating is None or not LOWEST <= rating <= HIGHEST:
            raise RuleViolation(N_("Please rate each of the six abilities from 1 to 5."), field=ability.value)
    return {ability.value: int(abilities[ability] or 0) for ability in Ability}


def strengths(abilities: Mapping[str, int | None]) -> list[Ability]:
    """Return what a letter praises first: at most three abilities rated 4 or 5, the best first."""
    strong = [ability for ability in Ability if (abilities.get(ability) or 0) >= STRONG]
    return sorted(strong, key=lambda ability: -(abilities[ability] or 0))[:MOST_PRAISED]


def check_plan(is_live: bool, open_interview: bool) -> None:
    """Raise RuleViolation for an interview with somebody who is gone, or a second one beside one that is open."""
    if not is_live:
        raise RuleViolation(N_("No interview is planned with somebody who is not admitted or has withdrawn."))
    if open_interview:
        raise RuleViolation(N_("An interview with this manager is planned already."))
