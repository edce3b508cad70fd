"""Two people who open a mandate at once get two numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.clients.models import Client
from app.db import db, unit_of_work
from app.mandates import actions
from app.mandates.models import Mandate
from app.users.models import User
from tests.factories import make_client

AT, TODAY = datetime(2026, 3, 17, 8, tzinfo=UTC), date(2026, 3, 17)


@pytest.mark.sql
def test_mandates_opened_at_the_same_moment_have_numbers_of_their_own(app, office):
    client_id, user_id, many = make_client().id, office.user.id, 8

    def opened(number: int) -> str:
        with app.app_context():
            with unit_of_work():
                user = db.session.get_one(User, user_id)
                mandate = actions.create(
                    db.session.get_one(Client, client_id),
                    actions.Facts(title=f"Task {number}"),
                    contact=None,
                    owner=user,
                    actor=user,
                    at=AT,
                    today=TODAY,
                )
            found = mandate.number
            db.session.remove()
            return found

    with ThreadPoolExecutor(many) as people:
        numbers = list(people.map(opened, range(many)))

    assert sorted(numbers) == [f"M-2026-{running:03d}" for running in range(1, many + 1)]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mandate.id))) == many
