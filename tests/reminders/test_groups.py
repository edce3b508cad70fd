"""Thousands of quick things: in groups, none lost where one is broken, none hidden where the database is busy."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from app.db import db
from app.managers.models import Manager
from app.reminders.rounds import Outcome, in_groups
from tests.factories import make_manager

pytestmark = pytest.mark.sql


def renaming(broken=()):
    def act(number):
        if number in broken:
            raise ZeroDivisionError
        db.session.get_one(Manager, number).headline = "Gelesen"
        return True

    return act


def done(numbers):
    db.session.rollback()
    return [number for number in numbers if db.session.get_one(Manager, number).headline == "Gelesen"]


@pytest.fixture
def numbers(app):
    return [make_manager().id for _number in range(7)]


def test_all_are_done_a_group_at_a_time(numbers):
    assert in_groups(numbers, renaming(), "test", size=3) == Outcome(7, 0)
    assert done(numbers) == numbers


def test_one_broken_item_holds_up_no_other(numbers):
    assert in_groups(numbers, renaming(broken=numbers[4:5]), "test", size=3) == Outcome(6, 1)
    assert done(numbers) == numbers[:4] + numbers[5:]


def test_a_busy_database_is_left_for_the_next_round_and_counted(numbers):
    def act(number):
        if number == numbers[4]:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return renaming()(number)

    assert in_groups(numbers, act, "test", size=3) == Outcome(3, 4)
    assert done(numbers) == numbers[:3]


def test_what_another_scheduler_is_at_is_left_out(numbers):
    assert in_groups(numbers, renaming(), "test", read=lambda group: group[:1], size=4) == Outcome(2, skipped=5)
    assert done(numbers) == [numbers[0], numbers[4]]
