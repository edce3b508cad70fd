"""The page of the scheduler: each job in words with its runs, who runs them, and a job that is to run now."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.db.audit import AuditChange
from app.reminders import rounds
from app.reminders.job_texts import EVERY, TEXTS
from app.reminders.models import JobRequest, JobRun
from app.reminders.rounds import Job, Outcome
from app.scheduler import JOBS, JOBS_BY_NAME, Scheduler
from tests.factories import make_talk, make_user
from tests.office import Office

pytestmark = pytest.mark.sql


def run_of(job: str) -> JobRun:
    db.session.rollback()
    found = db.session.scalar(sa.select(JobRun).where(JobRun.job == job).order_by(JobRun.id.desc()).limit(1))
    assert found is not None
    return found


def test_every_job_has_words_and_a_next_turn(clock):
    assert TEXTS.keys() == JOBS_BY_NAME.keys()
    for job in JOBS:
        assert job.every in EVERY
        ahead = job.next_at(clock.now())
        assert clock.now() < ahead and job.slot(ahead) != job.slot(clock.now()) == job.slot(ahead - timedelta(seconds=1))


def test_the_page_tells_what_each_job_did_and_who_leads(app, clock, administrator):
    make_talk(owner_id=administrator.user.id, due_on=clock.now().date())
    scheduler = Scheduler(app)
    scheduler.minute()

    page = administrator.open("/settings/jobs")

    assert page.status == 200
    words = [str(one) for name in TEXTS for one in TEXTS[name]]
    assert [one for one in words if one not in html.unescape(page.text)] == []
    assert "1 due: 1 done" in page.text and scheduler.worker in page.text and "leads" in page.text
    assert page.text.count(">Run now") == len(JOBS)
    runs = administrator.open("/settings/jobs/reminders.digests")
    assert "today 08:40" in runs.text and "finished" in runs.text


def test_a_run_says_what_was_due_done_skipped_and_failed(app, clock):
    def work(_at):
        return Outcome(3, 2, 1)

    rounds.run_job(Job("test.job", work), "one")

    run = run_of("test.job")
    assert (run.due, run.done, run.failed, run.skipped) == (6, 3, 2, 1)


def test_each_looks_after_its_items_and_counts_those_that_need_nothing(app, clock):
    def act(number):
        if number == 2:
            raise ValueError("a bug")
        return number != 3

    assert rounds.each([1, 2, 3, 4], act, "test") == Outcome(done=2, failed=1, skipped=1)


def test_a_job_run_now_is_taken_by_a_scheduler_elsewhere_once(app, clock, administrator):
    page = administrator.open("/settings/jobs").form("reminders.housekeeping").submit()
    assert page.status == 200 and "waits for a scheduler" in page.text
    assert "Run now" not in page.text, "not asked for twice"
    assert "waits for a scheduler" in administrator.open("/settings/jobs").text

    one, two = Scheduler(app), Scheduler(app)
    one.requests()
    two.requests()

    run = run_of("reminders.housekeeping")
    assert (run.slot, run.worker, run.problem) == ("asked 1", one.worker, None)
    page = administrator.open("/settings/jobs/reminders.housekeeping?runs=all")
    assert "asked for" in page.text and "finished" in page.text and ">Run now" in page.text


def test_a_repeated_post_asks_once_and_who_asked_is_in_the_audit_trail(app, clock, administrator):
    page = administrator.open("/settings/jobs").form("privacy.finish")
    page.submit()
    page.submit()
    administrator.open("/settings/jobs").form("admission.read").submit()

    db.session.rollback()
    assert [one.job for one in db.session.scalars(sa.select(JobRequest).order_by(JobRequest.id))] == [
        "privacy.finish",
        "admission.read",
    ]
    trail = db.session.scalars(sa.select(AuditChange).where(AuditChange.table_name == "job_request")).all()
    assert {(one.actor_kind, one.actor_id, one.change) for one in trail} == {("user", administrator.user.id, "created")}
    assert "privacy.finish" in {one.new["job"] for one in trail}


def test_what_was_asked_for_waits_while_no_scheduler_works_and_once_does_it(app, clock, administrator):
    administrator.open("/settings/jobs").form("asking.remind").submit()
    clock.move(timedelta(hours=5))
    assert "waits for a scheduler" in administrator.open("/settings/jobs/asking.remind").text

    Scheduler(app).once()

    assert "waits for a scheduler" not in administrator.open("/settings/jobs/asking.remind").text


def test_a_job_that_fails_or_is_broken_off_shows_as_such(app, clock, administrator):
    def work(_at):
        raise ValueError("a bug")

    rounds.run_job(Job("mandates.take_over", work), "one")
    page = administrator.open("/settings/jobs/mandates.take_over")
    assert "failed (ValueError)" in page.text and "a bug" not in page.text

    run = run_of("mandates.take_over")
    run.ended_at = run.problem = None
    db.session.commit()
    assert "broken off" in administrator.open("/settings/jobs").text


def test_a_request_for_a_job_that_is_gone_fails_visibly_and_holds_up_no_other(app, clock, administrator):
    db.session.add_all([JobRequest(job="gone.job", asked_at=clock.now()), JobRequest(job="asking.remind", asked_at=clock.now())])
    db.session.commit()

    assert rounds.run_requested(JOBS_BY_NAME, "one") == 2
    assert run_of("gone.job").problem == "LookupError" and run_of("asking.remind").problem is None
    assert administrator.open("/settings/jobs/gone.job").status == 404


def test_a_second_round_of_the_same_minute_is_kept_too(app, clock):
    Scheduler(app).once()
    Scheduler(app).once()

    db.session.rollback()
    slots = db.session.scalars(sa.select(JobRun.slot).where(JobRun.job == "talks.tell").order_by(JobRun.id)).all()
    assert slots[0] == "2026-03-17T07:40" and len(slots) == 2 and slots[1].startswith("2026-03-17T07:40+")


def test_after_a_clock_set_back_jobs_run_on_and_their_old_runs_stay(app, clock):
    scheduler = Scheduler(app)
    for _minute in range(3):
        scheduler.minute()
        clock.move(timedelta(minutes=1))
    clock.move(-timedelta(minutes=3) - timedelta(hours=2))
    scheduler.minute()
    clock.move(timedelta(hours=2))
    scheduler.minute()

    db.session.rollback()
    slots = db.session.scalars(sa.select(JobRun.slot).where(JobRun.job == "talks.tell").order_by(JobRun.id)).all()
    assert [slot.partition("~")[0] for slot in slots] == [
        *(f"2026-03-17T07:{minute}" for minute in (40, 41, 42)),
        "2026-03-17T05:40",
        "2026-03-17T07:40",
    ]


@pytest.mark.parametrize("role", ["lead", "auditor"])
def test_others_neither_see_nor_change_it(app, role):
    person = Office(app, make_user(role=role))

    assert person.open("/settings/jobs").status == 403
    assert "/settings/jobs" not in person.open("/settings").text
