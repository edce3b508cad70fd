"""The handbook behind a personal link: read, accepted, refused where it was adjusted meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.db import db
from app.links import actions as links
from app.links.models import PersonalLink
from app.mail import guards
from app.mail.models import Letter
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, Milestone
from tests.factories import make_contact, make_mandate, reload, save
from tests.office import Office


@pytest.fixture
def mandate(office) -> Mandate:
    contact = make_contact(language="de", email="rainer@client.example")
    found = make_mandate(
        owner=office.user,
        contact=contact,
        stage=2,
        goal="93 %",
        exit_plan="Nachfolge",
        handed_over="Alles",
        exit_on=date(2026, 6, 30),
    )
    save(Milestone(mandate_id=found.id, title="Plan steht", due_on=date(2026, 4, 1), state="planned"))
    save(EvaluationMoment(mandate_id=found.id, planned_on=date(2026, 4, 15)))
    office.open(f"/mandates/{found.id}/handbook").form("/versions").submit()
    return found


def sent(office: Office, mandate: Mandate) -> str:
    """Send the open version to the contact; return the path of its link."""
    assert office.open(f"/mandates/{mandate.id}/handbook/1/request").submit().status == 200
    db.session.rollback()
    link = db.session.scalars(sa.select(PersonalLink).order_by(PersonalLink.id.desc())).first()
    return "/p/" + links.url_of(link).rpartition("/p/")[2]


def version() -> HandbookVersion:
    db.session.rollback()
    return db.session.scalars(sa.select(HandbookVersion)).one()


@pytest.mark.sql
def test_the_client_reads_and_accepts_behind_the_link(app, office, mandate):
    path, outside = sent(office, mandate), Office(app, None)

    page = outside.open(path)
    assert "Plan steht" in page.text and version().accepted_on is None
    assert outside.open(f"{path}?format=pdf").text.startswith("%PDF")
    page.submit()

    found = version()
    assert (found.accepted_how, found.accepted_by, found.recorded_by_id) == ("link", mandate.contact.name, None)
    assert reload(mandate).stage == 3
    again = outside.open(path)
    assert "Vielen Dank" in again.text and "<form" not in again.text
    page.submit()  # a second click on the old page changes nothing
    assert version().version == found.version


def test_what_was_adjusted_meanwhile_is_shown_before_it_can_be_accepted(app, office, mandate):
    path, outside = sent(office, mandate), Office(app, None)
    page = outside.open(path)
    save(Milestone(mandate_id=mandate.id, title="Neu dazu", due_on=date(2026, 5, 4), state="planned"))
    office.open(f"/mandates/{mandate.id}/handbook").form("/versions").submit()

    answer = page.submit()

    assert answer.status == 422
    assert "Neu dazu" in answer.text and version().accepted_on is None
    answer.submit()
    assert version().accepted_how == "link"


def test_a_letter_goes_only_while_its_version_waits(office, mandate, clock):
    sent(office, mandate)
    sent(office, mandate)
    first, second = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    assert isinstance(guards.ask(first, clock.now()), guards.Skip)
    assert guards.ask(second, clock.now()) is guards.SEND

    office.open(f"/mandates/{mandate.id}/handbook/1/acceptance").fill(accepted_how="mail").submit()

    db.session.rollback()
    assert isinstance(guards.ask(second, clock.now()), guards.Skip)
