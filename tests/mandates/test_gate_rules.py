"""What a mandate lacks for the next stage and for its close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.mandates import gate_labels
from app.mandates.gate_rules import (
    NEVER_OVERRIDDEN,
    SIDES,
    Facts,
    Missing,
    View,
    check,
    gap_waits,
    missing,
    views_missing,
    wide_gaps,
)

READY = Facts(
    has_goal=True, has_exit_plan=True, has_handed_over=True, has_exit_day=True, has_manager=True, is_signed=True,
    is_accepted=True, has_moments=True, in_last_weeks=True, is_over=True, handover_items=3, has_successor=True,
    closing_is_settled=True, evaluation_was_held=True, goals=2, views_missing=frozenset(),
)  # fmt: skip


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_nothing_is_missing_where_all_is_there(stage):
    assert missing(stage, READY) == ()


@pytest.mark.parametrize("stage", [2, 3])
def test_a_plan_that_goes_on_after_the_end_is_missing_its_mending(stage):
    assert missing(stage, replace(READY, after_end=1)) == (Missing.AFTER_END,)


@pytest.mark.parametrize(
    ("stage", "lacking", "key"),
    [
        (1, {"has_goal": False}, Missing.GOAL),
        (1, {"has_exit_plan": False}, Missing.EXIT_PLAN),
        (1, {"has_handed_over": False}, Missing.HANDED_OVER),
        (1, {"has_exit_day": False}, Missing.EXIT_DAY),
        (1, {"has_manager": False}, Missing.MANAGER),
        (1, {"is_signed": False}, Missing.CONTRACT),
        (2, {"is_accepted": False}, Missing.HANDBOOK),
        (2, {"has_moments": False}, Missing.MOMENTS),
        (3, {"has_changes_waiting": True}, Missing.CHANGES_WAITING),
        (3, {"late_milestones": 1}, Missing.LATE_MILESTONES),
        (3, {"in_last_weeks": False, "is_over": False}, Missing.TOO_EARLY),
        (4, {"is_over": False}, Missing.LAST_DAY),
        (4, {"handover_items": 0}, Missing.HANDOVER_ITEMS),
        (4, {"open_handover_items": 1}, Missing.OPEN_HANDOVER),
        (4, {"has_successor": False}, Missing.SUCCESSOR),
        (4, {"closing_is_settled": False}, Missing.CLOSING_TALK),
        (4, {"evaluation_was_held": False}, Missing.EVALUATION_TALK),
        (4, {"goals": 0, "views_missing": frozenset(SIDES)}, Missing.LISTED_GOALS),
        (4, {"views_missing": frozenset({"client"})}, Missing.CLIENT_VIEW),
        (4, {"views_missing": frozenset({"manager"})}, Missing.MANAGER_VIEW),
        (4, {"views_missing": frozenset({"provider"})}, Missing.PROVIDER_VIEW),
        (4, {"gap_waits": True}, Missing.GAP_TALK),
    ],
)
def test_each_thing_that_is_missing_is_named_alone(stage, lacking, key):
    assert missing(stage, replace(READY, **lacking)) == (key,)
    assert all(key not in missing(other, replace(READY, **lacking)) for other in {1, 2, 3, 4} - {stage})


def test_every_key_belongs_to_one_gate():
    told = [
        key for stage in (1, 2, 3, 4) for key in missing(stage, Facts(late_milestones=1, after_end=1, has_changes_waiting=True))
    ]
    told += missing(4, Facts(handover_items=1, open_handover_items=1, goals=1, gap_waits=True))

    assert set(told) == set(Missing)


def test_a_gate_opens_by_itself_or_by_a_lead_with_a_reason():
    assert check((), None, may_override=False) is False
    assert check((Missing.SUCCESSOR,), "The plant is closed", may_override=True) is True
    for lacking, reason, may in (
        ((Missing.SUCCESSOR,), "The plant is closed", False),
        ((Missing.SUCCESSOR,), "  ", True),
        *(((key,), "reason", True) for key in NEVER_OVERRIDDEN),
    ):
        with pytest.raises(RuleViolation):
            check(lacking, reason, may)


DAY = date(2026, 7, 1)


def views(*percents: int, goal: int = 1, on: date = DAY) -> list[View]:
    return [View(goal, side, percent, on) for side, percent in zip(SIDES, percents, strict=False)]


@pytest.mark.parametrize(
    ("percents", "is_wide"), [((50, 69), False), ((50, 70), True), ((80, 60, 70), True), ((100,), False), ((), False)]
)
def test_a_gap_of_twenty_points_or_more_asks_for_a_talk(percents, is_wide):
    assert bool(wide_gaps(views(*percents), 20)) is is_wide
    assert gap_waits(views(*percents), 20, None) is is_wide
    assert gap_waits(views(*percents), 20, DAY) is False


def test_a_talk_before_the_last_view_of_such_a_goal_does_not_count():
    later = views(0, 100, goal=1, on=date(2026, 7, 3)) + views(50, 50, goal=2, on=date(2026, 7, 9))

    assert gap_waits(later, 20, date(2026, 7, 2))
    assert not gap_waits(later, 20, date(2026, 7, 3))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(SIDES), st.integers(0, 100)), max_size=9))
def test_views_are_complete_only_where_each_side_judged_each_goal(given_views):
    found = [View(goal, side, percent, DAY) for goal, side, percent in given_views]
    lacking = views_missing((1, 2, 3), found)

    for side in SIDES:
        judged = {view.goal_id for view in found if view.side == side}
        assert (side in lacking) is (judged != {1, 2, 3})
    assert views_missing((), found) == set(SIDES)


def test_every_sentence_reads_in_three_languages(app):
    with app.test_request_context():
        told = {}
        for language in ("en", "de", "nl"):
            with force_locale(language):
                told[language] = {key: gate_labels.sentence(key) for key in Missing}
                told[language].update({f"aim {stage}": gate_labels.aim(stage) for stage in (1, 2, 3, 4)})
    for key, english in told["en"].items():
        texts = {english, told["de"][key], told["nl"][key]}
        assert len(texts) == 3, texts
        assert all(text.endswith(".") for text in texts) or str(key).startswith("aim")
