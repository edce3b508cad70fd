"""A written reference from the draft to the client's release, and what comes after: through pages, letters and the link."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from app.asking.ticks import remind
from app.clients.models import Contact
from app.db import db, unit_of_work
from app.ledger.models import Ask, ContactWish
from app.links import url_of
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.mandates.candidate_models import ManagerSpell
from app.mandates.course_models import GoalView
from app.mandates.models import Mandate
from app.mandates.plan_models import MandateGoal, Milestone
from app.references.models import WrittenReference
from app.references.ticks import remind as remind_of_references
from tests.factories import make_benefit, make_contact, make_manager, make_mandate, make_talk, make_user, save
from tests.office import Office, Page

pytestmark = pytest.mark.sql

TODAY = date(2026, 3, 17)


@pytest.fixture
def mandate(office: Office) -> Mandate:
    manager = make_manager(first_name="Anneke", last_name="van der Berg")
    found = make_mandate(
        owner=office.user, manager=manager, goal="93 % on time", reach="Plant and logistics", expectations="Calm"
    )
    with unit_of_work():
        contact = db.session.get_one(Contact, found.contact_id)
        contact.language, contact.job_title = "en", "Managing director"
    save(Milestone(mandate_id=found.id, title="Line 2 runs", due_on=TODAY, state="reached", reached_on=date(2026, 3, 2)))
    save(Milestone(mandate_id=found.id, title="Line 3 runs", due_on=TODAY, state="planned"))
    goal = save(MandateGoal(mandate_id=found.id, position=1, title="Backlog gone"))
    view = {"mandate_id": found.id, "goal_id": goal.id, "given_on": TODAY, "given_by": "R. O."}
    save(GoalView(side="client", percent=90, **view))
    save(GoalView(side="manager", percent=40, **view))
    rate(found, 5, answers={"acceptance": 5})
    return found


def rate(mandate: Mandate, overall: int, **given: Any) -> None:
    make_talk(mandate=mandate, state="held", held_at=datetime(2026, 2, 2, 9, tzinfo=UTC), overall=overall, **given)


def references() -> list[WrittenReference]:
    db.session.rollback()  # ends the transaction that still sees the old state
    return list(db.session.scalars(sa.select(WrittenReference).order_by(WrittenReference.id)))


def asks() -> list[Ask]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Ask).order_by(Ask.id)))


def letters(purpose: str) -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).filter_by(purpose=purpose).order_by(Letter.id)))


def base(mandate: Mandate) -> str:
    return f"/mandates/{mandate.id}/reference"


def drafted(office: Office, mandate: Mandate, **given: Any) -> WrittenReference:
    page = office.open(f"{base(mandate)}/new").fill(**given).submit()
    assert page.path.endswith("/letter"), page.text
    return references()[-1]


def asked(office: Office, mandate: Mandate, **given: Any) -> WrittenReference:
    reference = drafted(office, mandate)
    send(office, mandate, reference, **given)
    return references()[-1]


def send(office: Office, mandate: Mandate, reference: WrittenReference, **given: Any) -> Page:
    preview = office.open(f"{base(mandate)}/{reference.id}/letter").fill(**given).submit()
    assert preview.status == 200, preview.text
    return preview.form(0).submit()


class Client:
    """Somebody who opens the link of a letter, without a session."""

    def __init__(self, app: Flask, reference: WrittenReference) -> None:
        self.browser = app.test_client()
        link = db.session.get_one(PersonalLink, reference.link_id)
        self.path = "/p/" + url_of(link).rpartition("/p/")[2]

    def open(self) -> Any:
        db.session.rollback()
        return self.browser.get(self.path)

    def text(self) -> str:
        return str(self.open().get_data(as_text=True))

    def answer(self, kind: str, **given: str) -> Any:
        shown = self.text()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
        assert token, shown
        data = {"answer": kind, "csrf_token": token.group(1), "form_key": kind, **given}
        return self.browser.post(self.path, data=data, follow_redirects=True)

    def release(self, **given: str) -> Any:
        wording = {"situation": "We needed calm.", "results": "Now it is calm.", "scope": "on_request"}
        return self.answer("release", **{**wording, "name": "Rainer Osterkamp", "position": "Managing director", **given})


# Proposed ------------------------------------------------------------------------------------------------------


def test_the_mandate_says_that_now_is_the_best_time_and_why(office, mandate, clock):
    panel = office.open(f"/mandates/{mandate.id}").text.partition('id="reference"')[2].partition("</section>")[0]

    assert "best time now" in panel and "36% of the term" in panel and "5 of 5" in panel and f"{base(mandate)}/new" in panel


def test_it_says_until_when_the_guard_holds_back(office, mandate, clock):
    values = {"contact_id": mandate.contact_id, "purpose": "other", "channel": "mail", "is_agreed": False}
    save(Ask(**values, asked_on=date(2026, 3, 10), times=[], bundled=[], overridden=[]))

    panel = office.open(f"/mandates/{mandate.id}").text.partition('id="reference"')[2].partition("</section>")[0]

    assert "Held back until Tue 31 March" in panel and "best time" not in panel and "/new" not in panel


# Drafted and asked ---------------------------------------------------------------------------------------------


def test_the_draft_is_made_of_scoping_milestones_goals_and_talks(office, mandate):
    rate(mandate, 4, kind="closing", answers={"goals_reached": "Everything we had agreed."}, due_on=TODAY)
    other = make_contact(mandate.client)
    secret = {"kind": "extension", "contact": other, "answers": {"why_extended": "Do not tell"}}
    rate(mandate, 4, **secret, may_quote=False)

    page = office.open(f"{base(mandate)}/new")

    fields = page.forms[0]["fields"]
    situation, results = fields["situation"][0], fields["results"][0]
    assert all(words in situation for words in ("Anneke van der Berg", "12 January 2026", "93 % on time", "logistics", "Calm"))
    assert all(
        words in results
        for words in ("- Line 2 runs (2 March 2026)", "- Backlog gone: 90%", "On the goals: Everything we had agreed.")
    )
    assert "Line 3" not in results and "40" not in results and "Do not tell" not in results
    assert "accepted Anneke van der Berg well" in results
    assert fields["rating"] == ["4"]


def test_what_was_reached_before_the_manager_took_over_is_not_said_of_this_one(office, mandate):
    save(ManagerSpell(mandate_id=mandate.id, manager_id=mandate.manager_id, starts_on=date(2026, 3, 3)))
    save(Milestone(mandate_id=mandate.id, title="Line 4 runs", due_on=TODAY, state="reached", reached_on=date(2026, 3, 3)))

    results = office.open(f"{base(mandate)}/new").forms[0]["fields"]["results"][0]

    assert "Line 4 runs" in results and "Line 2 runs" not in results  # line 2: on 2 March


def test_the_draft_speaks_the_language_of_whom_it_asks(office, mandate):
    other = make_contact(mandate.client, language="nl")

    page = office.open(f"{base(mandate)}/new?contact={other.id}")

    assert "12 januari 2026" in page.text and other.name in page.text
    page.submit()
    assert (references()[-1].contact_id, references()[-1].language) == (other.id, "nl")


@pytest.mark.parametrize("empty", ["situation", "results"])
def test_both_blocks_are_needed_and_what_was_typed_stays(office, mandate, empty):
    page = office.open(f"{base(mandate)}/new").fill(**{"situation": "Here", "results": "There", empty: " "}).submit()

    assert page.status == 422 and ("There" if empty == "situation" else "Here") in page.text
    assert references() == []


def test_a_second_draft_waits_for_the_first(office, mandate):
    drafted(office, mandate)

    page = office.open(f"{base(mandate)}/new").submit()

    assert page.status == 422 and "in the making" in page.text
    office.open(base(mandate)).form("/discard").submit()
    assert references() == []
    assert drafted(office, mandate).state == "draft"


def test_the_letter_goes_as_it_was_shown_and_stands_in_the_ledger(office, mandate):
    benefit = make_benefit(title_en="Early sight", text_en="You see early what others do.", purposes=["reference"])
    reference = drafted(office, mandate)

    preview = office.open(f"{base(mandate)}/{reference.id}/letter").fill(benefit=str(benefit.id), message="Dear you").submit()
    shown = preview.text
    assert "You see early what others do." in shown and letters("references.ask") == [] and asks() == []
    preview.form(0).submit()

    letter, entry, now = letters("references.ask")[0], asks()[0], references()[0]
    assert letter.text.replace("&#39;", "'") in shown.replace("&#39;", "'")
    assert (entry.purpose, entry.channel, entry.is_agreed, entry.benefit_id, entry.mandate_id) == (
        "reference", "mail", False, benefit.id, mandate.id,
    )  # fmt: skip
    assert (now.state, now.link_id, entry.link_id) == ("sent", letter.link_id, letter.link_id)
    link = db.session.get_one(PersonalLink, now.link_id)
    assert link.expires_at is not None and (link.expires_at - link.created_at).days == 60


def test_a_letter_changed_after_it_was_shown_is_shown_again(office, mandate):
    reference = drafted(office, mandate)
    preview = office.open(f"{base(mandate)}/{reference.id}/letter").submit()

    again = preview.form(0).fill(message="Other words").submit()

    assert again.status == 200 and "Other words" in again.text and letters("references.ask") == []
    back = again.form(1).submit()
    assert "Other words" in back.text and "Show the letter" in back.text


def test_held_back_it_needs_a_reason(office, mandate):
    values = {"contact_id": mandate.contact_id, "purpose": "other", "channel": "mail", "is_agreed": False}
    save(Ask(**values, asked_on=date(2026, 3, 10), times=[], bundled=[], overridden=[]))
    reference = drafted(office, mandate)

    refused = office.open(f"{base(mandate)}/{reference.id}/letter").submit()
    assert refused.status == 422 and "Who asks nevertheless says why" in refused.text
    send(office, mandate, reference, override_reason="He offered it himself")

    assert (asks()[-1].override_reason, asks()[-1].overridden, references()[0].state) == (
        "He offered it himself", ["rest"], "sent",
    )  # fmt: skip


def test_nobody_without_a_mail_address_is_asked(office, mandate):
    reference = drafted(office, mandate)
    with unit_of_work():
        db.session.get_one(Contact, mandate.contact_id).email = None

    page = office.open(f"{base(mandate)}/{reference.id}/letter").submit()

    assert page.status == 422 and "No mail address" in page.text


def test_taken_back_before_it_went_it_was_no_request(office, mandate, app):
    reference = asked(office, mandate)
    client = Client(app, reference)

    office.open(base(mandate)).form("/take-back").submit()

    assert (references()[0].state, references()[0].link_id, asks()) == ("draft", None, [])
    assert letters("references.ask")[0].state == "cancelled"
    assert client.open().status_code == 410


def test_asked_once_more_it_is_the_one_reminder(office, mandate, app):
    asked(office, mandate)
    send_due("test")
    office.open(base(mandate)).form("/take-back").submit()
    assert len(asks()) == 1

    send(office, mandate, references()[0])
    assert len(asks()) == 1 and asks()[0].reminded_on == TODAY
    office.open(base(mandate)).form("/take-back").submit()

    assert references()[0].state == "draft"


# Behind the link -----------------------------------------------------------------------------------------------


def test_the_client_words_scopes_and_releases_it(office, mandate, app, clock):
    reference = asked(office, mandate)
    client = Client(app, reference)
    shown = client.text()
    assert "93 % on time" in shown and "17 March 2026" in shown and "Rating" not in shown
    assert references()[0].state == "sent"  # opening it changes nothing

    client.release(scope="public")

    kept = references()[0]
    assert (kept.state, kept.scope, kept.situation, kept.results) == ("released", "public", "We needed calm.", "Now it is calm.")
    assert kept.released_by == "Rainer Osterkamp, Managing director"
    assert asks()[0].answer == "yes"
    assert db.session.get_one(PersonalLink, kept.link_id).expires_at is None
    assert "released a reference" in letters("references.answer")[0].text
    clock.move_to(datetime(2029, 3, 17, 9, tzinfo=UTC))
    again = client.text()
    assert "Now it is calm." in again and "<textarea" not in again


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scope": ""}, "Please choose one."),
        ({"scope": "anybody"}, "Not a valid choice"),
        ({"name": " "}, "Please fill this in."),
        ({"position": ""}, "Please fill this in."),
        ({"results": "  "}, "Please fill this in."),
        ({"situation": "x" * 5001}, "5000"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(office, mandate, app, given, words):
    client = Client(app, asked(office, mandate))

    answer = client.release(**{"results": "My own words", **given})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and references()[0].state == "sent"
    assert words.replace("Not a valid choice", "") in text
    assert "results" in given or "My own words" in text


@pytest.mark.parametrize(("how", "answer", "never"), [("not_now", "later", False), ("no", "no", False), ("never", "no", True)])
def test_the_client_may_rather_not(office, mandate, app, how, answer, never):
    client = Client(app, asked(office, mandate))

    page = client.answer("decline", how=how, said="We never do")

    kept, entry = references()[0], asks()[0]
    assert page.status_code == 200 and "nothing is asked any more" in client.text()
    assert (kept.state, kept.reason, entry.answer, entry.said) == ("declined", "We never do", answer, "We never do")
    wish = db.session.get(ContactWish, mandate.contact_id)
    assert (wish is not None and wish.never) is never
    assert "best time" not in office.open(f"/mandates/{mandate.id}").text


def test_released_is_frozen_for_everybody(office, mandate, app):
    reference = asked(office, mandate)
    client = Client(app, reference)
    client.release()

    assert client.release(results="Other words").status_code == 422
    assert [office.open(f"{base(mandate)}/{reference.id}{where}").status for where in ("", "/letter")] == [404, 404]
    assert references()[0].results == "Now it is calm."


def test_the_client_takes_it_back_behind_the_same_link(office, mandate, app):
    reference = asked(office, mandate)
    client = Client(app, reference)
    client.release()
    path = f"{base(mandate)}/{reference.id}.pdf"
    assert office.open(path).status == 200

    client.answer("revoke", reason="We parted")

    kept = references()[0]
    assert (kept.state, kept.reason) == ("revoked", "We parted")
    assert office.open(path).status == 404
    text = client.text()
    assert "taken back" in text and "Now it is calm." not in text
    assert "no more" in letters("references.answer")[-1].text


def test_we_revoke_it_on_request_with_a_reason(office, mandate, app):
    reference = asked(office, mandate)
    client = Client(app, reference)
    client.release()

    page = office.open(f"{base(mandate)}/{reference.id}/revocation")
    assert page.fill(reason="").submit().status == 422
    page.fill(reason="He called").submit()

    assert (references()[0].state, references()[0].reason) == ("revoked", "He called")
    assert "Now it is calm." not in client.text()


def test_a_new_link_is_no_request_and_ends_the_former(office, mandate, app, clock):
    reference = asked(office, mandate)
    former = Client(app, reference)
    former.release()

    office.open(f"{base(mandate)}/{reference.id}/link").submit()

    assert len(asks()) == 1 and letters("references.link")[0].to_address == reference.contact.email
    assert former.open().status_code == 410
    assert "Now it is calm." in Client(app, references()[0]).text()


def test_a_link_that_ran_out_or_was_forwarded_gives_nothing_away(office, mandate, app, clock):
    reference = asked(office, mandate)
    client = Client(app, reference)
    other = make_contact(mandate.client).id
    with unit_of_work():
        db.session.get_one(WrittenReference, reference.id).contact_id = other
    assert "Calm" not in client.text()
    with unit_of_work():
        db.session.get_one(WrittenReference, reference.id).contact_id = mandate.contact_id
    clock.move(timedelta(days=61))

    answer = client.open()
    assert answer.status_code == 410 and "Calm" not in answer.get_data(as_text=True)


def test_the_letter_is_not_sent_once_it_was_answered_or_somebody_else_asked(office, mandate, app):
    reference = asked(office, mandate)
    with unit_of_work():
        save_values = {"contact_id": reference.contact_id, "purpose": "other", "channel": "phone", "is_agreed": False}
        db.session.add(Ask(**save_values, asked_on=TODAY, times=[], bundled=[], overridden=[]))

    send_due("test")

    assert letters("references.ask")[0].state == "cancelled"


def test_the_tick_that_reminds_of_talks_leaves_it_alone(office, mandate, app, clock):
    asked(office, mandate)
    clock.move(timedelta(days=14))

    assert remind(clock.now()).done == 0
    assert (asks()[0].reminded_on, letters("asking.reminder")) == (None, [])


def test_after_five_working_days_one_reminder_goes_by_itself_and_never_two(office, mandate, app, clock):
    benefit = make_benefit(text_en="Your own words, ready to be used.")
    reference = asked(office, mandate, benefit=str(benefit.id))
    send_due("test")
    assert "one reminder goes out on Tue 24 March" in office.open(base(mandate)).text
    clock.move(timedelta(days=6))
    assert remind_of_references(clock.now()).done == 0

    clock.move(timedelta(days=1))
    for _time in range(2):
        remind_of_references(clock.now())
    send_due("test")
    clock.move(timedelta(days=7))
    remind_of_references(clock.now())

    (letter,) = letters("references.reminder")
    assert (letter.state, letter.to_address, letter.subject[:10]) == ("sent", reference.contact.email, "A reminder")
    assert letter.text.index("Your own words") < letter.text.index("A few days ago")  # what is in it for the reader comes first
    assert [one.reminded_on for one in asks()] == [date(2026, 3, 24)]
    assert "Reminded on Tue 24 March" in office.open(base(mandate)).text
    assert Client(app, reference).release().status_code == 200  # behind the link that went first
    assert references()[0].state == "released"


def test_who_has_answered_or_asked_for_peace_is_not_reminded(office, mandate, app, clock):
    reference = asked(office, mandate)
    send_due("test")
    Client(app, reference).answer("decline", how="not_now")
    clock.move(timedelta(days=7))

    assert remind_of_references(clock.now()).done == 0
    assert letters("references.reminder") == []


def test_the_guard_stops_a_reminder(office, mandate, app, clock):
    reference = asked(office, mandate)
    send_due("test")
    clock.move(timedelta(days=7))
    with unit_of_work():
        db.session.add(ContactWish(contact_id=reference.contact_id, never=True, said_on=TODAY))

    remind_of_references(clock.now())
    send_due("test")

    assert letters("references.reminder")[0].state == "cancelled"


def test_a_reminder_that_has_not_gone_is_taken_back_with_the_request(office, mandate, app, clock):
    reference = asked(office, mandate)
    send_due("test")
    clock.move(timedelta(days=7))
    remind_of_references(clock.now())

    office.open(base(mandate)).form(f"/{reference.id}/take-back").submit()

    assert letters("references.reminder")[0].state == "cancelled"
    assert asks()[0].reminded_on is None


# Documents and pages ---------------------------------------------------------------------------------------------


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return " ".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))


@pytest.mark.parametrize(
    ("language", "heading"), [("de", "Situation und Aufgabe"), ("nl", "Situatie en taak"), ("en", "Situation and task")]
)
def test_the_document_is_archivable_in_three_languages(office, mandate, app, language, heading):
    reference = asked(office, mandate)
    Client(app, reference).release(results="Größe und “Ruhe”\n\n- Zeile 1\n- Zeile 2")

    answer = office.open(f"{base(mandate)}/{reference.id}.pdf?language={language}")

    content = answer.response.get_data()
    assert answer.headers["Content-Type"] == "application/pdf" and b"pdfaid" in content
    text = words_of(content)
    assert heading in text and "Größe und “Ruhe”" in text and "Rainer Osterkamp, Managing director" in text
    assert content == office.open(f"{base(mandate)}/{reference.id}.pdf?language={language}").response.get_data()


def test_what_is_internal_is_marked_and_only_released_ones_have_a_document(office, mandate, app):
    reference = asked(office, mandate)
    path = f"{base(mandate)}/{reference.id}.pdf"
    assert office.open(path).status == 404
    Client(app, reference).release(scope="internal")

    answer = office.open(path)

    assert "internal-reference" in answer.headers["Content-Disposition"]
    assert "not for handing out" in words_of(answer.response.get_data())
    assert office.open(f"/mandates/{mandate.id + 1}/reference/{reference.id}.pdf").status == 404


def test_a_later_extension_keeps_it(office, mandate, app):
    reference = asked(office, mandate)
    Client(app, reference).release()
    before = office.open(f"{base(mandate)}/{reference.id}.pdf").response.get_data()
    with unit_of_work():
        db.session.get_one(Mandate, mandate.id).ends_on = date(2026, 12, 31)

    assert references()[0].results == "Now it is calm."
    assert office.open(f"{base(mandate)}/{reference.id}.pdf").response.get_data() == before
    assert "Released on 17 March 2026: on request." in office.open(f"/mandates/{mandate.id}").text


def test_the_managers_page_shows_what_is_released_and_the_anonymous_profile_nothing(office, mandate, app):
    reference = asked(office, mandate)
    manager = mandate.manager_id
    assert "on request" not in office.open(f"/managers/{manager}").text
    Client(app, reference).release()

    page = office.open(f"/managers/{manager}").text
    assert "on request" in page and f"{base(mandate)}/{reference.id}.pdf" in page
    office.open(f"{base(mandate)}/{reference.id}/revocation").fill(reason="He called").submit()
    assert f"{base(mandate)}/{reference.id}.pdf" not in office.open(f"/managers/{manager}").text


@pytest.mark.parametrize(("role", "may"), [("assistant", True), ("consultant", False), ("auditor", False), ("lead", True)])
def test_who_may_ask(office, mandate, app, role, may):
    other = Office(app, make_user(role=role))

    assert other.open(base(mandate)).status == 200
    assert (other.open(f"{base(mandate)}/new").status == 200) is may
    assert ("/reference/new" in other.open(base(mandate)).text) is may
