"""The review page: papers beside criteria, verdicts, the decision by a letter, and what the next version changed."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.admission import ticks
from app.admission.models import AdmissionCase, CvReview, PaperReading
from app.db import acting_as, db, unit_of_work
from app.managers.models import Manager
from tests.admission.people import SHORT_CV, add_paper, case, in_admission, invented_pdf, letters
from tests.factories import make_user, reload
from tests.files import samples
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql


def judged(page, **verdicts):
    names = ("contact", "company_facts", "tasks", "plain_language", "project_list", "currency")
    return page.fill(**{f"verdict_{name}": verdicts.get(name, "ok") for name in names})


def test_the_tick_reads_what_nobody_has_read(app, clock):
    manager = in_admission(paper=None)
    with unit_of_work():
        from app.managers.document_actions import add_document

        add_document(
            db.session.get_one(Manager, manager.id), "cv", SHORT_CV.encode(), name="cv.txt", made_on=None,
            received_on=clock.today("Europe/Berlin"), actor=None, at=clock.now(),
        )  # fmt: skip

    with acting_as("scheduler"):
        assert ticks.read(clock.now()).done == 1
        assert ticks.read(clock.now()).done == 0

    kept = db.session.scalars(sa.select(PaperReading)).one()
    assert kept.problem is None and "Velbrink" in kept.pages[0] and kept.analysis["is_cv"]
    assert set(kept.analysis["criteria"]["tasks"]["reason"]) == {"de", "nl", "en"}


def test_the_page_shows_papers_criteria_and_what_was_found(lead):
    manager = in_admission()

    page = lead.open(f"/admission/{manager.id}/review")

    assert page.status == 200
    for words in ("Velbrink GmbH", "Company facts", "Tasks and results", "name only", "page 1", "<mark>"):
        assert words in page.text or words == "name only"
    assert reload(manager).state == "confirmed"  # looking changes nothing


def test_verdicts_are_kept_and_take_the_case_into_review(lead):
    manager = in_admission()

    page = (
        judged(lead.open(f"/admission/{manager.id}/review"), tasks="missing").fill(note_tasks="Only titles").submit(decision="")
    )

    assert "Your verdicts are kept" in page.text
    db.session.rollback()
    review = db.session.scalars(sa.select(CvReview)).one()
    assert review.verdicts["tasks"] == {"verdict": "missing", "note": "Only titles"}
    assert (review.decision, reload(manager).state, case(manager).reviewer_id) == (None, "in_review", lead.user.id)
    assert letters() == []


def test_falling_short_is_decided_by_sending_the_letter(lead, clock):
    manager = in_admission()

    letter = judged(lead.open(f"/admission/{manager.id}/review"), tasks="weak", company_facts="missing").submit(
        decision="fall_short"
    )
    assert letter.path == f"/admission/{manager.id}/letters/new?for=fall_short"
    assert reload(manager).state == "in_review"  # nothing is decided before it is sent
    assert "Aufgaben und Ergebnisse" in letter.text and "Angaben zum Unternehmen" in letter.text
    assert "Verständliche Sprache" not in letter.text
    done = letter.submit()

    assert "The letter is on its way." in done.text
    kept = case(manager)
    assert (kept.manager.state, kept.stages_used, kept.falls_short) == ("follow_up_1", 1, "company_facts tasks")
    (sent,) = letters("admission.stage_1")
    assert (sent.to_address, sent.language, sent.state) == ("wiebke@post.example", "de", "queued")
    assert "[personal link]" in sent.text and "Feldhusen" in sent.text
    review = db.session.scalars(sa.select(CvReview)).one()
    assert (review.decision, review.decided_by_id) == ("fall_short", lead.user.id)


def test_meeting_the_standard_invites_to_the_interview(lead):
    manager = in_admission()

    letter = judged(lead.open(f"/admission/{manager.id}/review")).submit(decision="pass")
    letter.submit()

    assert reload(manager).state == "interview"
    (sent,) = letters("admission.invitation")
    assert sent.link_id is None and "Aufnahmegespräch" in sent.text
    assert case(manager).falls_short == ""


def test_after_the_letter_the_next_review_is_one_step_away(app, lead):
    manager, other = in_admission(), in_admission(email="nele@post.example")
    with unit_of_work():
        db.session.get_one(AdmissionCase, other.id).reviewer_id = lead.user.id

    done = judged(lead.open(f"/admission/{manager.id}/review"), tasks="weak").submit(decision="fall_short").submit()

    assert f'href="/admission/{other.id}/review" aria-keyshortcuts="n s">Review next<' in done.text
    assert "Review next" not in lead.open(f"/admission/{manager.id}").text
    assert lead.open(f"/admission/{manager.id}?then=x").status == 200


def test_papers_that_lack_something_pass_with_a_reason_only(lead):
    manager = in_admission()
    letter = judged(lead.open(f"/admission/{manager.id}/review"), currency="missing").submit(decision="pass")

    refused = letter.submit()
    assert refused.status == 422 and reload(manager).state == "in_review"
    refused.fill(reason="Known from a mandate of last year").submit()

    assert reload(manager).state == "interview"
    assert "Known from a mandate of last year" in lead.open(f"/managers/{manager.id}").text


def test_a_refusal_needs_a_reason_and_ends_the_admission(lead):
    manager = in_admission()
    letter = lead.open(f"/admission/{manager.id}/review").submit(decision="refuse")
    assert letter.submit().status == 422

    letter.fill(reason="No leadership experience", text="Sehr geehrte Frau Feldhusen,\n\nleider nein.").submit()

    assert reload(manager).state == "out"
    assert "leider nein" in letters("admission.refusal")[0].text
    assert "No leadership experience" not in letters("admission.refusal")[0].text


def test_an_unjudged_criterion_is_refused_at_its_place_and_what_was_judged_stays(lead):
    manager = in_admission(paper=None)
    add_paper(manager, samples.png(), name="foto.png")

    page = lead.open(f"/admission/{manager.id}/review")
    assert "Its text cannot be read." in page.text and "pages/1.png" in page.text
    refused = page.fill(verdict_tasks="weak").submit(decision="pass")

    assert refused.status in (200, 422)
    assert 'value="weak" data-key="w" checked' in refused.text or refused.path.endswith("for=pass")


def test_what_cannot_be_read_still_falls_short_with_a_letter_that_asks_for_it(lead):
    manager = in_admission(paper=None)
    add_paper(manager, samples.png(), name="foto.png")

    letter = lead.open(f"/admission/{manager.id}/review").submit(decision="fall_short")
    assert "Wir konnten sie nicht lesen" in letter.text
    letter.submit()

    assert case(manager).falls_short == "unreadable"


def test_without_a_paper_the_letter_asks_for_one(lead):
    manager = in_admission(paper=None)

    letter = lead.open(f"/admission/{manager.id}/review").submit(decision="fall_short")

    assert "Bitte senden Sie ihn als PDF" in letter.text


def test_the_second_reviewer_is_told_who_has_begun(app, lead):
    manager = in_admission()
    lead.open(f"/admission/{manager.id}/review").submit(decision="")
    other = Office(app, make_user("lead"))

    page = other.open(f"/admission/{manager.id}/review")

    assert f"begun by {lead.user.short_name}" in page.text


def test_two_who_decide_at_once_do_not_both_win(app, lead):
    manager = in_admission()
    other = Office(app, make_user("lead"))
    first = judged(lead.open(f"/admission/{manager.id}/review"), tasks="weak").submit(decision="fall_short")
    second = judged(other.open(f"/admission/{manager.id}/review"), tasks="weak").submit(decision="fall_short")
    second.submit()

    assert first.submit().status in (409, 422, 303, 200)
    assert len(letters("admission.stage_1")) == 1
    assert case(manager).stages_used == 1


def test_before_and_after_stand_beside_each_other(lead, clock):
    manager = in_admission()
    page = judged(lead.open(f"/admission/{manager.id}/review"), tasks="missing").fill(note_tasks="Only titles")
    assert "Last time:" not in page.text
    page.submit(decision="fall_short").submit()
    content = (SHORT_CV + "\nAufgaben: Einkauf neu geordnet, Kosten um 12 Prozent gesenkt").encode()
    lead.client.post(f"/managers/{manager.id}/documents/new")  # without a form: refused
    upload = lead.open(f"/managers/{manager.id}/documents/new")
    from io import BytesIO

    upload.fill(kind="cv", file=(BytesIO(content), "neu.txt")).submit()
    assert reload(manager).state == "in_review"

    page = lead.open(f"/admission/{manager.id}/review")

    assert "How it went from version to version" in page.text and "fell short" in page.text
    assert re.search(
        r'Tasks and results</h3>.*?Last time: <span class="lo-pill is-bad">missing</span> <span[^>]*>Only titles<',
        page.text,
        re.S,
    )


def test_the_likely_decision_stands_first_and_the_keys_of_both_are_told(lead):
    def buttons(page):
        return re.findall(r'name="decision" value="(\w+)"', page.text)

    manager = in_admission()
    page = lead.open(f"/admission/{manager.id}/review")
    assert buttons(page)[0] == "fall_short" and "n l writes the letter" in page.text
    judged(page).submit(decision="")

    assert buttons(lead.open(f"/admission/{manager.id}/review"))[0] == "pass"


def test_a_letter_of_a_step_that_cannot_be_taken_is_refused_in_red(lead):
    manager = in_admission()

    page = lead.open(f"/admission/{manager.id}/letters/new?for=fall_short")

    assert page.path == f"/admission/{manager.id}"
    assert re.search(r"lo-note is-bad[^>]*><p[^>]*>In the present state this cannot be done", page.text)


def test_who_may_not_decide_reads_whose_review_it_is(app, lead):
    manager = in_admission(owner_id=lead.user.id)
    page = Office(app, make_user("consultant")).open(f"/admission/{manager.id}/review")

    assert f"This review is with {lead.user.short_name}" in page.text
    assert "no review is owed" not in page.text and 'name="decision"' not in page.text


def test_a_pdf_shows_its_pages_as_pictures_that_are_drawn_once(lead):
    manager = in_admission(paper=None)
    name, content = invented_pdf()
    document = add_paper(manager, content, name=name)
    page = lead.open(f"/admission/{manager.id}/review")
    address = f"/admission/{manager.id}/papers/{document.id}/pages/1.png"
    assert address in page.text

    picture = lead.client.get(address)
    again = lead.client.get(address, headers={"If-None-Match": picture.headers["ETag"]})

    assert (picture.status_code, picture.mimetype, picture.data[:4]) == (200, "image/png", b"\x89PNG")
    assert again.status_code == 304
    assert lead.client.get(address.replace("/1.png", "/99.png")).status_code == 404
    assert lead.client.get(address.replace(f"/{manager.id}/", "/987654/")).status_code == 404


def test_who_may_only_read_judges_nothing(app):
    manager = in_admission(owner=make_user())
    for role in ("assistant", "auditor", "consultant"):
        office = Office(app, make_user(role))
        page = office.open(f"/admission/{manager.id}/review")
        assert page.status == 200 and 'name="decision"' not in page.text
        assert office.open(f"/admission/{manager.id}/letters/new?for=pass").status == 403
    assert reload(manager).state == "confirmed"


def test_another_persons_paper_is_not_shown(lead):
    mine, other = in_admission(), in_admission(email="other@post.example")
    from app.admission.review_queries import latest_paper

    assert lead.open(f"/admission/{mine.id}/review?paper={latest_paper(other.id).id}").status == 404
    for odd in ("987654321", "abc", "9" * 30, "%00"):
        assert lead.open(f"/admission/{mine.id}/review?paper={odd}").status in (200, 400, 404)


def test_the_page_asks_as_many_statements_for_many_papers_as_for_one(app, lead):
    manager = in_admission()
    address = f"/admission/{manager.id}/review"
    lead.open(address)
    with counted(app) as few:
        lead.open(address)
    for number in range(5):
        add_paper(manager, f"{SHORT_CV}\n{number}")
    with counted(app) as many:
        lead.open(address)

    assert len(few) == len(many), [one for one in many if one not in few]


def test_who_looks_at_another_document_judges_the_cv_all_the_same(lead):
    manager = in_admission()
    other = add_paper(manager, "Zeugnis\nFrau Feldhusen war immer pünktlich", kind="certificate", name="zeugnis.txt")

    page = lead.open(f"/admission/{manager.id}/review?paper={other.id}")
    assert "immer pünktlich" in page.text and "Not judged by the analyser." not in page.text
    judged(page, tasks="weak").submit(decision="")

    db.session.rollback()
    review = db.session.scalars(sa.select(CvReview)).one()
    assert review.document_id != other.id and review.verdicts["tasks"]["verdict"] == "weak"


def test_the_case_and_the_review_ask_at_most_eight_times(app, lead):
    number = in_admission().id
    for address in (f"/admission/{number}", f"/admission/{number}/review"):
        lead.open(address)
        with counted(app) as statements:
            lead.open(address)
        assert len(statements) <= 8, address
