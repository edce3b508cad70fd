"""The pages of talks: list, one talk, arranging, postponing, declining, cancelling."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import FrozenClock
from app.db import db
from app.mail.models import Letter
from app.talks.models import Talk
from tests.factories import make_client, make_contact, make_talk, make_user, reload
from tests.office import Office
from tests.statements import counted
from tests.talks.mandates import bavarian_mandate

pytestmark = pytest.mark.sql


def appointment(**given: str) -> dict[str, str]:
    return {"day": "2026-03-24", "time": "10:30", "minutes": "30", "channel": "phone", "place": "+49 89 123456", **given}


def arranged(office: Office, **given: str) -> Talk:
    """A client's quality talk that was arranged on its page."""
    talk = make_talk(mandate=bavarian_mandate(office.user))
    page = office.open(f"/talks/{talk.id}/arrangement").fill(**appointment(**given)).submit()
    assert page.status == 200, page.text
    return reload(talk)


def letters(**where: str) -> list[Letter]:
    db.session.rollback()  # ends the transaction that still sees the old state
    return list(db.session.scalars(sa.select(Letter).filter_by(**where).order_by(Letter.id)))


def test_all_pages_open(office: Office) -> None:
    mandate = bavarian_mandate(office.user)
    talk = make_talk(mandate=mandate)
    one = f"/talks/{talk.id}"
    paths = [
        *(
            "/talks",
            "/talks?view=all",
            "/talks?view=overdue",
            "/talks?view=arranged",
            "/talks?q=osterkamp&kind=quality&side=client",
        ),
        *(one, f"{one}/arrangement", f"{one}/postponements", f"{one}/declination", f"{one}/cancellation", f"{one}/record"),
        *("/talks/new", f"/talks/new?contact={mandate.contact_id}", f"/talks/new?manager={mandate.manager_id}"),
        *(f"/talks/new?mandate={mandate.id}", "/talks/new?q=oster", "/talks/new?q=0", f"/talks/new?talk={talk.id}"),
    ]

    for path in paths:
        assert office.open(path).status == 200, path


def test_the_list_shows_mine_first_and_finds_by_name_company_and_mandate(office: Office) -> None:
    make_talk(mandate=bavarian_mandate(office.user))
    make_talk(contact=make_contact(make_client(name="Marschland Netzservice GmbH"), last_name="Tjarks"), owner=make_user())

    assert "Osterkamp" in office.open("/talks").text
    assert "Tjarks" not in office.open("/talks").text
    assert "Tjarks" in office.open("/talks?view=all").text
    for words in ("osterkamp", "VELBRINK", "werkleitung"):
        found = office.open(f"/talks?view=all&q={words}").text
        assert "Osterkamp" in found
        assert "Tjarks" not in found


def test_a_talk_is_overdue_from_the_day_after(office: Office, clock: FrozenClock) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    clock.move_to(datetime(2026, 3, 23, 20, 0, tzinfo=UTC))
    assert f"/talks/{talk.id}" not in office.open("/talks?view=overdue").text
    clock.move_to(datetime(2026, 3, 23, 23, 30, tzinfo=UTC))  # 0:30 in Berlin
    assert f"/talks/{talk.id}" in office.open("/talks?view=overdue").text
    assert "Overdue" in office.open(f"/talks/{talk.id}").text


def test_the_list_and_a_talk_ask_few_statements(office: Office, app: Flask) -> None:
    mandate = bavarian_mandate(office.user)
    for _ in range(60):
        talk = make_talk(mandate=mandate)
    office.open(f"/talks/{talk.id}/arrangement").fill(**appointment()).submit()
    office.open("/talks")

    with counted(app) as statements:
        page = office.open("/talks")
    assert "after=" in page.text
    assert len(statements) <= 6
    with counted(app) as statements:
        office.open(f"/talks/{talk.id}")
    assert len(statements) <= 8, "\n".join(statements)


def test_arranging_sets_the_appointment_in_its_zone_and_queues_two_invitations(office: Office) -> None:
    talk = arranged(office, zone="Europe/London")

    assert talk.state == "arranged"
    assert talk.appointment_at == datetime(2026, 3, 24, 10, 30, tzinfo=UTC)
    assert (talk.appointment_zone, talk.minutes, talk.sort_on) == ("Europe/London", 30, date(2026, 3, 24))
    assert [letter.to_address for letter in letters()] == [talk.contact.email, office.user.email]


