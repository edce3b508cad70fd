"""What another manager makes of a mandate's talks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.talks.end_rules import PresentTalk, follow_new_end
from app.talks.plan_rules import plan
from app.talks.replacement_rules import restart
from app.talks.rules import Kind, Side, State

START, END, SINCE, REGION = date(2026, 1, 12), date(2026, 7, 10), date(2026, 3, 2), "DE-BY"
STATES = st.sampled_from([State.DUE, State.ARRANGED, State.HELD, State.DECLINED, State.CANCELLED])


def with_first_manager(states: list[State]) -> list[PresentTalk]:
    """The talks of the first plan in these states; those of the manager are with the former one by now."""
    talks = plan(START, END, REGION)
    return [
        PresentTalk(
            number,
            talk.kind,
            talk.side,
            states[number % len(states)],
            talk.due_on,
            with_former_manager=talk.side is Side.MANAGER,
        )
        for number, talk in enumerate(talks)
    ]


def anew(present: list[PresentTalk], since: date = SINCE):
    return restart(present, start=START, end=END, manager_since=since, region=REGION)


def test_the_talks_with_the_new_manager_begin_after_fourteen_days_and_go_on_every_six_weeks() -> None:
    found = anew(with_first_manager([State.DUE]))

    assert [talk.due_on for talk in found.added] == [date(2026, 3, 16), date(2026, 4, 27)]
    assert {talk.side for talk in found.added} == {Side.MANAGER}


def test_without_a_quality_clause_nothing_begins() -> None:
    found = restart([], start=START, end=END, manager_since=SINCE, region=REGION, has_quality_clause=False)

    assert found.added == ()


@given(states=st.lists(STATES, min_size=1, max_size=12), days=st.integers(1, 179))
@settings(max_examples=40, deadline=None)
def test_no_held_talk_is_lost_no_talk_of_the_client_touched_and_none_doubled(states: list[State], days: int) -> None:
    since = START + timedelta(days=days)
    present = with_first_manager(states)

    found = anew(present, since)

    touched = [talk for talk in present if talk.key in found.called_off]
    assert all(talk.state in (State.DUE, State.ARRANGED) and talk.side is Side.MANAGER for talk in touched)
    assert all(talk.kind is Kind.QUALITY for talk in touched)
    assert all(talk.due_on >= since and talk.side is Side.MANAGER and talk.kind is Kind.QUALITY for talk in found.added)
    assert len({talk.due_on for talk in found.added}) == len(found.added)
    left = [replace(talk, state=State.CANCELLED, cancelled_by_change=True) if talk in touched else talk for talk in present]
    left += [PresentTalk(100 + number, one.kind, one.side, State.DUE, one.due_on) for number, one in enumerate(found.added)]
    again = anew(left, since)
    assert (again.called_off, again.added) == ((), ())


@given(days=st.integers(1, 120), weeks=st.integers(-8, 20), states=st.lists(STATES, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_later_change_of_the_end_keeps_the_new_managers_rhythm(days: int, weeks: int, states: list[State]) -> None:
    since, new_end = START + timedelta(days=days), END + timedelta(weeks=weeks)
    present = with_first_manager(states)
    found = anew(present, since)
    left = [talk for talk in present if talk.key not in found.called_off]
    left += [PresentTalk(100 + number, one.kind, one.side, State.DUE, one.due_on) for number, one in enumerate(found.added)]
    signed_on = since

    changes = follow_new_end(
        left, start=START, old_end=END, new_end=new_end, signed_on=signed_on, region=REGION, manager_since=since
    )

    former = {talk.key for talk in left if talk.with_former_manager}
    assert all(one.due_before == one.due_after and one.kind is one.kind_before for one in changes if one.key in former)
    due = [one.due_after for one in changes if one.side is Side.MANAGER and one.key not in former and one.due_after]
    wanted = [talk.due_on for talk in plan(START, new_end, REGION, manager_since=since) if talk.side is Side.MANAGER]
    assert sorted(due) == (wanted if weeks else [talk.due_on for talk in found.added])
    assert len([one for one in changes if one.kind is Kind.CLOSING and one.state is State.DUE]) <= 1
