"""Logging talks: planned ones, unplanned ones, calls that nobody answered."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.core.clock import FrozenClock
from app.db import db
from app.db.audit import AuditChange
from app.talks import record_views
from app.talks.models import Talk
from tests.factories import make_contact, make_manager, make_talk, make_user, reload
from tests.office import Office
from tests.talks.mandates import bavarian_mandate

pytestmark = pytest.mark.sql


def talks() -> list[Talk]:
    db.session.rollback()  # ends the transaction that still sees the old state
    return list(db.session.scalars(sa.select(Talk).order_by(Talk.id), execution_options={"populate_existing": True}))


def test_a_rating_is_all_that_a_record_needs(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/record").fill(overall="4").submit()

    assert page.status == 200
    talk = reload(talk)
    assert (talk.state, talk.overall, talk.channel, talk.held_minutes) == ("held", 4, "phone", 30)
    assert talk.held_at == datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
    assert talk.recorded_by_id == office.user.id
    assert "rated 4 of 5" in page.text


def test_without_a_rating_the_record_comes_back_with_all_that_was_typed(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/record").fill(notes="Mehr Zeit in der Frühschicht", progress="60").submit()

    assert page.status == 422
    assert "overall rating from 1 to 5" in page.text
    assert "Mehr Zeit in der Frühschicht" in page.text
    assert reload(talk).state == "due"


def test_no_opinion_is_an_answer(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    office.open(f"/talks/{talk.id}/record").fill(overall="no_opinion").submit()

    talk = reload(talk)
    assert (talk.state, talk.overall, talk.answers) == ("held", None, {"overall": "no_opinion"})
    assert "no opinion" in office.open(f"/talks/{talk.id}").text


def test_the_five_answers_of_a_client_show_with_the_talk(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/record")
    page.fill(
        overall="5",
        progress="60",
        acceptance="4",
        change_next="Einkauf früher einbinden",
        same_assignment="drifting",
        handover_on_track="yes",
    ).submit()

    assert reload(talk).answers == {
        "progress": 60,
        "acceptance": 4,
        "change_next": "Einkauf früher einbinden",
        "same_assignment": "drifting",
        "handover_on_track": "yes",
    }
    shown = office.open(f"/talks/{talk.id}").text
    for words in ("60 %", "Einkauf früher einbinden", "drifting"):
        assert words in shown


def test_the_closing_talk_holds_the_clients_feedback(office: Office) -> None:
    talk = make_talk("closing", mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/record")
    page.fill(
        overall="5",
        goals_reached="Liefertreue ja, Rückstand fast",
        what_remains="Rückstand",
        brief_differently="Früher den Einkauf",
        manager_again="yes",
        us_again="9",
        may_name_us="on_request",
        benefit_handed_over="yes",
    ).submit()

    talk = reload(talk)
    assert (talk.overall, talk.answers["us_again"], talk.answers["manager_again"]) == (5, 9, "yes")
    assert talk.may_quote is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"overall": "6"}, "whole number from 1 to 5"),
        ({"overall": "9" * 5000}, "whole number from 1 to 5"),
        ({"overall": "4", "held_on": "2026-03-18"}, "This lies ahead"),
        ({"overall": "4", "held_on": "2019-03-18"}, "three years back"),
        ({"overall": "4", "held_on": "2026-02-29"}, "Not a valid date"),
        ({"overall": "4", "minutes": "-5"}, "Number must be between"),
        ({"overall": "4", "step": "Marktübersicht", "by": None}, "by when"),
        ({"overall": "4", "notes": "x\0y"}, "cannot be stored"),
        ({"overall": "4", "notes": "x" * 10_001}, "longer than 10000"),
        ({"overall": "4", "step_owner": "999"}, "Not a valid choice"),
    ],
)
def test_a_wrong_record_is_refused(office: Office, typed: dict[str, str | None], sentence: str) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/record").fill(**typed).submit()

    assert page.status == 422
    assert sentence in page.text
    assert reload(talk).state == "due"


def test_the_agreed_step_has_a_day_and_an_owner_and_can_be_ticked_off(office: Office) -> None:
    colleague = make_user()
    talk = make_talk(mandate=bavarian_mandate(office.user))
    page = office.open(f"/talks/{talk.id}/record")
    page.fill(overall="4", step="Marktübersicht senden", by="2026-03-20", step_owner=str(colleague.id)).submit()

    talk = reload(talk)
    assert (talk.step, talk.step_on, talk.step_owner_id) == ("Marktübersicht senden", date(2026, 3, 20), colleague.id)
    office.open(f"/talks/{talk.id}").form("/step").submit()
    assert reload(talk).step_done_on == date(2026, 3, 17)


def test_another_date_that_is_typed_wins(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    office.open(f"/talks/{talk.id}/record").fill(overall="4", step="Anrufen", step_on="2026-04-02").submit()

    assert reload(talk).step_on == date(2026, 4, 2)


def test_saving_twice_gives_one_record(office: Office) -> None:
    contact = make_contact()
    page = office.open(f"/talks/new?contact={contact.id}").fill(notes="Kurzer Anruf")

    page.submit()
    page.submit()

    assert len(talks()) == 1


def test_a_held_talk_can_be_corrected_by_its_author_and_by_a_lead_only(office: Office, lead: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user, owner_id=make_user().id), owner=office.user)
    office.open(f"/talks/{talk.id}/record").fill(overall="4", notes="Vier, mit Vorbehalt").submit()
    colleague = Office(office.app, talk.mandate.owner_id and db.session.get(type(office.user), talk.mandate.owner_id))

    assert colleague.open(f"/talks/{talk.id}/record").status == 403
    page = lead.open(f"/talks/{talk.id}/record")
    assert "Vier, mit Vorbehalt" in page.text
    page.fill(overall="3", notes="Drei").submit()

    talk = reload(talk)
    assert (talk.overall, talk.record, talk.recorded_by_id) == (3, "Drei", office.user.id)
    old = [
        change.old
        for change in db.session.scalars(
            sa.select(AuditChange).filter_by(table_name="talk", row_id=str(talk.id), change="changed")
        )
    ]
    assert any(one.get("record") == "Vier, mit Vorbehalt" for one in old)


def test_not_reached_is_one_click_and_counts(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    office.open(f"/talks/{talk.id}").form("/not-reached").submit()
    page = office.open(f"/talks/{talk.id}/record").form("/not-reached").submit()

    talk = reload(talk)
    assert (talk.state, talk.not_reached) == ("due", 2)
    assert "2 times not reached" in page.text


def test_a_person_without_a_due_talk_can_be_noted_as_not_reached(office: Office) -> None:
    manager = make_manager()

    page = office.open(f"/talks/new?manager={manager.id}").form("/talks/not-reached").submit()

    assert page.status == 200
    assert talks() == []


def test_people_are_found_by_name_company_and_number(office: Office) -> None:
    contact = make_contact(last_name="Tjarks", phone="+4940123456")
    manager = make_manager(last_name="Maaßdorf")

    assert f"/talks/new?contact={contact.id}" in office.open("/talks/new?q=tjar").text
    assert f"/talks/new?contact={contact.id}" in office.open("/talks/new?q=040+1234 56").text
    assert f"/talks/new?manager={manager.id}" in office.open("/talks/new?q=Maassdorf").text
    assert "Nobody found" in office.open("/talks/new?q=zzzzz").text


def test_last_called_are_a_click_away(office: Office) -> None:
    contact = make_contact(first_name="Gesine", last_name="Tjarks")
    make_talk(
        contact=contact,
        owner=office.user,
        state="held",
        held_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
        due_on=None,
        sort_on=date(2026, 3, 10),
    )

    assert "Gesine Tjarks" in office.open("/talks/new").text


def test_a_call_that_fits_a_due_talk_counts_as_it(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/new?contact={talk.contact_id}")
    assert "The Quality talk due" in page.text
    page.fill(overall="4").submit()

    assert [(one.id, one.state) for one in talks()] == [(talk.id, "held")]


def test_a_call_can_stay_one_of_its_own(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    office.open(f"/talks/new?contact={talk.contact_id}").fill(overall="4", counts_as="own").submit()

    due, own = talks()
    assert (due.state, own.state, own.mandate_id, own.planned) == ("due", "held", talk.mandate_id, False)


def test_a_talk_due_in_a_month_is_not_offered(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), due_on=date(2026, 4, 8))

    assert "Counts as" not in office.open(f"/talks/new?contact={talk.contact_id}").text  # 22 days
    other = make_talk(mandate=bavarian_mandate(office.user), due_on=date(2026, 4, 7))
    assert "Counts as" in office.open(f"/talks/new?contact={other.contact_id}").text


def test_an_interview_is_recorded_with_its_guide_only(office: Office) -> None:
    talk = make_talk("interview", "manager", owner=office.user, due_on=date(2026, 3, 18))

    assert office.open(f"/talks/{talk.id}/record", follow=False).headers["Location"] == f"/interviews/{talk.id}"
    assert "Counts as" not in office.open(f"/talks/new?manager={talk.manager_id}").text


def test_save_and_log_next_leads_to_an_empty_form(office: Office) -> None:
    contact = make_contact()

    page = office.open(f"/talks/new?contact={contact.id}").fill(notes="Kurzer Anruf").submit(next="1")

    assert "Name, company or phone number" in page.text
    assert talks()[0].state == "held"


def test_other_calls_need_no_rating(office: Office) -> None:
    manager = make_manager()

    office.open(f"/talks/new?manager={manager.id}").fill(notes="Ist ab Mai frei").submit()

    talk = talks()[0]
    assert (talk.kind, talk.side, talk.state, talk.record) == ("other", "manager", "held", "Ist ab Mai frei")


def test_what_was_promised_stands_beside_the_form(office: Office) -> None:
    mandate = bavarian_mandate(office.user)
    make_talk(
        mandate=mandate,
        state="held",
        held_at=datetime(2026, 2, 9, 9, 0, tzinfo=UTC),
        due_on=date(2026, 2, 9),
        overall=4,
        answers={"change_next": "Einkauf früher einbinden"},
        step="Marktpreise senden",
        step_on=date(2026, 2, 20),
    )
    talk = make_talk(mandate=mandate)

    page = office.open(f"/talks/{talk.id}/record")

    assert "Marktpreise senden" in page.text
    assert "Einkauf früher einbinden" in page.text


def test_an_appointment_that_has_begun_is_proposed_as_the_time_of_the_talk(office: Office, clock: FrozenClock) -> None:
    talk = make_talk(
        mandate=bavarian_mandate(office.user),
        state="arranged",
        appointment_at=datetime(2026, 3, 16, 9, 30, tzinfo=UTC),
        appointment_zone="Europe/Berlin",
        minutes=45,
        channel="video",
        place="https://example.org/meet",
    )

    office.open(f"/talks/{talk.id}/record").fill(overall="4").submit()

    talk = reload(talk)
    assert (talk.held_at, talk.held_minutes, talk.channel) == (datetime(2026, 3, 16, 9, 30, tzinfo=UTC), 45, "video")


def test_another_kind_of_talk_keeps_what_was_typed(office: Office) -> None:
    mandate = bavarian_mandate(office.user)
    first = office.open(f"/talks/new?contact={mandate.contact_id}&kind=quality")

    first.fill(notes="Zieht die Inventur vor", overall="4", change_next="Einkauf früher einbinden", step="Rückruf")
    second = first.submit(switch_to="closing")

    assert second.status == 200 and not talks()
    assert "kind=closing" in second.forms[0]["action"]
    fields = second.forms[0]["fields"]
    assert (fields["notes"], fields["overall"], fields["step"]) == (["Zieht die Inventur vor"], ["4"], ["Rückruf"])
    assert fields["minutes"] == ["60"], "the length was only proposed"
    assert "kept only until you save" in second.text

    back = second.submit(switch_to="quality")
    assert back.forms[0]["fields"]["change_next"] == ["Einkauf früher einbinden"]
    assert "kept only until you save" not in back.text

    third = back.submit(switch_to="closing").fill(goals_reached="Alle", by="2026-03-20")
    assert third.submit().status == 200
    assert [(talk.kind, talk.record, talk.held_minutes) for talk in talks()] == [("closing", "Zieht die Inventur vor", 60)]
    assert "change_next" not in talks()[0].answers


def test_a_kind_that_there_is_none_of_stays_the_kind_it_was(office: Office) -> None:
    contact = make_contact()

    page = office.open(f"/talks/new?contact={contact.id}").fill(notes="Kurz").submit(switch_to="nonsense")

    assert page.status == 200 and "Kurz" in page.text and not talks()


def test_a_talk_that_went_to_somebody_else_meanwhile_is_not_logged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    consultant = make_user("consultant")
    theirs = Office(office.app, consultant)
    talk = make_talk(owner=consultant)
    page = theirs.open(f"/talks/{talk.id}/record")
    begin = record_views.unit_of_work

    def taken_over_first():
        with begin():
            db.session.get_one(Talk, talk.id).owner_id = office.user.id
        return begin()

    monkeypatch.setattr(record_views, "unit_of_work", taken_over_first)

    assert page.fill(notes="Kurz").submit().status == 403
    assert reload(talk).state == "due"