def test_the_letter_is_shown_before_it_goes_and_can_be_edited(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/arrangement")
    assert talk.contact.email in page.text
    assert "Sehr geehrter Herr Dr. Osterkamp" in page.text
    assert "Nach 14 Tagen und dann alle 6 Wochen" in page.text
    page.fill(
        **appointment(), subject="Ein Gespräch", message="Wie läuft es in der Frühschicht?", benefit="Sie sparen Zeit."
    ).submit()

    letter = letters(to_address=talk.contact.email)[0]
    assert letter.subject == "Ein Gespräch"
    assert "Sehr geehrter Herr Dr. Osterkamp," in letter.text
    assert letter.text.index("Sie sparen Zeit.") < letter.text.index("Wie läuft es in der Frühschicht?")
    assert "Nach 14 Tagen und dann alle 6 Wochen" in letter.text.replace("\n", " ")
    assert reload(talk).benefit == "Sie sparen Zeit."


def test_no_invitation_to_a_client_leaves_without_a_benefit(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/arrangement").fill(**appointment(), benefit=" ").submit()

    assert page.status == 422
    assert "without a benefit" in page.text
    assert letters() == []


def test_without_the_letter_only_the_colleague_gets_a_calendar_entry(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    office.open(f"/talks/{talk.id}/arrangement").fill(**appointment(), tell=None, benefit="").submit()

    assert reload(talk).state == "arranged"
    assert [letter.to_address for letter in letters()] == [office.user.email]


def test_somebody_without_a_mail_address_can_be_arranged_with(office: Office) -> None:
    talk = make_talk(contact=make_contact(email=None), owner=office.user)

    page = office.open(f"/talks/{talk.id}/arrangement")
    assert "No mail address" in page.text
    page.fill(**appointment()).submit()

    assert reload(talk).state == "arranged"
    assert [letter.to_address for letter in letters()] == [office.user.email]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("time", "02:30", "does not exist in that night"),
        ("day", "2026-03-16", "log it instead"),
        ("day", "2036-03-16", "three years ahead"),
        ("day", "2027-02-29", "Not a valid date"),
        ("day", "2026-13-45", "Not a valid date"),
        ("minutes", "0", "Number must be between"),
        ("minutes", "99999999999999999999", "Number must be between"),
        ("minutes", "half an hour", "Not a valid integer"),
        ("zone", "Mars/Olympus", "from the list"),
        ("place", "", "phone number that is called"),
        ("channel", "pigeon", "Not a valid choice"),
        ("subject", "x\0y", "cannot be stored"),
    ],
)
def test_a_wrong_appointment_is_refused_with_a_sentence(office: Office, field: str, typed: str, sentence: str) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))
    given = appointment(day="2026-03-29") if field == "time" else appointment()  # the clocks go forward that night

    page = office.open(f"/talks/{talk.id}/arrangement").fill(**{**given, field: typed}).submit()

    assert page.status == 422
    assert sentence in page.text
    assert reload(talk).state == "due"
    assert letters() == []


def test_a_video_link_must_be_a_link(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/arrangement").fill(**appointment(channel="video", place="javascript:alert(1)")).submit()

    assert page.status == 422
    assert "beginning with https://" in page.text


def test_the_autumn_hour_that_comes_twice_is_the_first(office: Office) -> None:
    talk = arranged(office, day="2026-10-25", time="02:30")

    assert talk.appointment_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_second_click_arranges_once(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))
    page = office.open(f"/talks/{talk.id}/arrangement").fill(**appointment())

    page.submit()
    again = page.submit()

    assert again.status == 200
    assert "This was saved already" in again.text
    assert len(letters()) == 2


def test_two_people_on_one_talk_get_a_page_with_both_versions(office: Office, lead: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))
    mine = office.open(f"/talks/{talk.id}/arrangement").fill(**appointment(), message="Was ich getippt habe")
    lead.open(f"/talks/{talk.id}/postponements").fill(due_on="2026-03-30").submit()

    page = mine.submit()

    assert page.status == 409
    assert "Was ich getippt habe" in page.text
    assert reload(talk).due_on == date(2026, 3, 30)
    assert letters() == []


def test_postponing_moves_the_same_calendar_entry(office: Office) -> None:
    talk = arranged(office)
    uid = talk.calendar_uid

    page = office.open(f"/talks/{talk.id}/postponements").fill(day="2026-03-26", reason="Messe").submit()

    assert page.status == 200
    talk = reload(talk)
    assert (talk.calendar_uid, talk.calendar_sequence, talk.due_on) == (uid, 1, date(2026, 3, 23))
    newest = letters(to_address=talk.contact.email)[-1]
    assert newest.guard_args["sequence"] == 1
    assert f"UID:{uid}" in newest.attachments[0]["text"].replace("\r\n ", "")
    assert "Messe" in office.open(f"/talks/{talk.id}").text
    assert "Messe" not in newest.text


