"""Client feedback: the list with its filters, and what manager's and client's pages show of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.talks.models import Talk
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_talk, make_user
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql
FIRST = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


def rated(overall: int | None, mandate: Any, **given: Any) -> Talk:
    number = given.pop("number", overall or 0)
    return make_talk(
        given.pop("kind", "quality"), given.pop("side", "client"), mandate=mandate, state=given.pop("state", "held"),
        held_at=FIRST + timedelta(days=number), overall=overall, **given,
    )  # fmt: skip


def test_the_adjusted_value_stands_beside_the_rating_with_its_reason(office):
    strict, kind = make_mandate(), make_mandate()
    for number, overall in enumerate((2, 3, 4)):
        rated(overall, strict, number=number)
    for number, overall in enumerate((4, 5, 5)):
        rated(overall, kind, number=number)

    text = office.open("/feedback").text

    # all: 23/6 = 3.83; the strict one: 3.0, so 4 reads 4.8; the kind one: 4.67, so 5 reads 4.2
    assert "adjusted 4.8" in text and "adjusted 4.2" in text
    assert "Rates lower than others on average (3 ratings)." in text
    assert "Rates higher than others on average (3 ratings)." in text
    assert "Adjusted: the rating plus the difference" in text


def test_on_request_is_not_the_same_as_yes(office):
    rated(5, make_mandate(), kind="closing", answers={"may_name_us": "on_request"})

    assert "on request only" in office.open("/feedback").text


def test_two_ratings_are_not_adjusted(office):
    mandate = make_mandate()
    rated(2, mandate), rated(4, mandate)

    text = office.open("/feedback").text

    assert "adjusted 4" not in text and "Not adjusted: 2 ratings by this person, 3 are needed." in text


def test_only_held_and_rated_talks_with_clients_are_feedback(office):
    mandate = make_mandate()
    rated(None, mandate, record="Ohne Bewertung")
    rated(4, mandate, side="manager", record="Vom Manager")
    rated(3, mandate, state="declined", record="Abgelehnt")
    talk = rated(5, mandate, record="Sehr zufrieden mit den ersten Wochen")

    text = office.open("/feedback").text

    assert f'href="/talks/{talk.id}"' in text and "Sehr zufrieden" in text
    for other in ("Ohne Bewertung", "Vom Manager", "Abgelehnt"):
        assert other not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rating=4", {"Vier"}),
        ("kind=closing", {"Fünf"}),
        ("consent=yes", {"Fünf"}),
        ("consent=no", {"Vier"}),
        ("consent=unknown", {"Drei"}),
        ("q=grossmuller", {"Fünf"}),
        ("q=kimmung", {"Vier"}),
        ("q=osterkamp", {"Vier", "Drei", "Fünf"}),
        ("rating=99&kind=no&consent=no-idea&manager=x", {"Vier", "Drei", "Fünf"}),
        ("q=nobody", set()),
    ],
)
def test_the_list_is_narrowed(office, query, found):
    one = make_mandate(manager=make_manager(last_name="Großmüller"))
    other = make_mandate(client=make_client(name="Kimmung Fahrzeugteile SE"))
    third = make_mandate()
    rated(5, one, kind="closing", may_quote=True, record="Fünf Punkte")
    rated(4, other, may_quote=False, record="Vier Punkte")
    rated(3, third, record="Drei Punkte")

    page = office.open(f"/feedback?{query}")

    assert page.status == 200
    assert {word for word in ("Drei", "Vier", "Fünf") if f"{word} Punkte" in page.text} == found


def test_it_shows_on_the_pages_of_manager_and_client(office):
    mandate = make_mandate()
    rated(4, mandate, answers={"change_next": "Mehr Zeit in der Frühschicht"})
    other = make_mandate()

    for path in (f"/managers/{mandate.manager_id}", f"/clients/{mandate.client_id}"):
        text = office.open(path).text
        assert "Client feedback" in text and "4 of 5" in text and "Mehr Zeit in der Frühschicht" in text
    assert "Client feedback" not in office.open(f"/managers/{other.manager_id}").text
    assert office.open(f"/feedback?manager={mandate.manager_id}").text.count("Mehr Zeit") == 1
    assert "Mehr Zeit" not in office.open(f"/feedback?client={other.client_id}").text


def test_the_list_is_paged_by_key_with_few_statements(office, app: Flask):
    mandate = make_mandate()
    for number in range(53):
        rated(4, mandate, number=number % 20)
    office.open("/feedback")

    with counted(app) as statements:
        first = office.open("/feedback")

    assert len(statements) <= 6, statements
    assert first.text.count('role="rowheader"') == 50 and "Next page" in first.text
    cursor = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert office.open(cursor).text.count('role="rowheader"') == 3
    assert office.open("/feedback?after=nonsense").status == 400


def test_manager_and_client_pages_keep_to_eight_statements(office, app: Flask):
    mandate = make_mandate()
    rated(4, mandate)
    for path in (f"/managers/{mandate.manager_id}", f"/clients/{mandate.client_id}"):
        office.open(path)
        with counted(app) as statements:
            office.open(path)
        assert len(statements) <= 8, statements


def test_everybody_in_the_house_reads_it(app: Flask):
    make_contact()
    for role in ("assistant", "auditor"):
        assert Office(app, make_user(role=role)).open("/feedback").status == 200
