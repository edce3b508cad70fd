"""The only file that knows APScheduler; the whole table of ticks.

APScheduler is only the clock here: jobs defined in code, in memory. What is due is worked out from the live state at
each tick, so a second scheduler, a restart or a doubled tick repeats nothing (docs/decisions).
"""

from __future__ import annotations

import importlib
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import click
import structlog
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.core.clock import Reading, clock, machine_now, stopwatch
from app.core.errors import RuleViolation
from app.db import acting_as, db, unit_of_work
from app.health.measuring import serve
from app.reminders import clock_rules, heart
from app.reminders.models import ClockJump, Kind
from app.reminders.rounds import (
    LEASE,
    Job,
    Outcome,
    free_slots_ahead,
    lead,
    lease_is_free,
    release,
    run_job,
    run_requested,
    worker_name,
)

log = structlog.get_logger()
SEND_EVERY_SECONDS = 2
REQUESTS_EVERY_SECONDS = 5
KEEP_LEAD_EVERY_SECONDS = 5
WATCH_EVERY_SECONDS = 2
MOVED = timedelta(seconds=5)  # so far a clock must be moved that our timers are set anew
LEAD_AGAIN_SECONDS = LEASE.total_seconds() / 3


def _tick(path: str) -> Callable[[datetime], Outcome]:
    """Return a tick by its name "room.function", loaded when it first runs."""

    def run(at: datetime) -> Outcome:
        room, name = path.split(".")
        return getattr(importlib.import_module(f"app.{room}.ticks"), name)(at)

    return run


JOBS = (
    Job("talks.tell", _tick("reminders.tell_participants")),
    Job("reminders.digests", _tick("reminders.send_digests")),
    Job("admission.read", _tick("admission.read")),
    Job("admission.follow_up", _tick("admission.follow_up")),
    Job("admission.purge", _tick("admission.purge"), every="hour"),
    Job("admission.erase_withdrawn", _tick("admission.erase_withdrawn"), every="hour"),
    Job("exchange.tell_imported", _tick("exchange.tell_imported"), every="hour"),
    Job("admission.freshness", _tick("admission.freshness"), every="hour"),
    Job("admission.ask_after_interview", _tick("admission.ask_after_interview"), every="hour"),
    Job("asking.remind", _tick("asking.remind"), every="hour"),
    Job("references.remind", _tick("references.remind"), every="hour"),
    Job("asking.close_batches", _tick("asking.close_batches"), every="hour"),
    Job("mandates.take_over", _tick("mandates.take_over"), every="hour"),
    Job("mandates.ask_reports", _tick("mandates.ask_reports"), every="hour"),
    Job("privacy.finish", _tick("privacy.finish")),
    Job("mandates.plan_status_checks", _tick("mandates.plan_status_checks"), every="hour"),
    Job("backup.nightly", _tick("backup.nightly"), every="hour"),
    Job("reminders.housekeeping", _tick("reminders.housekeeping"), every="hour"),
)
JOBS_BY_NAME = {job.name: job for job in JOBS}


