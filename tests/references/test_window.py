"""When Lotse proposes to ask for a written reference: from the records, with the clock moved."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.clients.models import Contact
from app.db import db, unit_of_work
from app.ledger.models import Ask, ContactWish
from app.mandates.candidate_models import ManagerSpell
from app.mandates.models import Extension, Mandate
from app.references.models import WrittenReference
from app.references.window_queries import case_of, open_cases
from app.references.window_rules import Window
from app.references.written_rules import Silent
from tests.factories import LONG_AGO, make_contact, make_mandate, make_talk, make_user, save, save_all

pytestmark = pytest.mark.sql

FIRST = date(2026, 3, 6)  # of 180 days from 12 January the 54th, a Friday


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def rate(mandate: Mandate, overall: int | None, day: date = date(2026, 2, 2), **given: Any) -> Any:
    return make_talk(mandate=mandate, state="held", held_at=at(day), overall=overall, **given)


def extend(mandate: Mandate, signed_on: date) -> None:
    values = {"kind": "extension", "old_end_on": mandate.ends_on, "new_end_on": mandate.ends_on + timedelta(days=90)}
    save(Extension(mandate_id=mandate.id, reason="More", created_at=LONG_AGO, signed_on=signed_on, **values))


def asked(mandate: Mandate, day: date, **given: Any) -> None:
    values = {"contact_id": mandate.contact_id, "purpose": "other", "channel": "mail", "is_agreed": False, "asked_on": day}
    save(Ask(**{**values, "times": [], "bundled": [], "overridden": [], **given}))


def reference(mandate: Mandate, state: str, **given: Any) -> WrittenReference:
    values = {"language": "de", "situation": "a", "results": "b", "made_at": LONG_AGO, "state": state}
    whose = {"mandate_id": mandate.id, "manager_id": mandate.manager_id, "contact_id": mandate.contact_id}
    instants = {"released": "released_at", "revoked": "released_at", "declined": "declined_at"}
    if state in instants:
        given.setdefault(instants[state], at(date(2026, 3, 2)))
    return save(WrittenReference(**values, **whose, **given))


def is_proposed(mandate: Mandate, day: date) -> bool:
    """As Today asks and as the mandate's page does: they must agree."""
    db.session.rollback()
    one, many = case_of(mandate.id, day), open_cases([mandate.owner_id], day)
    assert one is not None
    assert [case.mandate_id for case in many] == ([mandate.id] if one.suggestion.is_made else [])
    return one.suggestion.is_made


@pytest.fixture
def mandate(app: Any) -> Mandate:
    return make_mandate()


def test_it_is_proposed_from_its_day_to_its_last(mandate):
    rate(mandate, 4)

    days = [FIRST - timedelta(days=1), FIRST, date(2026, 6, 10), date(2026, 6, 11)]
    assert [is_proposed(mandate, day) for day in days] == [False, True, True, False]


def test_the_latest_rating_counts_and_no_opinion_is_none(mandate):
    rate(mandate, 5)
    rate(mandate, 3, date(2026, 3, 2))
    assert not is_proposed(mandate, FIRST)
    rate(mandate, 4, date(2026, 3, 3))
    rate(mandate, None, date(2026, 3, 4))
    rate(mandate, 2, date(2026, 3, 5), kind="extension")

    assert is_proposed(mandate, FIRST)


@pytest.mark.parametrize("state", ["sent", "released", "revoked", "declined"])
def test_silent_once_asked(mandate, state):
    rate(mandate, 5)
    reference(mandate, state)

    assert not is_proposed(mandate, FIRST)
    case = case_of(mandate.id, FIRST)
    assert case is not None and case.suggestion.silent is Silent.ASKED and case.reference_state == state


