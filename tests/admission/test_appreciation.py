"""After the interview: the letter, the three questions behind its link, and the page with the score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import links
from app.admission import appreciation_actions as actions
from app.admission import ticks
from app.admission.models import Appreciation, AppreciationRequest
from app.db import acting_as, db, unit_of_work
from app.db.audit import AuditChange
from app.interviews.models import Interview
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.privacy.actions import erase
from app.timeline.models import Event
from tests.factories import make_interview, make_manager, make_team, make_user, save_all
from tests.office import Office

pytestmark = pytest.mark.sql
HELD = datetime(2026, 3, 16, 13, 0, tzinfo=UTC)  # a Monday
MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


@pytest.fixture
def visitor(app) -> Office:
    return Office(app)


@pytest.fixture(autouse=True)
def morning(app, clock):
    clock.move_to(MORNING)


def held(completed_at: datetime = HELD, owner=None, **given) -> Manager:
    manager = make_manager(**{"state": "interview", "email": "rita@post.example", "language": "en", **given})
    talk = make_interview(manager, **({"owner": owner} if owner else {}))
    with unit_of_work():
        db.session.execute(sa.update(Interview).where(Interview.talk_id == talk.id).values(completed_at=completed_at))
    return manager


def tick(clock) -> int:
    with acting_as("scheduler"):
        return ticks.ask_after_interview(clock.now()).done


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).where(Letter.purpose == actions.PURPOSE).order_by(Letter.id)))


def path_in(letter: Letter) -> str:
    return links.url_of(db.session.get_one(PersonalLink, letter.link_id)).removeprefix("http://localhost")


def answers() -> list[tuple]:
    db.session.rollback()
    one = Appreciation
    return [tuple(row) for row in db.session.execute(sa.select(one.year, one.quarter, one.respect, one.substance, one.tip))]


def give(team, count: int, *, respect: int = 4, substance: int = 5, quarter: int = 4, tip: str | None = None) -> None:
    first = db.session.scalar(sa.select(sa.func.count()).select_from(Appreciation)) + 1
    save_all(
        [Appreciation(id=first + number, team_id=team.id, year=2026 if quarter == 1 else 2025, quarter=quarter, respect=respect,
                      substance=substance,                      tip=tip and f"{tip} {number}") for number in range(count)]
    )  # fmt: skip


def test_the_letter_goes_once_on_the_working_day_after(clock):
    held()
    clock.move_to(HELD + timedelta(minutes=5))
    assert tick(clock) == 0
    clock.move_to(MORNING)
    assert (tick(clock), tick(clock)) == (1, 0)
    (letter,) = letters()
    assert letter.subject == "Three questions about our interview" and letter.to_address == "rita@post.example"


def test_after_a_friday_it_goes_on_monday(clock):
    held(datetime(2026, 3, 13, 15, 0, tzinfo=UTC))
    for day, done in ((14, 0), (15, 0), (16, 1)):
        clock.move_to(datetime(2026, 3, day, 8, 0, tzinfo=UTC))
        assert tick(clock) == done


@pytest.mark.parametrize("given", [{"state": "withdrawn"}, {"state": "erased"}, {"state": "out"}, {"email": None},
                                   {"completed_at": None}, {"completed_at": HELD - timedelta(days=30)}])  # fmt: skip
def test_who_is_not_asked(clock, given):
    held(**given)
    assert (tick(clock), letters()) == (0, [])


@pytest.mark.parametrize(
    ("then", "reason"),
    [({"state": "withdrawn"}, "There is nothing to ask any more."), ({"email": None}, "No mail address is known any more.")],
)
def test_a_letter_does_not_go_to_somebody_who_left_in_the_meantime(clock, then, reason):
    manager = held()
    tick(clock)
    with unit_of_work():
        db.session.execute(sa.update(Manager).where(Manager.id == manager.id).values(**then))
    send_due("worker")
    assert (letters()[0].state, letters()[0].reason) == ("cancelled", reason)


def test_opening_changes_nothing_and_an_answer_counts_once(clock, visitor):
    held()
    tick(clock)
    path = path_in(letters()[0])
    for _time in range(3):
        page = visitor.open(path)
    assert answers() == [] and "Were you treated with respect?" in page.text

    posted = page.fill(respect="5", substance="4", tip="  Send the guide before.  ").submit()
    assert posted.status == 200 and "Your answers have arrived" in posted.text
    assert answers() == [(2026, 1, 5, 4, "Send the guide before.")]
    visitor.post(path, {"respect": "1", "substance": "1"})
    page.fill(respect="1", substance="1").submit()
    assert len(answers()) == 1
    assert "Your answers have arrived" in visitor.open(path).text


@pytest.mark.parametrize(
    "typed", [{"substance": "4"}, {"respect": "6", "substance": "4"}, {"respect": "x", "substance": "4"},
              {"respect": "4", "substance": "4", "tip": "x" * 1001}],
)  # fmt: skip
def test_what_is_incomplete_is_shown_again_with_all_that_was_typed(clock, visitor, typed):
    held()
    tick(clock)
    page = visitor.open(path_in(letters()[0])).fill(**{"tip": "Keep this", **typed}).submit()
    assert page.status == 422 and answers() == []
    assert typed.get("tip", "Keep this") in page.text


def test_the_page_speaks_another_language_where_one_asks(clock, visitor):
    held()
    tick(clock)
    path = path_in(letters()[0])
    assert "Wurden Sie respektvoll behandelt?" in visitor.open(f"{path}?lang=de").text
    assert "Bent u met respect behandeld?" in visitor.open(f"{path}?lang=nl").text


def test_nothing_leads_from_an_answer_to_a_person(clock, visitor):
    held()
    tick(clock)
    visitor.open(path_in(letters()[0])).fill(respect="5", substance="4", tip="Less paper").submit()
    db.session.rollback()
    assert set(Appreciation.__table__.columns.keys()) == {"id", "team_id", "year", "quarter", "respect", "substance", "tip"}
    tables = set(db.session.scalars(sa.select(AuditChange.table_name)))
    assert not {"appreciation", "appreciation_request"} & tables
    assert not [event for event in db.session.scalars(sa.select(Event)) if "Less paper" in str(event.facts)]


def test_erasure_takes_the_question_and_leaves_the_answer_without_a_name(clock, visitor):
    manager = held()
    tick(clock)
    visitor.open(path_in(letters()[0])).fill(respect="5", substance="4", tip="Write to rita@post.example").submit()
    with unit_of_work():
        erase(db.session.get_one(Manager, manager.id), actor=None, at=clock.now())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AppreciationRequest)) == 0
    (kept,) = answers()
    assert kept[:4] == (2026, 1, 5, 4) and "rita@post.example" not in kept[4]


def page_of(app, role: str = "lead"):
    return Office(app, make_user(role)).open("/admission/appreciation")


def test_the_page_shows_five_answers_and_no_fewer(app):
    give(make_team(), 4, tip="Shorter")
    page = page_of(app)
    assert page.status == 200 and "Shorter" not in page.text and "4.5" not in page.text
    give(make_team(), 1)
    page = page_of(app)
    assert "4.5" in page.text and "Shorter 0" in page.text


def test_the_running_quarter_shows_when_it_is_over(app, clock):
    give(make_team(), 5, quarter=1, tip="Shorter")
    page = page_of(app)
    assert "Shorter" not in page.text and "4.5" not in page.text
    assert "Q1 2026 is still running: shown from Wed 1 April." in page.text
    clock.move_to(datetime(2026, 4, 1, 8, 0, tzinfo=UTC))
    assert "4.5" in page_of(app).text


def test_a_team_is_hidden_where_the_other_could_be_worked_out(app):
    give(make_team("North"), 6, respect=5, substance=5)
    give(make_team("South"), 1, respect=1, substance=1)
    text = page_of(app).text
    assert "4.4" in text  # of all seven
    assert "5.0" not in text and "1.0" not in text


@pytest.mark.parametrize(("role", "status"), [("administrator", 200), ("lead", 200), ("auditor", 200), ("consultant", 403),
                                              ("assistant", 403)])  # fmt: skip
def test_who_may_see_it(app, role, status):
    assert page_of(app, role).status == status


@pytest.mark.parametrize("wanted", ["2026-9", "x", "", "2025-1"])
def test_an_odd_quarter_shows_the_latest(app, wanted):
    give(make_team(), 5, tip="Shorter")
    assert "Shorter 4" in Office(app, make_user("lead")).open(f"/admission/appreciation?quarter={wanted}").text
