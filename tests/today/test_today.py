"""Today: mine and due, in order, one click from done."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app.users.models import Absence
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_talk, make_user, save
from tests.statements import counted

pytestmark = pytest.mark.sql


def test_an_empty_day_says_what_will_appear(office):
    page = office.open("/today")

    assert page.status == 200 and "Nothing due." in page.text and "Tuesday 17 March" in page.text


def test_what_is_late_comes_first_with_its_verb(office):
    late = make_talk(contact=make_contact(first_name="Gesine", last_name="Tjarks"), owner=office.user, due_on=date(2026, 3, 11))
    today = make_talk(
        owner=office.user,
        state="arranged",
        appointment_at=datetime(2026, 3, 17, 9, 30, tzinfo=UTC),
        appointment_zone="Europe/Berlin",
        minutes=30,
        channel="video",
    )

    text = office.open("/today").text

    assert text.index("Gesine Tjarks") < text.index(f"/talks/{today.id}")
    assert f"/talks/{late.id}/arrangement" in text and "6 days" in text and "10:30" in text
    assert "2 things are due today. 1 of them is overdue." in text


def test_every_link_of_the_page_answers(office):
    mandate = make_mandate(owner=office.user, starts_on=date(2025, 9, 1), ends_on=date(2026, 4, 30))
    make_talk(mandate=mandate, due_on=date(2026, 3, 11))
    make_talk(
        owner=office.user,
        state="arranged",
        appointment_at=datetime(2026, 3, 13, 9, tzinfo=UTC),
        appointment_zone="Europe/Berlin",
        minutes=30,
    )
    make_manager(owner=office.user)
    text = office.open("/today").text

    main = text[text.index("<main") : text.index("</main")]
    for path in set(re.findall(r'href="(/[^"#]+)"', main)):
        assert office.open(path.replace("&amp;", "&")).status == 200, path


def test_others_things_are_not_mine_but_the_team_view_shows_them(lead):
    make_talk(contact=make_contact(last_name="Heuvelmann"), owner=_colleague(lead), due_on=date(2026, 3, 11))

    assert "Heuvelmann" not in lead.open("/today").text
    team = lead.open("/today?who=team").text
    assert "Heuvelmann" in team and "for K. Ostendorff" in team


def _colleague(lead):
    return make_user(team=lead.user.team, last_name="Ostendorff")


def test_a_consultant_has_no_team_view(office):
    assert "who=team" not in office.open("/today").text


def test_the_deputy_sees_what_falls_due_for_the_absent(office):
    away = _colleague(office)
    save(Absence(user_id=away.id, deputy_id=office.user.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))
    make_talk(contact=make_contact(last_name="Heuvelmann"), owner=away, due_on=date(2026, 3, 11))

    text = office.open("/today").text

    assert "Heuvelmann" in text and "for K. Ostendorff" in text


def test_silent_mandates_and_records_without_a_step_stand_beside(office):
    client = make_client(name="Brookdeich Maschinenbau")
    make_mandate(owner=office.user, client=client, next_step="Call", next_step_on=date(2026, 5, 1))
    make_manager(owner=office.user, first_name="Ines", last_name="Falkenrath")

    text = office.open("/today").text

    assert "Brookdeich Maschinenbau" in text and "for 9 weeks" in text
    assert "Ines Falkenrath" in text and "Set a step" in text


def test_the_page_asks_the_same_number_of_statements_however_much_is_due(app, office):
    def statements() -> int:
        office.open("/today")
        with counted(app) as asked:
            assert office.open("/today").status == 200
        return len(asked)

    make_talk(owner=office.user, due_on=date(2026, 3, 11))
    few = statements()
    for day in range(40):
        make_talk(owner=office.user, due_on=date(2026, 3, 1) + timedelta(days=day % 20))
    many = statements()

    assert many == few <= 10


def test_the_deputy_can_do_what_the_page_offers(app, office):
    away = _colleague(office)
    make_mandate(owner=away, starts_on=date(2025, 10, 1), ends_on=date(2026, 4, 10))
    save(Absence(user_id=away.id, deputy_id=office.user.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))

    page = office.open("/today")
    offered = re.search(r'href="(/mandates/\d+/extensions/new)"', page.text)

    assert offered is not None
    assert office.open(offered[1]).status == 200
