"""A case moves by the table, tells the timeline, keeps its next date, and its clock can stand still."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.admission import actions
from app.admission.models import AdmissionCase
from app.admission.state_rules import Verb
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.managers.models import Manager
from app.timeline.models import Event
from tests.factories import make_manager, make_user, reload

pytestmark = pytest.mark.sql


def do(manager: Manager, verb: Verb, clock, reason: str | None = None, actor=None) -> AdmissionCase:
    with unit_of_work():
        return actions.move(actions.case_of(manager, at=clock.now()), verb, actor=actor, at=clock.now(), reason=reason)


def told() -> list[tuple[str, str | None]]:
    return [(event.kind, event.facts.get("reason")) for event in db.session.scalars(sa.select(Event).order_by(Event.id))]


def test_a_manager_goes_from_confirmed_to_released_and_each_step_is_told(app, clock):
    manager, user = make_manager(state="confirmed"), make_user()

    case = do(manager, Verb.TAKE, clock, actor=user)
    assert (reload(case).next_on, case.review_began_at) == (date(2026, 3, 19), clock.now())
    do(manager, Verb.PASS, clock, actor=user)
    assert reload(case).next_on == date(2026, 3, 31)
    do(manager, Verb.WAIVE, clock, "Known from three mandates", actor=user)

    assert (reload(manager).state, manager.released_on, reload(case).next_on) == ("released", date(2026, 3, 17), None)
    assert told() == [
        ("admission.moved", None),
        ("admission.moved", None),
        ("admission.moved", "Known from three mandates"),
    ]


def test_new_papers_stop_the_clock_but_do_not_set_the_count_back(app, clock):
    manager = make_manager(state="in_review")

    do(manager, Verb.FALL_SHORT, clock)
    do(manager, Verb.NEW_PAPERS, clock)
    case = do(manager, Verb.FALL_SHORT, clock)

    assert (reload(manager).state, reload(case).stages_used, case.next_on) == ("follow_up_2", 2, date(2026, 3, 31))


def test_the_clock_stands_still_with_a_reason_and_the_days_are_added(app, clock):
    manager = make_manager(state="in_review")
    do(manager, Verb.FALL_SHORT, clock)
    do(manager, Verb.HALT, clock, "On holiday")
    clock.move(timedelta(days=5))

    case = do(manager, Verb.GO_ON, clock, "Back again")

    assert (reload(case).next_on, case.halted_on, case.halt_reason) == (date(2026, 4, 5), None, None)
    assert told()[1:] == [("admission.halted", "On holiday"), ("admission.goes_on", "Back again")]


def test_what_is_refused_changes_nothing(app, clock):
    manager = make_manager(state="released")

    with pytest.raises(RuleViolation):
        do(manager, Verb.PASS, clock)

    assert reload(manager).state == "released"
    assert told() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AdmissionCase)) == 0


def test_an_invoice_has_a_number_and_waiving_a_reason(app, clock):
    manager = make_manager(state="confirmed")
    with unit_of_work():
        case = actions.case_of(manager, at=clock.now())
        case.fee, case.fee_amount = "owed", 180
    with unit_of_work():
        actions.set_fee(case, "invoiced", number="R-2026-17", actor=None, at=clock.now())
    with pytest.raises(RuleViolation) as refused, unit_of_work():
        actions.set_fee(case, "waived", number=None, actor=None, at=clock.now())
    assert refused.value.field == "reason"

    case = do(manager, Verb.WITHDRAW, clock)

    assert (reload(case).fee, case.fee_number) == ("waived", "R-2026-17")
