"""What holds for any mandate whose end moves any number of times."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import is_working_day
from app.talks.end_rules import Action, Change, PresentTalk, follow_new_end
from app.talks.plan_rules import plan
from app.talks.rules import Kind, Side, State

REGIONS = ("DE-BY", "DE-HH", "AT-9", "CH-ZH", "NL", "BE")
HAPPENED = (State.HELD, State.DECLINED)


@dataclass(frozen=True)
class Move:
    """The end moves to `length` days after the start, signed `signed_after` days after it."""

    length: int
    signed_after: int


moves = st.builds(Move, st.integers(0, 500), st.integers(-20, 560))
starts = st.dates(date(2000, 1, 1), date(2080, 1, 1))
states = st.lists(st.sampled_from(["due", "due", "arranged", "held", "declined", "cancelled"]), min_size=8, max_size=8)
regions = st.sampled_from(REGIONS)


def first_plan(start: date, end: date, region: str) -> list[PresentTalk]:
    planned = plan(start, end, region)
    return [PresentTalk(key, one.kind, one.side, State.DUE, one.due_on) for key, one in enumerate(planned, start=1)]


def lived(talks: list[PresentTalk], states: list[str]) -> list[PresentTalk]:
    """The talks after people have worked with them: due ones take the states in turn."""
    return [
        replace(talk, state=State(states[talk.key % len(states)]), happens_on=talk.due_on)
        if talk.state is State.DUE and talk.due_on
        else talk
        for talk in talks
    ]


def held_until(talks: list[PresentTalk], day: date) -> list[PresentTalk]:
    """The talks after each due up to `day` was held."""
    return [
        replace(talk, state=State.HELD)
        if talk.state in (State.DUE, State.ARRANGED) and talk.due_on and talk.due_on <= day
        else talk
        for talk in talks
    ]


def carried_out(talks: list[PresentTalk], changes: list[Change]) -> list[PresentTalk]:
    """The talks once the changes are kept, as the action does it."""
    by_key = {change.key: change for change in changes if change.key is not None}
    after = []
    for talk in talks:
        change = by_key.get(talk.key)
        if change is None or change.action is Action.STAYS:
            after.append(talk)
        elif change.action is Action.CANCELLED:
            after.append(replace(talk, state=State.CANCELLED, cancelled_by_change=True))
        else:
            after.append(replace(talk, kind=change.kind, due_on=change.due_after))
    free = max((talk.key for talk in talks), default=0) + 1
    new = [change for change in changes if change.key is None]
    return after + [PresentTalk(free + n, c.kind, c.side, c.state, c.due_after) for n, c in enumerate(new)]


def moved(talks: list[PresentTalk], start: date, ends: tuple[date, date], signed_on: date, region: str) -> list[Change]:
    return follow_new_end(talks, start=start, old_end=ends[0], new_end=ends[1], signed_on=signed_on, region=region)


@st.composite
def histories(draw):
    """A start, a region, and for each move of the end the talks before it, the two ends and the signing."""
    start, region = draw(starts), draw(regions)
    end = start + timedelta(days=draw(st.integers(0, 400)))
    talks = first_plan(start, end, region)
    steps = []
    for move in draw(st.lists(moves, min_size=1, max_size=4)):
        if draw(st.booleans()):
            talks = lived(talks, draw(states))
        new_end, signed_on = start + timedelta(days=move.length), start + timedelta(days=move.signed_after)
        steps.append((talks, (end, new_end), signed_on))
        talks = carried_out(talks, moved(talks, start, (end, new_end), signed_on, region))
        end = new_end
    return start, region, steps


@given(histories())
def test_what_happened_is_kept_and_appointments_are_kept(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        after = {talk.key: talk for talk in carried_out(talks, moved(talks, start, ends, signed_on, region))}

        for talk in talks:
            if talk.state in (*HAPPENED, State.CANCELLED):
                assert after[talk.key] == talk
            if talk.state is State.ARRANGED:
                assert replace(after[talk.key], kind=talk.kind) == talk


@given(histories())
def test_new_dates_are_working_days_after_the_signing(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        for change in moved(talks, start, ends, signed_on, region):
            if change.action in (Action.ADDED, Action.MOVES):
                assert is_working_day(change.due_after, region)
                assert change.due_after > signed_on


@given(histories())
def test_a_new_closing_date_passes_the_end_only_where_the_signing_was_too_late(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        for change in moved(talks, start, ends, signed_on, region):
            if change.kind is Kind.CLOSING and change.action in (Action.ADDED, Action.MOVES):
                between = (signed_on + timedelta(days=n) for n in range(1, (change.due_after - signed_on).days))
                first_after_signing = not any(is_working_day(day, region) for day in between)
                assert change.due_after <= ends[1] or first_after_signing


@given(histories())
def test_following_the_same_end_again_changes_nothing(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        after = carried_out(talks, moved(talks, start, ends, signed_on, region))

        again = moved(after, start, (ends[1], ends[1]), signed_on, region)

        assert {change.action for change in again} <= {Action.STAYS}


@given(starts, st.integers(0, 400), st.lists(moves, min_size=1, max_size=4), regions)
def test_the_same_change_worked_out_twice_is_the_same_where_nothing_was_overdue(start, length, all_moves, region):
    end = start + timedelta(days=length)
    talks = first_plan(start, end, region)
    for move in all_moves:
        new_end, signed_on = start + timedelta(days=move.length), start + timedelta(days=move.signed_after)
        talks = held_until(talks, signed_on)
        talks = carried_out(talks, moved(talks, start, (end, new_end), signed_on, region))

        again = moved(talks, start, (end, new_end), signed_on, region)

        # A closing or aftercare talk put on the day after the signing is far from the plan, and stays all the same.
        assert {change.action for change in again} <= {Action.STAYS}
        end = new_end


@given(histories())
def test_there_is_one_closing_and_one_aftercare_talk_still_to_come_at_most(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        changes = moved(talks, start, ends, signed_on, region)
        if ends[0] == ends[1]:
            continue
        for kind in (Kind.CLOSING, Kind.AFTERCARE):
            due = [change for change in changes if change.kind is kind and change.state is State.DUE]
            assert len(due) <= 1

            wanted = next(one.due_on for one in plan(start, ends[1], region) if one.kind is kind)
            stands_for_it = due or [
                talk
                for talk in talks
                if talk.kind is kind
                and talk.is_there
                and talk.counts_on
                and (talk.state is State.ARRANGED or abs((talk.counts_on - wanted).days) <= 10)
            ]
            assert stands_for_it


@given(starts, st.integers(0, 400), st.lists(moves, min_size=1, max_size=4), regions)
def test_while_all_goes_by_plan_there_is_one_closing_talk_for_the_current_end(start, length, all_moves, region):
    end = start + timedelta(days=length)
    talks = first_plan(start, end, region)
    for move in all_moves:
        signed_on = max(start, min(start + timedelta(days=move.signed_after), end - timedelta(days=30)))
        new_end = max(start + timedelta(days=move.length), signed_on + timedelta(days=30))
        talks = held_until(talks, signed_on)
        talks = carried_out(talks, moved(talks, start, (end, new_end), signed_on, region))
        end = new_end

        for kind in (Kind.CLOSING, Kind.AFTERCARE):
            wanted = next(one.due_on for one in plan(start, end, region) if one.kind is kind)
            living = [talk for talk in talks if talk.kind is kind and talk.state is not State.CANCELLED]
            near = [talk for talk in living if abs((talk.due_on - wanted).days) <= 10]
            due = [talk for talk in living if talk.state is State.DUE]
            assert len(near) == 1 or len(due) == 1
            assert len(due) <= 1


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_talks_does_not_matter(history, shuffler: random.Random):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        shuffled = list(talks)
        shuffler.shuffle(shuffled)

        assert moved(shuffled, start, ends, signed_on, region) == moved(talks, start, ends, signed_on, region)


@given(histories())
def test_each_present_talk_has_one_change_and_each_added_one_a_new_day(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        changes = moved(talks, start, ends, signed_on, region)

        keys = [change.key for change in changes if change.key is not None]
        assert sorted(keys) == sorted(talk.key for talk in talks if talk.is_there)
        new = [(change.kind, change.side, change.due_after) for change in changes if change.key is None]
        assert len(new) == len(set(new))


@given(histories())
def test_no_second_quality_talk_is_added_beside_an_appointment_with_the_same_person(history):
    start, region, steps = history
    for talks, ends, signed_on in steps:
        changes = moved(talks, start, ends, signed_on, region)
        for side in (Side.CLIENT, Side.MANAGER):
            quality = [change for change in changes if change.kind is Kind.QUALITY and change.side is side]
            kept = [change.due_after for change in quality if change.state is State.ARRANGED]
            new = [change.due_after for change in quality if change.action is Action.ADDED]
            assert not {day for day in new for other in kept if abs((day - other).days) <= 10}
