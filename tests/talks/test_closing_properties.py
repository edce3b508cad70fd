"""A running mandate has one closing talk for its current end, whatever is extended, shortened, replaced and put off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import first_working_day_after
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
    """A mandate's talks as people and the plan change them, in the way of `app.talks.plan_actions`.

    Managers are numbered as they come. `newest` is who is on it or is to take over on `since`, `present` who is on it;
    `before` is the `since` of the present one while another is planned. `people` says with which manager a talk is.
    """

    start: date
    end: date
    talks: list[PresentTalk] = field(default_factory=list)
    is_waived: bool = False
    is_settled: bool = False  # since the end last moved
    since: date | None = None
    before: date | None = None
    present: int = 1
    newest: int = 1
    people: dict[int, int] = field(default_factory=dict)
    added_from: date = date.min

    @property
    def is_changing(self) -> bool:
        return self.newest != self.present

    def open_closing(self) -> list[PresentTalk]:
        return [talk for talk in self.talks if talk.kind is Kind.CLOSING and talk.state in OPEN]

    def with_manager(self, *states: State) -> list[PresentTalk]:
        return [one for one in self.talks if one.kind is Kind.QUALITY and one.side is Side.MANAGER and one.state in states]

    def is_with(self, talk: PresentTalk) -> int:
        return self.people.get(talk.key, 1)

    def seen(self) -> list[PresentTalk]:
        """The talks as `app.talks.plan_queries.present_talk` shows them to the rules."""
        return [self._seen(talk) for talk in self.talks]

    def _seen(self, talk: PresentTalk) -> PresentTalk:
        is_former = talk.side is Side.MANAGER and self.is_with(talk) != self.newest
        day = talk.happens_on if talk.state is State.ARRANGED else talk.due_on
        is_before = is_former and self.is_changing and self.since is not None and day is not None and day < self.since
        return replace(talk, with_former_manager=is_former, until_change=is_before)

    def before_change(self) -> list[PresentTalk]:
        """The talks with the present manager that are open and before the day on which another one takes over."""
        if not self.is_changing:
            return []
        keys = {talk.key for talk in self.seen() if talk.until_change}
        return [talk for talk in self.with_manager(*OPEN) if talk.key in keys]

    def keep(self, talk: PresentTalk) -> None:
        self.talks = [talk if one.key == talk.key else one for one in self.talks]

    def move(self, length: int, signed_after: int) -> date | None:
        """Return the day of signing, None where the end cannot move there."""
        new_end, signed_on = self.start + timedelta(days=length), self.start + timedelta(days=signed_after)
        if new_end == self.end or (self.is_changing and self.since is not None and new_end < self.since):
            return None
        changes = follow_new_end(
            self.seen(), start=self.start, old_end=self.end, new_end=new_end, signed_on=signed_on, region=REGION,
            closing_is_waived=self.is_waived, manager_since=self.since,
        )  # fmt: skip
        if any(one.key is None and one.kind is Kind.CLOSING for one in changes):
            self.is_waived = False
        present = {talk.key for talk in self.talks}
        self.talks, self.end, self.is_settled = carried_out(self.talks, changes), new_end, False
        self.people |= {talk.key: self.newest for talk in self.talks if talk.key not in present}
        return signed_on

    def do(self, verb: str, talk: PresentTalk, days: int) -> None:
        assert talk.due_on is not None
        if verb == "put_off":
            self.keep(replace(talk, due_on=talk.due_on + timedelta(days=days), state=State.DUE, happens_on=None))
        elif verb in ("arrange", "postpone"):
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

    def change_manager(self, verb: str, days: int) -> bool:
        """Another manager at once, or planned from a day of the term on; what is planned comes, or is called off."""
        self.added_from = date.min
        if verb in ("replace", "plan"):
            first_on = min(self.start + timedelta(days=days), self.end)
            if self.is_changing or first_on <= (self.since or self.start):
                return False
            self.newest, self.before, self.since = (
                max(self.newest, self.present, *self.people.values(), 1) + 1,
                self.since,
                first_on,
            )
            self.present = self.newest if verb == "replace" else self.present
        elif not self.is_changing:
            return False
        elif verb == "come":
            self.present, self.added_from = self.newest, date.max
        else:
            self.newest, self.added_from, self.since = self.present, self.since or date.min, self.before
        own = self.before_change()
        self._begin_anew()
        assert all(talk in self.talks for talk in own)
        return True

    def _begin_anew(self) -> None:
        anew = restart(
            self.seen(), start=self.start, end=self.end, manager_since=self.since, region=REGION, added_from=self.added_from
        )
        free = max(talk.key for talk in self.talks) + 1
        self.talks = [
            replace(talk, state=State.CANCELLED, cancelled_by_change=True) if talk.key in anew.called_off else talk
            for talk in self.talks
        ]
        for number, one in enumerate(anew.added, free):
            self.talks.append(PresentTalk(number, one.kind, one.side, State.DUE, one.due_on))
            self.people[number] = self.newest


MANAGERS = ("replace", "plan", "come", "stay")
moves = st.tuples(st.just("move"), st.integers(0, 500), st.integers(-20, 560))
verbs = st.sampled_from(["put_off", "arrange", "postpone", "held", "declined", "cancel", "waive"])
deeds = st.tuples(verbs, st.integers(0, 40), st.integers(0, 60))
closing_deeds = st.tuples(verbs, st.just(-1), st.integers(0, 60))  # of the closing talk
managers = st.tuples(st.sampled_from(MANAGERS), st.just(0), st.integers(0, 400))


def carry_on(life: Life, deed: tuple[str, int, int]) -> date | bool | None:
    """Do it; return the signing where the end moved, whether another manager came or goes."""
    verb, which, days = deed
    found = life.open_closing() if which < 0 else [talk for talk in life.talks if talk.state in OPEN]
    if verb == "postpone":
        found = [talk for talk in found if talk.state is State.ARRANGED]
    if verb == "move":
        return life.move(which, days)
    if verb in MANAGERS:
        return life.change_manager(verb, days)
    if found:
        life.do(verb, found[which % len(found)], days)
    return None


def has_its_closing_talk(life: Life) -> bool:
    """Exactly one is open; or none, and one was held or declined for this end, or a reason says why there is none."""
    wanted = closing_day(life)
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


def closing_day(life: Life) -> date:
    return next(one.due_on for one in plan(life.start, life.end, REGION) if one.kind is Kind.CLOSING)


def check_after_move(life: Life, signed_on: date) -> None:
    """What is due follows the new end, and is there once."""
    soonest = first_working_day_after(signed_on, REGION)
    assert all(one.due_on == max(closing_day(life), soonest) for one in life.open_closing() if one.state is State.DUE)
    planned = plan(life.start, life.end, REGION, manager_since=life.since)
    for kind, side in ((Kind.QUALITY, Side.CLIENT), (Kind.QUALITY, Side.MANAGER), (Kind.AFTERCARE, Side.CLIENT)):
        due = [one for one in life.seen() if (one.kind, one.side, one.state) == (kind, side, State.DUE) and not one.until_change]
        assert len(due) <= len([one for one in planned if (one.kind, one.side) == (kind, side)])


def check_after_change_of_manager(life: Life) -> None:
    """Nothing is open with a manager who is not there on that day, and the one who is, or comes, has the whole plan."""
    for talk in life.with_manager(*OPEN):
        day = talk.happens_on if talk.state is State.ARRANGED else talk.due_on
        comes = life.is_changing and life.since is not None and day is not None and day >= life.since
        assert life.is_with(talk) == life.newest or (life.is_changing and not comes and life.is_with(talk) == life.present)
    theirs = [talk for talk in life.with_manager(*State) if talk.is_there and life.is_with(talk) == life.newest]
    planned = plan(life.start, life.end, REGION, manager_since=life.since)
    for one in planned:
        if one.kind is Kind.QUALITY and one.side is Side.MANAGER and one.due_on >= life.added_from:
            near = [talk for talk in theirs if talk.counts_on and abs((talk.counts_on - one.due_on).days) <= 10]
            assert near, one
    due = [talk for talk in theirs if talk.state is State.DUE and talk.due_on and talk.due_on >= life.added_from]
    assert len(due) <= len([one for one in planned if one.kind is Kind.QUALITY and one.side is Side.MANAGER])


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.integers(0, 400),
    st.lists(st.one_of(moves, deeds, closing_deeds, managers), max_size=14),
)
def test_nothing_held_is_lost_nothing_due_doubled_and_there_is_one_closing_talk(start, length, all_deeds):
    end = start + timedelta(days=length)
    life = Life(start, end, first_plan(start, end, REGION))
    for deed in all_deeds:
        settled = {talk.key: talk for talk in life.talks if talk.state in SETTLED}
        known = {talk.key for talk in life.talks}
        due_closing = {talk.key for talk in life.open_closing() if talk.state is State.DUE}
        own = life.before_change()

        done = carry_on(life, deed)

        after = {talk.key: talk for talk in life.talks}
        assert known <= after.keys() and len(after) == len(life.talks)
        assert all(after[key] == talk for key, talk in settled.items())
        assert has_its_closing_talk(life), deed
        if isinstance(done, date):
            check_after_move(life, done)
            is_settled = any(talk.kind is Kind.CLOSING for talk in settled.values())
            assert is_settled or due_closing <= {talk.key for talk in life.open_closing()}
            assert all(after[talk.key] == talk for talk in own)
        elif done:
            check_after_change_of_manager(life)


def test_a_closing_talk_called_off_is_planned_again_unless_a_reason_is_kept():
    planned = plan(date(2026, 1, 12), date(2026, 7, 10), REGION)
    talks = first_plan(date(2026, 1, 12), date(2026, 7, 10), REGION)
    gone = [replace(talk, state=State.CANCELLED) if talk.kind is Kind.CLOSING else talk for talk in talks]

    assert [one.kind for one in talks_to_add(gone, planned)] == [Kind.CLOSING]
    assert talks_to_add(gone, planned, closing_is_waived=True) == []