class Scheduler:
    """One scheduler: as its own process, or as threads of the web process. Any number may run.

    It works only while the machine's clock can be trusted (docs/decisions, "A clock that jumped").
    """

    def __init__(self, app: Flask, kind: Kind = Kind.PROCESS) -> None:
        self.app = app
        self.kind = kind
        self.worker = worker_name()
        self.started_at = app.extensions["lotse.clock"].now()
        self._clock = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._looking, self._sending = threading.Lock(), threading.Lock()
        self._stopping = threading.Event()
        self._trusted: Reading | None = None  # the newest reading with which work was allowed
        self._refused: ClockJump | None = None
        self._leads, self._led_at = False, 0.0

    def start(self) -> None:
        self._clock.add_job(self._guarded(self.send), "interval", seconds=SEND_EVERY_SECONDS, next_run_time=_now())
        self._clock.add_job(self._guarded(self.minute), "cron", second=0, id="minute")
        self._clock.add_job(self._guarded(self.minute), next_run_time=_now())  # a late start catches up at once
        self._clock.add_job(self._guarded(self.requests), "interval", seconds=REQUESTS_EVERY_SECONDS, next_run_time=_now())
        self._clock.add_job(self._guarded(self.keep_lead), "interval", seconds=KEEP_LEAD_EVERY_SECONDS)
        self._clock.start()
        threading.Thread(target=self._watch, name="lotse-clock", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()  # the letter in hand is finished, no other is begun
        self._clock.shutdown(wait=True)
        with self.app.app_context():
            release(self.worker)

    def _guarded(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with self.app.app_context():
                try:
                    work()
                except Exception:
                    log.exception("scheduler", work=work.__name__)
                finally:
                    db.session.remove()

        return run

    def _watch(self) -> None:
        """Set our timers anew when somebody moves the machine's clock: they wait for a time of that clock, perhaps for days."""
        told = machine_now() - timedelta(seconds=stopwatch())
        while not self._stopping.wait(WATCH_EVERY_SECONDS):
            now = machine_now() - timedelta(seconds=stopwatch())
            if abs(now - told) > MOVED:
                log.warning("the clock was moved", seconds=round((now - told).total_seconds()))
                for timer in self._clock.get_jobs():
                    with suppress(JobLookupError):  # the one that runs once at the start has done so meanwhile
                        timer.modify(next_run_time=_now())
            told = now

    def look(self) -> ClockJump | None:
        """Give a sign of life; return the jump of the clock that forbids all work, None where there is none."""
        with self._looking:
            reading = clock().reading()
            jump = heart.beat(self.worker, self.started_at, self.kind)
            if jump is not None and self._refused is None and self.kind is not Kind.ONCE:  # that one says so itself
                log.error("the clock is refused", worker=self.worker, against=jump.against, ahead_seconds=jump.ahead_seconds)
            elif jump is None and self._refused is not None:
                log.warning("the clock is trusted again", worker=self.worker)
            self._refused, self._trusted = jump, None if jump else reading
            return jump

    def _may_work(self) -> bool:
        """Say whether this machine's clock is trusted now; asks the database only where that is not known or has changed."""
        if self._refused is not None:
            return False
        if self._trusted is None or clock_rules.jump(clock().reading(), self._trusted) is not None:
            self.look()
        return self._refused is None

    def _must_stop(self) -> bool:
        return self._stopping.is_set() or (
            self._trusted is not None and clock_rules.jump(clock().reading(), self._trusted) is not None
        )

    def send(self) -> None:
        """Send what waits in the outbox; each process claims for itself and waits for no leader."""
        from app.mail.ticks import send_due

        if not self._may_work():
            return
        with self._sending, acting_as("scheduler"):
            send_due(self.worker, stopping=self._must_stop)

    def requests(self) -> None:
        """Run what administrators want to run now; while the clock is refused, see whether somebody confirmed it."""
        if self._refused is not None and self.look() is None:
            self.minute()
        if self._may_work():
            run_requested(JOBS_BY_NAME, self.worker, stopping=self._must_stop)

    def minute(self) -> None:
        """Say that we are alive; as the leader, run the jobs that this minute owes."""
        if self.look() is not None or not self._lead():
            return
        free_slots_ahead()
        for job in JOBS:
            if self._must_stop() or not self._leads:
                return
            if stopwatch() - self._led_at > LEASE.total_seconds() and not self._lead():  # stopped, and continued
                return
            run_job(job, self.worker)

    def keep_lead(self) -> None:
        """As the leader hold on to the lease, also in the middle of a long job; else take over from one that is gone."""
        if not self._may_work():
            return
        if self._leads:
            if stopwatch() - self._led_at > LEAD_AGAIN_SECONDS:
                self._lead()
        elif lease_is_free():
            self._clock.modify_job("minute", next_run_time=_now())

    def _lead(self) -> bool:
        self._leads, self._led_at = lead(self.worker), stopwatch()
        return self._leads

    def once(self) -> None:
        """Bring every job up to date for this moment, then send until nothing is left that may go now.

        Raises RuleViolation where the clock jumped and nobody confirmed it.
        """
        jump = self.look()
        if jump is not None:
            raise RuleViolation(heart.REFUSED, hours=jump.ahead_seconds // 3600)
        free_slots_ahead()
        run_requested(JOBS_BY_NAME, self.worker)
        for job in JOBS:
            run_job(job, self.worker, again=True)
        self.send()
        release(self.worker)


def _now() -> datetime:
    # APScheduler plans on the machine's own clock; LOTSE_CLOCK_OFFSET moves what our jobs see, not when they run.
    return machine_now()


def init_app(app: Flask) -> None:
    app.cli.add_command(scheduler_command)


def start_in_process(app: Flask) -> Scheduler:
    """Start the same loop in threads of this process; called by wsgi.py where SCHEDULER=inprocess."""
    scheduler = Scheduler(app, Kind.WEB)
    app.extensions["lotse.scheduler"] = scheduler
    scheduler.start()
    return scheduler


@click.command("scheduler")
@click.option("--once", is_flag=True, help="Bring every job up to date, send what may go now, and end.")
@click.option(
    "--confirm-clock", "confirming", is_flag=True, help="The clock that jumped ahead is right: let the schedulers work."
)
@with_appcontext
def scheduler_command(once: bool, confirming: bool) -> None:
    """Run the scheduler: reminders, digests and the outbox."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        if confirming:
            confirm_clock(app)
        if once:
            Scheduler(app, Kind.ONCE).once()
    except RuleViolation as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    if not once and not confirming:
        run_until_stopped(Scheduler(app))


def confirm_clock(app: Flask) -> None:
    """Confirm each clock that jumped: this machine's, and those that other schedulers noted."""
    Scheduler(app, Kind.ONCE).look()
    db.session.rollback()
    jumps = [(jump.id, jump.host, jump.ahead_seconds // 3600) for jump in heart.open_jumps()]
    for number, host, hours in jumps:
        with acting_as("command"), unit_of_work():
            heart.confirm(number, by_id=None, at=clock().now())
        click.echo(f"Confirmed: the clock of {host}, {hours} hours ahead. Its schedulers go on within seconds.")
    if not jumps:
        click.echo("No clock jumped; there is nothing to confirm.")


def run_until_stopped(scheduler: Scheduler) -> None:
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    serve(scheduler.app)
    scheduler.start()
    click.echo(f"The scheduler runs ({scheduler.worker}). Stop it with Ctrl-C.")
    stopped.wait()
    scheduler.stop()
    log.info("scheduler stopped", worker=scheduler.worker, at=clock().now().isoformat())
