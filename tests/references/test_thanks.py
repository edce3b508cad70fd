"""After a new mandate was signed: those who spoke well of the manager can be told that it helped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app.clients.models import Contact
from app.db import db, unit_of_work
from app.ledger.models import Ask, ContactWish
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.mandates.models import Mandate
from app.references import thanks_queries
from app.references.models import WrittenReference
from tests.factories import LONG_AGO, make_manager, make_mandate, make_talk, save
from tests.office import Office

pytestmark = pytest.mark.sql

SIGNED = date(2026, 3, 10)


@pytest.fixture
def earlier(office: Office) -> Mandate:
    found = make_mandate(manager=make_manager(first_name="Anneke", last_name="van der Berg"), starts_on=date(2025, 1, 13))
    with unit_of_work():
        db.session.get_one(Contact, found.contact_id).language = "en"
    return found


@pytest.fixture
def mandate(office: Office, earlier: Mandate) -> Mandate:
    return make_mandate(owner=office.user, manager=earlier.manager, signed_on=SIGNED, starts_on=date(2026, 4, 1))


def rate(mandate: Mandate, overall: int, day: date = date(2025, 6, 2), **given: Any) -> None:
    make_talk(
        mandate=mandate, state="held", held_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), overall=overall, **given
    )


def release(mandate: Mandate, state: str = "released") -> None:
    whose = {"mandate_id": mandate.id, "manager_id": mandate.manager_id, "contact_id": mandate.contact_id}
    wording = {"language": "en", "situation": "a", "results": "b", "made_at": LONG_AGO, "scope": "public"}
    save(WrittenReference(**whose, **wording, state=state, released_at=LONG_AGO))


def givers(mandate: Mandate) -> list[thanks_queries.Giver]:
    db.session.rollback()
    return thanks_queries.givers_of(db.session.get_one(Mandate, mandate.id))


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).filter_by(purpose="references.thanks")))


@pytest.mark.parametrize(
    ("overall", "day", "counts"),
    [
        (4, date(2024, 3, 10), True),
        (4, date(2024, 3, 9), False),  # more than 24 months before the signing
        (3, date(2026, 3, 2), False),
        (5, date(2026, 3, 11), False),  # after it
    ],
)
def test_a_good_rating_of_two_years_stands_behind_it(mandate, earlier, overall, day, counts):
    rate(earlier, overall, day)

    assert [one.contact_id for one in givers(mandate)] == ([earlier.contact_id] if counts else [])


def test_a_released_reference_does_too_each_person_once(mandate, earlier):
    release(earlier)
    release(earlier, "revoked")
    rate(earlier, 4)
    rate(earlier, 5)
    rate(mandate, 5, SIGNED)  # the client of this very mandate

    (one,) = givers(mandate)
    assert (one.contact_id, one.rating, one.has_reference, one.can_be_thanked) == (earlier.contact_id, 5, True, True)


def test_the_new_mandate_proposes_it_and_the_letter_asks_for_nothing(office, mandate, earlier):
    assert "/thanks" not in office.open(f"/mandates/{mandate.id}").text
    rate(earlier, 5)
    assert f"/mandates/{mandate.id}/thanks" in office.open(f"/mandates/{mandate.id}").text
    assert letters() == []

    page = office.open(f"/mandates/{mandate.id}/thanks/{earlier.contact_id}").submit()

    (letter,) = letters()
    assert "van der Berg" in letter.text and mandate.client.name not in letter.text and "told 17 Mar" in page.text
    assert db.session.scalars(sa.select(Ask)).all() == []
    again = office.open(f"/mandates/{mandate.id}/thanks/{earlier.contact_id}").submit()
    assert again.status == 422 and len(letters()) == 1


def test_never_is_respected_also_after_the_letter_was_written(office, mandate, earlier):
    rate(earlier, 5)
    office.open(f"/mandates/{mandate.id}/thanks/{earlier.contact_id}").submit()
    save(ContactWish(contact_id=earlier.contact_id, never=True, said_on=SIGNED))

    send_due("test")

    assert letters()[0].state == "cancelled"
    page = office.open(f"/mandates/{mandate.id}/thanks")
    assert "does not want to be written to" in page.text
    refused = office.open(f"/mandates/{mandate.id}/thanks/{earlier.contact_id}").submit()
    assert refused.status == 422 and "not to write" in refused.text


def test_who_asked_not_to_be_asked_before_a_day_is_not_thanked_before_it_either(office, mandate, earlier):
    rate(earlier, 5)
    save(ContactWish(contact_id=earlier.contact_id, not_before=date(2030, 1, 1), said_on=SIGNED))

    refused = office.open(f"/mandates/{mandate.id}/thanks/{earlier.contact_id}").submit()

    assert refused.status == 422 and "We leave this person in peace until" in refused.text and letters() == []


def test_nobody_else_can_be_written_to_this_way(office, mandate, earlier):
    assert office.open(f"/mandates/{mandate.id}/thanks/{earlier.contact_id}").status == 404
    assert office.open(f"/mandates/{mandate.id}/thanks").status == 200
