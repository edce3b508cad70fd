"""A talk with client and manager together names both, wherever it is told."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.db import db
from app.mail.models import Letter
from tests.factories import make_contact, make_manager, make_mandate, make_talk

pytestmark = pytest.mark.sql
BOTH = "Evaluation talk with Rainer Osterkamp, Silke Aldenhoff"


@pytest.fixture
def talk(office):
    contact = make_contact(first_name="Rainer", last_name="Osterkamp", title=None, language="en")
    manager = make_manager(first_name="Silke", last_name="Aldenhoff", title=None, language="en")
    mandate = make_mandate(owner=office.user, contact=contact, manager=manager)
    return make_talk("evaluation", "both", mandate=mandate, state="due", due_on=date(2026, 3, 17))


def test_on_its_page_and_on_today(office, talk):
    assert BOTH in office.open(f"/talks/{talk.id}").text
    assert BOTH in office.open("/today").text


def test_each_invitation_names_who_else_is_there(office, talk):
    form = office.open(f"/talks/{talk.id}/arrangement")
    assert form.fill(day="2026-03-20", time="10:30", channel="video", place="https://example.org/raum").submit().status == 200

    letters = db.session.scalars(sa.select(Letter).where(Letter.purpose == "talks.invitation")).all()
    told = {letter.to_address: letter.text for letter in letters}

    for person, other in (("contact", "Silke Aldenhoff"), ("manager", "Rainer Osterkamp")):
        address = getattr(talk, person).email
        assert f"With: {office.user.name}, {other}" in told[address], told[address]
