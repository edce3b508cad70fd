"""The board: every live mandate under its stage, a few of each, in a fixed number of statements."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.mandates import board_queries
from app.mandates.plan_models import Milestone
from tests.factories import make_mandate, make_user, save
from tests.office import Office
from tests.statements import counted


@pytest.mark.sql
def test_live_mandates_stand_under_their_stage_by_their_last_day(office: Office) -> None:
    make_mandate(owner=office.user, stage=3, title="Later", ends_on=date(2026, 9, 30), first_end_on=date(2026, 9, 30))
    make_mandate(owner=office.user, stage=3, title="Sooner")
    make_mandate(owner=make_user("consultant"), stage=1, signed=False, title="Someone else's", place="beside")
    make_mandate(owner=office.user, stage=4, title="Long gone", closed_on=date(2026, 3, 1))
    make_mandate(owner=office.user, stage=1, signed=False, title="Not won", lost_on=date(2026, 3, 1), lost_reason="Price")

    page = office.open("/mandates/board")

    assert page.text.index("Sooner") < page.text.index("Later")
    assert "Someone else" in page.text and "Consultancy" in page.text
    assert "Long gone" not in page.text and "Not won" not in page.text
    assert "Someone else" not in office.open("/mandates/board?owner=mine").text
    listed = office.open("/mandates?view=end").text
    assert listed.index("Sooner") < listed.index("Later") and "Someone else" not in listed and "Long gone" not in listed
    assert "Consultancy" in office.open("/mandates?view=all").text


@pytest.mark.sql
def test_many_cost_no_more_statements_and_lead_to_the_list(app: Flask, office: Office) -> None:
    make_mandate(owner=office.user, stage=2)
    with counted(app) as few:
        office.open("/mandates/board")
    for _number in range(board_queries.SHOWN + 2):
        make_mandate(owner=office.user, stage=3)

    with counted(app) as many:
        page = office.open("/mandates/board")

    assert len(many) <= len(few)
    assert 'href="/mandates?view=end&amp;stage=3"' in page.text
    assert page.text.count("lo-item") == board_queries.SHOWN + 1


def test_an_empty_board_says_so(office: Office) -> None:
    assert "Nothing here at present" in office.open("/mandates/board").text


@pytest.mark.sql
def test_the_mandates_page_shows_what_was_reached_in_each_stage(office: Office) -> None:
    scoped = office.open(f"/mandates/{make_mandate(owner=office.user, signed=False).id}").text
    assert "Nobody is on the shortlist yet." in scoped

    mandate = make_mandate(owner=office.user, stage=3, successor="Malte Hinrichsen")
    for title, due_on, reached_on in (
        ("Line 1 runs", date(2026, 2, 1), date(2026, 2, 2)),
        ("Line 2 runs", date(2026, 3, 1), None),
        ("Line 3 runs", date(2026, 6, 1), None),
    ):
        state = "reached" if reached_on else "planned"
        save(Milestone(mandate_id=mandate.id, title=title, due_on=due_on, state=state, reached_on=reached_on))

    page = office.open(f"/mandates/{mandate.id}").text

    assert "1 of 3 milestones reached" in page and "Successor named" in page and "Nobody is on the shortlist" not in page
    drawing = page[page.index('viewBox="0 0 1020 256"') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert [drawing.count(f'class="{css}" x=') for css in ("dot is-held", "dot is-late", "dot")] == [1, 1, 1]
    assert (
        page.index("/stage-changes/new")
        < page.index("<h2>Goal</h2>")
        < page.index("<h2>Milestones</h2>")
        < page.index("<h2>Term</h2>")
    )
