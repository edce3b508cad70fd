"""The administrator's page about the installation: how it stands, and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.core.clock import FrozenClock
from app.db import acting_as, unit_of_work
from app.mail import Recipient, queue
from app.reminders.models import Heartbeat
from tests.factories import save
from tests.office import Office

pytestmark = pytest.mark.sql


def test_an_administrator_sees_how_it_stands(administrator: Office, clock: FrozenClock) -> None:
    save(Heartbeat(worker="one", at=clock.now() - timedelta(seconds=40), started_at=clock.now()))

    page = administrator.open("/settings/health")

    assert page.status == 200
    assert "last sign of life 40 seconds ago" in page.text
    assert "nothing waits" in page.text and "none failed" in page.text
    assert "GB free" in page.text and "none yet" in page.text
    assert "/settings/health" in administrator.open("/settings").text


def test_what_is_not_well_says_what_to_do(app: Flask, administrator: Office, clock: FrozenClock) -> None:
    with acting_as("command"), unit_of_work():
        queue(
            key="health/1", to=Recipient("r.osterkamp@example.org", "Rainer Osterkamp", "de"), subject="Guten Tag",
            text="Guten Tag", html="<p>Guten Tag</p>", purpose="talks.invitation", at=clock.now(), about=None,
        )  # fmt: skip
    clock.move(timedelta(minutes=12))

    page = administrator.open("/settings/health")

    assert "1 letter waits, the oldest for 12 minutes" in page.text
    assert "no sign of life yet" in page.text and "Start the scheduler" in page.text
    assert "Something needs to be looked at." in page.text
    assert "Osterkamp" not in page.text


def test_a_heartbeat_of_the_future_is_no_sign_of_life(office: Office, clock: FrozenClock) -> None:
    save(Heartbeat(worker="one", at=clock.now() + timedelta(hours=3), started_at=clock.now()))

    answer = office.open("/healthz")

    assert answer.status == 503
    assert answer.response.json["ok"] is False and answer.response.json["heartbeat_age_seconds"] is None


def test_nobody_else_sees_it(lead: Office) -> None:
    assert lead.open("/settings/health").status == 403
    assert "/settings/health" not in lead.open("/settings").text
