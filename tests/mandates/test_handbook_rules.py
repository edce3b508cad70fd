"""What counts as a change of the handbook, and what becomes of the talks of its moments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mandates import handbook_rules as rules
from app.mandates.handbook_rules import Change, Difference, MomentTalk, TalkAt

START = date(2026, 1, 12)
CONTENT = {
    "goal": "93 % on time",
    "exit_plan": "Successor",
    "handed_over": "Keys",
    "exit_on": "2026-06-30",
    "goals": [{"key": 1, "title": "On time", "measure": "93 %"}],
    "milestones": [{"key": 1, "title": "Plan", "means": "", "owner": "", "due_on": "2026-02-01", "reached_on": ""}],
    "moments": [{"key": 1, "on": "2026-04-01"}],
}


def with_milestone(**given):
    return CONTENT | {"milestones": [CONTENT["milestones"][0] | given]}


@pytest.mark.parametrize(("after", "told"), [
    (CONTENT, []),
    (CONTENT | {"title": "other", "ends_on": "2027-01-01"}, []),
    (with_milestone(reached_on="2026-02-02"), []),
    (CONTENT | {"goal": "95 %"}, [Difference("goal", Change.CHANGED, "", "93 % on time", "95 %")]),
    (with_milestone(due_on="2026-03-01"), [Difference("milestones", Change.MOVED, "Plan", "2026-02-01", "2026-03-01")]),
    (CONTENT | {"milestones": []}, [Difference("milestones", Change.DROPPED, "Plan", "2026-02-01", "")]),
    (CONTENT | {"moments": [*CONTENT["moments"], {"key": 2, "on": "2026-05-01"}]},
     [Difference("moments", Change.ADDED, "", "", "2026-05-01")]),
])  # fmt: skip
def test_what_is_told_as_new(after, told):
    found = rules.differences(CONTENT, after)

    assert [(one.part, one.change, one.title) for one in found] == [(one.part, one.change, one.title) for one in told]
    for one, wanted in zip(found, told, strict=True):
        if wanted.change is not Change.DROPPED:
            assert (one.before, one.after) == (wanted.before, wanted.after)


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
contents = st.fixed_dictionaries({
    "goal": st.sampled_from(["", "a", "b"]),
    "exit_on": st.sampled_from(["", "2026-06-30"]),
    "milestones": st.lists(
        st.fixed_dictionaries({"key": st.integers(1, 3), "title": st.sampled_from("ab"), "due_on": days.map(str),
                               "reached_on": st.sampled_from(["", "2026-02-02"])}),
        max_size=3, unique_by=lambda row: row["key"],
    ),
})  # fmt: skip


@settings(max_examples=60)
@given(contents, contents)
def test_nothing_differs_exactly_where_what_was_agreed_is_the_same(before, after):
    assert (not rules.differences(before, after)) == (rules.agreed(before) == rules.agreed(after))
    assert not rules.differences(before, dict(before))
    assert (rules.digest(before) == rules.digest(after)) == (before == after)


@pytest.mark.parametrize(
    ("numbers", "open_number", "wanted"), [([], None, 1), ([1, 2], None, 3), ([1, 2], 2, 2), ([3, 1], None, 4)]
)
def test_the_next_number(numbers, open_number, wanted):
    assert rules.next_number(numbers, open_number) == wanted


def test_what_is_needed_comes_in_the_order_of_the_document():
    assert rules.needs({}) == tuple(rules.Need)
    assert rules.needs(CONTENT) == ()


@settings(max_examples=40)
@given(st.integers(0, 800))
def test_proposed_moments_lie_within_the_term(length):
    end = START + timedelta(days=length)
    found = rules.proposed_moments(START, end)

    assert found and found == sorted(set(found)) and all(START <= day <= end for day in found)


talks = st.builds(MomentTalk, st.integers(1, 6), st.none() | st.integers(1, 4), days, st.sampled_from(list(TalkAt)))


@settings(max_examples=100)
@given(
    st.dictionaries(st.integers(1, 4), days, max_size=4),
    st.lists(talks, max_size=6, unique_by=lambda one: one.key).filter(
        lambda found: len([one for one in found if one.moment]) == len({one.moment for one in found if one.moment})
    ),
)
def test_each_moment_has_one_talk_and_what_was_held_stays(moments, present):
    plan = rules.talks_for(moments, present)
    over = {one.key for one in present if one.state is TalkAt.OVER}

    assert set(plan.adds) | set(plan.takes) == set(moments)
    assert not set(plan.adds) & set(plan.takes)
    assert len(set(plan.takes.values())) == len(plan.takes)
    assert not over & (set(plan.moves) | set(plan.cancels))
    due = {one.key: one.on for one in present if one.state is TalkAt.DUE}
    assert set(plan.moves) | set(plan.cancels) <= set(due)
    assert not set(plan.cancels) & set(plan.takes.values())

    added = dict(zip(plan.adds, range(100, 200), strict=False))
    after = [
        MomentTalk(one.key, next((m for m, key in plan.takes.items() if key == one.key), None),
                   plan.moves.get(one.key, one.on), one.state)
        for one in present if one.key not in plan.cancels
    ] + [MomentTalk(key, moment, moments[moment], TalkAt.DUE) for moment, key in added.items()]  # fmt: skip
    again = rules.talks_for(moments, after)
    assert not again.adds and not again.moves and not again.cancels