def test_a_draft_is_none_and_an_extension_after_a_no_asks_anew(mandate):
    rate(mandate, 5)
    reference(mandate, "draft")
    assert is_proposed(mandate, FIRST)
    reference(mandate, "declined")
    extend(mandate, date(2026, 4, 1))

    assert [is_proposed(mandate, day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [False, True]


def test_silent_on_a_conflict(mandate):
    extend(mandate, FIRST)
    assert is_proposed(mandate, FIRST)
    rate(mandate, 2)
    assert not is_proposed(mandate, FIRST)
    rate(mandate, 5, date(2026, 2, 20))
    assert is_proposed(mandate, FIRST)
    make_talk("extension", mandate=mandate, state="declined", decline_reason="conflict")

    assert not is_proposed(mandate, FIRST)


def test_silent_while_held_back_and_on_the_day_it_ends_no_more(mandate):
    rate(mandate, 5)
    asked(mandate, FIRST, is_agreed=True)

    end = FIRST + timedelta(days=21)
    assert [is_proposed(mandate, day) for day in (FIRST, end - timedelta(days=1), end)] == [False, False, True]
    case = case_of(mandate.id, FIRST)
    assert case is not None and case.decision is not None and case.decision.until == end


def test_silent_after_eight_requests_in_a_year_and_after_a_no(mandate):
    rate(mandate, 5)
    for number in range(8):
        asked(mandate, date(2025, 5, 1) + timedelta(days=22 * number))
    assert [is_proposed(mandate, day) for day in (date(2026, 4, 30), date(2026, 5, 1))] == [False, True]
    asked(mandate, date(2025, 12, 1), answer="no", answered_on=date(2026, 5, 4))

    assert [is_proposed(mandate, day) for day in (date(2026, 5, 17), date(2026, 5, 24))] == [False, True]


@pytest.mark.parametrize("wish", [{"never": True}, {"not_before": date(2026, 4, 1)}])
def test_silent_on_a_wish(mandate, wish):
    rate(mandate, 5)
    save(ContactWish(contact_id=mandate.contact_id, said_on=FIRST, **{"never": False, **wish}))

    assert [is_proposed(mandate, day) for day in (FIRST, date(2026, 4, 1))] == [False, "not_before" in wish]


def test_silent_where_nobody_can_be_written_to(mandate):
    rate(mandate, 5)
    with unit_of_work():
        db.session.get_one(Contact, mandate.contact_id).email = None

    case = case_of(mandate.id, FIRST)
    assert not is_proposed(mandate, FIRST) and case is not None and case.suggestion.silent is Silent.NOBODY


def test_what_was_said_of_a_former_manager_does_not_count(mandate):
    rate(mandate, 5)
    make_talk("extension", mandate=mandate, state="declined", decline_reason="conflict", due_on=date(2026, 2, 3))
    save(ManagerSpell(mandate_id=mandate.id, manager_id=mandate.manager_id, starts_on=date(2026, 2, 16)))
    assert not is_proposed(mandate, FIRST)
    rate(mandate, 5, date(2026, 2, 20))

    assert is_proposed(mandate, FIRST)


def test_a_mandate_without_a_contract_has_no_window(app):
    unsigned = make_mandate(signed=False)

    assert case_of(unsigned.id, FIRST) is None


def test_a_thousand_running_mandates_are_looked_at_at_once(app):
    owner = make_user()
    mandates = [make_mandate(owner=owner, manager=None) for _ in range(3)]
    columns = {c.name: getattr(mandates[0], c.name) for c in Mandate.__table__.columns if c.name != "id"}
    for start in range(1000):
        if start < 3:
            continue
        db.session.execute(sa.insert(Mandate).values({**columns, "running": 5000 + start}))
    db.session.commit()
    contacts = [make_contact(mandates[0].client) for _ in range(20)]
    numbers = db.session.scalars(sa.select(Mandate.id)).all()
    for place, number in enumerate(numbers):
        db.session.execute(
            sa.update(Mandate).where(Mandate.id == number).values(contact_id=contacts[place % 20].id, owner_id=owner.id)
        )
    db.session.commit()
    talk = {"kind": "quality", "side": "client", "state": "held", "overall": 5, "sort_on": date(2026, 2, 2)}
    db.session.execute(
        sa.insert(Mandate.__table__.metadata.tables["talk"]),
        [
            {**talk, "mandate_id": number, "held_at": at(date(2026, 2, 2)), "created_at": LONG_AGO, "version": 1, "answers": {}}
            for number in numbers
        ],
    )
    db.session.commit()
    save_all(
        Ask(contact_id=one.id, purpose="other", channel="mail", is_agreed=True, asked_on=date(2025, 10, 1) + timedelta(days=n),
            times=[], bundled=[], overridden=[])
        for one in contacts
        for n in range(10)
    )  # fmt: skip

    best = 9.0
    for _time in range(3):
        db.session.rollback()
        began = time.process_time()
        found = open_cases([owner.id], FIRST)
        best = min(best, time.process_time() - began)

    assert len(found) == 1000 and found[0].suggestion.view.window is Window.BEST
    assert best < 1.0  # 0.1 s of a core where nothing else runs
    print(f"1,000 running mandates: {best:.3f} s of CPU")
