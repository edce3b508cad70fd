"""The board: every live mandate under its stage, a few of each, in a fixed number of statements."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.mandates import board_queries
from tests.factories import make_mandate, make_user
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
