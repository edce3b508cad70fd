"""What clients wrote and said of a manager when they were asked for a talk goes with the manager."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.asking.models import WrittenAnswer
from app.db import acting_as, db, unit_of_work
from app.ledger.models import Ask, ContactWish
from app.managers.models import Manager
from app.privacy import actions
from tests.factories import make_manager, make_mandate, make_talk, save
from tests.office import Office
from tests.privacy.test_erasure import rows

pytestmark = pytest.mark.sql


def test_forms_and_words_of_requests_lose_the_manager(office: Office) -> None:
    manager = make_manager(first_name="Ilse", last_name="Quastenberg")
    mandate = make_mandate(owner=office.user, manager=manager)
    talk = make_talk(mandate=mandate)
    entry = save(
        Ask(contact_id=mandate.contact_id, purpose="quality", channel="form", mandate_id=mandate.id, talk_id=talk.id,
            asked_on=date(2026, 3, 2), said="Not while Quastenberg is away", override_reason="Quastenberg wants it",
            times=[], bundled=[], overridden=["rest"]),
    )  # fmt: skip
    save(WrittenAnswer(ask_id=entry.id, answers={"change_next": "Nelkenduft"}, saved_at=datetime(2026, 3, 3, tzinfo=UTC)))
    save(ContactWish(contact_id=mandate.contact_id, never=True, note="As Quastenberg said", said_on=date(2026, 3, 3)))

    with acting_as("command"), unit_of_work():
        actions.erase(db.session.get_one(Manager, mandate.manager_id), actor=None, at=datetime(2026, 3, 17, tzinfo=UTC))

    left = rows()
    assert "Nelkenduft" not in left
    assert "Quastenberg" not in left
    assert "Not while" in left
