"""What a mandate is on a day, and what may be changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import RuleViolation
from app.mandates import rules
from app.mandates.rules import DatedTerms, EndChange, SignedEnd, Standing, Terms

START, END = date(2026, 1, 12), date(2026, 7, 10)
TODAY = date(2026, 3, 17)


def test_the_number_has_three_digits_or_more():
    assert rules.number(2026, 7) == "M-2026-007"
    assert rules.number(2026, 1234) == "M-2026-1234"


@pytest.mark.parametrize(
    ("today", "given", "expected"),
    [
        (TODAY, {}, Standing.RUNNING),
        (START, {}, Standing.RUNNING),
        (END, {}, Standing.RUNNING),
        (date(2026, 1, 11), {}, Standing.AHEAD),
        (date(2026, 7, 11), {}, Standing.ENDED),
        (date(2026, 7, 11), {"closed_on": date(2026, 7, 11)}, Standing.CLOSED),
        (TODAY, {"signed_on": None, "starts_on": None, "ends_on": None}, Standing.SCOPING),
        (TODAY, {"signed_on": None, "starts_on": None, "ends_on": None, "lost_on": TODAY}, Standing.LOST),
    ],
)
def test_what_a_mandate_is_follows_from_its_days(today, given, expected):
    days = {"signed_on": START, "starts_on": START, "ends_on": END, "lost_on": None, "closed_on": None, **given}

    assert rules.standing(today, **days) is expected


def test_the_end_is_that_of_the_change_signed_last():
    later = SignedEnd(date(2026, 6, 1), 2, date(2026, 10, 30))
    shorter = SignedEnd(date(2026, 8, 3), 1, date(2026, 9, 30))

    assert rules.current_end(END, []) == END
    assert rules.current_end(END, [shorter, later]) == date(2026, 9, 30)


def test_of_two_changes_signed_on_one_day_the_later_made_one_counts():
    first, second = SignedEnd(TODAY, 1, date(2026, 8, 31)), SignedEnd(TODAY, 2, date(2026, 9, 30))

    assert rules.current_end(END, [second, first]) == date(2026, 9, 30)


def test_days_left_count_down_to_nought_on_the_last_day():
    assert rules.remaining_days(date(2026, 3, 17), date(2026, 7, 31)) == 136
    assert rules.remaining_days(END, END) == 0


@pytest.mark.parametrize("new_end", [END, date(2026, 1, 11), date(2036, 1, 13)])
def test_an_end_that_is_the_present_one_before_the_start_or_ten_years_off_is_refused(new_end):
    with pytest.raises(RuleViolation) as refused:
        rules.check_new_end(START, END, new_end)

    assert refused.value.field == "new_end_on"


def test_a_mandate_of_one_day_can_be():
    rules.check_term(START, START)


def test_a_signature_in_the_future_or_before_the_last_one_is_refused():
    rules.check_signing(TODAY, TODAY, not_before=TODAY)
    with pytest.raises(RuleViolation):
        rules.check_signing(date(2026, 3, 18), TODAY)
    with pytest.raises(RuleViolation):
        rules.check_signing(date(2026, 3, 16), TODAY, not_before=TODAY)


def test_an_early_end_lies_before_the_present_one():
    assert rules.kind_of(END, date(2026, 10, 30), is_early_end=False) is EndChange.EXTENSION
    assert rules.kind_of(END, date(2026, 5, 29), is_early_end=False) is EndChange.SHORTENING
    assert rules.kind_of(END, date(2026, 5, 29), is_early_end=True) is EndChange.EARLY_END
    with pytest.raises(RuleViolation) as refused:
        rules.kind_of(END, date(2026, 10, 30), is_early_end=True)
    assert refused.value.field == "is_early_end"


def test_the_days_that_hang_on_the_end():
    found = rules.end_dates(date(2026, 7, 31), 8, (30, 60))

    assert found.countdown_from == date(2026, 6, 5)
    assert found.decide_on == (date(2026, 6, 1), date(2026, 7, 1))
    assert found.manager_free_from == date(2026, 8, 1)


def test_the_exit_plan_is_overdue_from_the_day_after():
    assert not rules.exit_is_overdue(None, TODAY)
    assert not rules.exit_is_overdue(TODAY, TODAY)
    assert rules.exit_is_overdue(date(2026, 3, 16), TODAY)


CONTRACT = Terms(Decimal(1890), Decimal(1450), Decimal(5))


def test_rates_hold_from_their_day_and_what_they_leave_open_stays():
    changes = [
        DatedTerms(date(2026, 7, 11), (2, 2), Terms(client_rate=Decimal(1950))),
        DatedTerms(date(2026, 5, 1), (1, 1), Terms(days_per_week=Decimal(4))),
    ]

    assert rules.in_force(CONTRACT, changes, date(2026, 4, 30)) == CONTRACT
    assert rules.in_force(CONTRACT, changes, date(2026, 5, 1)) == Terms(Decimal(1890), Decimal(1450), Decimal(4))
    assert rules.in_force(CONTRACT, changes, date(2026, 7, 11)) == Terms(Decimal(1950), Decimal(1450), Decimal(4))


def test_of_two_changes_on_one_day_the_later_made_one_holds():
    day = date(2026, 5, 1)
    changes = [DatedTerms(day, (9, 1), Terms(client_rate=Decimal(2000))), DatedTerms(day, (3, 7), Terms(client_rate=Decimal(1)))]

    assert rules.in_force(CONTRACT, changes, day).client_rate == Decimal(2000)


def test_the_margin_brings_hours_to_days():
    by_hour = Terms(client_rate=Decimal(200), manager_rate=Decimal(1200))

    found = rules.margin_of(by_hour, "hour", "day", hours_a_day=8)

    assert found is not None
    assert (found.per_day, found.share) == (Decimal(400), Decimal("0.250"))
    assert rules.margin_of(Terms(client_rate=Decimal(200)), "day", "day", 8) is None


@pytest.mark.parametrize(
    ("effective_on", "last_change_on", "allowed"),
    [
        (date(2026, 6, 1), None, True),
        (date(2026, 5, 31), None, False),  # before it was agreed
        (date(2026, 6, 1), date(2026, 6, 2), False),  # before the newest change
        (date(2026, 7, 10), date(2026, 7, 10), True),
        (date(2026, 7, 11), None, False),  # after the end
    ],
)
def test_rates_never_change_backwards(effective_on, last_change_on, allowed):
    def check() -> None:
        rules.check_effective(
            effective_on, starts_on=START, ends_on=END, not_before=date(2026, 6, 1), last_change_on=last_change_on
        )

    if allowed:
        check()
    else:
        with pytest.raises(RuleViolation) as refused:
            check()
        assert refused.value.field == "effective_on"


def test_new_rates_usually_hold_from_the_day_after_the_old_end():
    signed = date(2026, 6, 1)

    assert rules.usual_effective_day(END, date(2026, 10, 30), signed) == date(2026, 7, 11)
    assert rules.usual_effective_day(END, date(2026, 10, 30), date(2026, 7, 20)) == date(2026, 7, 20)
    assert rules.usual_effective_day(END, date(2026, 6, 26), signed) == signed


def test_only_a_lead_with_a_reason_puts_somebody_on_who_is_not_released():
    assert rules.check_manager("released", may_override=False, override_reason=None) is False
    assert rules.check_manager("released", True, "known for years", waits_for_start=True) is True
    with pytest.raises(RuleViolation):
        rules.check_manager("released", may_override=False, override_reason=None, waits_for_start=True)
    assert rules.check_manager("interview", may_override=True, override_reason="known for years") is True
    for may_override, field in ((False, "manager_name"), (True, "override_reason")):
        with pytest.raises(RuleViolation) as refused:
            rules.check_manager("interview", may_override, None)
        assert refused.value.field == field
