"""Staying released: the letters of the tick, the page behind their link, and what each answer does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from app import links
from app.admission import ticks
from app.admission.models import AdmissionBatch, AdmissionCase, FreshnessRound
from app.db import acting_as, db, unit_of_work
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.document_actions import add_document
from app.managers.models import Manager, ManagerDocument
from app.settings import actions as settings
from app.timeline.models import Event
from tests.factories import make_manager, make_mandate, make_user, new_manager, reload, save_all
from tests.office import Office, Page

pytestmark = pytest.mark.sql
PAPER = b"Rita Vogt, interim manager since 2008"
MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)  # a Tuesday, nine o'clock in Berlin


@pytest.fixture
def visitor(app) -> Office:
    return Office(app)


@pytest.fixture(autouse=True)
def morning(app, clock):
    clock.move_to(MORNING)


def stale(**given) -> Manager:
    values = {"state": "released", "email": "rita@post.example", "language": "en", "available_from": None}
    return make_manager(**{**values, **given})


def tick(clock) -> int:
    with acting_as("scheduler"):
        return ticks.freshness(clock.now()).done


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).where(Letter.purpose == "admission.freshness").order_by(Letter.id)))


def rounds() -> list[FreshnessRound]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(FreshnessRound).order_by(FreshnessRound.id)))


def state_of(manager: Manager) -> str:
    return reload(manager).state


def path_in(letter: Letter) -> str:
    return links.url_of(db.session.get_one(PersonalLink, letter.link_id)).removeprefix("http://localhost")


def answer(page: Page, what: str, **typed) -> Page:
    """Fill and send the form of the page with this answer; a file is (content, name)."""
    form = next(form for form in page.forms if form["fields"].get("answer") == [what])
    fields = {name: given[0] for name, given in form["fields"].items() if given}
    return page.office.post(page.path, {**fields, **typed})


def days_later(clock, days: int) -> None:
    clock.move(timedelta(days=days))


def with_papers(manager: Manager) -> None:
    with unit_of_work():
        add_document(
            db.session.get_one(Manager, manager.id), "cv", PAPER, name="a.txt", made_on=None, received_on=date(2026, 3, 2),
            actor=None, at=MORNING,
        )  # fmt: skip


def to_the_pause(clock) -> None:
    for _letter in range(3):
        assert tick(clock) == 1
        days_later(clock, 14)
    assert tick(clock) == 1


def test_three_letters_two_weeks_apart_and_then_a_pause(clock):
    manager = stale()
    to_the_pause(clock)

    assert [letter.subject for letter in letters()] == [
        "Are you still free, and are your papers up to date?",
        "A reminder: Are you still free, and are your papers up to date?",
        "A reminder: Are you still free, and are your papers up to date?",
    ]
    assert "last letter" in letters()[2].text and "last letter" not in letters()[1].text
    assert len({letter.link_id for letter in letters()}) == 1
    assert (rounds()[0].outcome, rounds()[0].letters) == ("paused", 3)
    assert state_of(manager) == "paused"
    assert tick(clock) == 0


def test_a_second_tick_or_another_scheduler_writes_nothing_twice(clock):
    stale()
    assert (tick(clock), tick(clock), len(letters())) == (1, 0, 1)


@pytest.mark.parametrize("at", [datetime(2026, 3, 17, 5, 0, tzinfo=UTC), datetime(2026, 3, 17, 12, 0, tzinfo=UTC),
                                datetime(2026, 3, 15, 8, 0, tzinfo=UTC)])  # fmt: skip
def test_nothing_goes_at_night_in_the_afternoon_or_on_a_sunday(clock, at):
    stale()
    clock.move_to(at)
    assert tick(clock) == 0


def test_who_is_on_a_mandate_is_asked_eight_weeks_before_its_end(clock):
    manager = stale()
    make_mandate(manager=manager, starts_on=date(2026, 1, 5), ends_on=date(2026, 5, 13))
    assert tick(clock) == 0
    days_later(clock, 1)
    assert tick(clock) == 1
    assert "still free from" in letters()[0].text and "14 May 2026" in letters()[0].text


@pytest.mark.parametrize(
    ("then", "reason"),
    [({"state": "withdrawn"}, "There is nothing to ask any more."),
     ({"available_from": date(2026, 3, 1), "availability_confirmed_on": date(2026, 3, 17)}, "It was answered in the meantime.")],
)  # fmt: skip
def test_a_letter_that_nobody_needs_any_more_does_not_go(clock, then, reason):
    manager = stale()
    with_papers(manager)
    tick(clock)
    with unit_of_work():
        kept = db.session.get_one(Manager, manager.id)
        for name, value in then.items():
            setattr(kept, name, value)
    with acting_as("scheduler"):
        send_due("worker")
    assert (letters()[0].state, letters()[0].reason) == ("cancelled", reason)


def test_opening_the_link_changes_nothing_and_yes_keeps_the_day_once(visitor, clock):
    manager = stale()
    tick(clock)
    for _time in range(3):
        page = visitor.open(path_in(letters()[0]))
    assert db.session.get_one(Manager, manager.id).availability_confirmed_on is None

    first = answer(page, "still")
    again = answer(visitor.open(path_in(letters()[0])), "day", day="2026-03-17")

    assert (first.status, again.status) == (200, 200)
    assert "Thank you, it is noted." in first.text and "Noted: you are available now." in first.text
    kept = db.session.get_one(Manager, manager.id)
    assert (kept.available_from, kept.availability_confirmed_on) == (date(2026, 3, 17), date(2026, 3, 17))
    told = [event.kind for event in db.session.scalars(sa.select(Event))]
    assert told.count("managers.available") == 1
    assert rounds()[0].outcome is None  # the papers are still open


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2026-03-16", "This day is past"), ("2031-01-01", "within the next two years"), ("soon", ""), ("", "Please choose a day.")],
)
def test_a_day_that_cannot_be_stays_in_the_form(visitor, clock, typed, words):
    stale()
    tick(clock)
    page = answer(visitor.open(path_in(letters()[0])), "day", day=typed)
    assert page.status == 422 and words in page.text and f'value="{typed}"' in page.text


def test_a_day_far_ahead_ends_the_round_until_it_draws_near(visitor, clock):
    stale()
    tick(clock)
    answer(visitor.open(path_in(letters()[0])), "day", day="2026-06-01")
    assert rounds()[0].outcome == "answered"
    for _week in range(8):
        days_later(clock, 7)
        assert tick(clock) == 0
    clock.move_to(datetime(2026, 5, 18, 8, 0, tzinfo=UTC))
    assert tick(clock) == 1


def test_papers_keep_a_released_person_released_and_owe_a_look(visitor, clock):
    reviewer = make_user(language="de")
    manager = stale(available_from=date(2026, 1, 1), availability_confirmed_on=date(2026, 3, 10), next_step=None)
    tick(clock)
    assert letters()[0].subject == "May we have your newest papers?"
    page = answer(visitor.open(path_in(letters()[0])), "papers", kind="cv", file=(BytesIO(PAPER + b"2"), "cv.txt"))

    assert page.status == 200 and "everything is up to date" in page.text
    kept = reload(manager)
    assert (kept.state, kept.next_step) == ("released", "Neue Unterlagen ansehen")
    assert rounds()[0].outcome == "answered"
    told = db.session.scalars(sa.select(Letter).where(Letter.purpose == "admission.papers_came")).one()
    assert told.to_address == reviewer.email
    assert db.session.scalars(sa.select(ManagerDocument)).one().added_by_id is None


def test_a_file_that_is_none_stays_at_its_field(visitor, clock):
    stale()
    tick(clock)
    link = path_in(letters()[0])
    assert answer(visitor.open(link), "papers", kind="cv", file=(BytesIO(b""), "cv.txt")).status == 422
    assert answer(visitor.open(link), "papers", kind="cv").status == 422
    assert answer(visitor.open(link), "papers", kind="certificate", file=(BytesIO(b"%PDF-1.4"), "c.pdf")).status == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ManagerDocument)) == 0


def test_paused_for_availability_comes_back_by_one_click(visitor, clock):
    manager = stale()
    with_papers(manager)
    to_the_pause(clock)
    page = visitor.open(path_in(letters()[0]))
    assert "we go on at once" in page.text
    answer(page, "still")
    assert state_of(manager) == "released"


def test_paused_for_papers_goes_into_review(visitor, clock):
    manager = stale()
    to_the_pause(clock)
    link = path_in(letters()[0])
    answer(visitor.open(link), "still")
    assert state_of(manager) == "paused"
    page = answer(visitor.open(link), "papers", kind="cv", file=(BytesIO(PAPER + b"2"), "cv.txt"))
    assert page.status == 200 and "We are reviewing your papers." in page.text
    assert state_of(manager) == "in_review"


def test_staff_who_confirm_answer_the_round_and_bring_back(visitor, clock, app):
    manager = stale()
    with_papers(manager)
    tick(clock)
    office = Office(app, make_user("lead"))
    office.open(f"/managers/{manager.id}/availability").fill(available_from="2026-03-17").submit()
    assert rounds()[0].outcome == "answered"
    assert "nothing was open any more" in office.open(f"/admission/{manager.id}").text


def test_taking_oneself_off_withdraws_and_stops_the_letters(visitor, clock):
    manager = stale()
    tick(clock)
    page = answer(visitor.open(path_in(letters()[0])), "leave")
    assert page.status == 200
    assert state_of(manager) == "withdrawn"
    days_later(clock, 14)
    tick(clock)
    assert len(letters()) == 1


@pytest.mark.parametrize(("language", "words"), [("de", "Sind Sie noch verfügbar"), ("nl", "Bent u nog beschikbaar")])
def test_it_is_written_in_the_managers_language(visitor, clock, language, words):
    stale(language=language)
    tick(clock)
    assert words in letters()[0].subject
    assert f'lang="{language}"' in visitor.open(path_in(letters()[0])).text


def test_the_firm_sets_how_often(clock):
    with unit_of_work():
        settings.change({"freshness_remind_days": 21, "freshness_rounds_a_year": 1})
    stale()
    tick(clock)
    days_later(clock, 14)
    assert tick(clock) == 0
    days_later(clock, 7)
    assert tick(clock) == 1


def test_many_are_written_to_at_once_and_each_once(clock):
    save_all(new_manager(state="released", email=f"m{n}@post.example", available_from=None) for n in range(120))
    assert tick(clock) == 120
    assert len({letter.key for letter in letters()}) == 120
    assert tick(clock) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AdmissionCase)) == 120


def test_who_was_imported_is_left_alone_until_a_lead_starts(clock):
    manager = stale()
    with unit_of_work():
        batch = AdmissionBatch(name="queue.csv", imported_at=MORNING)
        db.session.add(AdmissionCase(manager=db.session.get_one(Manager, manager.id), entered_state_at=MORNING, batch=batch))
    assert tick(clock) == 0
    with unit_of_work():
        db.session.scalars(sa.select(AdmissionBatch)).one().started_at = MORNING
    assert tick(clock) == 1
