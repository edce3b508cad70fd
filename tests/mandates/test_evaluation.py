"""Three views of each goal: asked for by link, written down by a colleague, and the talk that a gap asks for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.db import db
from app.ledger.models import Ask, ContactWish
from app.links import actions as links
from app.links.models import PersonalLink
from app.mail import guards
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.mandates.course_models import GoalView
from app.mandates.models import Mandate
from app.mandates.plan_models import MandateGoal
from app.talks.models import Talk
from tests.factories import make_mandate, make_talk, reload, save
from tests.office import Office

pytestmark = pytest.mark.sql


@pytest.fixture
def mandate(office) -> Mandate:
    found = make_mandate(owner=office.user, stage=4, goal="93 % on time")
    for position, title in enumerate(("On time", "Backlog"), 1):
        save(MandateGoal(mandate_id=found.id, position=position, title=title))
    return found


def views() -> dict[tuple[str, str], int]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(GoalView.side, MandateGoal.title, GoalView.percent).join(MandateGoal, MandateGoal.id == GoalView.goal_id)
    )
    return {(side, title): percent for side, title, percent in rows}


def answers(page, *percents: object):
    """Fill the numbers of the goals in the order of the page."""
    names = sorted(set(re.findall(r'name="(percent_\d+)"', page.text)))
    return page.fill(**dict(zip(names, map(str, percents), strict=True)))


def test_a_colleague_writes_down_a_view_and_a_correction_takes_its_place(office, mandate):
    for given in ((80, 55), (85, 60)):
        page = answers(office.open(f"/mandates/{mandate.id}/evaluation/client"), *given).submit()

    assert "85%" in page.text
    assert views() == {("client", "On time"): 85, ("client", "Backlog"): 60}
    assert mandate.contact.name in page.text


def test_one_view_alone_has_no_gap(office, mandate):
    cell = re.compile(r'data-l="Gap">([^<]*)<')
    answers(office.open(f"/mandates/{mandate.id}/evaluation/client"), 80, 55).submit()
    assert cell.findall(office.open(f"/mandates/{mandate.id}/evaluation").text) == ["–", "–"]

    answers(office.open(f"/mandates/{mandate.id}/evaluation/manager"), 80, 60).submit()
    assert cell.findall(office.open(f"/mandates/{mandate.id}/evaluation").text) == ["0", "5"]


@pytest.mark.parametrize("odd", ["", "101", "-1", "abc"])
def test_a_share_that_is_none_is_refused_and_what_was_typed_stays(office, mandate, odd):
    page = answers(office.open(f"/mandates/{mandate.id}/evaluation/provider"), odd, 44).submit()

    assert page.status == 422
    assert 'value="44"' in page.text
    assert "Please give a whole number from 0 to 100." in page.text and "Not a valid" not in page.text
    assert views() == {}


def test_a_wide_gap_asks_for_a_talk_and_offers_one(office, mandate):
    for side, percent in (("client", 60), ("manager", 85)):
        answers(office.open(f"/mandates/{mandate.id}/evaluation/{side}"), 70, percent).submit()

    page = office.open(f"/mandates/{mandate.id}/evaluation")
    assert "the views lie 25 points apart" in page.text
    for form in [office.open(f"/mandates/{mandate.id}/evaluation").form("evaluation/talks") for _window in range(2)]:
        form.submit()

    db.session.rollback()
    talk = db.session.scalars(sa.select(Talk).where(Talk.kind == "evaluation")).one()
    assert (talk.side, talk.state, talk.due_on) == ("both", "due", date(2026, 3, 17))
    assert "the views lie 25 points apart" in office.open(f"/mandates/{mandate.id}").text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"due_on": date(2026, 3, 19)}, "due on Thu 19 March and not arranged yet"),
        ({"state": "arranged", "appointment_at": datetime(2026, 3, 20, 9, tzinfo=UTC)}, "arranged for Fri 20 March"),
    ],
)
def test_a_gap_whose_talk_is_there_leads_to_it_and_offers_no_other(office, mandate, given, sentence):
    for side, percent in (("client", 60), ("manager", 85)):
        answers(office.open(f"/mandates/{mandate.id}/evaluation/{side}"), 70, percent).submit()
    talk = make_talk("evaluation", "both", mandate=mandate, **given)
    make_talk("evaluation", "both", mandate=mandate, due_on=date(2026, 4, 9))

    for path in ("", "/evaluation"):
        page = office.open(f"/mandates/{mandate.id}{path}").text
        assert f'<a href="/talks/{talk.id}">The evaluation talk is {sentence}</a>' in page
        assert "Propose a joint talk" not in page


def test_the_goal_as_written_becomes_the_one_that_is_judged(office):
    bare = make_mandate(owner=office.user, stage=4, goal="93 % on time")

    page = office.open(f"/mandates/{bare.id}/evaluation").form("evaluation/goals").submit()

    assert "93 % on time" in page.text
    assert db.session.scalar(sa.select(MandateGoal.title)) == "93 % on time"


def asked(office: Office, mandate: Mandate, side: str = "client") -> PersonalLink:
    office.open(f"/mandates/{mandate.id}/evaluation/{side}/request").submit()
    db.session.rollback()
    return db.session.scalars(sa.select(PersonalLink).order_by(PersonalLink.id.desc())).first()


def path_of(link: PersonalLink) -> str:
    return "/p/" + links.url_of(link).rpartition("/p/")[2]


@pytest.mark.parametrize("side", ["client", "manager"])
def test_client_and_manager_answer_behind_a_link_and_see_only_their_own(app, office, mandate, side):
    other = "manager" if side == "client" else "client"
    answers(office.open(f"/mandates/{mandate.id}/evaluation/{other}"), 11, 12).submit()
    path = path_of(asked(office, mandate, side))
    outside = Office(app, None)

    page = outside.open(path)
    assert 'value="11"' not in page.text
    answers(page, 90, 70).submit()
    answers(outside.open(path), 90, 75).submit()

    assert {key: percent for key, percent in views().items() if key[0] == side} == {(side, "On time"): 90, (side, "Backlog"): 75}
    assert 'value="75"' in outside.open(path).text
    assert answers(outside.open(path), 90, 120).submit().status == 422


def test_asking_again_ends_the_link_before_and_a_closed_mandate_asks_nobody(app, office, mandate, clock):
    first = asked(office, mandate)
    second = asked(office, mandate)
    letters = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    assert isinstance(guards.ask(letters[0], clock.now()), guards.Skip)
    assert guards.ask(letters[1], clock.now()) is guards.SEND
    assert "percent_" not in Office(app, None).open(path_of(first)).text

    closed = reload(mandate)
    db.session.execute(sa.update(Mandate).values(closed_on=date(2026, 3, 16)))
    db.session.commit()
    assert "percent_" not in Office(app, None).open(path_of(second)).text
    assert isinstance(guards.ask(letters[1], clock.now()), guards.Skip)
    assert office.open(f"/mandates/{closed.id}/evaluation/client").submit().status in (409, 422)


def test_who_may_not_change_the_mandate_reads_only(app, mandate):
    from tests.factories import make_user

    reader = Office(app, make_user(role="auditor"))

    assert "Write down" not in reader.open(f"/mandates/{mandate.id}/evaluation").text
    assert reader.open(f"/mandates/{mandate.id}/evaluation/client").status == 403


def test_asking_a_client_stands_in_the_ledger_until_the_answer_and_the_link_before_has_lapsed(office, mandate):
    for _time in range(2):
        asked(office, mandate)

    def ledger() -> list[tuple[str, bool, str | None]]:
        db.session.rollback()
        return [(one.purpose, one.is_agreed, one.answer) for one in db.session.scalars(sa.select(Ask).order_by(Ask.id))]

    assert ledger() == [("views", True, "lapsed"), ("views", True, None)]
    answers(office.open(f"/mandates/{mandate.id}/evaluation/client"), 80, 55).submit()
    assert ledger() == [("views", True, "lapsed"), ("views", True, "written")]


def test_a_letter_that_does_not_go_after_all_leaves_the_ledger(office, mandate):
    asked(office, mandate)
    db.session.execute(sa.update(Mandate).values(closed_on=date(2026, 3, 16)))
    db.session.commit()

    send_due("worker")

    assert db.session.scalars(sa.select(Letter.state)).all() == ["cancelled"]
    assert db.session.scalars(sa.select(Ask)).all() == []


def test_asking_a_manager_is_nothing_for_the_ledger(office, mandate):
    asked(office, mandate, "manager")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ask)) == 0


def test_who_asked_not_to_be_asked_is_asked_only_with_a_reason(office, mandate):
    save(ContactWish(contact_id=mandate.contact_id, never=True, said_on=date(2026, 3, 1)))
    page = office.open(f"/mandates/{mandate.id}/evaluation/client/request").submit()

    assert page.status == 422 and "says why" in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    assert page.fill(override_reason="Agreed on the phone").submit().status == 200
    db.session.rollback()
    entry = db.session.scalars(sa.select(Ask)).one()
    assert (entry.overridden, entry.override_reason) == (["never"], "Agreed on the phone")
