"""The table of transitions: each way there is, each "unless", and what no sequence can break."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admission import state_rules as rules
from app.admission.state_rules import Fee, Standing, Terms, Verb
from app.core.errors import RuleViolation
from app.managers.rules import State

TERMS = Terms(review_working_days=2, follow_up_days=14, interview_days=14, withdrawn_days=30, region="DE", free_days=())
ANY_STANDING = st.builds(Standing, st.sampled_from(State), st.integers(0, 3), st.booleans(), st.booleans())


@pytest.mark.parametrize("state, used, verb, leads_to, used_then", [
    ("registered", 0, "confirm", "confirmed", 0),
    ("confirmed", 0, "take", "in_review", 0),
    ("in_review", 0, "pass", "interview", 0),
    ("in_review", 0, "fall_short", "follow_up_1", 1),
    ("in_review", 1, "fall_short", "follow_up_2", 2),
    ("in_review", 2, "fall_short", "follow_up_3", 3),
    ("in_review", 3, "fall_short", "out", 3),
    ("in_review", 1, "repeat", "follow_up_1", 1),
    ("in_review", 3, "repeat", "follow_up_3", 3),
    ("in_review", 0, "refuse", "out", 0),
    ("interview", 2, "refuse", "out", 2),
    ("follow_up_1", 1, "new_papers", "in_review", 1),
    ("follow_up_3", 3, "new_papers", "in_review", 3),
    ("out", 3, "new_papers", "in_review", 3),
    ("paused", 0, "new_papers", "in_review", 0),
    ("follow_up_1", 1, "deadline", "follow_up_2", 2),
    ("follow_up_2", 2, "deadline", "follow_up_3", 3),
    ("follow_up_3", 3, "deadline", "out", 3),
    ("follow_up_1", 1, "skip", "follow_up_2", 2),
    ("interview", 0, "admit", "released", 0),
    ("interview", 0, "waive", "released", 0),
    ("out", 3, "bring_back", "in_review", 3),
    ("released", 0, "go_stale", "paused", 0),
    ("paused", 0, "free_again", "released", 0),
    ("released", 0, "withdraw", "withdrawn", 0),
    ("out", 3, "withdraw", "withdrawn", 3),
    ("withdrawn", 0, "erase", "erased", 0),
])  # fmt: skip
def test_each_way_leads_where_the_table_says(state, used, verb, leads_to, used_then):
    found = rules.after(Standing(State(state), used), Verb(verb), reason="so agreed")

    assert (found.state, found.stages_used) == (leads_to, used_then)


@pytest.mark.parametrize("standing, verb", [
    (Standing(State.CONFIRMED), Verb.CONFIRM),
    (Standing(State.REGISTERED), Verb.TAKE),
    (Standing(State.CONFIRMED), Verb.PASS),
    (Standing(State.IN_REVIEW, 0), Verb.REPEAT),
    (Standing(State.IN_REVIEW, 2, repeated=True), Verb.REPEAT),
    (Standing(State.FOLLOW_UP_3, 3), Verb.SKIP),
    (Standing(State.FOLLOW_UP_1, 3, repeated=True), Verb.SKIP),
    (Standing(State.FOLLOW_UP_1, 1, halted=True), Verb.DEADLINE),
    (Standing(State.FOLLOW_UP_1, 1, halted=True), Verb.HALT),
    (Standing(State.FOLLOW_UP_1, 1), Verb.GO_ON),
    (Standing(State.RELEASED), Verb.WAIVE),
    (Standing(State.RELEASED), Verb.HALT),
    (Standing(State.WITHDRAWN), Verb.WITHDRAW),
    (Standing(State.WITHDRAWN), Verb.BRING_BACK),
])  # fmt: skip
def test_what_the_state_does_not_allow_is_refused_with_a_sentence(standing, verb):
    with pytest.raises(RuleViolation) as refused:
        rules.after(standing, verb, reason="so agreed")

    assert refused.value.message.endswith(".")
    assert verb not in rules.possible(standing)


@pytest.mark.parametrize("standing, verb", [
    (Standing(State.IN_REVIEW, 1), Verb.REPEAT),
    (Standing(State.IN_REVIEW), Verb.REFUSE),
    (Standing(State.INTERVIEW), Verb.WAIVE),
    (Standing(State.FOLLOW_UP_1, 1), Verb.SKIP),
    (Standing(State.OUT, 3), Verb.BRING_BACK),
    (Standing(State.FOLLOW_UP_1, 1), Verb.HALT),
    (Standing(State.FOLLOW_UP_1, 1, halted=True), Verb.GO_ON),
])  # fmt: skip
def test_what_a_person_decides_out_of_turn_needs_a_reason(standing, verb):
    for nothing in (None, "", "  "):
        with pytest.raises(RuleViolation) as refused:
            rules.after(standing, verb, reason=nothing)
        assert refused.value.field == "reason"


@given(st.lists(st.sampled_from(Verb), max_size=60))
def test_no_sequence_uses_more_than_three_stages_or_leaves_erased(verbs):
    standing = Standing(State.REGISTERED)
    letters = 0
    for verb in verbs:
        if verb not in rules.possible(standing):
            continue
        before, standing = standing, rules.after(standing, verb, reason="so agreed")
        letters += standing.state in rules.STAGES and verb not in (Verb.HALT, Verb.GO_ON)
        assert before.stages_used <= standing.stages_used <= 3
        assert before.state is not State.ERASED
        if before.state is State.WITHDRAWN:
            assert standing.state is State.ERASED
        if standing.state in rules.STAGES:
            assert rules.STAGES.index(standing.state) + 1 == standing.stages_used
    assert letters <= 4  # three stages, and the one repetition


@given(ANY_STANDING)
def test_nothing_can_be_done_to_who_is_erased_and_everybody_else_can_be_erased(standing):
    if standing.state is State.ERASED:
        assert rules.possible(standing) == frozenset()
    else:
        assert Verb.ERASE in rules.possible(standing)
        assert (Verb.WITHDRAW in rules.possible(standing)) == (standing.state is not State.WITHDRAWN)


@given(ANY_STANDING, st.sampled_from(Verb))
def test_possible_and_after_agree(standing, verb):
    if verb in rules.possible(standing):
        after = rules.after(standing, verb, reason="so agreed")
        assert after.halted == (verb is Verb.HALT)  # whatever changes the state starts a clock that goes
    else:
        with pytest.raises(RuleViolation):
            rules.after(standing, verb, reason="so agreed")


@pytest.mark.parametrize("state, entered_on, on", [
    ("confirmed", date(2026, 3, 17), date(2026, 3, 19)),
    ("confirmed", date(2026, 3, 20), date(2026, 3, 24)),  # over a weekend
    ("in_review", date(2026, 4, 2), date(2026, 4, 8)),  # over Easter
    ("follow_up_1", date(2026, 3, 17), date(2026, 3, 31)),
    ("follow_up_3", date(2026, 3, 17), date(2026, 3, 31)),
    ("interview", date(2026, 3, 17), date(2026, 3, 31)),
    ("withdrawn", date(2026, 3, 17), date(2026, 4, 16)),
    ("released", date(2026, 3, 17), None),
    ("out", date(2026, 3, 17), None),
    ("erased", date(2026, 3, 17), None),
])  # fmt: skip
def test_each_state_knows_its_next_date(state, entered_on, on):
    assert rules.next_date(State(state), entered_on, TERMS) == on


def test_the_days_of_a_standstill_are_added():
    assert rules.after_halt(date(2026, 3, 31), date(2026, 3, 20), date(2026, 3, 25)) == date(2026, 4, 5)
    assert rules.after_halt(None, date(2026, 3, 20), date(2026, 3, 25)) is None


@pytest.mark.parametrize("last_mail_after, on_day", [(0, 14), (7, 21), (14, 28), (20, 28)])
def test_an_unconfirmed_registration_goes_14_days_after_the_last_mail_at_most_28_after_registering(last_mail_after, on_day):
    first = date(2026, 3, 17)

    found = rules.purge_on(first, first + timedelta(days=last_mail_after), 14, 28)

    assert found == first + timedelta(days=on_day)


def test_the_fourteenth_day_is_the_last_to_withdraw_by_link():
    assert rules.may_withdraw(date(2026, 3, 17), date(2026, 3, 31), 14)
    assert not rules.may_withdraw(date(2026, 3, 17), date(2026, 4, 1), 14)


@pytest.mark.parametrize("fee, state, reviewed, then", [
    ("owed", "confirmed", False, "waived"),
    ("invoiced", "confirmed", False, "waived"),
    ("owed", "in_review", True, "owed"),
    ("paid", "confirmed", False, "paid"),
    (None, "confirmed", False, None),
])  # fmt: skip
def test_who_withdraws_before_a_review_has_begun_owes_nothing(fee, state, reviewed, then):
    assert rules.fee_after_withdrawal(fee, State(state), reviewed) == then


def test_an_invoice_needs_its_number_and_a_refund_a_payment():
    assert rules.check_fee("owed", "invoiced", "R-17") is Fee.INVOICED
    for was, now, number, field in [
        ("owed", "invoiced", " ", "number"),
        ("owed", "refunded", None, "fee"),
        (None, "paid", None, None),
    ]:
        with pytest.raises(RuleViolation) as refused:
            rules.check_fee(was, now, number)
        assert refused.value.field == field
