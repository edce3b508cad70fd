"""The fatigue guard: who may be asked when, and until when not."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import add_months
from app.ledger import guard_rules as rules
from app.ledger.guard_rules import Asked, Hold, Numbers, Wishes, decide

DAY = date(2026, 3, 4)


def holds(day: date, ledger: list[Asked], *, is_agreed: bool = False, wishes: Wishes | None = None) -> dict[str, date | None]:
    found = decide(day, is_agreed=is_agreed, ledger=ledger, wishes=wishes or Wishes())
    return {one.hold.value: one.until for one in found.reasons}


@pytest.mark.parametrize(
    ("day", "held"),
    [(date(2026, 3, 4), True), (date(2026, 3, 24), True), (date(2026, 3, 25), False)],
)
def test_asked_on_day_0_next_on_day_21(day, held):
    assert holds(day, [Asked(DAY)]) == ({"rest": date(2026, 3, 25)} if held else {})


def test_a_talk_of_the_contract_starts_the_rest_but_is_not_held_by_it():
    ledger = [Asked(DAY, is_agreed=True)]

    assert holds(date(2026, 3, 10), ledger) == {"rest": date(2026, 3, 25)}
    assert holds(date(2026, 3, 10), ledger, is_agreed=True) == {}


@pytest.mark.parametrize("is_agreed", [False, True])
def test_after_a_no_none_for_14_days(is_agreed):
    ledger = [Asked(date(2026, 1, 5), is_agreed, said_no_on=DAY)]

    assert holds(date(2026, 3, 17), ledger, is_agreed=is_agreed) == {"after_no": date(2026, 3, 18)}
    assert holds(date(2026, 3, 18), ledger, is_agreed=is_agreed) == {}


def test_eight_in_twelve_months_and_talks_of_the_contract_do_not_count():
    free = [Asked(date(2025, 4, 1) + timedelta(days=30 * n)) for n in range(8)]
    agreed = [Asked(date(2025, 4, 16) + timedelta(days=30 * n), is_agreed=True) for n in range(8)]

    assert holds(date(2026, 1, 1), free[:7] + agreed) == {}
    assert holds(date(2026, 1, 1), free + agreed) == {"budget": date(2026, 4, 1)}
    assert holds(date(2026, 1, 1), free, is_agreed=True) == {}
    assert rules.asked_within_budget(date(2026, 1, 1), free + agreed) == 8
    assert rules.asked_within_budget(date(2026, 4, 1), free + agreed) == 7
    assert rules.asked_within_budget(date(2025, 5, 1), free) == 2  # what goes out later does not count yet


def test_of_more_requests_than_the_budget_the_latest_count():
    often = [Asked(date(2025, 4, 1) + timedelta(days=20 * n)) for n in range(11)]  # three of them in spite of the guard

    assert holds(date(2026, 4, 1), often) == {"budget": date(2026, 5, 31)}
    assert holds(date(2026, 5, 31), often) == {}


def test_a_reason_without_an_end_leaves_none():
    assert rules.Decision((rules.Reason(Hold.REST, DAY), rules.Reason(Hold.NEVER, None))).until is None


@pytest.mark.parametrize("is_agreed", [False, True])
def test_wishes_hold_back_talks_of_the_contract_too(is_agreed):
    later = Wishes(not_before=date(2026, 6, 1))

    assert holds(date(2026, 5, 31), [], is_agreed=is_agreed, wishes=later) == {"not_before": date(2026, 6, 1)}
    assert holds(date(2026, 6, 1), [], is_agreed=is_agreed, wishes=later) == {}
    assert holds(date(2036, 6, 1), [], is_agreed=is_agreed, wishes=Wishes(never=True)) == {"never": None}


def test_the_reason_shown_is_the_one_that_holds_longest():
    found = decide(DAY, is_agreed=False, ledger=[Asked(DAY, said_no_on=DAY)], wishes=Wishes(not_before=date(2026, 5, 1)))

    assert found.reason == rules.Reason(Hold.NOT_BEFORE, date(2026, 5, 1))
    assert found.until == date(2026, 5, 1)
    assert {one.hold for one in found.reasons} == {Hold.NOT_BEFORE, Hold.AFTER_NO, Hold.REST}


def test_with_other_numbers_others_would_have_been_held_back():
    ledger = [Asked(DAY), Asked(date(2026, 3, 25)), Asked(date(2026, 4, 20)), Asked(date(2026, 4, 27), is_agreed=True)]

    assert rules.held_back(ledger, Numbers(), since=DAY) == (4, 0)
    assert rules.held_back(ledger, Numbers(ask_rest_days=30), since=DAY) == (4, 1)
    assert rules.held_back(ledger, Numbers(asks_a_year=1), since=date(2026, 3, 5)) == (3, 2)
    assert rules.held_back([Asked(DAY), Asked(add_months(DAY, 12))], Numbers(asks_a_year=1), since=DAY) == (2, 0)
    day_before = Asked(add_months(DAY, 12) - timedelta(days=1))
    assert rules.held_back([Asked(DAY), day_before], Numbers(asks_a_year=1), since=DAY) == (2, 1)


def test_a_no_that_came_later_held_nothing_back_before():
    ledger = [Asked(DAY, is_agreed=True, said_no_on=date(2026, 3, 20)), Asked(date(2026, 3, 15), is_agreed=True)]

    assert rules.held_back(ledger, Numbers(), since=DAY) == (2, 0)
    assert rules.held_back([*ledger, Asked(date(2026, 3, 30), is_agreed=True)], Numbers(), since=DAY) == (3, 1)


NUMBERS = st.builds(
    Numbers,
    ask_rest_days=st.integers(1, 60),
    asks_a_year=st.integers(1, 8),
    ask_pause_after_no_days=st.integers(1, 40),
)
# One move: the clock goes by so many days (back too), then somebody wants to ask, says no, or wishes not to be asked before a day.
MOVES = st.lists(
    st.tuples(st.integers(-40, 60), st.sampled_from(["ask", "ask", "ask", "agreed", "no", "not_before", "never_mind"])),
    max_size=60,
)


@settings(max_examples=150)
@given(moves=MOVES, numbers=NUMBERS)
def test_whatever_happens_nobody_is_asked_too_often_and_all_becomes_possible(moves, numbers):
    today, ledger, wishes = date(2024, 2, 29), list[Asked](), Wishes()
    for days, move in moves:
        today += timedelta(days=days)
        match move:
            case "no" if ledger:
                last = ledger.pop()
                ledger.append(Asked(last.asked_on, last.is_agreed, said_no_on=today))
            case "not_before":
                wishes = Wishes(not_before=today + timedelta(days=90))
            case "never_mind":
                wishes = Wishes()
            case "ask" | "agreed":
                is_agreed = move == "agreed"
                found = decide(today, is_agreed=is_agreed, ledger=ledger, wishes=wishes, numbers=numbers)
                assert not (found.may_ask and wishes.not_before and today < wishes.not_before)
                if found.may_ask:
                    in_pause = [
                        one
                        for one in ledger
                        if one.said_no_on and 0 <= (today - one.said_no_on).days < numbers.ask_pause_after_no_days
                    ]
                    assert not in_pause
                    ledger.append(Asked(today, is_agreed))
                else:
                    assert found.until is not None
                    assert found.until > today
                    again = decide(found.until, is_agreed=is_agreed, ledger=ledger, wishes=wishes, numbers=numbers)
                    assert again.may_ask
                    day_before = found.until - timedelta(days=1)
                    assert not decide(day_before, is_agreed=is_agreed, ledger=ledger, wishes=wishes, numbers=numbers).may_ask
    free = sorted(one.asked_on for one in ledger if not one.is_agreed)
    for first in free:
        assert sum(first <= day < add_months(first, 12) for day in free) <= numbers.asks_a_year
    assert all((later - earlier).days >= numbers.ask_rest_days for earlier, later in pairwise(free))


LEDGERS = st.lists(st.tuples(st.integers(0, 500), st.booleans(), st.none() | st.integers(0, 60)), max_size=25)


@settings(max_examples=150)
@given(lines=LEDGERS, numbers=NUMBERS)
def test_playing_the_ledger_anew_is_asking_the_guard_each_time(lines, numbers):
    first = date(2024, 1, 1)
    ledger = [
        Asked(first + timedelta(days=day), is_agreed, None if no is None else first + timedelta(days=day + no))
        for day, is_agreed, no in lines
    ]
    went_out, held = list[Asked](), 0
    for one in sorted(ledger, key=lambda line: line.asked_on):
        known = [
            line if line.said_no_on and line.said_no_on <= one.asked_on else Asked(line.asked_on, line.is_agreed)
            for line in went_out
        ]
        if decide(one.asked_on, is_agreed=one.is_agreed, ledger=known, wishes=Wishes(), numbers=numbers).may_ask:
            went_out.append(one)
        else:
            held += 1

    assert rules.held_back(ledger, numbers, first) == (len(ledger), held)


def may_by_the_book(day: date, is_agreed: bool, ledger: list[Asked], wishes: Wishes, numbers: Numbers) -> bool:
    """Say it once more, line by line as docs/domain.md does, without any of the guard's dates."""
    if wishes.never or (wishes.not_before is not None and day < wishes.not_before):
        return False
    if any(one.said_no_on is not None and (day - one.said_no_on).days < numbers.ask_pause_after_no_days for one in ledger):
        return False
    if is_agreed:
        return True
    if any((day - one.asked_on).days < numbers.ask_rest_days for one in ledger):
        return False
    return sum(not one.is_agreed and add_months(one.asked_on, 12) > day for one in ledger) < numbers.asks_a_year


