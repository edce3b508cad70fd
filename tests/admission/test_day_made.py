"""The day that a paper says it was made counts for its age, where nobody typed one."""

from __future__ import annotations

from datetime import date

import pytest

from app.admission.paper_actions import day_made
from app.db import db
from app.managers.models import ManagerDocument
from tests.admission.people import SHORT_CV, add_paper, in_admission
from tests.factories import reload

CAME = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("told", "made"),
    [
        ("2026-02-17", date(2026, 2, 17)),
        ("2026-03-01", CAME),
        ("2026-03-02", None),
        ("2025-02", date(2025, 2, 28)),
        ("2026-03", CAME),
        ("2026-04", None),
        (None, None),
    ],
)
def test_the_day_a_paper_says(told, made):
    assert day_made({"made_on": told}, CAME) == made


@pytest.mark.parametrize("facts", [None, {}])
def test_a_paper_that_was_not_judged_says_none(facts):
    assert day_made(facts, CAME) is None


@pytest.mark.sql
def test_reading_a_paper_notes_the_day_it_was_made(office):
    manager = in_admission(paper=SHORT_CV + "\n\nStand: Januar 2025")

    document = db.session.query(ManagerDocument).filter_by(manager_id=manager.id).one()
    assert document.made_on == date(2025, 1, 31)
    assert "older than 12 months" in office.open(f"/managers/{manager.id}/documents").text


@pytest.mark.sql
def test_a_paper_without_a_day_keeps_none(office):
    manager = in_admission(paper=None)
    document = add_paper(manager, SHORT_CV)

    assert reload(document).made_on is None
