"""The next step of a mandate, and notes on it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.mandates.blueprint import bp, firm_today, opened, shown
from app.mandates.rules import check_live
from app.timeline.steps import add_note, finish_step, set_step
from app.users.ownership import may_change_part
from app.web.common_forms import NoteForm, StepForm
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


@bp.route("/<int:mandate_id>/next-step", methods=["GET", "POST"])
@allow("next_steps.write")
def next_step(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(may_change_part(current_user, mandate, "next_steps.write"))
    form = StepForm.for_request(obj=mandate)
    if form.submitted():
        try:
            with unit_of_work() as work:
                check_version(mandate, form)
                check_live(mandate.is_live)
                set_step(
                    mandate, form.next_step.data, form.next_step_on.data, actor=current_user, at=clock().now(), today=firm_today()
                )
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/next_step.html", form, mandate=mandate)


@bp.post("/<int:mandate_id>/next-step/completion")
@allow("next_steps.write")
def step_done(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(may_change_part(current_user, mandate, "next_steps.write"))
    if not ActionForm.for_request().submitted():
        abort(400)
    with unit_of_work() as work:
        finish_step(mandate, actor=current_user, at=clock().now())
        work.leads_to(lambda: shown(mandate_id))
    flash(_("Done. What comes next?"))
    return work.redirect()


@bp.route("/<int:mandate_id>/notes/new", methods=["GET", "POST"])
@allow("notes.write")
def new_note(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    form = NoteForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                add_note(mandate, form.text.data, actor=current_user, at=clock().now())
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Noted."))
            return work.redirect()
    return page("mandates/note.html", form, mandate=mandate)
