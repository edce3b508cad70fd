"""Reviews are handed over with the rest when a colleague leaves."""

from __future__ import annotations

import pytest

from app.admission import reviewing
from app.admission.models import AdmissionCase
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.users import belongings
from app.users.models import Absence
from tests.factories import LONG_AGO, make_manager, make_user, save
from tests.office import Office

pytestmark = pytest.mark.sql


def make_case(state: str, reviewer) -> int:
    manager = make_manager(state=state)
    save(AdmissionCase(manager_id=manager.id, entered_state_at=LONG_AGO, reviewer_id=reviewer.id))
    return manager.id


def test_only_open_reviews_are_handed_over_and_each_is_told(app, clock):
    leaving, staying, administrator = make_user(), make_user(last_name="Reekers"), make_user("administrator")
    owed = [make_case(state, leaving) for state in ("confirmed", "in_review")]
    over = make_case("released", leaving)

    [(kind, count)] = [(one.kind.name, one.count) for one in belongings.open_of(leaving.id)]
    with unit_of_work():
        given = reviewing.hand_over(leaving, staying, administrator, clock.now())

    assert (kind, count, given) == ("reviews", 2, 2)
    assert [db.session.get_one(AdmissionCase, number).reviewer_id for number in owed] == [staying.id] * 2
    assert db.session.get_one(AdmissionCase, over).reviewer_id == leaving.id
    assert "K. Reekers reviews the papers" in Office(app, administrator).open(f"/managers/{owed[0]}").text


def test_nothing_is_given_to_who_is_away(app, clock):
    leaving, away = make_user(), make_user()
    number = make_case("confirmed", leaving)
    today = clock.now().date()
    save(Absence(user_id=away.id, starts_on=today, ends_on=today))

    with pytest.raises(RuleViolation), unit_of_work():
        reviewing.hand_over(leaving, away, None, clock.now())

    db.session.rollback()
    assert db.session.get_one(AdmissionCase, number).reviewer_id == leaving.id
