"""A line of one of a mandate's lists (plan, handover): its form, and the buttons beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.errors import RuleViolation
from app.db import check_version, db, hold, unit_of_work
from app.mandates.models import Mandate
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import require


def line_of(mandate: Mandate, model: Any, number: int) -> Any:
    """Return the line of this mandate; 404 for another's."""
    found = db.session.get(model, number)
    if found is None or found.mandate_id != mandate.id:
        abort(404)
    return found


def line_form(
    template: str, mandate: Mandate, form: Any, record: Any, save: Callable[[], Any], leads_to: str, **context: Any
) -> Any:
    """Show or take the form of one line; `record` bears the version, `save` writes inside the unit of work.

    With `is_new=True` in the context the form has a second button, which saves and comes back empty for the next line.
    """
    if context.get("is_new") and "next" in request.form:
        leads_to = request.path
    if form.submitted():
        try:
            with unit_of_work() as work:
                hold(mandate)
                require(current_user.may_change(mandate))
                check_version(record, form)
                save()
                work.leads_to(leads_to)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page(template, form, mandate=mandate, **context)


def button(mandate: Mandate, record: Any, do: Callable[[], Any], leads_to: str) -> Any:
    """Do what a button asks for, and show the list again; `record` bears the version that the button carries."""
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        hold(mandate)
        require(current_user.may_change(mandate))
        check_version(record, form)
        do()
        work.leads_to(leads_to)
    return work.redirect()
