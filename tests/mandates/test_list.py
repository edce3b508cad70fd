"""The list of mandates: views, filters, pages, and what it asks of the database."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from tests.factories import make_client, make_manager, make_mandate, make_talk
from tests.statements import counted

pytestmark = pytest.mark.sql


def titles(page) -> list[str]:
    return re.findall(r'<a href="/mandates/\d+">([^<]+)</a>', page.text)


def test_the_views_show_what_is_running_ending_in_scoping_and_all(office):
    make_mandate(title="Running", ends_on=date(2026, 9, 30))
    make_mandate(title="Ending", ends_on=date(2026, 5, 16))  # in 60 days
    make_mandate(title="Not yet", ends_on=date(2026, 5, 17))
    make_mandate(title="Last day", ends_on=date(2026, 3, 17))
    make_mandate(title="Over", ends_on=date(2026, 3, 16))
    make_mandate(title="Scoped", signed=False)
    make_mandate(title="Gone", signed=False, lost_on=date(2026, 3, 1), lost_reason="No budget")
    make_mandate(title="Ahead", starts_on=date(2026, 6, 1), ends_on=date(2026, 12, 1))

    assert titles(office.open("/mandates")) == ["Last day", "Ending", "Not yet", "Running", "Ahead"]
    assert titles(office.open("/mandates?view=ending")) == ["Last day", "Ending"]
    assert titles(office.open("/mandates?view=scoping")) == ["Scoped"]
    assert len(titles(office.open("/mandates?view=all"))) == 8


def test_the_list_is_filtered(office):
    client = make_client(name="Größwang Söhne KG")
    mine = make_mandate(title="Interim-Einkauf", owner=office.user, client=client, manager=make_manager(last_name="Maaßdorf"))
    make_mandate(title="Interim CFO", stage=3)

    for query in (
        "q=einkauf",
        "q=groesswang+maassdorf",
        "q=GRÖSSWANG",
        f"q=M-2026-{mine.running:03d}",
        "owner=mine",
        "stage=2",
        f"client={client.id}",
        f"manager={mine.manager_id}",
    ):
        assert titles(office.open(f"/mandates?{query}")) == ["Interim-Einkauf"], query
    for query in ("q=%25", "q=_", "client=999999", "q=M-99999999999-1", "q=nobody"):
        assert titles(office.open(f"/mandates?{query}")) == [], query
    assert "Größwang Söhne KG" in office.open(f"/mandates?client={client.id}").text


def test_the_list_pages_by_key_and_misses_nothing(office):
    client, manager = make_client(), make_manager()
    for number in range(53):
        make_mandate(title=f"M{number}", client=client, manager=manager, owner=office.user, ends_on=date(2026, 6, 1 + number % 3))

    for view in ("running", "all"):
        first = office.open(f"/mandates?view={view}")
        assert len(titles(first)) == 50
        following = html.unescape(re.search(r'href="([^"]+)" rel="next"', first.text)[1])
        second = office.open(following)
        assert len(set(titles(first) + titles(second))) == 53


def test_the_list_asks_the_same_few_things_whatever_its_length(app, office):
    client, manager = make_client(), make_manager()
    numbers = []
    for many in (1, 12):
        for _ in range(many):
            mandate = make_mandate(client=client, manager=manager, owner=office.user)
            make_talk(mandate=mandate)
        path = f"/mandates?client={client.id}&manager={manager.id}"
        office.open(path)
        with counted(app) as statements:
            office.open(path)
        numbers.append(len(statements))

    assert numbers[0] == numbers[1] <= 6, statements


def test_the_next_talk_stands_beside_each_mandate(office):
    make_mandate(planned=True)

    page = office.open("/mandates")

    assert "50 days" in page.text  # the talk of 26 January is late
    assert "115 days left" in page.text


@pytest.mark.parametrize("odd", ["_method=POST", "endpoint=x", "_scheme=javascript&_external=1", "_anchor=x"])
def test_odd_names_in_the_address_are_left_aside(office, odd):
    page = office.open(f"/mandates?view=all&{odd}")

    assert page.status == 200 and "javascript:" not in page.text
