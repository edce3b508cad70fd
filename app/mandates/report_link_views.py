"""Behind the link that asks for the short report: three fields, a minute on a phone. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Request, redirect, request

from app import links
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, hold, unit_of_work
from app.links.models import PersonalLink
from app.managers.models import Manager
from app.managers.rules import GONE
from app.mandates import report_actions as actions
from app.mandates import report_queries, report_rules
from app.mandates.blueprint import firm_today
from app.mandates.course_models import ManagerReport
from app.mandates.models import Mandate
from app.mandates.report_forms import ReportForm
from app.mandates.report_letters import PURPOSE
from app.web.pages import page


def show(link: PersonalLink) -> Any:
    report = _behind(link)
    if report is None:
        return _over()
    given = {"days": report.days, "tasks": report.tasks, "obstacles": report.obstacles}
    return _page(ReportForm(formdata=None, data=given), report)


def act(link: PersonalLink, _request: Request) -> Any:
    report = _behind(link)
    if report is None:
        return _over()
    form = ReportForm.for_request()
    if not form.submitted():
        return _page(form, report)
    try:
        with unit_of_work() as work:
            at = clock().now()
            hold(db.session.get_one(Mandate, report.mandate_id))
            links.use(link, at=at)
            again = _behind(link)
            if again is None:
                return _over()
            actions.send_in(again, form.written(), at=at, today=firm_today())
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        form.refuse(violation)
        return _page(form, report)
    return redirect(work.location, 303)


def _behind(link: PersonalLink) -> ManagerReport | None:
    """Return the report that is asked for; None where nobody is asked any more."""
    report = report_queries.behind(link.id)
    mandate = db.session.get(Mandate, report.mandate_id) if report is not None else None
    if report is None or mandate is None or not mandate.is_live:
        return None
    manager = db.session.get(Manager, report.manager_id)
    is_theirs = manager is not None and manager.state not in GONE and manager.id == link.subject_id
    return report if is_theirs else None


def _page(form: Any, report: ManagerReport) -> Any:
    until = report_rules.corrected_until(report.month)
    return page(
        "mandates/report_link.html",
        form,
        mandate=db.session.get_one(Mandate, report.mandate_id),
        report=report,
        until=until,
        is_kept=report.sent_in_at is not None and firm_today() > until,
    )


def _over() -> Any:
    return page("mandates/evaluation_over.html")


links.register(PURPOSE, show=show, act=act)