@settings(max_examples=150)
@given(
    lines=LEDGERS,
    numbers=NUMBERS,
    day=st.integers(-30, 560),
    is_agreed=st.booleans(),
    wishes=st.builds(Wishes, not_before=st.none() | st.integers(0, 600).map(lambda n: date(2024, 1, 1) + timedelta(days=n)),
                     never=st.sampled_from([False, False, False, True])),
)  # fmt: skip
def test_the_day_shown_is_the_first_on_which_the_rule_lets_one_ask(lines, numbers, day, is_agreed, wishes):
    """Over any ledger, in any order, also one that was overridden again and again."""
    first = date(2024, 1, 1)
    ledger = [
        Asked(first + timedelta(days=asked), agreed, None if no is None else first + timedelta(days=asked + no))
        for asked, agreed, no in lines
    ]
    today = first + timedelta(days=day)

    found = decide(today, is_agreed=is_agreed, ledger=ledger, wishes=wishes, numbers=numbers)

    assert found.may_ask is may_by_the_book(today, is_agreed, ledger, wishes, numbers)
    if wishes.never:
        assert found.until is None
    elif not found.may_ask:
        assert found.until is not None
        held = [today + timedelta(days=n) for n in range((found.until - today).days)]
        assert not any(may_by_the_book(one, is_agreed, ledger, wishes, numbers) for one in held)
        assert may_by_the_book(found.until, is_agreed, ledger, wishes, numbers)
