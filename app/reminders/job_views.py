"""/settings/jobs: what the scheduler did, who runs it, a job that is to run now, and a clock that jumped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.reminders import heart, job_actions, job_queries
from app.reminders.clock_rules import Against
from app.reminders.job_texts import AGAINST, EVERY, KINDS, of
from app.reminders.models import ClockJump, Heartbeat, JobRequest, JobRun
from app.users.queries import names
from app.web.formats import moment, span
from app.web.forms import ActionForm
from app.web.kept import look_anew
from app.web.pages import page
from app.web.rights import allow

bp = Blueprint("jobs", __name__, url_prefix="/settings/jobs")
SAME_CLOCK_SECONDS = 60


@dataclass(frozen=True)
class Run:
    """A run as the page shows it; `state` in words, with its tone."""

    row: JobRun
    slot: str
    took: str
    state: Any
    tone: str


@dataclass(frozen=True)
class Line:
    """A job in the list: its words, its newest run, the newest with something to do, and whether it is asked for."""

    name: str
    words: tuple[Any, Any]
    every: Any
    next_at: datetime
    newest: Run | None
    worked: Run | None
    waits: JobRequest | None


@bp.get("")
@allow("scheduler.administer")
def index() -> Any:
    jobs, living = _jobs(), job_queries.living()
    newest, worked = job_queries.newest_runs(tuple(jobs)), job_queries.newest_runs(tuple(jobs), that_worked=True)
    asked = job_queries.newest_requests(tuple(jobs))
    waiting = {name: one for name, one in asked.items() if one.run_id is None}
    now = clock().now()
    lines = [
        Line(
            name,
            of(name),
            EVERY[job.every],
            job.next_at(now),
            _shown(newest.get(name), living),
            _shown(worked.get(name), living),
            waiting.get(name),
        )
        for name, job in jobs.items()
    ]
    jumps = [(jump, _said(jump)) for jump in heart.open_jumps()]
    return page(
        "settings/jobs.html", lines=lines, living=living, jumps=jumps, kinds=KINDS, clock_words=_clock_words, counts=_counts
    )


@bp.get("/<name>")
@allow("scheduler.administer")
def show(name: str) -> Any:
    job, living, every = _job(name), job_queries.living(), request.args.get("runs") == "all"
    pages = job_queries.runs_of(name, every=every)
    requests = job_queries.requests_of(name)
    of_requests = job_queries.runs_by_id([one.run_id for one in requests if one.run_id is not None])
    return page(
        "settings/job.html",
        name=name,
        words=of(name),
        every_words=EVERY[job.every],
        next_at=job.next_at(clock().now()),
        newest=_shown(job_queries.newest_runs((name,)).get(name), living),
        pages=pages,
        runs=[_shown(run, living) for run in pages.rows],
        every=every,
        requests=[(one, _state_of(one, of_requests, living)) for one in requests],
        names=names(),
        waits=any(one.run_id is None for one in requests),
    )


@bp.post("/<name>/runs")
@allow("scheduler.administer")
def run(name: str) -> Any:
    _job(name)
    form = ActionForm.for_request()
    if form.submitted():
        with unit_of_work() as work:
            job_actions.ask_to_run(name, by_id=current_user.id, at=clock().now())
            work.leads_to(url_for(".show", name=name))
        flash(_("Asked for. A scheduler takes it within seconds; this page shows what it did."))
        return work.redirect()
    return redirect(url_for(".show", name=name), 303)


@bp.post("/clocks/<int:jump_id>/confirmation")
@allow("scheduler.administer")
def confirm(jump_id: int) -> Any:
    form = ActionForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                heart.confirm(jump_id, by_id=current_user.id, at=clock().now())
                work.leads_to(url_for(".index"))
        except RuleViolation as violation:
            flash(_(violation.message), "warning")
            return redirect(url_for(".index"), 303)
        except LookupError:
            abort(404)
        look_anew(heart.SEEN)  # the banner goes at once
        flash(_("Confirmed. The schedulers of that machine go on within seconds, and catch up by themselves."))
        return work.redirect()
    return redirect(url_for(".index"), 303)


def _jobs() -> dict[str, Any]:
    from app.scheduler import JOBS_BY_NAME

    return JOBS_BY_NAME


def _job(name: str) -> Any:
    job = _jobs().get(name)
    if job is None:
        abort(404)
    return job


def _shown(run: JobRun | None, living: job_queries.Living) -> Run | None:
    if run is None:
        return None
    seconds = None if run.ended_at is None else max(0.0, (run.ended_at - run.started_at).total_seconds())
    return Run(run, _slot(run.slot), _took(seconds), *_state(run, living))


def _state(run: JobRun, living: job_queries.Living) -> tuple[Any, str]:
    if run.problem is not None:
        return _l("failed (%(problem)s)", problem=run.problem), "bad"
    if run.ended_at is None:
        return (_l("running"), "info") if run.worker in living.alive else (_l("broken off"), "bad")
    return (_l("some failed"), "warn") if run.failed else (_l("finished"), "ok")


def _state_of(asked: JobRequest, runs: dict[int, JobRun], living: job_queries.Living) -> tuple[Any, str]:
    if asked.run_id is None:
        return _l("waits for a scheduler"), "hold"
    run = runs.get(asked.run_id)
    return (_l("finished"), "ok") if run is None else _state(run, living)


def _slot(slot: str) -> str:
    """Return which turn a run was, in the reader's zone."""
    if slot.startswith("asked "):
        return _("asked for")
    turn = slot.partition("~")[0].partition("+")[0]
    return moment(datetime.fromisoformat(turn if len(turn) > 13 or len(turn) == 10 else f"{turn}:00").replace(tzinfo=UTC))


def _counts(run: JobRun) -> str:
    """Return "12 due: 10 done, 2 failed" in words; what is none is left out."""
    parts = [ngettext("%(num)d done", "%(num)d done", run.done)] if run.done else []
    if run.skipped:
        parts.append(ngettext("%(num)d without anything to do", "%(num)d without anything to do", run.skipped))
    if run.failed:
        parts.append(ngettext("%(num)d failed", "%(num)d failed", run.failed))
    due = ngettext("%(num)d due", "%(num)d due", run.due)
    return f"{due}: {', '.join(parts)}" if parts else due


def _took(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 1:
        return _("less than a second")
    return span(seconds)


def _said(jump: ClockJump) -> str:
    return _(AGAINST[Against(jump.against)], host=jump.host, hours=span(jump.ahead_seconds))


def _clock_words(row: Heartbeat) -> str:
    """Say what the machine's clock showed at the last sign of life, beside the database server's where it has one."""
    if row.clock_at is None:
        return ""
    shown = moment(row.clock_at)
    if row.server_at is None:
        return shown
    away = (row.clock_at - row.server_at).total_seconds()
    if abs(away) < SAME_CLOCK_SECONDS:
        return _("%(time)s, agrees with the database server", time=shown)
    if away > 0:
        return _("%(time)s, %(span)s ahead of the database server", time=shown, span=span(away))
    return _("%(time)s, %(span)s behind the database server", time=shown, span=span(-away))
