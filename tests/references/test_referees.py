"""Referees: entered, agreed to, told, called, and gone: by real forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.db.audit import AuditChange
from app.links import url_of
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.references.models import Referee
from app.talks.models import Talk
from app.timeline.models import Event
from tests.factories import make_manager, make_user, reload
from tests.office import Office, Page

pytestmark = pytest.mark.sql
SHOWN, KEPT = "0171 3920021", "+491713920021"


def entered(office: Office, **given: Any) -> Referee:
    """A former boss, entered on the page of the manager."""
    manager = given.pop("manager", None) or make_manager(owner=office.user, last_name="Aldenhoff")
    values = {"last_name": "Dahlmann", "first_name": "Ute", "relation": "boss", "company": "Nordwerk AG", "phone": SHOWN,
              "email": "u.dahlmann@example.org", "together_until": "2024-06-30", "language": "en", **given}  # fmt: skip
    page = office.open(f"/managers/{manager.id}/referees/new").fill(**values).submit()
    assert page.status == 200, page.text
    return newest(Referee)


def newest(model: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id.desc())).first()


def agree(office: Office, referee: Referee, **given: Any) -> Page:
    page = office.open(f"/references/referees/{referee.id}/consent")
    return page.fill(**{"consent_on": "2026-03-16", "consent_how": "phone", **given}).submit()


def planned(office: Office, referee: Referee) -> Talk:
    page = office.open(f"/references/referees/{referee.id}/calls/new").fill(due_on="2026-03-20").submit()
    assert page.status == 200, page.text
    return newest(Talk)


def arranged(office: Office, talk: Talk) -> Page:
    return office.open(f"/talks/{talk.id}/arrangement").fill(day="2026-03-19", time="10:00").submit()


def held(office: Office, talk: Talk, **given: Any) -> Page:
    values = {"held_on": "2026-03-17", "held_time": "08:00", "overall": "4", "appoint_again": "yes", **given}
    return office.open(f"/talks/{talk.id}/record").fill(**values).submit()


def press(office: Office, referee: Referee, action: str) -> Page:
    return office.open(f"/references/referees/{referee.id}").form(action).submit()


class Guest:
    """Who opens the link of a letter, without a session."""

    def __init__(self, app: Any, link: PersonalLink) -> None:
        self.browser, self.path = app.test_client(), url_of(link).partition("localhost")[2]

    def open(self) -> Any:
        db.session.rollback()  # ends the transaction that still sees the old state
        return self.browser.get(self.path)

    def answer(self, kind: str) -> Any:
        shown = self.open().get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
        key = re.search(r'name="form_key"[^>]*value="([^"]+)"', shown)
        assert token and key, shown
        data = {"answer": kind, "csrf_token": token[1], "form_key": key[1]}
        return self.browser.post(self.path, data=data, follow_redirects=True)


def link_of(referee: Referee) -> PersonalLink:
    db.session.rollback()
    found = sa.select(PersonalLink).where(PersonalLink.subject_type == "referee", PersonalLink.subject_id == referee.id)
    return db.session.scalars(found.order_by(PersonalLink.id.desc())).first()


def everywhere(office: Office, referee: Referee, talk: Talk | None = None) -> str:
    """All that anybody may see of the number: pages, lists, search, letters, timeline."""
    paths = [f"/references/referees/{referee.id}", f"/references/referees/{referee.id}/edit", "/references",
             f"/managers/{referee.manager_id}", f"/references/managers/{referee.manager_id}", "/search?q=3920021", "/talks?view=all",
             "/talks/new?q=3920021", "/references?view=calls", "/today"]  # fmt: skip
    if talk is not None:
        paths += [f"/talks/{talk.id}", f"/talks/{talk.id}/arrangement", f"/talks/{talk.id}/record"]
    letters = "".join(f"{one.subject}{one.text}{one.html}{one.attachments}" for one in all_of(Letter))
    return letters + "".join(str(row.facts) for row in all_of(Event)) + "".join(office.open(path).text for path in paths)


def all_of(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model)))


def shows_number(text: str) -> bool:
    return "3920021" in re.sub(r"q=3920021|value=\"3920021\"|“3920021”", "", text).replace(" ", "")


def test_a_referee_is_entered_changed_and_listed(office):
    referee = entered(office)

    page = office.open(f"/references/referees/{referee.id}/edit").fill(job_title="CEO", phone=None).submit()

    assert "CEO, Nordwerk AG" in page.text
    assert (reload(referee).number_kept, referee.job_title) == (KEPT, "CEO")
    assert "Ute Dahlmann" in office.open("/references?q=dahlmann").text
    assert "Ute Dahlmann" in office.open("/references?q=nordwerk&consent=no").text
    assert "Ute Dahlmann" not in office.open("/references?consent=yes").text
    assert "Ute Dahlmann" in office.open(f"/references?manager={referee.manager_id}").text
    assert "Ute Dahlmann" in office.open(f"/managers/{referee.manager_id}").text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("last_name", "", "Please fill this in"),
        ("relation", "", "Please choose the relation"),
        ("phone", "12", "is not a phone number"),
        ("email", "nobody", "not a mail address"),
        ("together_from", "2027-01-01", "lies ahead"),
        ("together_until", "2019-01-01", "before the beginning"),
    ],
)
def test_wrong_input_is_told_at_its_field_and_kept(office, field, value, says):
    manager = make_manager(owner=office.user)
    values = {"last_name": "Dahlmann", "relation": "peer", "note": "Knows her well", "together_from": "2020-01-01", field: value}

    page = office.open(f"/managers/{manager.id}/referees/new").fill(**values).submit()

    assert page.status == 422
    assert says in page.text.replace("&#39;", "'") or "too few or too many" in page.text
    assert "Knows her well" in page.text


def test_without_consent_the_number_shows_nowhere_and_no_call_can_be_planned(office):
    referee = entered(office)

    page = office.open(f"/references/referees/{referee.id}/calls/new").fill(due_on="2026-03-20").submit()

    assert page.status == 422 and "No call can be planned" in page.text
    assert not shows_number(everywhere(office, referee))
    assert not [row for row in all_of(AuditChange) if "3920021" in f"{row.old}{row.new}"]
    assert all_of(Talk) == [] and all_of(Letter) == []


def test_with_consent_the_number_shows_to_whoever_reads_talks(office, app):
    referee = entered(office)
    auditor = Office(app, make_user(role="auditor"))
    assert not shows_number(auditor.open(f"/references/referees/{referee.id}").text)

    agree(office, referee)

    assert shows_number(auditor.open(f"/references/referees/{referee.id}").text)
    assert shows_number(auditor.open("/references").text)
    assert not [row for row in all_of(AuditChange) if "3920021" in f"{row.old}{row.new}"]


def test_consent_cannot_lie_ahead(office):
    page = agree(office, entered(office), consent_on="2026-03-18")

    assert page.status == 422 and "lies ahead" in page.text


def test_taken_back_the_number_goes_from_where_it_stood_and_the_call_is_called_off(office):
    referee = entered(office)
    agree(office, referee)
    talk = planned(office, referee)
    assert arranged(office, talk).status == 200
    send_due("test")
    assert shows_number(everywhere(office, referee, talk))

    press(office, referee, "withdrawal")

    assert reload(talk).state == "cancelled"
    assert not shows_number(everywhere(office, referee, talk))
    assert not [row for row in all_of(AuditChange) if "3920021" in f"{row.old}{row.new}"]
    told = [one.to_address for one in all_of(Letter) if one.purpose == "talks.cancellation"]
    assert sorted(told) == sorted(["u.dahlmann@example.org", office.user.email])
    assert "Arrange anew" not in office.open(f"/talks/{talk.id}").text
    assert arranged(office, talk).status == 422
    assert (reload(referee).number_kept, referee.consent_on) == (KEPT, None)


def test_a_hidden_number_can_be_replaced_and_deleted_unseen(office):
    referee = entered(office)

    office.open(f"/references/referees/{referee.id}/edit").fill(phone="040 1234567").submit()
    assert reload(referee).number_kept == "+49401234567"
    office.open(f"/references/referees/{referee.id}/edit").fill(drop_phone="y").submit()

    assert reload(referee).number_kept is None


def test_the_referee_is_told_once_the_manager_agrees_in_the_own_language(office, app):
    referee = entered(office, language="nl")
    agree(office, referee)
    agree(office, referee, consent_how="mail")

    letters = [one for one in all_of(Letter) if one.purpose == "references.referee"]

    assert [one.to_address for one in letters] == ["u.dahlmann@example.org"]
    assert letters[0].language == "nl" and "Aldenhoff" in letters[0].text and "[personal link]" in letters[0].text
    assert reload(referee).told_at is not None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Legitimate interest", "worked with", "corrected or restricted", "object at any time", "erased", "data protection authority")),
        ("de", ("Berechtigtes Interesse", "Verhältnis", "berichtigen oder einschränken", "jederzeit widersprechen", "löschen", "beschweren")),
        ("nl", ("Gerechtvaardigd belang", "verhouding", "verbeteren of beperken", "bezwaar maken", "wissen", "klacht")),
    ],
)  # fmt: skip
def test_the_notice_says_all_that_the_law_asks_for(office, language, said):
    agree(office, entered(office, language=language))

    (letter,) = [one for one in all_of(Letter) if one.purpose == "references.referee"]
    text = " ".join(letter.text.split())
    for words in (*said, "Aldenhoff", "@"):  # who named the person, and where the firm can be written to
        assert words in text


def test_consent_taken_back_before_the_letter_went_takes_the_letter_back(office):
    referee = entered(office)
    agree(office, referee)
    press(office, referee, "withdrawal")

    assert [one.state for one in all_of(Letter)] == ["cancelled"]
    assert reload(referee).told_at is None

    agree(office, referee)
    assert [one.state for one in all_of(Letter)] == ["cancelled", "queued"]


def test_without_a_mail_address_the_notice_goes_by_hand_before_the_first_call(office):
    referee = entered(office, email=None)
    assert "notice" not in office.open(f"/references/referees/{referee.id}").text  # it says that the manager agrees
    agree(office, referee)
    refused = office.open(f"/references/referees/{referee.id}/calls/new").fill(due_on="2026-03-20").submit()
    assert refused.status == 422 and "told first" in refused.text
    notice = office.open(f"/references/referees/{referee.id}/notice")
    assert "Art. 14" in notice.text and "Aldenhoff" in notice.text
    assert notice.fill(given_on="2026-03-01").submit().status == 422

    office.open(f"/references/referees/{referee.id}/notice").fill(given_on="2026-03-17").submit()

    assert planned(office, referee).kind == "reference"


def test_a_mail_address_that_comes_later_gets_the_notice(office):
    referee = entered(office, email=None)
    agree(office, referee)
    office.open(f"/references/referees/{referee.id}/edit").fill(email="later@example.org").submit()

    assert [one.to_address for one in all_of(Letter)] == ["later@example.org"]


def test_a_call_is_a_talk_like_others(office, clock):
    referee = entered(office)
    agree(office, referee)
    talk = planned(office, referee)
    assert (talk.kind, talk.side, talk.referee_id, talk.manager_id, talk.owner_id) == (
        "reference", "referee", referee.id, referee.manager_id, office.user.id,
    )  # fmt: skip
    assert "Reference call with Ute Dahlmann" in office.open("/talks").text
    assert "Ute Dahlmann" in office.open("/talks?view=all&q=dahlmann").text
    assert "Ute Dahlmann" in office.open("/today").text
    form = office.open(f"/talks/{talk.id}/arrangement")
    assert "disappointment" in form.text and "Henrike Aldenhoff has named you" in form.text
    assert arranged(office, talk).status == 200

    letters = [one for one in all_of(Letter) if one.purpose == "talks.invitation"]
    assert {one.to_address for one in letters} == {"u.dahlmann@example.org", office.user.email}
    assert all("BEGIN:VCALENDAR" in str(one.attachments) for one in letters)
    clock.move_to(datetime(2026, 3, 18, 9, 0, tzinfo=UTC))
    assert "Ute Dahlmann" in office.open(f"/talks/{talk.id}").text

    clock.move_to(datetime(2026, 3, 19, 10, 0, tzinfo=UTC))
    assert held(office, talk, held_on="2026-03-19", held_time="10:00", what_not_for="Slow projects").status == 200
    page = office.open(f"/talks/{talk.id}").text
    assert "Slow projects" in page and "4" in page
    assert "Ute Dahlmann" in office.open("/references?view=calls&state=done").text
    assert "Ute Dahlmann" not in office.open("/references?view=calls&state=planned").text


def test_one_call_at_a_time(office):
    referee = entered(office)
    agree(office, referee)
    planned(office, referee)

    again = office.open(f"/references/referees/{referee.id}/calls/new").fill(due_on="2026-03-20").submit()

    assert again.status == 422 and "planned already" in again.text


def test_a_call_about_the_manager_is_no_talk_with_the_manager(office):
    referee = entered(office)
    agree(office, referee)
    planned(office, referee)

    page = office.open(f"/talks/new?manager={referee.manager_id}")

    assert "Counts as" not in page.text


def test_who_may_what(app, office):
    referee = entered(office)
    path = f"/references/referees/{referee.id}"
    auditor, assistant = Office(app, make_user(role="auditor")), Office(app, make_user(role="assistant"))
    other = Office(app, make_user())

    assert [auditor.open(f"{path}{more}").status for more in ("", "/edit", "/consent", "/calls/new", "/removal")] == [
        200, 403, 403, 403, 403,
    ]  # fmt: skip
    assert [assistant.open(f"{path}{more}").status for more in ("", "/edit", "/consent", "/calls/new")] == [200] * 4
    assert [other.open(f"{path}{more}").status for more in ("", "/edit", "/consent", "/removal", "/calls/new")] == [
        200, 403, 403, 403, 200,
    ]  # fmt: skip


def test_the_referee_objects_behind_the_link(office, app):
    referee = entered(office)
    agree(office, referee)
    talk = planned(office, referee)
    arranged(office, talk)
    guest = Guest(app, link_of(referee))
    assert guest.open().status_code == 200 and reload(referee).objected_on is None

    page = guest.answer("object")

    assert page.status_code == 200 and "nobody will call you" in page.get_data(as_text=True)
    assert (reload(referee).objected_on, reload(talk).state) == (date(2026, 3, 17), "cancelled")
    assert not shows_number(everywhere(office, referee, talk))
    again = office.open(f"/references/referees/{referee.id}/calls/new").fill(due_on="2026-03-20").submit()
    assert again.status == 422
    assert "Ute Dahlmann" in office.open("/references?consent=objected").text

    press(office, referee, "agreement")
    assert reload(referee).objected_on is None and planned(office, referee).state == "due"


def test_the_referee_has_the_data_erased_behind_the_link(office, app, tmp_path):
    referee = entered(office, note="Kennt Dahlmann", phone=SHOWN)
    agree(office, referee)
    first, manager_id = planned(office, referee), referee.manager_id
    held(office, first, notes="Frau Dahlmann lobt sie", what_not_for="Dahlmann: Konzerne")
    second = planned(office, referee)
    arranged(office, second)
    send_due("test")
    guest = Guest(app, link_of(referee))

    page = guest.answer("erase")

    assert page.status_code == 200 and "Your data are erased" in page.get_data(as_text=True)
    assert guest.open().status_code == 404
    left = "\n".join(str(row) for one in db.metadata.sorted_tables for row in db.session.execute(sa.select(one)))
    assert [line for line in left.split("\n") if any(trace in line for trace in ("ahlmann", "3920021"))] == []
    assert all_of(Referee) == []
    assert [(one.kind, one.state, one.overall, one.referee_id) for one in all_of(Talk)] == [
        ("reference", "held", None, None), ("reference", "cancelled", None, None),
    ]  # fmt: skip
    for path in (f"/talks/{first.id}", f"/talks/{first.id}/record", f"/talks/{second.id}", f"/talks/{second.id}/arrangement",
                 "/references?view=calls", "/talks?view=all", "/today", f"/references/managers/{manager_id}", f"/managers/{manager_id}"):  # fmt: skip
        page = office.open(path)
        assert page.status == 200 and "ahlmann" not in page.text, path
    assert not [path for path in tmp_path.glob("lotse.sqlite3*") if b"ahlmann" in path.read_bytes()]


def test_staff_remove_a_referee(office):
    path = f"/references/referees/{entered(office).id}"

    page = office.open(f"{path}/removal").submit()

    assert page.status == 200 and "removed" in page.text
    assert all_of(Referee) == []
    assert office.open(path).status == 404


def test_a_namesake_keeps_the_name_when_a_referee_goes(office):
    namesake = make_manager(first_name="Ute", last_name="Dahlmann", note="Ute Dahlmann war da")
    referee = entered(office)

    office.open(f"/references/referees/{referee.id}/removal").submit()

    assert reload(namesake).note == "Ute Dahlmann war da"


def test_two_who_change_one_referee_do_not_overwrite_one_another(office, lead):
    referee = entered(office)
    mine = office.open(f"/references/referees/{referee.id}/edit").fill(company="Südwerk")
    lead.open(f"/references/referees/{referee.id}/edit").fill(company="Ostwerk").submit()

    page = mine.submit()

    assert page.status == 409 and "Ostwerk" in page.text and "Südwerk" in page.text
    assert not shows_number(page.text)


def test_lists_go_on_by_key(office):
    manager = make_manager(owner=office.user)
    with unit_of_work():
        for number in range(60):
            one = Referee(manager_id=manager.id, last_name=f"Name{number:02}", language="de", relation="peer",
                          created_at=datetime(2026, 3, 1, tzinfo=UTC))  # fmt: skip
            one.name_changed()
            db.session.add(one)

    first = office.open("/references")
    assert "Name49" in first.text and "Name50" not in first.text
    following = re.search(r'href="(/references\?[^"]*after=[^"]+)"', first.text)
    assert following and "Name50" in office.open(following[1].replace("&amp;", "&")).text


def test_the_open_link_stands_with_the_referee_and_can_be_taken_back(office, app):
    referee = entered(office)
    agree(office, referee)
    guest = Guest(app, link_of(referee))

    page = office.open(f"/links/referee/{referee.id}")
    assert "Ute Dahlmann" in page.text
    page.form("revocation").submit()

    assert guest.open().status_code == 410
