"""The only file that knows APScheduler; the whole table of ticks.

APScheduler is only the clock here: jobs defined in code, in memory. What is due is worked out from the live state at
each tick, so a second scheduler, a restart or a doubled tick repeats nothing (docs/decisions).
"""

from __future__ import annotations

import importlib
import signal
import threading
from collections.abc import Callable
from datetime import datetime

import click
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.core.clock import clock, machine_now
from app.db import acting_as, db
from app.reminders.rounds import Job, Outcome, beat, lead, release, run_job, worker_name

log = structlog.get_logger()
SEND_EVERY_SECONDS = 2


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
    Job("reminders.housekeeping", _tick("reminders.housekeeping"), every="hour"),
)


class Scheduler:
    """One scheduler: as its own process, or as threads of the web process. Any number may run."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.worker = worker_name()
        self.started_at = app.extensions["lotse.clock"].now()
        self._clock = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._sending = threading.Lock()
        self._stopping = threading.Event()

    def start(self) -> None:
        self._clock.add_job(self._guarded(self.send), "interval", seconds=SEND_EVERY_SECONDS, next_run_time=_now())
        self._clock.add_job(self._guarded(self.minute), "cron", second=0)
        self._clock.add_job(self._guarded(self.minute), next_run_time=_now())  # a late start catches up at once
        self._clock.start()

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

    def send(self) -> None:
        """Send what waits in the outbox; each process claims for itself and waits for no leader."""
        from app.mail.ticks import send_due

        with self._sending, acting_as("scheduler"):
            send_due(self.worker, stopping=self._stopping.is_set)

    def minute(self) -> None:
        """Say that we are alive; as the leader, run the jobs that this minute owes."""
        beat(self.worker, self.started_at)
        if not lead(self.worker):
            return
        for job in JOBS:
            run_job(job, self.worker)

    def once(self) -> None:
        """Bring every job up to date for this moment, then send until nothing is left that may go now."""
        beat(self.worker, self.started_at)
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
    scheduler = Scheduler(app)
    app.extensions["lotse.scheduler"] = scheduler
    scheduler.start()
    return scheduler


@click.command("scheduler")
@click.option("--once", is_flag=True, help="Bring every job up to date, send what may go now, and end.")
@with_appcontext
def scheduler_command(once: bool) -> None:
    """Run the scheduler: reminders, digests and the outbox."""
    scheduler = Scheduler(current_app._get_current_object())  # type: ignore[attr-defined]
    if once:
        scheduler.once()
        return
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    scheduler.start()
    click.echo(f"The scheduler runs ({scheduler.worker}). Stop it with Ctrl-C.")
    stopped.wait()
    scheduler.stop()
    log.info("scheduler stopped", worker=scheduler.worker, at=clock().now().isoformat())
