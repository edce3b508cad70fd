"""Planning a mandate's talks, following a new end, and handing them on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.core.clock import FrozenClock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.mandates.models import Mandate
from app.talks import access, actions, labels, queries
from app.talks.end_rules import Action, Reason
from app.talks.models import Talk
from app.talks.rules import DeclineReason, Kind, Side, State
from app.talks.state_rules import TABLE, Channel, Verb, check, check_appointment, check_place, possible
from app.users import belongings
from app.users.models import Absence, User
from tests.factories import make_contact, make_manager, make_talk, make_user, reload, save
from tests.office import Office
from tests.talks.mandates import bavarian_mandate

pytestmark = pytest.mark.sql
SIGNED = date(2026, 6, 1)
NEW_END = date(2026, 10, 30)


def plan(mandate: Mandate, at: datetime) -> list[Talk]:
    with unit_of_work():
        return actions.plan_mandate(mandate, actor=None, at=at)


def rows(mandate: Mandate) -> list[tuple[str, str, str, date | None]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(Talk).filter_by(mandate_id=mandate.id).order_by(Talk.sort_on, Talk.side, Talk.kind))
    return [(talk.kind, talk.side, talk.state, talk.due_on) for talk in found]


def arrange(talk: Talk, day: date, clock: FrozenClock, actor: User) -> None:
    terms = actions.Terms(
        datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC), "Europe/Berlin", 60, Channel.PHONE, "+49 89 1"
    )
    with unit_of_work():
        actions.arrange(talk, terms, actor=actor, at=clock.now(), tell_outside=False)


def test_a_contract_plans_the_talks_of_its_term(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)

    plan(mandate, clock.now())

    both = [
        ("quality", side, "due", day)
        for day in (date(2026, 1, 26), date(2026, 3, 9), date(2026, 4, 20), date(2026, 6, 1))
        for side in ("client", "manager")
    ]
    assert rows(mandate) == [
        *both,
        ("closing", "client", "due", date(2026, 6, 26)),
        ("aftercare", "client", "due", date(2026, 10, 8)),
    ]
    talks = queries.talks_of(mandate.id)
    assert {talk.owner_id for talk in talks} == {office.user.id}
    assert {talk.contact_id for talk in talks if talk.side == "client"} == {mandate.contact_id}
    assert {(talk.contact_id, talk.manager_id) for talk in talks if talk.side == "manager"} == {(None, mandate.manager_id)}


def test_planning_twice_changes_nothing(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())
    before = rows(mandate)

    assert plan(mandate, clock.now()) == []
    assert rows(mandate) == before


def test_a_mandate_without_dates_has_no_plan(office: Office, clock: FrozenClock) -> None:
    assert plan(bavarian_mandate(office.user, starts_on=None, first_end_on=None, ends_on=None), clock.now()) == []


def test_the_preview_shows_what_the_extension_then_does(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())
    clock.move_to(datetime(2026, 6, 1, 7, 0, tzinfo=UTC))
    closing = db.session.scalars(sa.select(Talk).filter_by(kind="closing")).one()
    arrange(closing, date(2026, 6, 26), clock, office.user)
    before = rows(mandate)

    preview = queries.preview_new_end(mandate, NEW_END, SIGNED)
    assert rows(mandate) == before
    with unit_of_work():
        done = actions.follow_new_end(
            mandate, old_end=mandate.ends_on, new_end=NEW_END, signed_on=SIGNED, actor=office.user, at=clock.now()
        )

    def told(changes: list[queries.TalkChange]) -> list[tuple[object, ...]]:
        return [
            (change.action, change.kind, change.side, change.due_before, change.due_after, change.reason) for change in changes
        ]

    assert told(preview) == told(done)
    kept = next(change for change in preview if change.action is Action.BECOMES_QUALITY)
    assert (kept.talk.id, kept.reason) == (closing.id, Reason.CLOSING_TOO_EARLY)
    closing = reload(closing)
    assert (closing.kind, closing.was_closing, closing.state) == ("quality", True, "arranged")
    after = rows(mandate)
    assert ("closing", "client", "due", date(2026, 10, 16)) in after
    assert ("extension", "client", "due", date(2026, 6, 8)) in after
    assert all(change.talk is not None for change in done)


def test_every_reason_has_a_sentence(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())

    for change in queries.preview_new_end(mandate, NEW_END, SIGNED):
        assert labels.reason(change).endswith(".")
    for reason in Reason:
        assert labels.owner_must_decide(reason)


def test_an_appointment_after_an_earlier_end_is_left_to_the_owner(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())
    closing = db.session.scalars(sa.select(Talk).filter_by(kind="closing")).one()
    arrange(closing, date(2026, 6, 26), clock, office.user)

    with unit_of_work():
        actions.follow_new_end(
            mandate,
            old_end=mandate.ends_on,
            new_end=date(2026, 5, 29),
            signed_on=date(2026, 3, 16),
            actor=office.user,
            at=clock.now(),
        )

    assert reload(closing).owner_must_decide == Reason.CLOSING_AFTER_END
    page = office.open(f"/talks/{closing.id}")
    assert "lies after the new end" in page.text
    page.form("/decision").submit()
    assert reload(closing).owner_must_decide is None
    assert closing.state == "arranged"


def test_a_shorter_term_leaves_out_and_a_longer_one_brings_back(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())

    with unit_of_work():
        actions.follow_new_end(
            mandate,
            old_end=mandate.ends_on,
            new_end=date(2026, 5, 29),
            signed_on=date(2026, 3, 16),
            actor=office.user,
            at=clock.now(),
        )
    left_out = [talk for talk in queries.talks_of(mandate.id) if talk.state == State.CANCELLED]
    assert {talk.due_on for talk in left_out} == {date(2026, 6, 1)}
    assert all(talk.cancelled_by_change for talk in left_out)
    with unit_of_work():
        actions.follow_new_end(
            mandate,
            old_end=date(2026, 5, 29),
            new_end=mandate.ends_on,
            signed_on=date(2026, 3, 17),
            actor=office.user,
            at=clock.now(),
        )

    assert rows(mandate).count(("quality", "client", "due", date(2026, 6, 1))) == 1


def test_a_lost_mandate_has_no_open_talks(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())
    held = make_talk(mandate=mandate, state="held", held_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))

    with unit_of_work():
        actions.cancel_open(mandate, "Auftrag verloren", office.user, clock.now())

    states = {state for _kind, _side, state, _due in rows(mandate)}
    assert states == {"held", "cancelled"}
    assert reload(held).state == "held"


def test_due_talks_follow_a_new_contact_and_those_with_others_stay(office: Office, clock: FrozenClock) -> None:
    mandate = bavarian_mandate(office.user)
    plan(mandate, clock.now())
    other = make_contact(mandate.client)
    apart = make_talk(mandate=mandate, contact=other)
    successor = make_contact(mandate.client)

    with unit_of_work():
        moved = actions.replace_person(
            mandate, role="contact", was_id=mandate.contact_id, now_id=successor.id, actor=office.user, at=clock.now()
        )

    assert {talk.side for talk in moved} == {"client"}
    assert reload(apart).contact_id == other.id
    assert {talk.manager_id for talk in queries.talks_of(mandate.id) if talk.side == "manager"} == {mandate.manager_id}


def test_a_talk_outside_the_plan_needs_a_person_that_fits_its_kind(office: Office, clock: FrozenClock) -> None:
    manager = make_manager()
    for kind, side, sentence in (
        (Kind.CLOSING, Side.MANAGER, "not held with this person"),
        (Kind.OTHER, Side.CLIENT, "with whom"),
        (Kind.QUALITY, Side.MANAGER, "belongs to a mandate"),
    ):
        with pytest.raises(RuleViolation, match=sentence), unit_of_work():
            actions.new_talk(kind, side, owner=office.user, at=clock.now(), manager=manager)


def test_other_as_the_reason_of_a_no_wants_words(office: Office, clock: FrozenClock) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    with pytest.raises(RuleViolation, match="in a few words"), unit_of_work():
        actions.decline(talk, DeclineReason.OTHER, None, actor=office.user, at=clock.now())


def test_nobody_is_handed_talks_that_are_over(office: Office, clock: FrozenClock) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), state="held", held_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))

    heir = make_user()

    assert queries.open_of(office.user.id) == 0
    with unit_of_work():
        actions.hand_over(queries.held_open_by(office.user.id), heir, actor=None, at=clock.now())
    assert reload(talk).owner_id == office.user.id


def test_promises_are_handed_over_too(office: Office, clock: FrozenClock) -> None:
    talk = make_talk(
        state="held",
        held_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
        step="Anrufen",
        step_on=date(2026, 3, 20),
        step_owner_id=office.user.id,
    )
    heir = make_user()

    [mine] = [one for one in belongings.open_of(office.user.id) if one.kind.name == "promises"]
    with unit_of_work():
        mine.kind.hand_over(office.user, heir, None, clock.now())

    assert reload(talk).step_owner_id == heir.id


def test_a_deputy_may_do_what_the_absent_colleague_may(office: Office, clock: FrozenClock) -> None:
    absent = make_user()
    talk = make_talk(mandate=bavarian_mandate(absent))

    assert not access.may_change(office.user, talk, date(2026, 3, 17))
    save(Absence(user_id=absent.id, deputy_id=office.user.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 18)))
    assert access.may_change(office.user, talk, date(2026, 3, 17))
    assert not access.may_change(office.user, talk, date(2026, 3, 19))


class TestStates:
    """What may be done in which state: a table, read without a database."""

    @pytest.mark.parametrize("state", list(State))
    @pytest.mark.parametrize("verb", list(Verb))
    def test_what_is_not_in_the_table_is_refused_with_a_sentence(self, state: State, verb: Verb) -> None:
        if verb in TABLE[state]:
            check(state, verb)
        else:
            with pytest.raises(RuleViolation, match=r"\.$"):
                check(state, verb)

    def test_open_talks_can_be_logged_and_held_ones_only_corrected(self) -> None:
        assert all(Verb.LOG in possible(state) for state in State if state is not State.HELD)
        assert possible(State.HELD) == {Verb.CORRECT}

    def test_what_a_changed_end_left_out_can_be_nothing_any_more(self) -> None:
        assert possible(State.CANCELLED, cancelled_by_change=True) == frozenset()

    def test_an_appointment_begins_later_than_now(self) -> None:
        now = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
        with pytest.raises(RuleViolation, match="log it instead"):
            check_appointment(now, 30, now)
        check_appointment(datetime(2026, 3, 17, 7, 41, tzinfo=UTC), 30, now)

    @pytest.mark.parametrize("channel", list(Channel))
    def test_each_channel_wants_its_place(self, channel: Channel) -> None:
        with pytest.raises(RuleViolation, match="Please give"):
            check_place(channel, None)
