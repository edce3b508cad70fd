"""Handover, successor, phasing out and the exit countdown, through the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import db
from app.mandates.course_models import HandoverItem, PhasingMonth
from app.mandates.models import Extension, Mandate
from app.timeline.models import Event
from tests.factories import LONG_AGO, make_mandate, make_user, reload, save
from tests.office import Office


@pytest.fixture
def mandate(office) -> Mandate:
    return make_mandate(
        owner=office.user,
        stage=4,
        starts_on=date(2025, 10, 1),
        ends_on=date(2026, 4, 30),
        exit_on=date(2026, 3, 10),
        exit_plan="Successor from within",
        handed_over="Keys\nSupplier talks",
        days_per_week=Decimal(4),
        planned=True,
    )


def items() -> list[tuple[str, date | None, str | None]]:
    db.session.rollback()
    wanted = sa.select(HandoverItem.text, HandoverItem.done_on, HandoverItem.waived_reason).order_by(HandoverItem.id)
    return [tuple(row) for row in db.session.execute(wanted)]


def phasing() -> dict[date, Decimal]:
    db.session.rollback()
    return {row.month: row.days_per_week for row in db.session.scalars(sa.select(PhasingMonth))}


@pytest.mark.sql
def test_what_the_exit_plan_names_is_listed_done_waived_and_reopened(office, mandate):
    base = f"/mandates/{mandate.id}/handover"
    page = office.open(base).form("/proposals").submit()
    assert "Keys" in page.text and "Proposed by the exit plan" not in page.text
    first, second = db.session.scalars(sa.select(HandoverItem.id).order_by(HandoverItem.id)).all()

    office.open(base).form(f"/{first}/completion").submit()
    refused = office.open(f"{base}/{second}").fill(state="waived").submit()
    assert refused.status == 422 and "Please write why it is not handed over." in refused.text
    office.open(f"{base}/{second}").fill(state="waived", waived_reason="Ended").submit()
    assert items() == [("Keys", date(2026, 3, 17), None), ("Supplier talks", None, "Ended")]
    assert "0 of 2 still open" in office.open(f"/mandates/{mandate.id}").text

    office.open(f"{base}/{first}").fill(state="open").submit()
    assert items()[0] == ("Keys", None, None)
    told = set(db.session.scalars(sa.select(Event.kind)))
    assert {"mandates.handover_done", "mandates.handover_waived", "mandates.handover_reopened"} <= told


def test_of_two_who_change_an_item_the_second_sees_it(office, mandate):
    base = f"/mandates/{mandate.id}/handover"
    office.open(f"{base}/new").fill(text="Badge", kind="access").submit()
    number = db.session.scalars(sa.select(HandoverItem.id)).one()
    stale = office.open(f"{base}/{number}")
    office.open(base).form(f"/{number}/completion").submit()

    assert stale.fill(text="Badge and car").submit().status == 409
    assert items() == [("Badge", date(2026, 3, 17), None)]


@pytest.mark.sql
def test_the_countdown_shows_what_is_open_until_all_is_arranged(office, mandate):
    before = office.open(f"/mandates/{mandate.id}").text
    assert "Exit countdown since" in before and before.count("not yet") == 4
    assert "/arrangement" in before

    office.open(f"/mandates/{mandate.id}/exit/edit").fill(
        successor="Malte Hinrichsen", days_2026_03="5", days_2026_04="1"
    ).submit()
    blank = office.open(f"/mandates/{mandate.id}/handover/new")
    assert blank.text.count(">optional<") == 2  # who takes it over and by when; of the kinds one is always chosen
    blank.fill(text="Keys", due_on="2026-04-20").submit()

    shown = office.open(f"/mandates/{mandate.id}/exit").text
    assert shown.count("not yet") == 1  # the closing talk
    assert "Malte Hinrichsen" in shown
    assert "5 days per week" in shown and "1 day per week" in shown
    assert "In at least one month more days per week are planned than agreed." in shown
    assert reload(mandate).successor == "Malte Hinrichsen"
    assert phasing() == {date(2026, 3, 1): 5, date(2026, 4, 1): 1}
    assert 'value="5"' in office.open(f"/mandates/{mandate.id}/exit/edit").text


def test_one_day_per_week_is_one_day(office, mandate):
    office.open(f"/mandates/{mandate.id}/exit/edit").fill(days_2026_03="1.5", days_2026_04="1").submit()

    shown = office.open(f"/mandates/{mandate.id}/exit").text
    assert "1.5 days per week" in shown and "1 day per week" in shown and "1 days" not in shown


def test_what_is_handed_over_keeps_its_lines(office, mandate):
    for path in ("", "/exit"):
        assert '<span class="lo-lines">Keys\nSupplier talks</span>' in office.open(f"/mandates/{mandate.id}{path}").text


def test_days_that_are_none_are_refused_and_what_was_typed_stays(office, mandate):
    page = office.open(f"/mandates/{mandate.id}/exit/edit").fill(successor="Malte Hinrichsen", days_2026_04="7.5").submit()

    assert page.status == 422 and "Please enter days per week from 0 to 7, in whole or half days." in page.text
    assert "Malte Hinrichsen" in page.text
    assert reload(mandate).successor is None
    assert phasing() == {}


@pytest.mark.sql
def test_months_outside_the_term_drop_out_when_the_end_moves(office, mandate):
    save(PhasingMonth(mandate_id=mandate.id, month=date(2026, 3, 1), days_per_week=3))
    save(PhasingMonth(mandate_id=mandate.id, month=date(2026, 4, 1), days_per_week=2))

    page = office.open(f"/mandates/{mandate.id}/extensions/new")
    page.fill(new_end_on="2026-03-27", reason="Sold").submit().submit()

    assert reload(mandate).ends_on == date(2026, 3, 27)
    assert phasing() == {date(2026, 3, 1): 3}


def test_an_open_extension_after_the_exit_plan_asks_whether_it_is_one_instead_of_exit(office, mandate):
    change = save(
        Extension(
            mandate_id=mandate.id,
            kind="extension",
            old_end_on=mandate.ends_on,
            new_end_on=date(2026, 6, 30),
            reason="Later",
            created_at=LONG_AGO,
        )
    )
    for path in ("", "/exit", f"/extensions/{change.id}"):
        assert "Extension instead of exit?" in office.open(f"/mandates/{mandate.id}{path}").text, path


def test_others_read_and_change_nothing(office, mandate):
    other = Office(office.app, make_user(role="auditor"))
    for path in ("handover", "exit"):
        page = other.open(f"/mandates/{mandate.id}/{path}")
        assert page.status == 200 and "/new" not in page.text.split("<main")[1] and "/exit/edit" not in page.text
    assert other.open(f"/mandates/{mandate.id}/handover/new").status == 403
    assert other.open(f"/mandates/{mandate.id}/exit/edit").status == 403
