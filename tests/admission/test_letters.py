"""Letters of the stages, what is behind their links, and what the clock does with who waits."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from app.admission import actions, letter_actions, stage_letters, ticks
from app.admission.arrival_actions import papers_came
from app.admission.letter_rules import Kind, kind_for, state_of
from app.admission.models import AdmissionBatch, AdmissionReaction
from app.admission.state_rules import Standing, Verb
from app.core.clock import clock as now
from app.db import acting_as, db, unit_of_work
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.managers.rules import State
from tests.admission.people import SHORT_CV, add_paper, case, fallen_short, in_admission, letters, path_in
from tests.factories import make_interview, make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql
LANGUAGES = ("de", "nl", "en")


def tick(at=None):
    with acting_as("scheduler"):
        return ticks.follow_up(at or now().now())


def matter(language="de", **given):
    manager = Manager(
        id=9999, first_name="Wiebke", last_name="Feldhusen", language=language, form_of_address="frau", state="confirmed"
    )
    return stage_letters.Matter(manager=manager, writer=None, **given)


@pytest.mark.parametrize("verb, stages, kind", [
    (Verb.FALL_SHORT, 0, Kind.STAGE_1), (Verb.FALL_SHORT, 2, Kind.STAGE_3), (Verb.FALL_SHORT, 3, Kind.CLOSING),
    (Verb.REPEAT, 1, Kind.STAGE_1), (Verb.DEADLINE, 1, Kind.STAGE_2), (Verb.DEADLINE, 3, Kind.CLOSING), (Verb.SKIP, 1, Kind.STAGE_2),
    (Verb.PASS, 0, Kind.INVITATION), (Verb.ADMIT, 0, Kind.ADMISSION), (Verb.WAIVE, 0, Kind.ADMISSION), (Verb.REFUSE, 1, Kind.REFUSAL),
])  # fmt: skip
def test_each_step_has_its_letter(verb, stages, kind):
    assert kind_for(verb, Standing(State.IN_REVIEW, stages)) is kind


@pytest.mark.parametrize("verb, standing", [
    (Verb.FALL_SHORT, Standing(State.IN_REVIEW, 0)), (Verb.DEADLINE, Standing(State.FOLLOW_UP_3, 3)),
    (Verb.SKIP, Standing(State.FOLLOW_UP_1, 1)), (Verb.PASS, Standing(State.IN_REVIEW)), (Verb.ADMIT, Standing(State.INTERVIEW)),
])  # fmt: skip
def test_a_letter_goes_in_the_state_that_its_step_leads_to(verb, standing):
    from app.admission.state_rules import after

    assert state_of(kind_for(verb, standing)) is after(standing, verb, "reason").state


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_letter_greets_names_and_signs_in_every_language(app, kind, language):
    words = stage_letters.draft(kind, matter(language, falls_short=("tasks", "project_list"), until=date(2026, 4, 2)))

    assert words.subject and "Feldhusen" in words.text and "Lotse" in words.text
    assert "%(" not in words.text and "None" not in words.text and "\n\n\n" not in words.text


def test_the_three_letters_are_a_list_an_example_and_a_last_word(app):
    short = {"falls_short": ("company_facts", "tasks"), "until": date(2026, 4, 2)}
    first, second, third = (
        stage_letters.draft(kind, matter("en", **short)) for kind in (Kind.STAGE_1, Kind.STAGE_2, Kind.STAGE_3)
    )

    assert "1. Company facts." in first.text and "2. Tasks and results." in first.text and "2 additions" in first.text
    assert "million" in second.text.lower() or "turnover" in second.text.lower()
    assert "talk it over" in second.text
    assert "2 April 2026" in third.text and "last letter" in third.text


def test_the_reviewers_note_and_the_quoted_words_stand_in_the_letter(lead):
    manager = in_admission(language="en")
    page = lead.open(f"/admission/{manager.id}/review")
    names = ("contact", "company_facts", "plain_language", "project_list", "currency")
    page = page.fill(
        verdict_tasks="missing", note_tasks="Your factory in Plauen was impressive.", **{f"verdict_{n}": "ok" for n in names}
    )

    letter = page.submit(decision="fall_short")

    assert "Your factory in Plauen was impressive." in letter.text and "On page 1 it says" in letter.text


def test_the_clock_writes_the_second_and_third_letter_and_ends_after_the_third(app, clock):
    reviewer = make_user()
    manager = in_admission()
    fallen_short(manager, reviewer, tasks="weak")
    first_day = now().today("Europe/Berlin")
    assert case(manager).next_on == first_day + timedelta(days=14)

    clock.move(timedelta(days=13))
    assert tick().done == 0
    for days, state, purpose in ((1, "follow_up_2", "stage_2"), (14, "follow_up_3", "stage_3"), (14, "out", "closing")):
        clock.move(timedelta(days=days))
        assert tick().done == 1 and tick().done == 0
        assert (case(manager).manager.state, len(letters(f"admission.{purpose}"))) == (state, 1)
    clock.move(timedelta(days=100))
    assert tick().done == 0

    assert [one.purpose for one in letters()] == ["admission.stage_2", "admission.stage_3", "admission.closing"]
    assert case(manager).next_on is None


def test_new_papers_by_link_stop_the_clock_and_are_owed_a_review(app, clock):
    reviewer = make_user()
    manager = in_admission()
    fallen_short(manager, reviewer, tasks="weak")
    clock.move(timedelta(days=14))
    tick()
    link = path_in(letters("admission.stage_2")[0])
    visitor = Office(app)

    page = visitor.open(link)
    assert page.status == 200 and reload(manager).state == "follow_up_2"
    done = page.fill(file=(BytesIO((SHORT_CV + "\nneu").encode()), "neu.txt")).submit()

    assert "Fassung 2" in done.text
    kept = case(manager)
    assert (kept.manager.state, kept.reviewer_id) == ("in_review", reviewer.id)
    assert letters("admission.notice")  # the reviewers are told
    assert letters("admission.stage_2")[0].state in ("queued", "cancelled")
    send_due("test")
    assert letters("admission.stage_2")[0].state == "skipped" or letters("admission.stage_2")[0].sent_at is None
    clock.move(timedelta(days=60))
    assert tick().done == 0


def test_whoever_is_out_comes_back_by_the_link_of_the_closing_letter(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    for _stage in range(3):
        clock.move(timedelta(days=14))
        tick()
    assert reload(manager).state == "out"

    page = Office(app).open(path_in(letters("admission.closing")[0]))
    page.fill(file=(BytesIO((SHORT_CV + "\nspät").encode()), "spaet.txt")).submit()

    assert reload(manager).state == "in_review"


@pytest.mark.parametrize("content, name", [
    (b"", "leer.pdf"), (b"MZ\x90\0" + b"\0" * 200, "lebenslauf.pdf"), (b"%PDF-1.4 broken", "cv.pdf"), (b"x" * 11_000_000, "gross.pdf"),
])  # fmt: skip
def test_a_file_that_is_none_is_refused_with_a_sentence_and_changes_nothing(app, content, name):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    with acting_as("command"), unit_of_work():
        chosen = db.session.get_one(Manager, manager.id)
        letter_actions.send(
            chosen, Kind.STAGE_1, stage_letters.draft(Kind.STAGE_1, matter()), writer=None, actor=None, at=now().now()
        )
    page = Office(app).open(path_in(letters("admission.stage_1")[0]))

    refused = page.fill(file=(BytesIO(content), name)).submit()

    assert refused.status in (413, 422)
    assert reload(manager).state == "follow_up_1"


def test_a_scanner_that_opens_every_link_three_times_changes_nothing(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    clock.move(timedelta(days=14))
    tick()
    link = path_in(letters("admission.stage_2")[0])
    visitor = Office(app)

    for _time in range(3):
        assert visitor.client.get(link).status_code == 200
        visitor.client.head(link)

    assert reload(manager).state == "follow_up_2"


def test_withdrawing_by_the_link_ends_everything(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    clock.move(timedelta(days=14))
    tick()
    page = Office(app).open(path_in(letters("admission.stage_2")[0]))

    ended = page.form(1).submit()

    assert reload(manager).state == "withdrawn" and "zurückgezogen" in ended.text
    send_due("test")
    assert letters("admission.stage_2")[0].sent_at is None
    clock.move(timedelta(days=20))
    assert tick().done == 0


def test_nobody_is_written_to_after_an_erasure(app, clock):
    from app.privacy import actions as privacy

    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    clock.move(timedelta(days=14))
    tick()
    with acting_as("command"), unit_of_work():
        privacy.erase(db.session.get_one(Manager, manager.id), actor=None, at=now().now())

    send_due("test")
    clock.move(timedelta(days=60))

    assert tick().done == 0
    assert [one.purpose for one in letters() if one.sent_at] == ["privacy.erased"]


def test_the_clock_stands_still_where_it_was_stopped(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    with acting_as("command"), unit_of_work():
        actions.move(
            actions.case_of(db.session.get_one(Manager, manager.id), at=now().now()),
            Verb.HALT,
            actor=None,
            at=now().now(),
            reason="ill",
        )
    clock.move(timedelta(days=60))

    assert tick().done == 0


def test_a_batch_that_nobody_has_started_gets_no_letter(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    with unit_of_work():
        batch = AdmissionBatch(name="liste.csv", imported_at=now().now())
        db.session.add(batch)
        db.session.flush()
        actions.case_of(db.session.get_one(Manager, manager.id), at=now().now()).batch_id = batch.id
    clock.move(timedelta(days=30))
    assert tick().done == 0
    with unit_of_work():
        db.session.get_one(AdmissionBatch, batch.id).started_at = now().now()

    assert tick().done == 1


def test_the_clock_writes_at_most_one_letter_in_14_days(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    with unit_of_work():
        case(manager).last_letter_on = now().today("Europe/Berlin") + timedelta(days=10)
    clock.move(timedelta(days=14))
    assert tick().done == 0
    clock.move(timedelta(days=9))
    assert tick().done == 0
    clock.move(timedelta(days=1))

    assert tick().done == 1


def test_who_has_no_address_is_written_to_by_post_and_it_stands_on_the_timeline(lead):
    manager = in_admission(email=None)
    fallen_short(manager, lead.user, tasks="weak")
    page = lead.open(f"/admission/{manager.id}/letters/new?for=skip")

    done = page.fill(reason="Told on the phone").submit()

    assert "Noted as sent by post." in done.text and letters() == []
    assert reload(manager).state == "follow_up_2"
    assert "By post: second letter on the papers" in lead.open(f"/managers/{manager.id}").text


def test_after_a_completed_interview_one_is_admitted_with_a_letter(lead, clock):
    manager = in_admission("interview", language="nl")
    assert lead.open(f"/admission/{manager.id}/letters/new?for=admit").submit().status == 422
    make_interview(manager, owner=lead.user)
    assert "Do not admit" in lead.open(f"/admission/{manager.id}").text

    lead.open(f"/admission/{manager.id}/letters/new?for=admit").submit()

    assert reload(manager).state == "released"
    assert "Welkom" in letters("admission.admission")[0].subject


def test_waiving_the_interview_needs_a_reason_and_welcomes(lead):
    manager = in_admission("interview")
    page = lead.open(f"/admission/{manager.id}/letters/new?for=waive")
    assert page.submit().status == 422

    page.fill(reason="Known from three mandates").submit()

    assert reload(manager).state == "released" and letters("admission.admission")


def test_what_was_answered_is_kept_with_its_code(lead, clock):
    manager = in_admission("follow_up_1")
    page = lead.open(f"/admission/{manager.id}/reactions/new")
    assert page.submit().status == 422
    assert page.fill(code="other").submit().status == 422

    shown = page.fill(code="convince_in_talk", note="“Ask my clients”").submit()

    db.session.rollback()
    assert db.session.scalars(sa.select(AdmissionReaction.code)).all() == ["convince_in_talk"]
    assert "I convince in the talk" in shown.text and "Ask my clients" in shown.text


def test_delete_my_data_leads_on_to_the_erasure(lead):
    manager = in_admission("follow_up_1")

    page = lead.open(f"/admission/{manager.id}/reactions/new").fill(code="delete_data").submit()

    assert page.path == f"/managers/{manager.id}/erasure"


def test_a_reaction_of_tomorrow_is_refused(lead):
    manager = in_admission("follow_up_1")

    page = lead.open(f"/admission/{manager.id}/reactions/new").fill(code="always_worked", said_on="2027-01-01").submit()

    assert page.status == 422 and "lies in the future" in page.text


def test_a_second_version_is_answered_even_within_14_days(lead, clock):
    manager = in_admission()
    fallen_short(manager, lead.user, tasks="weak")
    clock.move(timedelta(days=2))
    document = add_paper(manager, SHORT_CV + "\nzweite")
    with acting_as("command"), unit_of_work():
        papers_came(db.session.get_one(Manager, manager.id), document, actor=None, at=now().now())
    names = ("contact", "company_facts", "plain_language", "project_list", "currency")

    page = lead.open(f"/admission/{manager.id}/review").fill(verdict_tasks="weak", **{f"verdict_{n}": "ok" for n in names})
    letter = page.submit(decision="fall_short")
    letter.submit()

    assert (case(manager).manager.state, len(letters("admission.stage_2"))) == ("follow_up_2", 1)


def test_the_first_letters_link_still_takes_papers_after_the_second_letter(app, clock):
    manager = in_admission()
    fallen_short(manager, make_user(), tasks="weak")
    for _stage in range(2):
        clock.move(timedelta(days=14))
        tick()
    first = path_in(letters("admission.stage_2")[0])

    page = Office(app).open(first)
    page.fill(file=(BytesIO((SHORT_CV + "\nneu").encode()), "neu.txt")).submit()

    assert reload(manager).state == "in_review"


def test_papers_of_somebody_released_by_an_old_link_are_looked_at(app, clock):
    reviewer = make_user()
    manager = in_admission()
    fallen_short(manager, reviewer, tasks="weak")
    clock.move(timedelta(days=14))
    tick()
    link = path_in(letters("admission.stage_2")[0])
    with unit_of_work():
        db.session.get_one(Manager, manager.id).state = "released"

    Office(app).open(link).fill(file=(BytesIO((SHORT_CV + "\nneu").encode()), "neu.txt")).submit()

    assert reload(manager).state == "released"
    assert any(one.to_address == reviewer.email for one in letters())


def test_the_clock_leaves_who_has_no_address_to_a_colleague(app, clock):
    manager = in_admission(email=None)
    fallen_short(manager, make_user(), tasks="weak")
    clock.move(timedelta(days=30))

    assert tick().done == 0
    assert case(manager).manager.state == "follow_up_1"


def test_a_letter_typed_while_somebody_else_decided_is_not_lost(app, lead):
    manager = in_admission("interview")
    page = lead.open(f"/admission/{manager.id}/letters/new?for=waive").fill(reason="Known", text="Lange getippter Brief.")
    with unit_of_work():
        chosen = db.session.get_one(Manager, manager.id)
        chosen.state, chosen.changed_at = "out", now().now()

    answer = page.submit()

    assert answer.status == 409 and "Lange getippter Brief." in answer.text


@pytest.mark.parametrize("kind", [Kind.STAGE_1, Kind.STAGE_2, Kind.STAGE_3, Kind.CLOSING])
@pytest.mark.parametrize(("email", "has_link"), [("wiebke@post.example", True), (None, False)])
def test_a_letter_by_post_speaks_of_no_link(app, kind, email, has_link):
    chosen = matter("en", falls_short=("tasks",), until=date(2026, 4, 2))
    chosen.manager.email = email

    assert ("link below" in stage_letters.draft(kind, chosen).text) is has_link
