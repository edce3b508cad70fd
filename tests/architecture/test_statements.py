"""How often a page asks the database: a few times, the same for ten records and for three hundred."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo import bulk
from tests.factories import make_user
from tests.office import Office
from tests.statements import counted

LISTS = (
    "/managers",
    "/managers?sort=newest",
    "/managers?state=released&available=unknown",
    "/managers?region=NL&language=de",
    "/managers?q=peters",
    "/clients",
    "/clients?q=hafen",
    "/mandates",
    "/mandates/board",
    "/mandates?view=all",
    "/mandates?view=all&q=peters",
    "/talks",
    "/talks?view=all",
    "/talks?view=all&q=peters",
    "/feedback",
    "/mail",
    "/users",
    "/search?q=peters",
    "/search?q=pe",
)
MOST_OF_A_LIST, MOST_OF_A_RECORD, MOST_OF_A_MANDATE, MOST_OF_TODAY = 6, 8, 5, 10


def asked(office: Office, path: str) -> int:
    """Return the fewest of three: settings and names are read every few seconds, whichever page is open then."""
    counts = []
    for _time in range(3):
        with counted(office.app) as statements:
            assert office.open(path).status == 200, path
        counts.append(len(statements))
    return min(counts)


@pytest.fixture
def firm(lead: Office, clock: Any) -> Office:
    """A lead who looks after ten managers and all that goes with them."""
    bulk.load(10, 1, [lead.user.id], clock.now())
    return lead


@pytest.mark.sql
def test_lists_ask_the_same_few_times_whatever_their_length(firm, clock):
    reader = Office(firm.app, make_user(role="administrator"))
    shown = [path for path in LISTS if 'scope="row"' in reader.open(path).text or path.startswith("/search")]
    few = {path: asked(reader, path) for path in shown}

    bulk.load(290, 2, [firm.user.id], clock.now())

    many = {path: asked(reader, path) for path in LISTS}
    assert {"/managers", "/clients", "/mandates?view=all", "/talks?view=all"} < few.keys()
    assert {path: many[path] for path in few} == few
    assert max(many.values()) <= MOST_OF_A_LIST, many


@pytest.mark.sql
def test_records_and_today_ask_a_few_times_whatever_hangs_on_them(firm, clock):
    paths = ["/today", *(f"/{room}/1" for room in ("managers", "clients", "mandates", "talks"))]
    before = {path: asked(firm, path) for path in paths}

    bulk.load(290, 2, [firm.user.id], clock.now())

    assert {path: asked(firm, path) for path in paths} == before
    assert before.pop("/mandates/1") <= MOST_OF_A_MANDATE
    assert before.pop("/today") <= MOST_OF_TODAY
    assert max(before.values()) <= MOST_OF_A_RECORD, before
