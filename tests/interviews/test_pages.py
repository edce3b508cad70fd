"""The interview from planning to the letter that arrives, as people do it on the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.interviews import queries
from app.interviews.models import Interview
from app.interviews.rules import Ability
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.talks.models import Talk
from tests.factories import make_interview, make_manager, make_talk, make_user, reload
from tests.office import Office
from tests.servers import MailServer
from tests.statements import counted

pytestmark = pytest.mark.sql
RATED = {ability.value: "4" for ability in Ability}
THREE = {
    "recommendation-0": "Projektliste um Ergebnisse in Zahlen ergänzen",
    "by-0": "2026-04-01",
    "recommendation-1": "Kurzprofil auf eine Seite bringen",
    "by-1": "2026-04-08",
    "recommendation-2": "Zwei frühere Auftraggeber um eine Referenz bitten",
    "by-2": "2026-05-04",
}


def interview_talk(office: Office, **given: Any) -> Talk:
    manager = given.pop("manager", None) or make_manager(form_of_address="herr", first_name="Jürgen", last_name="Maaßdorf")
    return make_talk("interview", "manager", manager=manager, owner=office.user, **given)


def record_of(talk: Talk) -> Interview:
    db.session.rollback()
    found = queries.of_talk(talk.id)
    assert found is not None
    return reload(found)


def test_from_the_plan_to_the_german_letter(office, server: MailServer):
    manager = make_manager(form_of_address="frau", title="Dr.", first_name="Käthe", last_name="Großmüller", email="k@example.org")

    planned = office.open(f"/managers/{manager.id}/interviews/new").fill(due_on="2026-03-20").submit()
    assert planned.status == 200
    talk = db.session.query(Talk).filter_by(manager_id=manager.id, kind="interview").one()
    assert planned.path.endswith(f"/interviews/{talk.id}")
    assert db.session.query(Interview).count() == 0  # looking creates nothing

    done = planned.form(f"/interviews/{talk.id}").fill(**RATED, **THREE, held_time="08:00").submit(complete="1")
    assert "Write the letter" in done.text
    assert reload(talk).state == "held"

    letter = office.open(f"/interviews/{talk.id}/letter")
    assert "k@example.org" in letter.text and "German" in letter.text
    sent = letter.form(0).submit()
    assert "The letter is on its way." in sent.text
    manager_id, talk_id, answers_to = manager.id, talk.id, office.user.email
    db.session.remove()
    assert send_due("tester").sent == 1

    message = server.messages[0]
    body = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert message["To"].addresses[0].addr_spec == "k@example.org"
    assert str(message["Subject"]) == "Unser Aufnahmegespräch am 17. März 2026: was wir Ihnen empfehlen"
    assert body.startswith("Sehr geehrte Frau Dr. Großmüller,\n\nvielen Dank")
    assert "- Projektliste um Ergebnisse in Zahlen ergänzen, bis 1. April 2026" in body
    assert "- Zwei frühere Auftraggeber um eine Referenz bitten, bis 4. Mai 2026" in body
    assert message["Reply-To"].addresses[0].addr_spec == answers_to
    for path in (f"/interviews/{talk_id}", f"/managers/{manager_id}"):
        assert "sent" in office.open(path).text.lower()


@pytest.mark.parametrize(
    ("language", "form", "begins", "you"),
    [
        ("nl", "frau", "Geachte mevrouw Van der Berg,\n\nHartelijk dank", " u "),
        ("en", "herr", "Dear Mr van der Berg,\n\nThank you", " you "),
        ("de", None, "Guten Tag, Anne van der Berg,\n\nvielen Dank", " Sie "),
    ],
)
def test_the_letter_speaks_the_language_of_the_manager(office, language, form, begins, you):
    manager = make_manager(
        form_of_address=form, first_name="Anne", particle="van der", last_name="Berg", language=language, country="NL"
    )
    talk = make_interview(manager=manager, owner=office.user)

    letter = office.open(f"/interviews/{talk.id}/letter")

    text = letter.forms[0]["fields"]["text"][0]
    assert text.startswith(begins) and you in text


def test_what_is_edited_is_what_is_sent(office, server: MailServer):
    talk = make_interview(owner=office.user)

    page = office.open(f"/interviews/{talk.id}/letter")
    text = page.forms[0]["fields"]["text"][0] + "\n\nP.S. Grüße an Öhringen."
    page.fill(subject="Wie besprochen", text=text.replace("\n", "\r\n")).submit()
    db.session.remove()
    send_due("tester")

    message = server.messages[0]
    body = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert str(message["Subject"]) == "Wie besprochen" and "P.S. Grüße an Öhringen." in body
    assert "<li" in message.get_body(("html",)).get_content()


def test_a_letter_goes_once_however_often_the_button_is_pressed(office):
    talk = make_interview(owner=office.user)
    first, second = office.open(f"/interviews/{talk.id}/letter"), office.open(f"/interviews/{talk.id}/letter")

    first.submit()
    assert first.submit().status == 200  # a double click leads to the first result
    assert second.submit().status == 409

    db.session.rollback()
    assert db.session.query(Letter).filter_by(purpose="interviews.letter").count() == 1
    assert office.open(f"/interviews/{talk.id}/letter").path.endswith(f"/interviews/{talk.id}")


def test_whoever_has_withdrawn_gets_no_letter(office, server: MailServer):
    talk = make_interview(owner=office.user)
    office.open(f"/interviews/{talk.id}/letter").submit()
    with unit_of_work():
        db.session.get_one(Manager, talk.manager_id).state = "withdrawn"

    db.session.remove()
    send_due("tester")

    assert server.messages == []


def test_without_a_mail_address_the_page_says_so(office):
    talk = make_interview(manager=make_manager(email=None), owner=office.user)

    page = office.open(f"/interviews/{talk.id}/letter")

    assert "No mail address of this manager is known" in page.text and "Send the letter" not in page.text


def test_a_draft_keeps_whatever_was_typed_and_requires_nothing(office):
    talk = interview_talk(office)

    page = office.open(f"/interviews/{talk.id}")
    assert "One thing" in page.text or "2 things are missing" in page.text
    page.form(f"/interviews/{talk.id}").fill(
        career="Drei Werke saniert", problem="5", speed_note="nach 100 Tagen", **{"recommendation-1": "Kurz", "by-2": "2026-05-01"},
        available_from="2026-05-01", regions=["DE-BY"], languages=["de", "nl"], rate="1450", took_part="Frau Tjarks", step="Anruf",
    ).submit()  # fmt: skip

    fields = office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}").forms[_own_form(office, talk)]["fields"]
    assert (
        fields["career"] == ["Drei Werke saniert"] and fields["problem"] == ["5"] and fields["speed_note"] == ["nach 100 Tagen"]
    )
    assert fields["recommendation-0"] == ["Kurz"] or fields["recommendation-1"] == ["Kurz"]
    assert "2026-05-01" in (fields["by-0"] + fields["by-1"] + fields["by-2"])
    assert fields["available_from"] == ["2026-05-01"] and fields["regions"] == ["DE-BY"] and fields["languages"] == ["de", "nl"]
    assert fields["rate"] == ["1450.00"] and fields["took_part"] == ["Frau Tjarks"] and fields["step"] == ["Anruf"]
    assert reload(talk).state == "due"


def _own_form(office: Office, talk: Talk) -> int:
    forms = office.open(f"/interviews/{talk.id}").forms
    return next(number for number, form in enumerate(forms) if form["action"] == f"/interviews/{talk.id}")


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ({"speed": None}, "rate each of the six abilities"),
        ({"recommendation-2": "", "by-2": ""}, "at least 3 recommendations"),
        ({"by-1": ""}, "needs a day"),
        ({"by-1": "2026-03-01"}, "after the interview"),
        ({"recommendation-1": "Be better"}, "at least three words"),
        ({"held_on": "2026-03-18"}, "lies ahead"),
        ({"held_on": ""}, "Please choose a day"),
        ({"held_on": "2026-02-30"}, ""),
    ],
)
def test_completing_is_refused_and_keeps_all_that_was_typed(office, spoiled, sentence):
    talk = interview_talk(office)

    page = office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}")
    values = {**RATED, **THREE, "career": "Drei Werke saniert", **spoiled}
    refused = page.fill(**values).submit(complete="1")

    assert refused.status == 422 and sentence in refused.text
    assert "Drei Werke saniert" in refused.text and THREE["recommendation-0"] in refused.text
    assert reload(talk).state == "due"
    again = refused.form(f"/interviews/{talk.id}").fill(**{**RATED, **THREE, "held_on": "2026-03-17", "held_time": "08:00"})
    assert again.submit(complete="1").status == 200
    assert reload(talk).state == "held"


def test_completing_takes_over_what_was_said(office):
    manager = make_manager(regions=("DE-NW",), rate=1200)
    talk = interview_talk(office, manager=manager)

    office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}").fill(
        **RATED, **THREE, held_time="08:00", available_from="2026-05-01", regions=["DE-BY", "AT"], languages=["de"], rate="1450",
        days_per_week="4", impression="Ruhig und klar",
    ).submit(complete="1")  # fmt: skip

    manager = reload(manager)
    assert (manager.available_from, manager.availability_confirmed_on) == (date(2026, 5, 1), date(2026, 3, 17))
    assert set(manager.regions) == {"DE-BY", "AT"} and manager.languages == ["de"] and manager.days_per_week == 4
    assert manager.rate == 1450
    assert reload(talk).record == "Ruhig und klar"


def test_what_was_not_asked_stays_as_it_was(office):
    manager = make_manager(
        regions=("DE-NW",), rate=1200, available_from=date(2026, 2, 1), availability_confirmed_on=date(2026, 1, 5)
    )
    talk = interview_talk(office, manager=manager)

    office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}").fill(
        **RATED, **THREE, held_time="08:00", rate=""
    ).submit(complete="1")

    manager = reload(manager)
    assert manager.rate == 1200 and manager.regions == ["DE-NW"]
    assert manager.availability_confirmed_on == date(2026, 1, 5)


def test_two_people_at_one_guide_the_second_sees_both_versions(office, lead):
    talk = interview_talk(office)
    mine, theirs = office.open(f"/interviews/{talk.id}"), lead.open(f"/interviews/{talk.id}")

    mine.form(f"/interviews/{talk.id}").fill(career="Meine Notizen").submit()
    refused = theirs.form(f"/interviews/{talk.id}").fill(career="Deine Notizen").submit()

    assert refused.status == 409
    assert "Meine Notizen" in refused.text and "Deine Notizen" in refused.text
    assert refused.form(0).keep("mine").submit().status == 200
    assert record_of(talk).career == "Deine Notizen"


def test_a_changed_recommendation_alone_is_a_new_version(office, lead):
    talk = interview_talk(office)
    office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}").fill(**THREE).submit()
    mine, theirs = office.open(f"/interviews/{talk.id}"), lead.open(f"/interviews/{talk.id}")

    mine.form(f"/interviews/{talk.id}").fill(**{"recommendation-0": "Etwas ganz anderes tun"}).submit()

    assert theirs.form(f"/interviews/{talk.id}").fill(**{"recommendation-1": "Noch etwas anderes tun"}).submit().status == 409


def test_a_double_click_on_complete_completes_once(office):
    talk = interview_talk(office)
    page = office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}").fill(**RATED, **THREE, held_time="08:00")

    page.submit(complete="1")
    again = page.submit(complete="1")

    assert again.status == 200 and "saved already" in again.text


def test_whether_recommendations_were_used_is_one_click_on_the_managers_page(office, clock: FrozenClock):
    talk = make_interview(owner=office.user)
    clock.move(timedelta(days=30))
    first = record_of(talk).recommendations[0]

    page = office.open(f"/managers/{talk.manager_id}")
    assert "3 to ask about" in page.text
    answer = page.form(f"/recommendations/{first.id}/use").submit(follow=False, used="partly")

    assert answer.headers["Location"] == f"/managers/{talk.manager_id}#recommendation-{first.id}"
    assert reload(first).used == "partly" and reload(first).asked_by_id == office.user.id
    page = office.open(f"/managers/{talk.manager_id}")
    assert "2 to ask about" in page.text and "partly used" in page.text


def test_a_wrong_answer_to_used_changes_nothing(office):
    talk = make_interview(owner=office.user)
    first = record_of(talk).recommendations[0]
    page = office.open(f"/interviews/{talk.id}").form(f"/recommendations/{first.id}/use")

    assert page.submit(used="perhaps").status == 400
    other = page.office.post(f"/interviews/{talk.id}/recommendations/999999/use", {**_fields(page), "used": "yes"})

    assert other.status == 422
    assert reload(first).used is None


def _fields(page: Any) -> dict[str, Any]:
    return dict(page.forms[page._chosen]["fields"])


def test_the_talk_and_its_record_lead_to_the_guide(office):
    talk = interview_talk(office)

    for path in (f"/talks/{talk.id}", f"/talks/{talk.id}/record"):
        assert office.open(path).path.endswith(f"/interviews/{talk.id}")
    assert office.open(f"/talks/new?manager={talk.manager_id}").text.count("Counts as") == 0


def test_a_second_interview_is_not_planned_beside_an_open_one(office):
    talk = interview_talk(office)

    refused = office.open(f"/managers/{talk.manager_id}/interviews/new").submit()

    assert refused.status == 422 and "planned already" in refused.text


def test_a_correction_keeps_the_interview_complete(office):
    talk = make_interview(owner=office.user)

    page = office.open(f"/interviews/{talk.id}?correct=1").form(f"/interviews/{talk.id}")
    assert page.fill(**{"recommendation-0": ""}).submit().status == 422
    page = office.open(f"/interviews/{talk.id}?correct=1").form(f"/interviews/{talk.id}")
    assert page.fill(career="Genauer gesagt", speed="2").submit().status == 200

    assert record_of(talk).career == "Genauer gesagt" and record_of(talk).abilities["speed"] == 2


def test_after_the_letter_the_recommendations_stay_as_sent(office):
    talk = make_interview(owner=office.user)
    before = [one.text for one in record_of(talk).recommendations]
    office.open(f"/interviews/{talk.id}/letter").submit()

    page = office.open(f"/interviews/{talk.id}?correct=1").form(f"/interviews/{talk.id}")
    assert "recommendation-0" not in page.forms[page._chosen]["names"]
    page.fill(career="Genauer gesagt").submit()

    assert [one.text for one in record_of(talk).recommendations] == before


@pytest.mark.parametrize("role", ["assistant", "auditor", "consultant"])
def test_others_read_but_do_not_write(office, app: Flask, role):
    talk = interview_talk(office)
    other = Office(app, make_user(role=role))

    page = other.open(f"/interviews/{talk.id}")

    assert page.status == 200 and "Save draft" not in page.text
    mine = office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}")
    assert other.post(f"/interviews/{talk.id}", {**_fields(mine), "career": "Fremd"}).status in (400, 403)
    assert db.session.query(Interview).count() == 0


def test_unknown_numbers_are_not_found(office):
    talk = make_talk("quality", "manager")

    for path in ("/interviews/999999", f"/interviews/{2**63}", f"/interviews/{talk.id}", "/managers/999999/interviews/new"):
        assert office.open(path).status == 404


@pytest.mark.parametrize("shown", ["guide", "record", "manager"])
def test_pages_need_few_statements(office, app: Flask, shown):
    talk = make_interview(owner=office.user) if shown != "guide" else interview_talk(office)
    path = f"/managers/{talk.manager_id}" if shown == "manager" else f"/interviews/{talk.id}"
    office.open(path)

    with counted(app) as statements:
        assert office.open(path).status == 200

    assert len(statements) <= 8, statements


def test_a_past_appointment_is_what_the_record_begins_with(office):
    talk = interview_talk(
        office, state="arranged", appointment_at=datetime(2026, 3, 16, 13, 0, tzinfo=UTC), appointment_zone="Europe/Berlin",
        minutes=60, channel="video", place="https://video.example/7",
    )  # fmt: skip

    page = office.open(f"/interviews/{talk.id}").form(f"/interviews/{talk.id}")

    fields = page.forms[page._chosen]["fields"]
    assert (fields["held_on"], fields["held_time"], fields["channel"]) == (["2026-03-16"], ["14:00"], ["video"])
