"""The page that says what an erasure takes and leaves, and does it once the number is typed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.managers.models import Manager
from app.managers.rules import State
from app.privacy import actions, forms, queries, rules, ticks
from app.settings.queries import firm
from app.web.pages import page
from app.web.rights import allow

bp = Blueprint("privacy", __name__)


@bp.route("/managers/<int:manager_id>/erasure", methods=["GET", "POST"])
@allow("managers.erase")
def erasure(manager_id: int) -> Any:
    manager = db.get_or_404(Manager, manager_id)
    if manager.state == State.ERASED:
        abort(404)
    form = forms.ErasureForm.for_request(version=manager.version)
    if form.submitted():
        try:
            rules.check_confirmation(manager_id, form.confirmation.data)
            with unit_of_work() as work:
                check_version(manager, form)
                actions.erase(manager, actor=current_user, at=clock().now())
                work.leads_to("/managers")
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            ticks.finish(clock().now())
            flash(_("ID %(number)s is erased.", number=str(manager_id)))
            return work.redirect()
    return page("privacy/erasure.html", form, manager=manager, seen=queries.outlook(manager_id, clock().today(firm().zone)))
