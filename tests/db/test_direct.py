"""A record inserted past the ORM is the same as one that went through it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.db.audit import AuditChange
from app.db.direct import insert
from app.managers.models import Manager, ManagerTag
from tests.factories import reload

pytestmark = pytest.mark.sql
AT = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


def new_manager(**given):
    manager = Manager(last_name="Feldhusen", language="de", state="confirmed", created_at=AT, **given)
    manager.name_changed()
    return manager


def trail(row_id):
    changes = db.session.scalars(sa.select(AuditChange).where(AuditChange.row_id == str(row_id)).order_by(AuditChange.id))
    return [(one.table_name, one.change, {k: v for k, v in one.new.items() if k != "id"}, one.old) for one in changes]


def test_it_has_number_version_and_defaults_as_the_table_has_them(app):
    with unit_of_work():
        manager = new_manager(headline="Werksleitung")
        insert(manager)
        seen = {column.key: getattr(manager, column.key) for column in sa.inspect(Manager).column_attrs}

    assert seen["id"] and seen["version"] == 1 and seen["rate_currency"] == "EUR" and seen["email"] is None
    again = reload(manager)
    assert {name: getattr(again, name) for name in seen} == seen


def test_its_trail_is_that_of_a_record_added_to_the_session(app):
    with unit_of_work():
        direct, added = new_manager(), new_manager()
        insert(direct)
        db.session.add(added)

    assert trail(direct.id) == trail(added.id) != []


def test_it_is_changed_afterwards_as_any_other(app):
    with unit_of_work():
        manager = new_manager()
        insert(manager)
        manager.tags.append(ManagerTag(kind="language", value="nl", level="fluent"))
    with unit_of_work():
        manager.city = "Husum"

    again = reload(manager)
    assert (again.city, again.version, [tag.value for tag in again.tags]) == ("Husum", 2, ["nl"])


def test_it_is_gone_with_a_transaction_that_fails(app):
    def enter_and_fail():
        with unit_of_work():
            insert(new_manager())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enter_and_fail()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Manager)) == 0