def test_postponing_to_the_same_appointment_is_refused(office: Office) -> None:
    talk = arranged(office)

    page = office.open(f"/talks/{talk.id}/postponements").submit()

    assert page.status == 422
    assert "the appointment as it is" in page.text


def test_without_a_new_time_the_talk_is_due_again_and_those_invited_are_told(office: Office) -> None:
    talk = arranged(office)
    office.open(f"/talks/{talk.id}/postponements?without=1").fill(due_on="2026-04-01").submit()

    talk = reload(talk)

    assert (talk.state, talk.due_on, talk.appointment_at) == ("due", date(2026, 4, 1), None)


def test_a_due_talk_cannot_be_put_off_to_a_day_that_is_over(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/postponements").fill(due_on="2026-03-16").submit()

    assert page.status == 422
    assert "This day is over" in page.text


def test_declining_keeps_the_coded_reason_and_the_words(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    office.open(f"/talks/{talk.id}/declination").fill(decline_reason="fears_sales_talk", note="Er will nichts kaufen.").submit()

    talk = reload(talk)
    assert (talk.state, talk.decline_reason) == ("declined", "fears_sales_talk")
    assert "Fears a sales talk" in office.open(f"/talks/{talk.id}").text
    assert "Er will nichts kaufen." in office.open(f"/talks/{talk.id}").text


def test_declining_for_another_reason_wants_a_word(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))

    page = office.open(f"/talks/{talk.id}/declination").fill(decline_reason="other").submit()

    assert page.status == 422
    assert "in a few words" in page.text


def test_a_declined_talk_can_be_arranged_after_all(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), state="declined", decline_reason="no_time")

    office.open(f"/talks/{talk.id}/arrangement").fill(**appointment()).submit()

    assert (reload(talk).state, talk.decline_reason) == ("arranged", None)


def test_a_cancelled_talk_names_its_reason_and_leaves_the_list_of_mine(office: Office) -> None:
    talk = arranged(office)

    page = office.open(f"/talks/{talk.id}/cancellation")
    assert office.user.name not in page.text.split("A cancellation goes to")[0].split("<main")[1]
    page.fill(note="Doppelt geplant").submit()

    assert reload(talk).state == "cancelled"
    assert "Doppelt geplant" in office.open(f"/talks/{talk.id}").text
    assert f'/talks/{talk.id}"' not in office.open("/talks").text


def test_a_talk_that_the_end_of_the_mandate_left_out_stays_out(office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user), state="cancelled", cancelled_by_change=True)

    assert "/arrangement" not in office.open(f"/talks/{talk.id}").text
    page = office.open(f"/talks/{talk.id}/arrangement").fill(**appointment()).submit()
    assert page.status == 422
    assert "out of the plan" in page.text


def test_an_appointment_that_is_over_asks_for_its_record(office: Office, clock: FrozenClock) -> None:
    talk = arranged(office)

    clock.move_to(datetime(2026, 3, 24, 12, 0, tzinfo=UTC))

    assert "write down what was said" in office.open(f"/talks/{talk.id}").text


def test_rights(office: Office, lead: Office, app: Flask) -> None:
    talk = make_talk(mandate=bavarian_mandate(make_user()))
    others = [
        (office, 403),  # a consultant who neither owns it nor is on the mandate
        (lead, 200),
        (Office(app, make_user(role="assistant")), 200),
        (Office(app, make_user(role="auditor")), 403),
    ]

    for person, status in others:
        assert person.open(f"/talks/{talk.id}").status == 200
        assert person.open(f"/talks/{talk.id}/arrangement").status == status, person.user.role
        assert person.open(f"/talks/{talk.id}/record").status == status


def test_unknown_and_enormous_numbers_are_not_found(office: Office) -> None:
    for path in (
        "/talks/999",
        "/talks/99999999999999999999",
        "/talks/999/record",
        "/talks/new?contact=999",
        "/talks/new?contact=99999999999999999999999",
    ):
        assert office.open(path).status in (200, 404), path
    assert office.open("/talks/999").status == 404
    assert office.open("/talks?after=nonsense").status == 400
