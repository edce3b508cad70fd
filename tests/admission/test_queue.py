"""The queue of those not yet admitted: its list, its figures, and what is done to many at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from app.admission import actions
from app.admission.models import AdmissionCase, AdmissionMove
from app.admission.state_rules import Verb
from app.db import db, unit_of_work
from app.managers.models import Manager
from app.users.models import Absence
from tests.admission.test_registration import TYPED, mails, path_in
from tests.factories import make_manager, make_user, new_manager, reload, save, save_all
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql

TODAY = date(2026, 3, 17)


def waiting(clock, last_name: str, state: str = "confirmed", **case) -> Manager:
    manager = make_manager(last_name=last_name, state=state)
    with unit_of_work():
        kept = actions.case_of(db.session.get_one(Manager, manager.id), at=clock.now())
        for name, value in case.items():
            setattr(kept, name, value)
    return manager


def names_in_order(text: str, *names: str) -> list[str]:
    return sorted((name for name in names if name in text), key=text.index)


def test_the_list_shows_stage_shortfalls_next_date_and_owner(lead, clock):
    reviewer = make_user(first_name="Karla", last_name="Ostendorff")
    waiting(
        clock, "Leuchtenberg", "follow_up_2", falls_short="tasks project_list", next_on=TODAY - timedelta(days=2),
        reviewer_id=reviewer.id,
    )  # fmt: skip

    text = lead.open("/admission").text

    for part in (
        "Leuchtenberg",
        "Follow-up 2",
        "Tasks and results",
        "Project list",
        "2 days",
        "then follow-up 3",
        "K. Ostendorff",
    ):
        assert part in text


def test_the_order_is_by_next_date_whoever_has_none_or_stands_still_last(lead, clock):
    waiting(clock, "Spaeter", next_on=TODAY + timedelta(days=9))
    waiting(clock, "Zuerst", next_on=TODAY - timedelta(days=9))
    waiting(clock, "Angehalten", next_on=TODAY - timedelta(days=30), halted_on=TODAY, halt_reason="Ill")
    waiting(clock, "Undatiert", next_on=None)

    text = lead.open("/admission").text
    assert names_in_order(text, "Spaeter", "Zuerst", "Angehalten", "Undatiert")[:2] == ["Zuerst", "Spaeter"]
    by_name = lead.open("/admission?sort=name").text
    assert names_in_order(by_name, "Spaeter", "Zuerst", "Angehalten") == ["Angehalten", "Spaeter", "Zuerst"]


@pytest.mark.parametrize("asked, found", [
    ("short=tasks", {"Aalders"}),
    ("short=any", {"Aalders", "Bierling"}),
    ("short=company_facts", {"Bierling"}),
    ("owner=mine", {"Bierling"}),
    ("owner=none", {"Aalders", "Clausnitz"}),
    ("due=overdue", {"Aalders"}),
    ("due=halted", {"Clausnitz"}),
    ("state=interview", {"Clausnitz"}),
    ("q=bierl", {"Bierling"}),
    ("q=%C3%84xx", set()),
    ("short=nonsense&owner=x&due=y&sort=z&batch=q", {"Aalders", "Bierling", "Clausnitz"}),
    ("batch=7", set()),
    ("owner=999999999", set()),
])  # fmt: skip
def test_the_filters(lead, clock, asked, found):
    waiting(clock, "Aalders", "in_review", falls_short="tasks", next_on=TODAY - timedelta(days=1))
    waiting(clock, "Bierling", "follow_up_1", falls_short="company_facts", reviewer_id=lead.user.id, next_on=TODAY)
    waiting(clock, "Clausnitz", "interview", halted_on=TODAY, halt_reason="Ill", next_on=TODAY - timedelta(days=1))

    page = lead.open(f"/admission?{asked}")

    assert page.status == 200
    assert {
        name for name in ("Aalders", "Bierling", "Clausnitz") if f"> {name}" in page.text or f"{name}</a>" in page.text
    } == found


def test_pages_by_key_show_each_once_in_every_order(lead, clock):
    save_all(new_manager(state="in_review", last_name=f"Reihe{number:03}") for number in range(120))
    for number in (3, 60, 111):
        waiting(clock, f"Fall{number}", next_on=TODAY + timedelta(days=number))

    for sort in ("next", "age", "name"):
        url, seen = f"/admission?sort={sort}", []
        while url:
            text = lead.open(url).text
            seen += re.findall(r'<a href="/admission/([0-9]+)">', text)
            following = re.search(r'href="([^"]+)" rel="next"', text)
            url = unescape(following[1]) if following else None
        assert len(seen) == len(set(seen)) == 123


def test_the_list_asks_at_most_eight_statements(app, lead, clock):
    save_all(new_manager(state="in_review") for _number in range(60))
    waiting(clock, "Viel")
    lead.open("/admission")
    with counted(app) as statements:
        assert lead.open("/admission?short=any&owner=mine&due=overdue").status == 200

    assert len(statements) <= 8


def test_coming_and_leaving_is_counted(app, lead, clock):
    visitor = Office(app)
    visitor.open("/register?lang=en").fill(**TYPED).submit()
    visitor.open(path_in(mails()[0])).submit()
    kept = make_manager(state="interview")
    with unit_of_work():
        case = actions.case_of(db.session.get_one(Manager, kept.id), at=clock.now())
        actions.move(case, Verb.WAIVE, actor=None, at=clock.now(), reason="Known for years")
    released = make_manager(state="confirmed")
    lead.open(f"/managers/{released.id}/release").fill(reason="A friend of the house").submit()

    moves = db.session.execute(sa.select(AdmissionMove.moved_on, AdmissionMove.came).order_by(AdmissionMove.id)).all()
    assert moves == [(TODAY, True), (TODAY, False), (TODAY, False)]  # confirming is neither
    text = lead.open("/admission").text
    assert "In the last eight weeks 2 left the queue and 1 came into it." in text


def test_the_page_says_in_plain_words_when_the_queue_grows(lead, clock):
    waiting(clock, "Eine")
    save(AdmissionMove(moved_on=TODAY, came=True))

    assert "never: it grows" in lead.open("/admission").text


def select(office, *managers):
    return office.open("/admission/selections?" + "&".join(f"id={manager.id}" for manager in managers))


def test_ticked_ones_are_handed_over_and_told(lead, clock):
    one, two, other = waiting(clock, "Eins"), waiting(clock, "Zwei"), waiting(clock, "Drei")
    colleague = make_user(first_name="Karla", last_name="Ostendorff")

    page = select(lead, one, two)
    assert "2 people are selected." in page.text
    done = page.fill(deed="hand_over", owner_id=str(colleague.id)).submit()

    assert "Done for 2 people." in done.text
    db.session.rollback()
    cases = dict(db.session.execute(sa.select(AdmissionCase.manager_id, AdmissionCase.reviewer_id)).all())
    assert (cases[one.id], cases[two.id], cases[other.id]) == (colleague.id, colleague.id, None)
    assert reload(one).owner_id == colleague.id
    assert "K. Ostendorff reviews the papers" in lead.open(f"/managers/{one.id}").text


def test_who_is_away_cannot_be_chosen_and_nothing_changes(lead, clock):
    one, away = waiting(clock, "Eins"), make_user(last_name="Weg")
    page = select(lead, one)
    save(Absence(user_id=away.id, starts_on=TODAY, ends_on=TODAY + timedelta(days=3)))

    refused = page.fill(deed="hand_over", owner_id=str(away.id), reason="So agreed").submit()

    assert refused.status == 422 and "So agreed" in refused.text and f'value="{one.id}"' in refused.text
    assert reload(one).owner_id is None


def test_the_clock_of_many_is_stopped_with_one_reason_and_goes_on(lead, clock):
    one, two = waiting(clock, "Eins", "follow_up_1"), waiting(clock, "Zwei", "interview")

    assert select(lead, one, two).fill(deed="halt").submit().status == 422
    select(lead, one, two).fill(deed="halt", reason="Holidays of the firm").submit()
    assert set(db.session.scalars(sa.select(AdmissionCase.halt_reason))) == {"Holidays of the firm"}
    again = select(lead, one, two).fill(deed="halt", reason="Again").submit()
    assert "For 2 nothing was to be done." in again.text
    select(lead, one, two).fill(deed="go_on", reason="Back").submit()
    db.session.rollback()
    assert set(db.session.scalars(sa.select(AdmissionCase.halted_on))) == {None}


def test_a_consultant_changes_only_what_is_hers(app, clock):
    hers, others = waiting(clock, "Ihre"), waiting(clock, "Fremde")
    owner, colleague = make_user(), make_user()
    with unit_of_work():
        db.session.get_one(Manager, others.id).owner_id = owner.id

    done = select(Office(app, make_user("consultant")), hers, others).fill(deed="hand_over", owner_id=str(colleague.id)).submit()

    assert "Done for one person." in done.text and "One belongs to a colleague" in done.text
    assert (reload(hers).owner_id, reload(others).owner_id) == (colleague.id, owner.id)


def test_all_that_match_are_bounded_and_it_is_said(lead, clock):
    save_all(new_manager(state="in_review") for _number in range(505))
    waiting(clock, "Anders", "interview")

    page = lead.open("/admission/selections?all=1&state=in_review")
    assert "500 people are selected." in page.text and "More match than can be done at once" in page.text
    assert "One person is selected." in lead.open("/admission/selections?all=1&state=interview").text
    done = page.fill(deed="hand_over", owner_id=str(lead.user.id)).submit()
    assert "Done for 500 people." in done.text


@pytest.mark.parametrize("asked", ["", "id=", "id=x&id=-1", "id=99999999999999999999"])
def test_nobody_selected_is_said(lead, asked):
    page = lead.open(f"/admission/selections?{asked}")
    assert page.status == 200 and "Nobody is selected" in page.text


@pytest.mark.parametrize("role", ["assistant", "auditor"])
def test_who_only_reads_sees_no_boxes_and_selects_nothing(app, clock, role):
    one = waiting(clock, "Eins")
    reader = Office(app, make_user(role))

    text = reader.open("/admission").text
    assert "Eins" in text and 'type="checkbox"' not in text
    assert select(reader, one).status == 403
