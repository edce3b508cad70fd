"""The demo firm and the bulk generator: the same seed gives the same firm, in the shape that was promised."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.clients.models import Client, Contact
from app.db import db
from app.demo import bulk, firm, story
from app.interviews.models import Interview
from app.mail.models import Letter
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.search.models import SearchName
from app.talks.models import Talk
from app.users.models import User
from tests.factories import make_user


def count(model, *where) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


@pytest.mark.slow
def test_the_demo_firm_has_something_of_everything(app, clock):
    firm.build(1, clock.now())

    assert {user.role for user in db.session.scalars(sa.select(User))} == set(story.SIGN_INS)
    assert count(Manager) == len(story.PEOPLE) and count(Client) == len(story.COMPANIES)
    assert {state for (state,) in db.session.execute(sa.select(Talk.state).distinct())} >= {"due", "arranged", "held", "declined"}
    assert {language for (language,) in db.session.execute(sa.select(Letter.language).distinct())} >= {"de", "nl"}
    assert count(Interview, Interview.completed_at.is_not(None)) >= 5
    assert count(Letter, Letter.state != "sent") == 0, "letters of the past are delivered on their day"
    assert count(Talk, Talk.state == "due", Talk.due_on < clock.now().date()) > 0, "something must be overdue"


@pytest.mark.sql
def test_the_bulk_generator_keeps_its_proportions_and_repeats_itself(app, clock):
    owners = [make_user().id for _ in range(3)]

    bulk.load(200, 7, owners, clock.now())
    first = db.session.execute(sa.select(Manager.last_name, Manager.state, Manager.rate).order_by(Manager.id)).all()
    bulk.load(200, 7, owners, clock.now())
    both = db.session.execute(sa.select(Manager.last_name, Manager.state, Manager.rate).order_by(Manager.id)).all()

    assert both[200:] == first
    assert (count(Manager), count(Client), count(Contact), count(Mandate), count(Talk)) == (400, 40, 80, 80, 2000)
    assert count(SearchName) == 400 + 40 + 80 + 80, "the database keeps the index of names by itself"


@pytest.mark.sql
def test_records_entered_after_a_bulk_load_get_numbers_of_their_own(app, clock, office):
    bulk.load(20, 1, [office.user.id], clock.now())

    page = office.open("/clients/new").fill(name="Siel Netzservice GmbH", region="DE-SH").submit()

    assert page.status == 200 and "Siel Netzservice GmbH" in page.text


def test_the_demo_is_refused_where_there_are_users(app, office):
    answer = app.test_cli_runner().invoke(args=["demo", "load"])

    assert answer.exit_code == 1 and "empty database" in answer.output
