"""What stands behind a manager who is proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.db import unit_of_work
from app.feedback import queries
from app.feedback.queries import Behind
from app.references.models import WrittenReference
from tests.factories import make_manager, make_mandate, make_talk, save
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql


def rated(mandate: object, rating: int, day: int) -> None:
    talk = make_talk(mandate=mandate)
    with unit_of_work():
        talk.state, talk.overall, talk.sort_on = "held", rating, date(2026, 2, day)
        talk.held_at = datetime(2026, 2, day, 9, 0, tzinfo=UTC)


def released(mandate: object, state: str = "released") -> None:
    save(
        WrittenReference(
            mandate_id=mandate.id, manager_id=mandate.manager_id, contact_id=mandate.contact_id, language="de", situation="s",
            results="r", state=state, made_at=datetime(2026, 2, 1, tzinfo=UTC), released_at=datetime(2026, 2, 2, tzinfo=UTC),
        )
    )  # fmt: skip


def test_ratings_and_references_of_each_manager_in_one_statement(office: Office) -> None:
    first, second, nobody = make_mandate(), make_mandate(), make_manager()
    rated(first, 5, 3)
    rated(first, 4, 9)
    rated(second, 2, 1)
    released(second)
    released(second, "revoked")
    numbers = [first.manager_id, second.manager_id, nobody.id]

    with counted(office.app) as statements:
        found = queries.behind(numbers)

    assert len(statements) == 1
    assert found == {
        numbers[0]: Behind(2, Decimal("4.5"), date(2026, 2, 9), 0),
        numbers[1]: Behind(1, Decimal("2.0"), date(2026, 2, 1), 1),
    }


def test_it_stands_beside_each_candidate(lead: Office) -> None:
    known = make_mandate()
    rated(known, 4, 9)
    released(known)
    mandate = make_mandate(owner=lead.user)
    page = lead.open(f"/mandates/{mandate.id}/candidates")
    shown = page.fill(manager_name=str(known.manager_id), override_reason="Only for a test").submit()
    shown = shown.fill(manager_name=str(make_manager().id)).submit()

    assert "Clients: 4 of 5, 1 rating, last" in shown.text
    assert "1 written reference" in shown.text
    assert "No feedback of clients yet" in shown.text
