"""What becomes of each talk when the end of a mandate moves.

The mandate of these tests runs in Bavaria from 12 January to 10 July 2026; extended to 30 October its plan has quality
talks on 26 January, 9 March, 20 April, 1 June, 13 July and 24 August, closing on 16 October, aftercare on 28 January.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core.errors import RuleViolation
from app.talks.end_rules import Action, Change, PresentTalk, Reason, follow_new_end, talks_to_add
from app.talks.plan_rules import plan
from app.talks.rules import Kind, PlanNumbers, Side, State

BAVARIA = "DE-BY"
START, OLD_END, LATER_END = date(2026, 1, 12), date(2026, 7, 10), date(2026, 10, 30)
JUNE_1 = date(2026, 6, 1)
CLOSING, AFTERCARE = date(2026, 6, 26), date(2026, 10, 8)
LATER_CLOSING, LATER_AFTERCARE = date(2026, 10, 16), date(2027, 1, 28)
JULY_13, AUGUST_24 = date(2026, 7, 13), date(2026, 8, 24)


def talk(kind: str, due_on: date | None, state: str = "due", *, key: int = 1, side: str = "client", **more) -> PresentTalk:
    return PresentTalk(key, Kind(kind), Side(side), State(state), due_on, **more)


def extended(*present: PresentTalk, to: date = LATER_END, signed_on: date = JUNE_1, **more) -> list[Change]:
    """What becomes of `present` when the end moves from 10 July to `to`."""
    options = {"start": START, "old_end": OLD_END, "region": BAVARIA} | more
    return follow_new_end(present, new_end=to, signed_on=signed_on, **options)


def of(changes: Iterable[Change], key: int = 1) -> Change:
    (change,) = [change for change in changes if change.key == key]
    return change


def added(changes: Iterable[Change]) -> set[tuple[str, str, date | None]]:
    return {(c.kind.value, c.side.value, c.due_after) for c in changes if c.action is Action.ADDED}


def whole_plan(held_until: date, end: date = OLD_END) -> list[PresentTalk]:
    """The plan as it stands, with what was due up to `held_until` held."""
    states = ((one, State.HELD if one.due_on <= held_until else State.DUE) for one in plan(START, end, BAVARIA))
    return [PresentTalk(n, one.kind, one.side, state, one.due_on) for n, (one, state) in enumerate(states, start=1)]


class TestTheKnownCase:
    """The closing talk of 26 June is arranged; on 1 June an extension to 30 October is signed."""

    @pytest.fixture
    def changes(self):
        present = [
            replace(one, state=State.ARRANGED, happens_on=CLOSING) if one.kind is Kind.CLOSING else one
            for one in whole_plan(held_until=JUNE_1)
        ]
        return extended(*present)

    def test_the_appointment_of_26_june_stays_as_a_quality_talk(self, changes):
        change = of(changes, 9)

        assert (change.kind_before, change.kind) == (Kind.CLOSING, Kind.QUALITY)
        assert (change.action, change.reason, change.state) == (
            Action.BECOMES_QUALITY,
            Reason.CLOSING_TOO_EARLY,
            State.ARRANGED,
        )
        assert change.due_before == change.due_after == change.happens_on == CLOSING
        assert not change.asks_owner

    def test_it_takes_the_place_of_the_clients_talk_of_13_july(self, changes):
        assert of(changes, 9).takes_place_of == JULY_13
        assert ("quality", "client", JULY_13) not in added(changes)

    def test_closing_and_extension_talk_and_the_rest_of_the_plan_are_added(self, changes):
        assert added(changes) == {
            ("extension", "client", date(2026, 6, 8)),
            ("quality", "manager", JULY_13),
            ("quality", "client", AUGUST_24),
            ("quality", "manager", AUGUST_24),
            ("closing", "client", LATER_CLOSING),
        }

    def test_the_aftercare_talk_follows_the_end(self, changes):
        change = of(changes, 10)

        assert (change.action, change.reason) == (Action.MOVES, Reason.FOLLOWS_END)
        assert (change.due_before, change.due_after) == (AFTERCARE, LATER_AFTERCARE)

    def test_what_was_held_stays(self, changes):
        held = [change for change in changes if change.state is State.HELD]

        assert len(held) == 8
        assert all((c.action, c.reason) == (Action.STAYS, Reason.HAPPENED) for c in held)
        assert all(c.due_before == c.due_after for c in held)

    def test_the_changes_come_by_date(self, changes):
        assert [change.due_after for change in changes] == sorted(change.due_after for change in changes)


def test_the_same_end_changes_nothing():
    overdue = talk("quality", date(2026, 3, 9))
    arranged = talk("closing", CLOSING, "arranged", key=2)

    changes = extended(overdue, arranged, to=OLD_END)

    assert [(c.action, c.reason) for c in changes] == [(Action.STAYS, Reason.END_UNCHANGED)] * 2
    assert [c.due_after for c in changes] == [date(2026, 3, 9), CLOSING]


class TestWhatHappenedStays:
    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            ("held", Reason.HAPPENED),
            ("declined", Reason.HAPPENED),
            ("cancelled", Reason.CANCELLED_BY_PERSON),
        ],
    )
    @pytest.mark.parametrize("days_apart", [-10, 0, 10])
    def test_it_stays_and_nothing_is_added_in_its_place(self, state, reason, days_apart):
        due_on = JULY_13 + timedelta(days=days_apart)

        changes = extended(talk("quality", due_on, state))

        assert (of(changes).action, of(changes).reason) == (Action.STAYS, reason)
        assert of(changes).state is State(state)
        assert of(changes).due_after == due_on
        assert ("quality", "client", JULY_13) not in added(changes)
        assert ("quality", "manager", JULY_13) in added(changes)

    @pytest.mark.parametrize("state", ["held", "declined", "cancelled"])
    def test_eleven_days_away_it_is_another_talk(self, state):
        changes = extended(talk("quality", JULY_13 - timedelta(days=11), state))

        assert ("quality", "client", JULY_13) in added(changes)

    @pytest.mark.parametrize("kind", ["closing", "aftercare"])
    @pytest.mark.parametrize("state", ["held", "declined", "cancelled"])
    def test_closing_and_aftercare_too_within_ten_days(self, kind, state):
        wanted = LATER_CLOSING if kind == "closing" else LATER_AFTERCARE

        near = extended(talk(kind, wanted - timedelta(days=10), state))
        far = extended(talk(kind, wanted - timedelta(days=11), state))

        is_asked_again = (kind, state) == ("closing", "cancelled")
        assert ((kind, "client", wanted) in added(near)) is is_asked_again
        assert (kind, "client", wanted) in added(far)
        assert of(near).action is of(far).action is Action.STAYS

    def test_a_closing_talk_called_off_is_not_asked_for_again_where_a_reason_is_kept(self):
        near = extended(talk("closing", LATER_CLOSING - timedelta(days=10), "cancelled"), closing_is_waived=True)

        assert ("closing", "client", LATER_CLOSING) not in added(near)

    def test_a_talk_that_an_earlier_change_cancelled_counts_as_not_there(self):
        cancelled = talk("quality", JULY_13, "cancelled", cancelled_by_change=True)

        changes = extended(cancelled)

        assert ("quality", "client", JULY_13) in added(changes)
        assert [change for change in changes if change.key is not None] == []

    def test_a_talk_logged_without_due_date_counts_by_the_day_it_was_held(self):
        changes = extended(talk("quality", None, "held", happens_on=date(2026, 7, 3)))

        assert ("quality", "client", JULY_13) not in added(changes)
        assert of(changes).due_after is None

    def test_a_held_talk_counts_by_its_due_date_where_it_has_one(self):
        changes = extended(talk("quality", JULY_13, "held", happens_on=date(2026, 5, 4)))

        assert ("quality", "client", JULY_13) not in added(changes)

    def test_a_talk_that_never_had_a_date_stands_for_nothing(self):
        changes = extended(talk("quality", None, "declined"))

        assert of(changes).action is Action.STAYS
        assert ("quality", "client", JULY_13) in added(changes)


class TestTheSameTalk:
    @pytest.mark.parametrize("days_apart", [-10, -1, 1, 10])
    def test_a_due_talk_takes_the_new_date(self, days_apart):
        changes = extended(talk("quality", JULY_13 + timedelta(days=days_apart)))

        assert (of(changes).action, of(changes).reason) == (Action.MOVES, Reason.FOLLOWS_PLAN)
        assert of(changes).due_after == JULY_13
        assert ("quality", "client", JULY_13) not in added(changes)

    def test_a_due_talk_on_the_date_of_the_new_plan_stays(self):
        assert (of(extended(talk("quality", JULY_13))).action, of(extended(talk("quality", JULY_13))).reason) == (
            Action.STAYS,
            Reason.SAME_DATE,
        )

    @pytest.mark.parametrize("days_apart", [-11, 11])
    def test_a_due_talk_farther_off_is_cancelled_and_the_new_one_added(self, days_apart):
        changes = extended(talk("quality", JULY_13 + timedelta(days=days_apart)))

        change = of(changes)
        assert (change.action, change.reason, change.state) == (
            Action.CANCELLED,
            Reason.NOT_IN_NEW_PLAN,
            State.CANCELLED,
        )
        assert change.due_after is None
        assert ("quality", "client", JULY_13) in added(changes)

    def test_it_is_of_the_same_side(self):
        changes = extended(talk("quality", JULY_13, "held", side="manager"))

        assert ("quality", "client", JULY_13) in added(changes)
        assert ("quality", "manager", JULY_13) not in added(changes)

    def test_it_is_of_the_same_kind(self):
        changes = extended(talk("closing", JULY_13, "held"))

        assert ("quality", "client", JULY_13) in added(changes)

    def test_the_nearest_is_the_same_talk(self):
        farther, nearer = talk("quality", date(2026, 7, 9), key=1), talk("quality", date(2026, 7, 15), key=2)

        for present in ([farther, nearer], [nearer, farther]):
            changes = extended(*present)

            assert of(changes, 1).action is Action.CANCELLED
            assert (of(changes, 2).action, of(changes, 2).due_after) == (Action.MOVES, JULY_13)

    def test_an_arranged_talk_keeps_its_appointment_and_its_due_date(self):
        due_on, appointment = JULY_13 - timedelta(days=6), date(2026, 7, 20)

        changes = extended(talk("quality", due_on, "arranged", happens_on=appointment))

        change = of(changes)
        assert (change.action, change.reason) == (Action.STAYS, Reason.ARRANGED)
        assert (change.due_after, change.happens_on) == (due_on, appointment)
        assert ("quality", "client", JULY_13) not in added(changes)

    def test_of_two_equally_near_an_appointment_counts_before_a_talk_still_due(self):
        due, arranged = talk("quality", date(2026, 7, 15), key=1), talk("quality", date(2026, 7, 11), "arranged", key=2)

        changes = extended(due, arranged)

        assert of(changes, 1).action is Action.CANCELLED
        assert of(changes, 2).action is Action.STAYS

    def test_a_talk_put_back_by_hand_on_the_day_of_a_cancelled_one_stays(self):
        changes = extended(talk("quality", JULY_13, "cancelled", key=1), talk("quality", JULY_13, key=2))

        assert of(changes, 2).action is Action.STAYS

    def test_an_arranged_talk_outside_the_new_plan_stays(self):
        changes = extended(talk("aftercare", AFTERCARE, "arranged", happens_on=AFTERCARE))

        assert (of(changes).action, of(changes).due_after) == (Action.STAYS, AFTERCARE)
        assert ("aftercare", "client", LATER_AFTERCARE) in added(changes)


class TestClosingAndAftercareFollowTheEnd:
    def test_however_far_it_moves_later(self):
        changes = extended(talk("closing", CLOSING, key=1), talk("aftercare", AFTERCARE, key=2))

        assert (of(changes, 1).due_after, of(changes, 2).due_after) == (LATER_CLOSING, LATER_AFTERCARE)
        assert {of(changes, 1).reason, of(changes, 2).reason} == {Reason.FOLLOWS_END}
        assert not {kind for kind, _, _ in added(changes)} & {"closing", "aftercare"}

    def test_however_far_it_moves_earlier(self):
        changes = extended(
            talk("closing", CLOSING, key=1), talk("aftercare", AFTERCARE, key=2), to=date(2026, 3, 31), signed_on=START
        )

        assert (of(changes, 1).due_after, of(changes, 2).due_after) == (date(2026, 3, 17), date(2026, 6, 29))

    def test_of_two_due_closing_talks_one_remains(self):
        changes = extended(talk("closing", CLOSING, key=1), talk("closing", date(2026, 7, 3), key=2))

        assert of(changes, 1).action is Action.CANCELLED
        assert of(changes, 2).due_after == LATER_CLOSING

    def test_back_at_the_old_end_the_closing_talk_declined_there_counts(self):
        declined, due = talk("closing", CLOSING, "declined", key=1), talk("closing", LATER_CLOSING, key=2)

        changes = extended(declined, due, old_end=LATER_END, to=OLD_END)

        assert of(changes, 1).action is Action.STAYS
        assert of(changes, 2).action is Action.CANCELLED
        assert not {c for c in added(changes) if c[0] == "closing"}


class TestWhatIsAdded:
    def test_only_talks_after_the_signing(self):
        on_the_day, the_day_before = extended(signed_on=JULY_13), extended(signed_on=JULY_13 - timedelta(days=1))

        assert ("quality", "client", JULY_13) not in added(on_the_day)
        assert ("quality", "client", AUGUST_24) in added(on_the_day)
        assert ("quality", "client", JULY_13) in added(the_day_before)

    def test_closing_and_aftercare_in_any_case_on_the_first_working_day_after_the_signing(self):
        friday = date(2027, 4, 30)

        assert added(extended(signed_on=friday)) == {
            ("closing", "client", date(2027, 5, 3)),
            ("aftercare", "client", date(2027, 5, 3)),
            ("extension", "client", date(2027, 5, 7)),
        }

    def test_the_reason_tells_the_extension_talk_from_the_plan(self):
        reasons = {change.kind: change.reason for change in extended()}

        assert reasons[Kind.EXTENSION] is Reason.EXTENDED
        assert reasons[Kind.CLOSING] is Reason.IN_NEW_PLAN


class TestDatesOnOrBeforeTheSigning:
    @pytest.mark.parametrize("signed_on", [JULY_13, date(2026, 7, 15)])
    def test_a_due_talk_is_due_on_the_first_working_day_after(self, signed_on):
        changes = extended(talk("quality", date(2026, 7, 16)), signed_on=signed_on)

        assert of(changes).due_after == signed_on + timedelta(days=1)
        assert of(changes).reason in (Reason.AFTER_SIGNING, Reason.SAME_DATE)

    def test_the_day_after_the_signing_is_early_enough(self):
        changes = extended(talk("quality", date(2026, 7, 16)), signed_on=JULY_13 - timedelta(days=1))

        assert of(changes).due_after == JULY_13

    def test_an_overdue_talk_as_well(self):
        changes = extended(talk("quality", date(2026, 4, 20)), signed_on=date(2026, 6, 5))

        assert (of(changes).action, of(changes).reason) == (Action.MOVES, Reason.AFTER_SIGNING)
        assert of(changes).due_after == date(2026, 6, 8)

    def test_even_past_the_end_where_the_end_was_in_the_past(self):
        friday = date(2026, 5, 15)

        changes = extended(
            talk("closing", CLOSING, key=1),
            talk("aftercare", AFTERCARE, key=2),
            talk("quality", JUNE_1, key=3),
            to=date(2026, 3, 31),
            signed_on=friday,
        )

        assert (of(changes, 1).due_after, of(changes, 1).reason) == (date(2026, 5, 18), Reason.AFTER_SIGNING)
        assert of(changes, 2).due_after == date(2026, 6, 29)
        assert of(changes, 3).action is Action.CANCELLED
        assert added(changes) == set()

    def test_the_firms_free_days_count(self):
        new_year = date(2026, 12, 30)

        changes = extended(talk("closing", CLOSING), signed_on=new_year, free_days=[(12, 31)])

        assert of(changes).due_after == date(2027, 1, 4)


class TestAnArrangedClosingTalk:
    def arranged(self, happens_on: date = CLOSING, due_on: date = CLOSING) -> PresentTalk:
        return talk("closing", due_on, "arranged", happens_on=happens_on)

    def test_becomes_a_quality_talk_even_where_the_end_is_one_day_later(self):
        changes = extended(self.arranged(), to=date(2026, 7, 11))

        assert (of(changes).action, of(changes).kind) == (Action.BECOMES_QUALITY, Kind.QUALITY)
        assert ("closing", "client", date(2026, 6, 29)) in added(changes)

    def test_stays_the_closing_talk_where_the_end_is_earlier_however_far(self):
        changes = extended(self.arranged(happens_on=date(2026, 5, 20)), talk("closing", CLOSING, key=2), to=date(2026, 5, 22))

        assert (of(changes).action, of(changes).kind, of(changes).reason) == (
            Action.STAYS,
            Kind.CLOSING,
            Reason.ARRANGED,
        )
        assert of(changes).due_after == CLOSING
        assert of(changes, 2).action is Action.CANCELLED
        assert not {c for c in added(changes) if c[0] == "closing"}

    @pytest.mark.parametrize(("happens_on", "asks"), [(date(2026, 6, 23), True), (date(2026, 6, 22), False)])
    def test_where_the_appointment_lies_after_the_new_end_the_owner_decides(self, happens_on, asks):
        changes = extended(self.arranged(happens_on), to=date(2026, 6, 22))

        assert of(changes).asks_owner is asks
        assert of(changes).reason is (Reason.CLOSING_AFTER_END if asks else Reason.ARRANGED)
        assert of(changes).action is Action.STAYS

    @pytest.mark.parametrize("state", ["held", "due"])
    def test_counts_before_another_one_that_is_nearer(self, state):
        nearer = talk("closing", date(2026, 5, 8), state, key=2)

        changes = extended(self.arranged(), nearer, talk("closing", date(2026, 5, 8), key=3), to=date(2026, 5, 22))

        assert of(changes, 2).state is (State.HELD if state == "held" else State.CANCELLED)
        assert of(changes, 3).action is Action.CANCELLED
        assert not {c for c in added(changes) if c[0] == "closing"}

    def test_as_a_quality_talk_near_the_new_plan_is_the_same_talk(self):
        changes = extended(self.arranged(due_on=date(2026, 7, 8)))

        assert of(changes).action is Action.BECOMES_QUALITY
        assert ("quality", "client", JULY_13) not in added(changes)


class TestAnArrangedQualityTalk:
    @pytest.mark.parametrize("days_apart", [-21, -11, 11])
    def test_takes_the_place_of_one_within_21_days(self, days_apart):
        changes = extended(talk("quality", JULY_13 + timedelta(days=days_apart), "arranged"), signed_on=date(2026, 6, 15))

        assert (of(changes).reason, of(changes).takes_place_of) == (Reason.TAKES_PLACE, JULY_13)
        assert ("quality", "client", JULY_13) not in added(changes)
        assert {("quality", "manager", JULY_13), ("quality", "client", AUGUST_24)} <= added(changes)

    def test_not_of_one_22_days_away(self):
        changes = extended(talk("quality", JULY_13 - timedelta(days=22), "arranged"))

        assert of(changes).takes_place_of is None
        assert ("quality", "client", JULY_13) in added(changes)

    def test_not_where_it_is_with_another_contact(self):
        elsewhere = talk("quality", JULY_13 - timedelta(days=15), "arranged", with_usual_contact=False)

        assert ("quality", "client", JULY_13) in added(extended(elsewhere))

    def test_not_of_the_other_sides_talk(self):
        changes = extended(talk("quality", JULY_13 - timedelta(days=15), "arranged", side="manager"))

        assert ("quality", "client", JULY_13) in added(changes)
        assert ("quality", "manager", JULY_13) not in added(changes)

    @pytest.mark.parametrize("state", ["held", "declined", "cancelled"])
    def test_only_an_arranged_one_does(self, state):
        changes = extended(talk("quality", JULY_13 - timedelta(days=15), state))

        assert ("quality", "client", JULY_13) in added(changes)

    def test_only_a_quality_talk_does(self):
        changes = extended(talk("aftercare", LATER_AFTERCARE - timedelta(days=15), "arranged"))

        assert ("aftercare", "client", LATER_AFTERCARE) in added(changes)

    def test_one_that_is_the_same_talk_takes_no_second_place(self):
        changes = extended(talk("quality", JULY_13, "arranged"), numbers=PlanNumbers(absorb_days=42))

        assert of(changes).takes_place_of is None
        assert ("quality", "client", AUGUST_24) in added(changes)

    def test_it_counts_by_its_due_date_not_by_the_appointment(self):
        near_by_appointment = talk("quality", JULY_13 - timedelta(days=22), "arranged", happens_on=JULY_13)

        assert ("quality", "client", JULY_13) in added(extended(near_by_appointment))

    def test_it_takes_one_place_only_and_the_nearest(self):
        changes = extended(
            talk("quality", date(2026, 7, 25), "arranged", key=1), numbers=PlanNumbers(absorb_days=40), signed_on=JUNE_1
        )

        assert of(changes).takes_place_of == JULY_13
        assert ("quality", "client", AUGUST_24) in added(changes)

    def test_a_place_that_would_stay_empty_anyway_is_none(self):
        halfway = talk("quality", date(2026, 8, 3), "arranged")  # 21 days from 13 July and from 24 August

        changes = extended(halfway, signed_on=date(2026, 7, 20))

        assert of(changes).takes_place_of == AUGUST_24

    def test_a_due_talk_that_is_there_keeps_its_place(self):
        changes = extended(talk("quality", JULY_13, key=1), talk("quality", JULY_13 + timedelta(days=12), "arranged", key=2))

        assert (of(changes, 1).action, of(changes, 2).takes_place_of) == (Action.STAYS, None)


class TestArrangedQualityTalksAfterTheClosingTalk:
    """The end moves to 22 May: the closing talk is due on 8 May."""

    END, CLOSING = date(2026, 5, 22), date(2026, 5, 8)

    @pytest.mark.parametrize("side", ["client", "manager"])
    def test_are_shown_to_the_owner(self, side):
        changes = extended(talk("quality", date(2026, 5, 11), "arranged", side=side), to=self.END, signed_on=START)

        assert of(changes).asks_owner
        assert (of(changes).action, of(changes).reason) == (Action.STAYS, Reason.QUALITY_AFTER_CLOSING)

    def test_not_on_the_same_day(self):
        changes = extended(talk("quality", self.CLOSING, "arranged"), to=self.END, signed_on=START)

        assert not of(changes).asks_owner

    def test_by_due_dates_not_by_the_appointment(self):
        changes = extended(
            talk("quality", date(2026, 5, 7), "arranged", happens_on=date(2026, 5, 20)), to=self.END, signed_on=START
        )

        assert not of(changes).asks_owner

    def test_not_those_that_are_only_due(self):
        changes = extended(talk("quality", date(2026, 5, 28)), to=self.END, signed_on=START)

        assert of(changes).action is Action.CANCELLED

    def test_the_closing_talk_counts_where_the_signing_has_put_it(self):
        friday = date(2026, 6, 12)

        before, after = (
            extended(talk("quality", day, "arranged"), to=self.END, signed_on=friday)
            for day in (date(2026, 6, 15), date(2026, 6, 16))
        )

        assert not of(before).asks_owner
        assert of(after).asks_owner

    def test_the_closing_talk_counts_by_the_day_of_the_one_that_stands_for_it(self):
        held = talk("closing", date(2026, 5, 18), "held", key=2)

        assert not of(extended(talk("quality", date(2026, 5, 18), "arranged"), held, to=self.END, signed_on=START)).asks_owner
        assert of(extended(talk("quality", date(2026, 5, 19), "arranged"), held, to=self.END, signed_on=START)).asks_owner

    def test_a_closing_talk_held_late_counts_by_its_due_date_all_the_same(self):
        held = talk("closing", date(2026, 5, 18), "held", key=2, happens_on=date(2026, 5, 27))

        changes = extended(talk("quality", date(2026, 5, 18), "arranged"), held, to=self.END, signed_on=START)

        assert not of(changes).asks_owner

    def test_a_closing_talk_still_due_counts_by_its_new_date(self):
        changes = extended(
            talk("quality", date(2026, 5, 11), "arranged"), talk("closing", CLOSING, key=2), to=self.END, signed_on=START
        )

        assert of(changes).asks_owner

    def test_only_quality_talks_are(self):
        changes = extended(talk("aftercare", AFTERCARE, "arranged", happens_on=AFTERCARE), to=self.END, signed_on=START)

        assert not of(changes).asks_owner

    def test_a_closing_talk_that_waits_for_the_owner_hides_none(self):
        closing = talk("closing", CLOSING, "arranged", key=2, happens_on=CLOSING)

        changes = extended(talk("quality", JUNE_1, "arranged"), closing, to=self.END, signed_on=START)

        assert of(changes, 1).asks_owner
        assert of(changes, 2).reason is Reason.CLOSING_AFTER_END

    def test_a_closing_talk_become_quality_can_lie_after_the_new_one(self):
        # 48 days close 12 days before the end, 49 days 14: one day more, and the closing talk comes a day earlier.
        start, end = date(2026, 1, 14), date(2026, 3, 2)
        closing = talk("closing", date(2026, 2, 18), "arranged")

        changes = follow_new_end(
            [closing], start=start, old_end=end, new_end=end + timedelta(days=1), signed_on=start, region=BAVARIA
        )

        assert (of(changes).action, of(changes).reason) == (Action.BECOMES_QUALITY, Reason.QUALITY_AFTER_CLOSING)


class TestTheExtensionTalk:
    def extension(self, changes: list[Change]) -> list[date | None]:
        return [c.due_after for c in changes if c.kind is Kind.EXTENSION and c.action is not Action.CANCELLED]

    def test_is_due_seven_days_after_the_signing_moved_to_a_working_day(self):
        assert self.extension(extended(signed_on=date(2026, 6, 1))) == [date(2026, 6, 8)]
        assert self.extension(extended(signed_on=date(2026, 5, 28))) == [date(2026, 6, 5)]  # 4 June: Corpus Christi

    def test_comes_only_where_the_end_moves_later(self):
        assert self.extension(extended(to=date(2026, 7, 11))) == [date(2026, 6, 8)]
        assert self.extension(extended(to=OLD_END)) == []
        assert self.extension(extended(to=date(2026, 7, 9))) == []

    @pytest.mark.parametrize("state", ["held", "declined", "arranged", "cancelled"])
    def test_is_not_asked_for_again_within_ten_days(self, state):
        earlier = talk("extension", date(2026, 5, 29), state)

        assert not {c for c in added(extended(earlier)) if c[0] == "extension"}

    def test_of_an_earlier_extension_takes_the_new_date_or_gives_way_to_the_new_one(self):
        near, far = talk("extension", date(2026, 5, 29)), talk("extension", date(2026, 5, 28))

        assert self.extension(extended(near)) == [date(2026, 6, 8)]
        assert of(extended(near)).action is Action.MOVES
        assert self.extension(extended(far)) == [date(2026, 6, 8)]
        assert of(extended(far)).action is Action.CANCELLED

    def test_falls_away_where_the_end_moves_back_before_it_was_held(self):
        due = talk("extension", date(2026, 6, 8))

        changes = extended(due, old_end=LATER_END, to=OLD_END, signed_on=date(2026, 6, 3))

        assert of(changes).action is Action.CANCELLED


class TestWithoutAQualityClause:
    def test_there_are_closing_and_aftercare_only(self):
        changes = extended(talk("closing", CLOSING), talk("aftercare", AFTERCARE, key=2), has_quality_clause=False)

        assert [(c.kind, c.due_after) for c in changes] == [
            (Kind.CLOSING, LATER_CLOSING),
            (Kind.AFTERCARE, LATER_AFTERCARE),
        ]

    def test_an_arranged_closing_talk_keeps_its_appointment_all_the_same(self):
        changes = extended(talk("closing", CLOSING, "arranged"), has_quality_clause=False)

        assert of(changes).action is Action.BECOMES_QUALITY
        assert ("closing", "client", LATER_CLOSING) in added(changes)


class TestTalksOutsideThePlan:
    @pytest.mark.parametrize("kind", ["interview", "evaluation", "reference", "other"])
    @pytest.mark.parametrize("state", ["due", "arranged", "held"])
    def test_are_left_alone(self, kind, state):
        changes = extended(talk(kind, JULY_13, state, happens_on=JULY_13))

        assert (of(changes).action, of(changes).reason) == (Action.STAYS, Reason.NOT_OF_THE_PLAN)
        assert of(changes).due_after == JULY_13
        assert ("quality", "client", JULY_13) in added(changes)


def test_a_short_term_that_becomes_a_long_one_moves_its_one_quality_talk():
    start, end, signed_on = date(2026, 1, 12), date(2026, 2, 20), date(2026, 1, 20)  # 40 days: 2 (moved from 1) February
    present = [PresentTalk(n, p.kind, p.side, State.DUE, p.due_on) for n, p in enumerate(plan(start, end, BAVARIA), 1)]

    changes = follow_new_end(present, start=start, old_end=end, new_end=OLD_END, signed_on=signed_on, region=BAVARIA)

    moved = {(c.kind.value, c.side.value): c.due_after for c in changes if c.action is Action.MOVES}
    assert moved == {
        ("quality", "client"): date(2026, 1, 26),
        ("quality", "manager"): date(2026, 1, 26),
        ("closing", "client"): CLOSING,
        ("aftercare", "client"): AFTERCARE,
    }


def test_an_extension_cut_short_again_takes_its_talks_back():
    present = whole_plan(held_until=JUNE_1, end=LATER_END)

    changes = extended(*present, old_end=LATER_END, to=OLD_END, signed_on=JUNE_1)

    gone = {(c.side.value, c.due_before) for c in changes if c.action is Action.CANCELLED}
    assert gone == {(side, day) for side in ("client", "manager") for day in (JULY_13, AUGUST_24)}
    assert {(c.kind, c.due_after) for c in changes if c.action is Action.MOVES} == {
        (Kind.CLOSING, CLOSING),
        (Kind.AFTERCARE, AFTERCARE),
    }


def test_a_new_end_before_the_start_is_refused():
    with pytest.raises(RuleViolation, match="before the start"):
        extended(to=START - timedelta(days=1))


class TestTheFirstPlan:
    def test_adds_what_is_not_there_and_nothing_twice(self):
        planned = plan(START, OLD_END, BAVARIA)

        assert talks_to_add([], planned) == planned
        assert talks_to_add(whole_plan(held_until=START), planned) == []

    def test_counts_a_talk_that_was_logged_before(self):
        logged = talk("quality", None, "held", happens_on=date(2026, 1, 20))

        missing = talks_to_add([logged], plan(START, OLD_END, BAVARIA))

        assert len(missing) == 9
        assert not [one for one in missing if one.side is Side.CLIENT and one.due_on == date(2026, 1, 26)]

    def test_does_not_count_what_a_change_of_the_end_cancelled(self):
        planned = plan(START, OLD_END, BAVARIA)
        cancelled = [replace(one, state=State.CANCELLED, cancelled_by_change=True) for one in whole_plan(START)]

        assert talks_to_add(cancelled, planned) == planned
