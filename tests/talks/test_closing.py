"""The closing talk of a mandate, called off and taken up again; and what the aftercare talk asks."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.db import db
from app.mandates.models import Mandate
from app.talks.models import Talk
from app.talks.question_rules import clean_answers
from app.talks.rules import Kind, Side
from tests.factories import make_mandate, reload

pytestmark = pytest.mark.sql


@pytest.fixture
def mandate(office) -> Mandate:
    return make_mandate(owner=office.user, planned=True)


def closings(mandate: Mandate) -> list[Talk]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Talk).where(Talk.mandate_id == mandate.id, Talk.kind == "closing").order_by(Talk.id))
    )


def states(mandate: Mandate) -> list[str]:
    return [talk.state for talk in closings(mandate)]


def arrange(office, talk: Talk):
    return (
        office.open(f"/talks/{talk.id}/arrangement")
        .fill(day="2026-06-26", time="10:00", place="+49 89 1", channel="phone")
        .submit()
    )


def test_a_closing_talk_that_is_called_off_is_due_again(office, mandate):
    [talk] = closings(mandate)

    office.open(f"/talks/{talk.id}/cancellation").fill(note="Contact is ill").submit()

    old, new = closings(mandate)
    assert (old.state, new.state, new.due_on) == ("cancelled", "due", old.due_on)
    assert reload(mandate).no_closing_reason is None


def test_a_reason_why_there_is_none_stays_on_the_mandate(office, mandate):
    [talk] = closings(mandate)

    office.open(f"/talks/{talk.id}/cancellation").fill(note="Called off", no_closing_reason="The client was dissolved").submit()

    assert states(mandate) == ["cancelled"]
    assert "The client was dissolved" in office.open(f"/mandates/{mandate.id}").text


def test_one_called_off_and_arranged_after_all_takes_the_place_of_the_new_one(office, mandate):
    [talk] = closings(mandate)
    office.open(f"/talks/{talk.id}/cancellation").fill(note="Contact is ill").submit()

    assert arrange(office, talk).status == 200

    old, new = closings(mandate)
    assert (old.state, new.state, new.cancelled_by_change) == ("arranged", "cancelled", True)


def test_two_closing_talks_are_not_arranged(office, mandate):
    [talk] = closings(mandate)
    office.open(f"/talks/{talk.id}/cancellation").fill(note="Contact is ill").submit()
    arrange(office, closings(mandate)[1])

    page = arrange(office, talk)

    assert page.status == 422
    assert "A mandate has one" in page.text
    assert states(mandate) == ["cancelled", "arranged"]


def test_other_talks_and_closed_mandates_get_no_new_one(office):
    mandate = make_mandate(owner=office.user, planned=True)
    quality = db.session.scalars(sa.select(Talk).where(Talk.kind == "quality")).first()
    assert "no_closing_reason" not in office.open(f"/talks/{quality.id}/cancellation").text
    db.session.execute(sa.update(Mandate).values(closed_on=date(2026, 3, 16)))
    db.session.commit()
    [talk] = closings(mandate)

    office.open(f"/talks/{talk.id}/cancellation").fill(note="Over").submit()

    assert states(mandate) == ["cancelled"]


def test_the_aftercare_talk_asks_one_question():
    assert clean_answers(Kind.AFTERCARE, Side.CLIENT, {"results_last": "partly"}) == {"results_last": "partly"}
    assert clean_answers(Kind.AFTERCARE, Side.CLIENT, {"results_last": None}) == {}
