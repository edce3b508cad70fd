"""/admission/imports: bringing people along from a table, how far their papers are read, and the start."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.admission.models import AdmissionBatch
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.exchange import actions, forms, queries, sheets
from app.exchange.actions import Manner, Report
from app.exchange.rules import Outcome
from app.managers.rules import State
from app.managers.vocabulary import STATES
from app.privacy.queries import was_erased
from app.settings.queries import firm
from app.users.queries import names
from app.web.pages import page
from app.web.rights import allow

bp = Blueprint("exchange", __name__, url_prefix="/admission/imports")
LARGEST = 10 * 1024 * 1024  # bytes
MOST_ROWS = 1_000  # in a browser; a larger file goes in on the command line
MOST_SHOWN = 200


@bp.get("")
@allow("admission.import")
def index() -> Any:
    return page("exchange/index.html", batches=queries.batches(), names=names())


@bp.route("/new", methods=["GET", "POST"])
@allow("admission.import")
def new() -> Any:
    form, report = forms.ImportForm.for_request(dry=True), None
    if form.submitted():
        papers = {one.filename: one for one in form.papers.data or () if one.filename}
        try:
            content = form.file.data.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise RuleViolation(sheets.TOO_LARGE, field="file", most=LARGEST // (1024 * 1024))
            table = actions.read(content, form.file.data.filename or "", list(papers), MOST_ROWS)
            manner = Manner(
                actor=current_user,
                at=clock().now(),
                ground=form.ground.data,
                may_release=current_user.may("managers.release"),
                was_erased=was_erased,
                dry=form.dry.data,
            )
            if manner.dry:
                report = actions.bring_along(table, manner, lambda name: papers[name].read())
                db.session.rollback()
                return page("exchange/new.html", form, most=MOST_ROWS, **_shown(report))
            with unit_of_work() as work:
                report = actions.bring_along(table, manner, lambda name: papers[name].read())
                if not report.count(Outcome.CREATED):
                    raise RuleViolation("")
                number = report.batch_id
                work.leads_to(f"/admission/imports/{number}")
        except RuleViolation as violation:
            if violation.message:
                form.refuse(violation)
        else:
            flash(_told(report))
            return work.redirect()
    return page("exchange/new.html", form, most=MOST_ROWS, **(_shown(report) if report else {"report": None}))


def _shown(report: Report) -> dict[str, Any]:
    """Return what the page shows of a report: first what was not taken, at most MOST_SHOWN rows."""
    order = {Outcome.REFUSED: 0, Outcome.SKIPPED: 1, Outcome.CREATED: 2}
    lines = sorted(report.lines, key=lambda line: (order[line.outcome], line.row))
    return {
        "report": report,
        "counts": {str(outcome): report.count(outcome) for outcome in Outcome},
        "lines": [(line, _(line.reason, **line.values) if line.reason else "") for line in lines[:MOST_SHOWN]],
        "more": max(len(lines) - MOST_SHOWN, 0),
    }


def _told(report: Report) -> str:
    created = ngettext("One person was brought along.", "%(num)d people were brought along.", report.count(Outcome.CREATED))
    left = [line for line in report.lines if line.outcome is not Outcome.CREATED]
    if not left:
        return created
    rows = ", ".join(str(line.row) for line in left[:20]) + (" …" if len(left) > 20 else "")
    return created + " " + _("Not taken: rows %(rows)s. A dry run says why.", rows=rows)


@bp.route("/<int:number>", methods=["GET", "POST"])
@allow("admission.import")
def show(number: int) -> Any:
    batch = db.get_or_404(AdmissionBatch, number)
    form = forms.StartForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                started = actions.start(batch, actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", number=number))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(ngettext("Started: one person has a next date now.", "Started: %(num)d people have a next date now.", started))
            return work.redirect()
    papers, read = queries.papers(number)
    by_mail, by_hand, staged = queries.letters_to_come(number)
    return page(
        "exchange/show.html",
        form,
        batch=batch,
        states=[(STATES[State(row.state)], row.people) for row in queries.by_state(number)],
        papers=papers,
        read=read,
        by_mail=by_mail,
        by_hand=by_hand,
        staged=staged,
        released=queries.to_be_released(number),
        per_day=firm().import_letters_per_day,
        names=names(),
    )


def init_app(app: Flask) -> None:
    """Nothing beside the blueprint."""
