"""The short reports of a mandate: what has come in, what is missing, and one taken down by phone."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, hold, unit_of_work
from app.mail.queries import letters_about
from app.mandates import report_actions as actions
from app.mandates import report_link_views, report_queries
from app.mandates.blueprint import bp, firm_today, opened
from app.mandates.models import Mandate
from app.mandates.report_forms import ReportForm
from app.mandates.report_letters import PURPOSE
from app.settings.queries import firm
from app.users.queries import names
from app.web.pages import page
from app.web.rights import allow, require

__all__ = ["report_link_views"]


def _is_open(mandate: Mandate) -> bool:
    return mandate.is_live and mandate.signed_on is not None


@bp.get("/<int:mandate_id>/reports")
@allow("mandates.read")
def reports(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    owed = report_queries.of_mandate(mandate, firm_today())
    return page(
        "mandates/reports.html",
        mandate=mandate,
        owed=owed,
        has_several=len({one.manager.id for one in owed}) > 1,
        colleagues=names(),
        missing_days=firm().report_missing_working_days,
        may_write=_is_open(mandate) and current_user.may("mandates.write") and current_user.may_change(mandate),
        letters=[letter for letter in letters_about(mandate) if letter.purpose == PURPOSE],
    )


@bp.route("/<int:mandate_id>/reports/<int:manager_id>/<int:year>-<int:number>", methods=["GET", "POST"])
@allow("mandates.write")
def report(mandate_id: int, manager_id: int, year: int, number: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    first_on = _first_day(year, number)
    owed = report_queries.of_mandate(mandate, firm_today())
    one = next((one for one in owed if (one.manager.id, one.month.first_on) == (manager_id, first_on)), None) or abort(404)
    form = ReportForm.for_request(obj=one.report, version=one.report.version if one.report else 0)
    if form.submitted():
        try:
            with unit_of_work() as work:
                hold(mandate)
                require(current_user.may_change(mandate))
                if (kept := report_queries.report_of(mandate.id, manager_id, first_on)) is not None:
                    check_version(kept, form)
                given = {"actor": current_user, "at": clock().now(), "today": firm_today()}
                actions.enter(mandate, one.manager, first_on, form.written(), **given)
                work.leads_to(f"/mandates/{mandate_id}/reports")
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/report.html", form, mandate=mandate, one=one)


def _first_day(year: int, number: int) -> date:
    """Return the first day of a month as the address names it; 404 for none."""
    if not (1900 <= year <= 2200 and 1 <= number <= 12):
        abort(404)
    return date(year, number, 1)
