"""The notice of Art. 14: who gets it, when it is owed, by hand where there is no address, and objecting by its link."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.admission import art14, ticks
from app.admission.models import AdmissionBatch, AdmissionCase, DataOrigin
from app.db import db, unit_of_work
from app.managers.models import Manager
from tests.admission.test_pages import confirmed as confirmed
from tests.admission.test_registration import mails, path_in
from tests.factories import make_manager, make_user, reload
from tests.office import Office


@pytest.mark.parametrize(("entered", "due"), [
    (date(2026, 3, 17), date(2026, 4, 17)), (date(2026, 1, 31), date(2026, 2, 28)), (date(2028, 1, 31), date(2028, 2, 29)),
])  # fmt: skip
def test_the_law_gives_a_month(entered, due):
    assert art14.due_on(entered) == due


def entered(office: Office, **given: str) -> Manager:
    values = {"last_name": "Castrup", "first_name": "Bernd", "email": "b@castrup.example", "source": "recommendation"} | given
    page = office.open("/managers/new").fill(**values).submit()
    assert page.status == 200, page.text
    db.session.rollback()
    return db.session.scalars(sa.select(Manager).order_by(Manager.id.desc()).limit(1)).one()


def origin_of(manager: Manager) -> DataOrigin:
    return db.session.get_one(DataOrigin, manager.id, populate_existing=True)


@pytest.mark.sql
@pytest.mark.parametrize(("language", "subject", "source"), [
    ("de", "Woher Ihre Daten bei uns stammen", "Art. 14 DSGVO"),
    ("nl", "Waar uw gegevens bij ons vandaan komen", "art. 14 AVG"),
    ("en", "Where your data with us came from", "Recommended by somebody"),
])  # fmt: skip
def test_who_is_entered_by_a_colleague_is_told_in_the_own_language(office, language, subject, source):
    manager = entered(office, language=language, ground="consent", source_note="by Mr Secretive")

    [letter] = mails()
    assert (letter.purpose, letter.subject, letter.to_address, letter.language) == (
        "admission.objection", subject, "b@castrup.example", language,
    )  # fmt: skip
    assert source in " ".join(letter.text.split()) and f"ID {manager.id}" in letter.text
    assert "Secretive" not in letter.text
    assert (origin_of(manager).source, origin_of(manager).ground) == ("recommendation", "consent")
    assert "Sent by mail" in office.open(f"/admission/{manager.id}").text


@pytest.mark.sql
def test_opening_the_link_changes_nothing_and_the_button_withdraws_with_a_receipt(app, office, clock):
    manager = entered(office)
    visitor, link = Office(app), path_in(mails()[0])
    for _time in range(3):
        assert visitor.open(link).status == 200
    assert reload(manager).state == "confirmed"

    page = visitor.open(link)
    answered, again = page.submit(), page.submit()

    assert (answered.status, again.status) == (200, 200)
    assert reload(manager).state == "withdrawn"
    [receipt] = mails("admission.receipt")
    assert receipt.subject == "We have noted your objection" or receipt.language != "en"
    assert "Objected to our keeping the data" in office.open(f"/managers/{manager.id}").text
    clock.move(timedelta(days=31))
    ticks.erase_withdrawn(clock.now())
    assert reload(manager).state == "erased"
    assert db.session.get(DataOrigin, manager.id) is None


@pytest.mark.sql
def test_who_objected_can_be_erased_at_once(app, office):
    manager = entered(office)
    visitor, link = Office(app), path_in(mails()[0])
    visitor.open(link).submit()

    visitor.open(link).submit()

    assert reload(manager).state == "erased"
    assert visitor.open(link).status in (200, 404, 410)


@pytest.mark.sql
@pytest.mark.parametrize("missing", ["email", "source"])
def test_without_address_or_source_it_is_a_step_of_the_owner(office, missing):
    manager = entered(office, **{missing: ""})

    assert mails() == []
    assert (manager.next_step_on, "Art. 14" in (manager.next_step or "")) == (date(2026, 4, 17), True)
    assert "Owed until" in office.open(f"/admission/{manager.id}").text


@pytest.mark.sql
def test_it_is_printed_and_given_by_hand(office, clock):
    manager = entered(office, email="", language="nl")
    clock.move(timedelta(days=3))

    page = office.open(f"/admission/{manager.id}/notice/by-hand")
    assert "art.\u00a014 AVG" in page.text
    assert page.fill(given_on="2026-03-25").submit().status == 422
    assert page.fill(given_on="2026-03-16").submit().status == 422
    done = page.fill(given_on="2026-03-19").submit()

    assert done.status == 200 and "Given by hand" in done.text
    assert (origin_of(manager).by_hand_on, origin_of(manager).by_hand_by_id) == (date(2026, 3, 19), office.user.id)


@pytest.mark.sql
def test_a_month_later_it_is_overdue_and_the_notice_can_still_be_sent_once(lead, clock):
    manager = make_manager(state="confirmed", created_at=clock.now())
    clock.move(timedelta(days=31))
    assert "Owed until" in lead.open(f"/admission/{manager.id}").text
    clock.move(timedelta(days=1))
    assert "Overdue" in lead.open(f"/admission/{manager.id}").text

    page = lead.open(f"/admission/{manager.id}/notice")
    assert page.fill(source="").submit().status == 422
    page.fill(source="network", ground="interest").submit()
    assert lead.post(f"/admission/{manager.id}/notice", {}).status in (400, 409, 422)

    assert len(mails("admission.objection")) == 1
    assert "Sent by mail" in lead.open(f"/admission/{manager.id}").text


@pytest.mark.sql
def test_nobody_of_a_batch_is_written_to_before_it_was_started(app, clock):
    manager = make_manager(state="confirmed")
    with unit_of_work():
        batch = AdmissionBatch(name="queue.csv", imported_at=clock.now())
        db.session.add(batch)
        db.session.add(AdmissionCase(manager=manager, entered_state_at=clock.now(), batch=batch))
    for start in (None, clock.now(), clock.now()):
        with unit_of_work():
            db.session.get_one(AdmissionBatch, batch.id).started_at = start
            art14.notify(db.session.get_one(Manager, manager.id), source="import", ground="interest", at=clock.now())
        assert len(mails()) == (1 if start else 0)


@pytest.mark.sql
def test_who_registered_gets_none(lead, confirmed):
    assert "Art. 14" not in lead.open(f"/admission/{confirmed.id}").text
    assert lead.open(f"/admission/{confirmed.id}/notice").status == 404


@pytest.mark.sql
@pytest.mark.parametrize(("role", "status"), [("lead", 200), ("consultant", 403), ("assistant", 403), ("auditor", 403)])
def test_only_who_may_change_the_manager_gives_it(app, role, status):
    manager = make_manager(state="confirmed", owner=make_user())
    colleague = Office(app, make_user(role))

    page = colleague.open(f"/admission/{manager.id}/notice")

    assert page.status == 200 and ("Keep and send the notice" in page.text) == (status == 200)
    assert colleague.open(f"/admission/{manager.id}/notice/by-hand").status == (404 if status == 200 else 403)


@pytest.mark.sql
def test_the_waiting_notice_is_not_sent_after_an_erasure(lead, clock):
    from app.mail.ticks import send_due
    from app.privacy.actions import erase

    manager = entered(lead)
    with unit_of_work():
        erase(db.session.get_one(Manager, manager.id), actor=None, at=clock.now())
    send_due("worker")

    assert [letter.state for letter in mails("admission.objection")] in ([], ["cancelled"])
