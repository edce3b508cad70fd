"""The plan of a mandate and its handbook: written, presented, accepted, frozen."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pypdfium2
import pytest
import sqlalchemy as sa

from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.mail.compose import speaking
from app.mandates import handbook_actions as actions
from app.mandates import handbook_document, plan_queries
from app.mandates.handbook_rules import Change, Difference
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, Milestone
from app.talks.models import Talk
from app.web import pdf
from tests.factories import make_mandate, make_user, reload, save
from tests.office import Office

AT = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 17)


@pytest.fixture
def mandate(office) -> Mandate:
    return make_mandate(
        owner=office.user, stage=2, goal="93 % on time", exit_plan="Successor", handed_over="Keys", exit_on=date(2026, 6, 30)
    )


@pytest.fixture
def planned(mandate) -> Mandate:
    save(Milestone(mandate_id=mandate.id, title="Plan agreed", due_on=date(2026, 4, 1), state="planned"))
    save(EvaluationMoment(mandate_id=mandate.id, planned_on=date(2026, 4, 15)))
    return mandate


def version(number: int = 1) -> HandbookVersion:
    db.session.rollback()
    return db.session.scalars(sa.select(HandbookVersion).where(HandbookVersion.number == number)).one()


def present_and_accept(office, mandate, number: int = 1, **given):
    office.open(f"/mandates/{mandate.id}/handbook").form("/versions").submit()
    return office.open(f"/mandates/{mandate.id}/handbook/{number}/acceptance").fill(**given).submit()


@pytest.mark.sql
def test_the_plan_is_written_presented_and_accepted(office, mandate):
    base = f"/mandates/{mandate.id}/plan"
    office.open(f"{base}/goals/new").fill(title="On time", measure="93 %").submit()
    office.open(f"{base}/milestones/new").fill(title="Plan agreed", due_on="2026-04-01", owner="Plant manager").submit()
    assert "No evaluation moments are agreed." in office.open(f"/mandates/{mandate.id}/handbook").text
    page = office.open(base).form("/moments").submit()
    assert "On time" in page.text and "Plan agreed" in page.text

    present_and_accept(office, mandate, accepted_how="meeting")

    found = version()
    assert (found.accepted_on, found.accepted_how, found.accepted_by) == (TODAY, "meeting", mandate.contact.name)
    assert reload(mandate).stage == 3
    talk = db.session.scalars(sa.select(Talk).where(Talk.kind == "evaluation")).one()
    assert (talk.side, talk.state, talk.due_on) == ("both", "due", date(2026, 4, 13))


@pytest.mark.sql
def test_a_move_after_acceptance_asks_why_and_makes_a_second_version(office, planned):
    present_and_accept(office, planned)
    before = dict(version().content)
    milestone = db.session.scalars(sa.select(Milestone)).one().id
    path = f"/mandates/{planned.id}/plan/milestones/{milestone}"

    assert office.open(path).fill(due_on="2026-05-04").submit().status == 422
    page = office.open(path).fill(due_on="2026-05-04", reason="Supplier late").submit()
    assert "A new version must be accepted." in page.text
    gate = office.open(f"/mandates/{planned.id}/stage-changes/new").text
    assert "The handbook as it is now has not been accepted by the client yet." in gate
    assert "moved from 1 April 2026 to 4 May 2026" in office.open(f"/mandates/{planned.id}/handbook").text
    present_and_accept(office, planned, 2)

    assert version(1).content == before
    assert version(2).accepted_on == TODAY
    assert office.open(f"/mandates/{planned.id}/handbook/1/acceptance").submit().status in (409, 422)
    assert len(db.session.scalars(sa.select(Talk).where(Talk.kind == "evaluation")).all()) == 1
    shown = office.open(f"/mandates/{planned.id}").text
    assert "0 of 1 reached" in shown and "handbook/2.pdf" in shown


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (Difference("exit_on", Change.CHANGED, "", "2026-06-30", "2026-07-31"), "Übergabetermin vom 30. Juni 2026 auf den 31. Juli 2026 verschoben"),
        (Difference("exit_on", Change.CHANGED, "", "", "2026-07-31"), "Übergabetermin, neu: 31. Juli 2026"),
        (Difference("exit_on", Change.CHANGED, "", "2026-06-30", ""), "Übergabetermin 30. Juni 2026 entfällt"),
        (Difference("handed_over", Change.CHANGED, "", "Keys", "All"), "Übergabe von „Keys“ in „All“ geändert"),
        (Difference("goals", Change.CHANGED, "On time", "", "93 %"), "Ziel „On time“, neu: 93 %"),
        (Difference("goals", Change.CHANGED, "On time", "93 %", ""), "Ziel „On time“: „93 %“ entfällt"),
        (Difference("milestones", Change.ADDED, "Plan"), "Meilenstein „Plan“ ist neu"),
        (Difference("milestones", Change.DROPPED, "Plan", "2026-04-01"), "Meilenstein „Plan“ entfällt"),
        (Difference("moments", Change.DROPPED, "", "2026-04-15"), "Zwischenbewertung 15. April 2026 entfällt"),
    ],
)  # fmt: skip
def test_what_is_new_reads_as_a_sentence(app, one, line):
    with speaking("de"):
        assert handbook_document.told([one]) == [line]


@pytest.mark.sql
def test_reaching_a_milestone_needs_no_new_version(office, planned):
    present_and_accept(office, planned)
    milestone = db.session.scalars(sa.select(Milestone)).one().id

    page = (
        office.open(f"/mandates/{planned.id}/plan/milestones/{milestone}").fill(state="reached", reached_on="2026-03-16").submit()
    )

    assert "A new version must be accepted." not in page.text
    assert "The plan is as the client accepted it." in office.open(f"/mandates/{planned.id}/handbook").text


@pytest.mark.sql
@pytest.mark.parametrize("day", ["2026-03-16", "2026-03-18"])
def test_nobody_accepts_before_it_was_presented_or_tomorrow(office, planned, day):
    assert present_and_accept(office, planned, accepted_on=day).status == 422
    assert version().accepted_on is None


@pytest.mark.sql
def test_of_two_who_accept_and_adjust_at_once_one_wins_and_the_other_sees_why(office, planned):
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()
    acceptance = office.open(f"/mandates/{planned.id}/handbook/1/acceptance")
    db.session.execute(sa.update(Milestone).values(due_on=date(2026, 4, 8)))
    db.session.commit()
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()

    assert acceptance.submit().status == 409
    assert version().accepted_on is None
    with unit_of_work():
        mandate = db.session.get_one(Mandate, planned.id)
        shown = actions.Acceptance("Somebody", TODAY, "link", "of an older page")
        with pytest.raises(RuleViolation, match="adjusted meanwhile"):
            actions.accept(mandate, version_of(mandate), shown, actor=None, at=AT, today=TODAY)


def version_of(mandate: Mandate) -> HandbookVersion:
    return plan_queries.versions_of(mandate.id)[0]


@pytest.mark.sql
def test_the_talks_follow_what_was_accepted_also_where_a_moment_was_taken_off_meanwhile(office, planned):
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()
    moment = db.session.scalars(sa.select(EvaluationMoment)).one().id
    plan = f"/mandates/{planned.id}/plan"
    office.open(f"{plan}/moments/new").fill(planned_on="2026-05-27").submit()
    page = office.open(plan).form(f"/moments/{moment}/removal").submit()
    assert "The plan has changed since version 1 was presented." in page.text
    acceptance = office.open(f"/mandates/{planned.id}/handbook/1/acceptance")
    assert "The plan has changed since version 1 was presented." in acceptance.text

    acceptance.submit()

    assert [talk.due_on for talk in evaluation_talks("due")] == [date(2026, 4, 15)]
    assert "A new version must be accepted." in office.open(plan).text
    present_and_accept(office, planned, 2)
    assert [talk.due_on for talk in evaluation_talks("due")] == [date(2026, 5, 27)]
    assert [talk.due_on for talk in evaluation_talks("cancelled")] == [date(2026, 4, 15)]


@pytest.mark.sql
def test_a_talk_stays_until_a_version_without_its_moment_is_accepted(office, planned):
    present_and_accept(office, planned)
    save(Milestone(mandate_id=planned.id, title="Shifts", due_on=date(2026, 5, 4), state="planned"))
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()
    moment = db.session.scalars(sa.select(EvaluationMoment)).one().id
    office.open(f"/mandates/{planned.id}/plan").form(f"/moments/{moment}/removal").submit()

    office.open(f"/mandates/{planned.id}/handbook/2/acceptance").submit()

    assert [talk.due_on for talk in evaluation_talks("due")] == [date(2026, 4, 15)]
    assert evaluation_talks("cancelled") == []


@pytest.mark.sql
def test_an_appointment_whose_moment_is_no_longer_agreed_asks_the_owner(office, planned):
    present_and_accept(office, planned)
    (talk,) = evaluation_talks("due")
    at = datetime(2026, 4, 15, 9, 0, tzinfo=UTC)
    values = {"state": "arranged", "appointment_at": at, "appointment_zone": "Europe/Berlin", "minutes": 60, "channel": "phone"}
    db.session.execute(sa.update(Talk).where(Talk.id == talk.id).values(**values))
    db.session.commit()
    moment = db.session.scalars(sa.select(EvaluationMoment)).one().id
    plan = f"/mandates/{planned.id}/plan"
    office.open(f"{plan}/moments/new").fill(planned_on="2026-05-27").submit()
    office.open(plan).form(f"/moments/{moment}/removal").submit()

    present_and_accept(office, planned, 2)

    (kept,) = evaluation_talks("arranged")
    assert kept.owner_must_decide == "moment_dropped"
    assert "no longer names this evaluation moment" in office.open(f"/talks/{kept.id}").text
    assert [one.due_on for one in evaluation_talks("due")] == [date(2026, 5, 27)]


@pytest.mark.sql
def test_what_lies_after_a_shortened_term_is_to_be_moved_or_dropped(office, planned):
    save(Milestone(mandate_id=planned.id, title="Line 3", due_on=date(2026, 6, 25), state="planned"))
    save(EvaluationMoment(mandate_id=planned.id, planned_on=date(2026, 6, 24)))
    present_and_accept(office, planned)
    assert reload(planned).stage == 3
    new_end = f"/mandates/{planned.id}/extensions/new"

    preview = office.open(new_end).fill(new_end_on="2026-06-12", signed_on="2026-03-17", reason="Faster").submit()
    assert preview.text.count("This evaluation moment lies after the new end.") == 1
    preview.submit()

    shown = office.open(f"/mandates/{planned.id}").text
    assert "At least one milestone or evaluation moment lies after the end of the mandate" in shown
    assert "This evaluation moment lies after the new end." in shown
    plan = office.open(f"/mandates/{planned.id}/plan")
    assert plan.text.count("The mandate ends on 12 June 2026: move it or drop it.") == 2
    assert [talk.owner_must_decide for talk in evaluation_talks("due")] == [None, "evaluation_after_end"]

    office.open(new_end).fill(new_end_on="2026-07-31", signed_on="2026-03-17", reason="Not faster").submit().submit()
    assert [talk.owner_must_decide for talk in evaluation_talks("due")] == [None, None]
    assert "after the end of the mandate: move" not in office.open(f"/mandates/{planned.id}").text


@pytest.mark.sql
def test_today_asks_about_a_talk_that_a_shorter_term_left_over(office, planned, clock):
    save(EvaluationMoment(mandate_id=planned.id, planned_on=date(2026, 6, 24)))
    present_and_accept(office, planned)
    change = {"new_end_on": "2026-06-12", "signed_on": "2026-03-17", "reason": "Faster"}
    office.open(f"/mandates/{planned.id}/extensions/new").fill(**change).submit().submit()

    clock.move_to(datetime(2026, 6, 19, 8, 0, tzinfo=UTC))

    assert "Keep or cancel?" in office.open("/today").text


def evaluation_talks(state: str) -> list[Talk]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Talk).where(Talk.kind == "evaluation", Talk.state == state).order_by(Talk.due_on)))


@pytest.mark.sql
def test_presenting_is_offered_where_something_differs_from_what_was_presented(office, planned):
    path = f"/mandates/{planned.id}/handbook"
    late = office.open(path).form("/versions")
    office.open(path).form("/versions").submit()
    page = office.open(path)
    assert "The plan is as it was presented" in page.text
    assert not [form for form in page.forms if form["action"].endswith("/versions")]
    assert late.submit().status in (409, 422)

    save(Milestone(mandate_id=planned.id, title="Shifts", due_on=date(2026, 5, 4), state="planned"))
    page = office.open(path)
    assert "The plan has changed since version 1 was presented." in page.text and "Shifts" in page.text
    page.form("/versions").submit()
    assert [step["title"] for step in version(1).content["milestones"]] == ["Plan agreed", "Shifts"]
    office.open(path).form("/removal").submit()
    assert office.open(path).form("/versions").submit().status == 200


@pytest.mark.sql
def test_what_nobody_has_seen_is_taken_off_the_list_and_what_was_presented_dropped_with_a_reason(office, planned):
    new = save(Milestone(mandate_id=planned.id, title="Shifts", due_on=date(2026, 5, 4), state="planned")).id
    old = db.session.scalars(sa.select(Milestone.id).where(Milestone.id != new)).one()
    path = f"/mandates/{planned.id}/plan/milestones"
    assert office.open(f"{path}/{new}").fill(state="dropped").submit().status == 422
    page = office.open(f"{path}/{new}").form("/removal").submit()
    assert "Shifts" not in page.text
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()

    page = office.open(f"{path}/{old}").fill(state="dropped").submit()

    assert page.status == 422 and "The client has seen this. Please write why it is dropped." in page.text
    assert not [form for form in page.forms if form["action"].endswith("/removal")]
    version_now = reload(db.session.get_one(Milestone, old)).version
    assert office.post(f"{path}/{old}/removal", page_fields(page, version_now)).status == 422
    assert "moved" not in office.open(f"{path}/{old}").fill(due_on="2026-04-08").submit().text
    office.open(f"{path}/{old}").fill(state="dropped", reason="Not needed").submit()
    assert reload(db.session.get_one(Milestone, old)).state == "dropped"


def page_fields(page, number: int) -> dict:
    """What a button on the page would send, with that version."""
    names = ("csrf_token", "form_key")
    kept = {name: values for name, values in page.forms[0]["fields"].items() if name in names}
    return {**kept, "version": str(number)}


@pytest.mark.sql
def test_a_version_given_up_is_never_accepted_and_its_number_not_used_again(office, planned):
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()
    office.open(f"/mandates/{planned.id}/handbook").form("/removal").submit()

    assert office.open(f"/mandates/{planned.id}/handbook/1/acceptance").submit().status in (409, 422)
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()
    assert version(2).dropped_on is None


def test_who_may_not_change_the_mandate_reads_only(app, planned):
    reader = Office(app, make_user(role="auditor"))

    assert "/goals/new" not in reader.open(f"/mandates/{planned.id}/plan").text
    assert reader.open(f"/mandates/{planned.id}/handbook").status == 200
    assert reader.open(f"/mandates/{planned.id}/plan/goals/new").status == 403


def long_document(language: str, count: int = 40) -> dict:
    rows = [[f"{day}. März 2026", f"Schritt {day} mit Umlauten äöüß", "Zwei Leute, Budget", "Werkleiter"] for day in range(count)]
    table = {"heading": "Meilensteine", "head": ["Bis", "Schritt", "Mittel", "Wer"], "rows": rows, "widths": [3, 5, 4, 3]}
    return {
        "language": language, "firm": "Elbhafen", "title": "Handbuch", "lead": "Werk", "footer": "M-2026-001", "facts_heading": "Mandat",
        "facts": [{"label": "Kunde", "value": "Größe #panic()", "note": ""}],
        "sections": [{"heading": "Ziel", "text": "93 %"}], "tables": [table],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_forty_milestones_go_over_pages_with_their_heads(language):
    content = pdf.render("mandates/handbook.typ", long_document(language), at=AT)

    assert b"<pdfaid:part>2</pdfaid:part>" in content and b"<pdfaid:conformance>A</pdfaid:conformance>" in content
    with pypdfium2.PdfDocument(content) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
        assert all(item.get_font().is_embedded for page in document for item in page.get_objects() if item.type == 1)
    assert len(texts) > 1 and all("Mittel" in text for text in texts)
    assert "Größe #panic()" in texts[0] and "Schritt 39 mit Umlauten äöüß" in texts[-1]


def test_a_handbook_is_drawn_up_in_less_than_a_tenth_of_a_second():
    def seconds(turn: int) -> float:
        began = time.process_time()
        pdf.render("mandates/handbook.typ", long_document("de") | {"lead": str(turn)}, at=AT)
        return time.process_time() - began

    seconds(0)
    best = min(seconds(turn) for turn in range(1, 6))
    print(f"handbook with 40 milestones: {best * 1000:.0f} ms")
    assert best < 0.1


@pytest.mark.sql
def test_the_pdf_shows_what_was_frozen(office, planned):
    office.open(f"/mandates/{planned.id}/handbook").form("/versions").submit()
    db.session.execute(sa.update(Mandate).values(goal="later"))
    db.session.commit()

    answer = office.client.get(f"/mandates/{planned.id}/handbook/1.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pypdfium2.PdfDocument(answer.data) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "93 % on time" in text and "Plan agreed" in text and "later" not in text


@pytest.mark.sql
def test_a_milestone_is_reached_with_one_button_on_the_mandates_page(office, planned):
    path = f"/mandates/{planned.id}"
    office.open(path).form("/completion?from=mandate").submit()

    found = db.session.scalars(sa.select(Milestone)).one()
    db.session.refresh(found)
    assert (found.state, found.reached_on) == ("reached", TODAY)
    assert "1 of 1 reached" in office.open(path).text


def test_the_button_that_reaches_a_milestone_knows_the_page_it_stands_on(office, planned):
    page = office.open(f"/mandates/{planned.id}").form("/completion?from=mandate").submit()
    assert page.path == f"/mandates/{planned.id}"


def test_the_parts_of_a_mandate_are_one_click_away_from_each_of_them(office, planned):
    base = f"/mandates/{planned.id}"
    parts = (
        "",
        "/scoping",
        "/candidates",
        "/plan",
        "/handbook",
        "/reports",
        "/exit",
        "/handover",
        "/evaluation",
        "/status-checks",
    )
    for part in parts:
        text = office.open(base + part).text
        assert [one for one in parts if f'href="{base}{one}"' not in text] == []

    assert f'href="{base}/scoping.pdf"' in Office(office.app, make_user(role="auditor")).open(f"{base}/plan").text
