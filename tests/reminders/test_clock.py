"""A clock that jumped: who refuses, who goes on, and what a confirmation does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import CLOCK, FrozenClock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.db.audit import AuditChange
from app.mail.actions import Recipient, queue
from app.mail.models import Letter
from app.reminders import heart
from app.reminders.models import ClockJump, Heartbeat, JobRun
from app.scheduler import Scheduler
from tests.conftest import TUESDAY_MORNING

pytestmark = pytest.mark.sql
DAY = timedelta(days=1)


def waiting_letter(clock: FrozenClock) -> int:
    with unit_of_work():
        letter = queue(
            key="test/1",
            to=Recipient("k.ostendorff@kontor.example", "K. Ostendorff", "de"),
            subject="Probe",
            text="Probe",
            purpose="test",
            at=clock.now(),
        )
        db.session.flush()
        return letter.id


def state_of(letter_id: int) -> str:
    db.session.rollback()
    return str(db.session.get_one(Letter, letter_id).state)


def runs() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)) or 0


@contextmanager
def on(app: Flask, clock: FrozenClock) -> Iterator[None]:
    """Be another machine, with a clock of its own, on the same database."""
    ours, app.extensions[CLOCK] = app.extensions[CLOCK], clock
    try:
        yield
    finally:
        app.extensions[CLOCK] = ours


def test_a_clock_that_jumps_on_a_running_machine_stops_jobs_and_letters_until_it_is_confirmed(app, clock, administrator):
    scheduler = Scheduler(app)
    scheduler.minute()
    before = runs()
    letter = waiting_letter(clock)

    clock.jump(2 * DAY)
    scheduler.send()
    scheduler.minute()
    scheduler.requests()

    assert (runs(), state_of(letter)) == (before, "queued")
    health = administrator.client.get("/healthz")
    assert health.status_code == 503 and health.json["clock_refused"] and "--confirm-clock" in health.json["what_to_do"]
    page = administrator.open("/settings/jobs")
    assert "The clock of here is 2 days ahead" in page.text
    assert "The scheduler of here does nothing at present." in administrator.open("/settings").text
    page.form("confirmation").submit()

    scheduler.requests()
    scheduler.send()
    scheduler.minute()
    assert runs() > before and state_of(letter) == "sent"
    after = administrator.open("/settings/jobs")
    assert "does nothing at present" not in administrator.open("/settings").text and "This clock is right" not in after.text
    health = administrator.client.get("/healthz")
    assert not health.json["clock_refused"] and "what_to_do" not in health.json


def test_who_confirmed_stands_in_the_audit_trail_with_the_jump(app, clock, administrator):
    Scheduler(app).minute()
    clock.jump(2 * DAY)
    Scheduler(app).minute()
    administrator.open("/settings/jobs").form("confirmation").submit()

    db.session.rollback()
    seen, confirmed = db.session.scalars(
        sa.select(AuditChange).where(AuditChange.table_name == "clock_jump").order_by(AuditChange.id)
    )
    assert (seen.actor_kind, seen.change, seen.new["host"]) == ("scheduler", "created", "here")
    assert abs(seen.new["ahead_seconds"] - 2 * 86_400) < 60
    assert (confirmed.actor_kind, confirmed.actor_id, confirmed.row_id) == ("user", administrator.user.id, seen.row_id)
    assert confirmed.new["confirmed_by_id"] == administrator.user.id


def test_a_clock_set_right_goes_on_by_itself_and_a_confirmation_holds_for_one_jump(app, clock, administrator):
    scheduler = Scheduler(app)
    scheduler.minute()
    clock.jump(2 * DAY)
    assert scheduler.look() is not None
    clock.jump(-2 * DAY)
    assert scheduler.look() is None, "set right"
    assert heart.open_jumps() == []

    clock.jump(2 * DAY)
    assert scheduler.look() is not None, "the same again"
    administrator.open("/settings/jobs").form("confirmation").submit()
    assert scheduler.look() is None
    clock.jump(timedelta(hours=20))
    assert scheduler.look() is None, "less than a day"
    clock.jump(-3 * DAY)
    assert scheduler.look() is None, "set back"
    clock.jump(3 * DAY)
    assert scheduler.look() is not None, "what was confirmed is over since the clock went back"


def test_a_restarted_scheduler_does_not_take_the_jumped_clock_for_right(app, clock):
    Scheduler(app).minute()
    clock.jump(2 * DAY)
    for _start in range(3):
        with pytest.raises(RuleViolation, match="48 hours ahead"):
            Scheduler(app).once()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ClockJump)) == 1


def test_another_offset_is_no_jump_in_either_direction(app, clock):
    Scheduler(app).minute()
    for days in (3, 400, -410):
        clock.move(days * DAY)
        assert Scheduler(app).look() is None


@pytest.mark.on_sqlite  # for a server's clock no weekend passes; tests/reliability moves that, too
def test_a_machine_that_was_off_over_the_weekend_catches_up_and_asks_nobody(app, clock):
    Scheduler(app).minute()
    clock.boots += 1
    clock.jump(3 * DAY)

    assert Scheduler(app).look() is None


def test_a_machine_without_a_boot_clock_works_and_is_never_told_to_have_jumped_by_itself(app, clock, monkeypatch):
    monkeypatch.setattr("app.core.clock.boottime_seconds", lambda: None)
    Scheduler(app).minute()
    clock.jump(20 * timedelta(hours=1))

    assert Scheduler(app).look() is None


@pytest.mark.on_postgresql  # on SQLite all schedulers are on one machine
def test_only_the_machine_whose_clock_is_wrong_refuses(app, clock, administrator):
    right, wrong = Scheduler(app), None
    right.minute()
    with on(app, ahead := FrozenClock(TUESDAY_MORNING + 2 * DAY, "elsewhere")):
        ahead.jump(2 * DAY)
        wrong = Scheduler(app)
        assert wrong.look() is not None
        wrong.minute()
    right.minute()

    db.session.rollback()
    refusing = {row.host: row.refuses_since is not None for row in db.session.scalars(sa.select(Heartbeat))}
    assert refusing == {"here": False, "elsewhere": True}
    assert {run.worker for run in db.session.scalars(sa.select(JobRun))} == {right.worker}


def test_two_schedulers_of_one_machine_note_one_jump(app, clock):
    one, two = Scheduler(app), Scheduler(app)
    one.minute()
    clock.jump(2 * DAY)

    jumps = {jump.id for jump in (one.look(), two.look()) if jump is not None}
    assert len(jumps) == 1


def test_the_command_confirms_and_says_so(app, clock):
    runner = app.test_cli_runner()
    Scheduler(app).minute()
    clock.jump(2 * DAY)

    refused = runner.invoke(args=["scheduler", "--once"])
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1) and "--confirm-clock" in refused.stderr
    confirmed = runner.invoke(args=["scheduler", "--confirm-clock"])
    assert confirmed.exit_code == 0 and "the clock of here, 48 hours ahead" in confirmed.output
    assert runner.invoke(args=["scheduler", "--once"]).exit_code == 0
    again = runner.invoke(args=["scheduler", "--confirm-clock"])
    assert again.exit_code == 0 and "nothing to confirm" in again.output
    db.session.rollback()
    assert db.session.scalar(sa.select(ClockJump.confirmed_by_id)) is None


def test_a_heartbeat_of_the_future_keeps_nobody_healthy(app, clock, office):
    heart.beat("dead", clock.now())
    assert office.client.get("/healthz").json["heartbeat_age_seconds"] == 0

    clock.move(-3 * DAY)
    answer = office.client.get("/healthz")
    assert answer.status_code == 503 and answer.json["heartbeat_age_seconds"] is None
    heart.beat("alive", clock.now())
    assert office.client.get("/healthz").json["heartbeat_age_seconds"] == 0
