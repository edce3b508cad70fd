"""The short report of a month: asked for once, sent in behind a link, taken down by a colleague."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.db import acting_as, db, unit_of_work
from app.links import actions as links
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.mandates import report_letters, report_queries, ticks
from app.mandates.candidate_models import ManagerSpell
from app.mandates.course_models import ManagerReport
from app.mandates.models import Mandate
from app.privacy.actions import erase
from tests.factories import make_manager, make_mandate, make_user, save
from tests.office import Office

pytestmark = pytest.mark.sql
FIRST_OF_APRIL = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)  # a Wednesday, 9:00 in Berlin
WORDS = {"days": "16.5", "tasks": "Shift plan agreed", "obstacles": "Two lines stand still"}


@pytest.fixture
def mandate(office) -> Mandate:
    return on_it(owner=office.user)


def on_it(**given) -> Mandate:
    """A running mandate whose manager, who reads English, is on it since its first day."""
    mandate = make_mandate(manager=make_manager(language="en"), **given)
    save(ManagerSpell(mandate_id=mandate.id, manager_id=mandate.manager_id, starts_on=mandate.starts_on))
    return mandate


def tick(clock, at: datetime = FIRST_OF_APRIL) -> int:
    clock.move_to(at)
    with acting_as("scheduler"):
        return ticks.ask_reports(clock.now()).done


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).where(Letter.purpose == report_letters.PURPOSE).order_by(Letter.id)))


def reports() -> list[tuple]:
    db.session.rollback()
    one = ManagerReport
    rows = db.session.execute(sa.select(one.manager_id, one.month, one.days, one.tasks, one.obstacles).order_by(one.id))
    return [tuple(row) for row in rows]


def path_in(letter: Letter) -> str:
    return "/p/" + links.url_of(db.session.get_one(PersonalLink, letter.link_id)).rpartition("/p/")[2]


def test_the_month_is_asked_for_once_with_a_letter_that_names_no_money(mandate, clock):
    assert [tick(clock), tick(clock)] == [1, 0]

    (letter,) = letters()
    assert (letter.subject, letter.about_id) == ("Short report for March 2026: Interim-Werkleitung", mandate.id)
    assert "€" not in letter.text and "rate" not in letter.text.lower()
    assert reports() == [(mandate.manager_id, date(2026, 3, 1), None, None, None)]


@pytest.mark.parametrize(
    ("at", "done"),
    [
        (datetime(2026, 4, 1, 4, 0, tzinfo=UTC), 0),  # 6:00
        (datetime(2026, 3, 31, 8, 0, tzinfo=UTC), 0),  # the month is not over
        (datetime(2026, 4, 4, 8, 0, tzinfo=UTC), 0),  # a Saturday
        (datetime(2026, 4, 9, 15, 0, tzinfo=UTC), 1),  # the scheduler stood still for a week
    ],
)
def test_it_goes_in_office_hours_and_is_made_up_for(mandate, clock, at, done):
    february = ManagerReport(mandate_id=mandate.id, manager_id=mandate.manager_id, month=date(2026, 2, 1))
    save(february)  # a colleague wrote it down
    assert tick(clock, at) == done


def test_after_a_month_without_a_scheduler_the_newest_month_is_asked_for_once(mandate, clock):
    assert tick(clock, datetime(2026, 4, 30, 8, 0, tzinfo=UTC)) == 1
    assert tick(clock, datetime(2026, 4, 30, 9, 0, tzinfo=UTC)) == 0
    assert [row[1] for row in reports()] == [date(2026, 3, 1)]

    assert tick(clock, datetime(2026, 5, 4, 8, 0, tzinfo=UTC)) == 1
    assert [row[1] for row in reports()] == [date(2026, 3, 1), date(2026, 4, 1)]


def test_of_two_schedulers_one_asks(mandate, clock):
    clock.move_to(FIRST_OF_APRIL)
    ((manager_id, month),) = report_queries.to_ask(date(2026, 4, 1))[mandate.id]
    assert tick(clock) == 1

    def second() -> None:  # it read before the first one wrote
        with unit_of_work():
            found = db.session.get_one(Mandate, mandate.id)
            report_letters.ask(found, db.session.get_one(Manager, manager_id), month, at=clock.now())

    with pytest.raises(IntegrityError):
        second()
    assert (len(letters()), len(reports())) == (1, 1)


def test_a_mandate_is_asked_on_its_own_and_only_its_own_reports_are_read(office, mandate, clock):
    other = on_it(owner=office.user)
    clock.move_to(FIRST_OF_APRIL)

    assert sorted(report_queries.to_ask(date(2026, 4, 1))) == sorted([mandate.id, other.id])
    assert list(report_queries.to_ask(date(2026, 4, 1), other.id)) == [other.id]
    assert tick(clock) == 2


def test_both_managers_of_a_month_are_asked_each_once(mandate, clock):
    first_id, other = mandate.manager_id, make_manager(language="en")
    with unit_of_work():
        spell = db.session.scalars(sa.select(ManagerSpell)).one()
        spell.ends_on = date(2026, 3, 10)
        db.session.add(ManagerSpell(mandate_id=mandate.id, manager_id=other.id, starts_on=date(2026, 3, 11)))
        db.session.get_one(Mandate, mandate.id).manager_id = other.id

    for at in (datetime(2026, 3, 11, 8, 0, tzinfo=UTC), FIRST_OF_APRIL):
        tick(clock, at)

    march = sorted(row[0] for row in reports() if row[1] == date(2026, 3, 1))
    assert march == [first_id, other.id]
    assert len(letters()) == len(reports())


@pytest.mark.parametrize("given", [{"closed_on": date(2026, 3, 31)}, {"lost_on": date(2026, 3, 31)}])
def test_a_mandate_that_is_over_asks_nobody_not_even_by_a_letter_that_waits(office, clock, given):
    on_it(owner=office.user, **given)
    assert tick(clock) == 0
    running = on_it(owner=office.user)
    assert tick(clock) == 1

    with unit_of_work():
        db.session.execute(sa.update(Mandate).where(Mandate.id == running.id).values(**given))
    send_due("worker")

    assert [letter.state for letter in letters()] == ["cancelled"]
    assert "tasks" not in Office(office.app, None).open(path_in(letters()[0])).text


def test_who_was_erased_gets_no_letter_and_leaves_no_words(app, mandate, clock):
    tick(clock)
    path = path_in(letters()[0])
    Office(app, None).open(path).fill(**WORDS).submit()
    with unit_of_work():
        erase(db.session.get_one(Manager, mandate.manager_id), actor=None, at=clock.now(), is_theirs=True)
    send_due("worker")

    assert letters()[0].state == "cancelled" or not letters()[0].text
    assert reports() == [(mandate.manager_id, date(2026, 3, 1), Decimal("16.5"), None, None)]
    assert tick(clock, datetime(2026, 5, 4, 8, 0, tzinfo=UTC)) == 0


def test_the_manager_sends_it_in_corrects_it_and_a_second_click_is_harmless(app, mandate, clock):
    tick(clock)
    path, outside = path_in(letters()[0]), Office(app, None)

    page = outside.open(path)
    assert reports()[0][2] is None  # looking changes nothing
    page.fill(**WORDS).submit()
    page.submit()
    answered = outside.open(path).fill(days="17").submit()

    assert "Thank you, your report has arrived" in answered.text
    assert reports() == [(mandate.manager_id, date(2026, 3, 1), Decimal("17.0"), WORDS["tasks"], WORDS["obstacles"])]


@pytest.mark.parametrize("odd", [{"days": ""}, {"days": "32"}, {"days": "3.2"}, {"days": "abc"}, {"tasks": "  "}])
def test_a_refusal_keeps_what_was_typed(app, mandate, clock, odd):
    tick(clock)
    page = Office(app, None).open(path_in(letters()[0])).fill(**(WORDS | odd)).submit()

    assert page.status == 422
    assert WORDS["obstacles"] in page.text
    assert "Not a valid" not in page.text
    assert reports()[0][2] is None


def test_after_the_next_month_a_report_is_only_read(app, mandate, clock):
    tick(clock)
    path, outside = path_in(letters()[0]), Office(app, None)
    outside.open(path).fill(**WORDS).submit()
    open_page = outside.open(path)
    clock.move_to(datetime(2026, 5, 2, 8, 0, tzinfo=UTC))

    assert "Send the report" not in outside.open(path).text
    assert open_page.fill(days="3").submit().status == 422
    assert reports()[0][2] == Decimal("16.5")


def test_a_colleague_writes_one_down_and_nobody_is_asked_for_it(office, mandate, clock):
    page = office.open(f"/mandates/{mandate.id}/reports/{mandate.manager_id}/2026-03").fill(**WORDS).submit()

    assert "Written down by" in page.text and WORDS["tasks"] in page.text
    shown = office.open(f"/mandates/{mandate.id}").text
    assert "The last one: March 2026" in shown
    assert f"Short report of {mandate.manager.name} for March 2026" in shown
    assert tick(clock) == 0


def test_what_came_in_meanwhile_is_not_written_over(app, office, mandate, clock):
    tick(clock)
    mine = office.open(f"/mandates/{mandate.id}/reports/{mandate.manager_id}/2026-03")
    Office(app, None).open(path_in(letters()[0])).fill(**WORDS).submit()

    assert mine.fill(days="1", tasks="By phone").submit().status == 409
    assert reports()[0][2] == Decimal("16.5")


def test_who_has_no_mail_address_is_asked_by_a_colleague(office, clock):
    mandate = make_mandate(manager=make_manager(email=None), owner=office.user)
    save(ManagerSpell(mandate_id=mandate.id, manager_id=mandate.manager_id, starts_on=mandate.starts_on))

    assert [tick(clock), tick(clock)] == [1, 0]
    assert letters() == []
    page = office.open(f"/mandates/{mandate.id}/reports")
    assert "No mail address is known: please ask on the phone and write it down." in page.text
    assert "Asked on" not in page.text

    clock.move_to(datetime(2026, 4, 13, 8, 0, tzinfo=UTC))
    assert "missing" in office.open(f"/mandates/{mandate.id}/reports").text
    assert "for March 2026 missing" in office.open("/today").text


def test_a_report_that_does_not_come_counts_as_missing(office, mandate, clock):
    tick(clock)
    assert "no answer yet" in office.open(f"/mandates/{mandate.id}/reports").text
    clock.move_to(datetime(2026, 4, 13, 8, 0, tzinfo=UTC))

    page = office.open(f"/mandates/{mandate.id}/reports")

    assert "missing" in page.text
    assert "1 that was asked for has not come in" in office.open(f"/mandates/{mandate.id}").text


def test_who_may_not_change_the_mandate_only_reads(app, mandate):
    reader = Office(app, make_user(role="auditor"))

    assert "Write down" not in reader.open(f"/mandates/{mandate.id}/reports").text
    assert reader.open(f"/mandates/{mandate.id}/reports/{mandate.manager_id}/2026-03").status == 403
    assert reader.open(f"/mandates/{mandate.id}/reports/{mandate.manager_id}/2026-13").status in (403, 404)
