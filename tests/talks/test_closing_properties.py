"""A running mandate has one closing talk for its current end, whatever is extended, shortened, replaced and put off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.talks.end_rules import PresentTalk, follow_new_end, talks_to_add
from app.talks.plan_rules import closing_again_on, plan
from app.talks.replacement_rules import restart
from app.talks.rules import USUAL_NUMBERS, Kind, Side, State
from tests.talks.test_rules_end_properties import carried_out, first_plan

REGION = "DE-BY"
OPEN = (State.DUE, State.ARRANGED)
SETTLED = (State.HELD, State.DECLINED)


@dataclass
class Life:
    """A mandate's talks as people and the plan change them, in the way of `app.talks.plan_actions`."""

    start: date
    end: date
    talks: list[PresentTalk] = field(default_factory=list)
    is_waived: bool = False
    manager_since: date | None = None
    is_settled: bool = False  # since the end last moved

    def open_closing(self) -> list[PresentTalk]:
        return [talk for talk in self.talks if talk.kind is Kind.CLOSING and talk.state in OPEN]

    def keep(self, talk: PresentTalk) -> None:
        self.talks = [talk if one.key == talk.key else one for one in self.talks]

    def move(self, length: int, signed_after: int) -> None:
        new_end = self.start + timedelta(days=length)
        if new_end == self.end:
            return
        changes = follow_new_end(
            self.talks, start=self.start, old_end=self.end, new_end=new_end,
            signed_on=self.start + timedelta(days=signed_after), region=REGION, closing_is_waived=self.is_waived, manager_since=self.manager_since,
        )  # fmt: skip
        if any(one.key is None and one.kind is Kind.CLOSING for one in changes):
            self.is_waived = False
        self.talks, self.end, self.is_settled = carried_out(self.talks, changes), new_end, False

    def do(self, verb: str, talk: PresentTalk, days: int) -> None:
        assert talk.due_on is not None
        if verb == "put_off":
            self.keep(replace(talk, due_on=talk.due_on + timedelta(days=days)))
        elif verb == "arrange":
            self.keep(replace(talk, state=State.ARRANGED, happens_on=talk.due_on + timedelta(days=days)))
        elif verb in ("held", "declined"):
            self.keep(replace(talk, state=State(verb), happens_on=talk.due_on))
            self.is_settled = self.is_settled or talk.kind is Kind.CLOSING
        else:
            self.keep(replace(talk, state=State.CANCELLED))
            if talk.kind is Kind.CLOSING:
                self.call_off(verb == "waive", talk.due_on)

    def call_off(self, is_waived: bool, today: date) -> None:
        self.is_waived = is_waived
        if not is_waived:
            due_on = closing_again_on(plan(self.start, self.end, REGION), today, REGION)
            key = max(talk.key for talk in self.talks) + 1
            self.talks.append(PresentTalk(key, Kind.CLOSING, Side.CLIENT, State.DUE, due_on))

    def replace_people(self, days: int) -> None:
        """Another contact: open talks follow. Another manager from a day of the term on: the talks with him or her begin anew."""
        self.manager_since = min(self.start + timedelta(days=days), self.end)
        self.talks = [
            replace(talk, with_usual_contact=talk.state in OPEN, with_former_manager=talk.side is Side.MANAGER)
            for talk in self.talks
        ]
        anew = restart(self.talks, start=self.start, end=self.end, manager_since=self.manager_since, region=REGION)
        free = max(talk.key for talk in self.talks) + 1
        self.talks = [
            replace(talk, state=State.CANCELLED, cancelled_by_change=True) if talk.key in anew.called_off else talk
            for talk in self.talks
        ]
        self.talks += [PresentTalk(free + n, one.kind, one.side, State.DUE, one.due_on) for n, one in enumerate(anew.added)]


moves = st.tuples(st.just("move"), st.integers(0, 500), st.integers(-20, 560))
verbs = st.sampled_from(["put_off", "arrange", "held", "declined", "cancel", "waive", "replace"])
deeds = st.tuples(verbs, st.integers(0, 40), st.integers(0, 60))
closing_deeds = st.tuples(verbs, st.just(-1), st.integers(0, 60))  # of the closing talk


def carry_on(life: Life, deed: tuple[str, int, int]) -> None:
    verb, which, days = deed
    found = life.open_closing() if which < 0 else [talk for talk in life.talks if talk.state in OPEN]
    if verb == "move":
        life.move(which, days)
    elif verb == "replace":
        life.replace_people(days * 5)
    elif found:
        life.do(verb, found[which % len(found)], days)


def has_its_closing_talk(life: Life) -> bool:
    """Exactly one is open; or none, and one was held or declined for this end, or a reason says why there is none."""
    wanted = next(one.due_on for one in plan(life.start, life.end, REGION) if one.kind is Kind.CLOSING)
    near = [
        talk
        for talk in life.talks
        if talk.kind is Kind.CLOSING
        and talk.state in SETTLED
        and talk.counts_on is not None
        and abs((talk.counts_on - wanted).days) <= USUAL_NUMBERS.same_talk_days
    ]
    waiting = len(life.open_closing())
    return waiting == 1 or (waiting == 0 and bool(near or life.is_settled or life.is_waived))


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.integers(0, 400),
    st.lists(st.one_of(moves, deeds, closing_deeds), max_size=12),
)
def test_nothing_held_is_lost_nothing_due_doubled_and_there_is_one_closing_talk(start, length, all_deeds):
    end = start + timedelta(days=length)
    life = Life(start, end, first_plan(start, end, REGION))
    for deed in all_deeds:
        held = {talk.key: talk.kind for talk in life.talks if talk.state is State.HELD}
        carry_on(life, deed)

        after = {talk.key: talk for talk in life.talks}
        assert all(after[key].state is State.HELD and after[key].kind is kind for key, kind in held.items())
        assert has_its_closing_talk(life), deed
        if deed[0] == "move":
            planned = plan(life.start, life.end, REGION, manager_since=life.manager_since)
            for kind, side in ((Kind.QUALITY, Side.CLIENT), (Kind.QUALITY, Side.MANAGER), (Kind.AFTERCARE, Side.CLIENT)):
                due = [one for one in life.talks if (one.kind, one.side, one.state) == (kind, side, State.DUE)]
                assert len(due) <= len([one for one in planned if (one.kind, one.side) == (kind, side)])


def test_a_closing_talk_called_off_is_planned_again_unless_a_reason_is_kept():
    planned = plan(date(2026, 1, 12), date(2026, 7, 10), REGION)
    talks = first_plan(date(2026, 1, 12), date(2026, 7, 10), REGION)
    gone = [replace(talk, state=State.CANCELLED) if talk.kind is Kind.CLOSING else talk for talk in talks]

    assert [one.kind for one in talks_to_add(gone, planned)] == [Kind.CLOSING]
    assert talks_to_add(gone, planned, closing_is_waived=True) == []
