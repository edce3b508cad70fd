"""Scoping through its pages, and the sheet for the client."""

from __future__ import annotations

import pypdfium2
import pytest
import sqlalchemy as sa

from app.db import db
from app.mandates.plan_models import HandbookVersion, MandateGoal
from tests.factories import LONG_AGO, make_mandate, make_user, reload, save
from tests.office import Office

pytestmark = pytest.mark.sql


def text_of(content: bytes) -> tuple[int, str]:
    with pypdfium2.PdfDocument(content) as document:
        return len(document), "\n".join(page.get_textpage().get_text_range() for page in document)


def goals() -> list[tuple[int, str, str | None]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(MandateGoal).order_by(MandateGoal.position))
    return [(goal.id, goal.title, goal.measure) for goal in found]


def test_scoping_keeps_what_is_agreed_and_marks_a_consultancy(office):
    mandate = make_mandate(owner=office.user, signed=False)
    form = office.open(f"/mandates/{mandate.id}/scoping")

    page = form.fill(
        reach="Plant one", culture="Direct", place="beside", goal="On time", goal_1="Backlog", measure_1="Zero", goal_2="Staff"
    ).submit()

    assert "Consultancy" in page.text
    found = reload(mandate)
    assert (found.reach, found.culture, found.place, found.goal) == ("Plant one", "Direct", "beside", "On time")
    first = goals()
    assert [one[1:] for one in first] == [("Backlog", "Zero"), ("Staff", None)]
    office.open(f"/mandates/{mandate.id}/scoping").fill(goal_1="Backlog gone", goal_2="").submit()
    assert goals() == [(first[0][0], "Backlog gone", "Zero")]


def test_a_changed_goal_after_an_accepted_handbook_asks_for_a_new_version(office):
    mandate = make_mandate(owner=office.user)
    day = mandate.starts_on
    save(
        HandbookVersion(
            mandate_id=mandate.id,
            number=1,
            content={},
            made_at=LONG_AGO,
            presented_on=day,
            accepted_on=day,
            accepted_by="N. N.",
            accepted_how="mail",
        )
    )

    page = office.open(f"/mandates/{mandate.id}/scoping").fill(goal_1="Another").submit()

    assert "A new version of the handbook must be accepted." in page.text


def test_the_sheet_is_in_the_language_of_the_contact_over_pages_and_without_money(office):
    mandate = make_mandate(owner=office.user, client_rate=1899, manager_rate=1433, reach="Größe und Maß. " * 900, goal="Ziel")

    german = office.client.get(f"/mandates/{mandate.id}/scoping.pdf?language=de")

    pages, text = text_of(german.data)
    assert german.mimetype == "application/pdf"
    assert b"pdfaid" in german.data
    assert pages > 2
    assert "Größe und Maß" in text
    assert "Umfang" in text
    assert not {"1899", "1.899", "1433"} & set(text.split())
    assert "Reikwijdte" in text_of(office.client.get(f"/mandates/{mandate.id}/scoping.pdf?language=nl").data)[1]


def test_who_may_not_change_the_mandate_reads_the_sheet_only(app):
    mandate = make_mandate()
    reader = Office(app, make_user(role="auditor"))

    assert reader.open(f"/mandates/{mandate.id}/scoping").status == 403
    assert reader.open(f"/mandates/{mandate.id}/scoping.pdf").status == 200
