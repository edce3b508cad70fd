"""Pages of the status checks: all of a mandate, one with what was answered before, and its questionnaire."""

from __future__ import annotations

from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, hold, unit_of_work
from app.managers.models import Manager
from app.mandates import status_actions as actions
from app.mandates import status_labels as labels
from app.mandates import status_panel, status_rules
from app.mandates.blueprint import bp, firm_today, opened
from app.mandates.course_models import StatusCheck
from app.mandates.models import Mandate
from app.mandates.status_forms import present_values, status_form
from app.users.queries import names
from app.web.pages import page
from app.web.rights import allow, require


def _check(mandate: Mandate, number: int) -> StatusCheck:
    check = db.session.get(StatusCheck, number)
    return check if check is not None and check.mandate_id == mandate.id else abort(404)


def _may_write(mandate: Mandate) -> bool:
    is_live = mandate.is_live and mandate.signed_on is not None
    return is_live and current_user.may("mandates.write") and current_user.may_change(mandate)


@bp.get("/<int:mandate_id>/status-checks")
@allow("mandates.read")
def status_checks(mandate_id: int) -> Any:
    mandate, today = opened(mandate_id), firm_today()
    rows = [status_panel.row_of(check) for check in status_panel.checks_of(mandate.id)]
    regime = status_rules.regime_of(mandate.region)
    return page(
        "mandates/status_checks.html",
        mandate=mandate,
        regime=labels.REGIMES[regime] if regime else None,
        basis=labels.BASES[regime] if regime else None,
        waiting=[(row, status_rules.first_day(row.check.due_on) <= today) for row in rows if row.check.done_on is None],
        done=[row for row in reversed(rows) if row.check.done_on is not None],
        may_write=_may_write(mandate),
    )


@bp.get("/<int:mandate_id>/status-checks/<int:check_id>")
@allow("mandates.read")
def status_check(mandate_id: int, check_id: int) -> Any:
    mandate = opened(mandate_id)
    check = _check(mandate, check_id)
    former = status_panel.before(check, status_panel.checks_of(mandate.id))
    return page(
        "mandates/status_check.html",
        mandate=mandate,
        row=status_panel.row_of(check),
        former=former and status_panel.row_of(former),
        compared=status_panel.compared(check, former),
        regime=labels.REGIMES[status_rules.Regime(check.regime)],
        basis=labels.BASES[status_rules.Regime(check.regime)],
        manager=db.session.get(Manager, check.manager_id),
        done_by=names().get(check.done_by_id or 0),
        may_answer=_may_write(mandate) and status_rules.first_day(check.due_on) <= firm_today(),
    )


@bp.route("/<int:mandate_id>/status-checks/<int:check_id>/answers", methods=["GET", "POST"])
@allow("mandates.write")
def status_answers(mandate_id: int, check_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    check = _check(mandate, check_id)
    form: Any = status_form(status_rules.Regime(check.regime)).for_request(version=check.version, **present_values(check))
    if form.submitted():
        try:
            with unit_of_work() as work:
                hold(mandate)
                require(current_user.may_change(mandate))
                check_version(check, form)
                given, at = form.given(), clock().now()
                actions.answer(check, mandate, given, note=form.note.data, actor=current_user, at=at, today=firm_today())
                work.leads_to(f"/mandates/{mandate_id}/status-checks/{check_id}")
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    regime = status_rules.Regime(check.regime)
    return page("mandates/status_answers.html", form, mandate=mandate, regime=labels.REGIMES[regime], basis=labels.BASES[regime])
