"""What can be done to one client from its page: each a small form of its own."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clients import forms
from app.clients.models import Client
from app.clients.views import bp
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.settings.queries import firm
from app.timeline import steps
from app.users.models import User
from app.users.ownership import assign, may_change_part, owner_choices
from app.web.common_forms import quick_days
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


def _today() -> Any:
    return clock().today(firm().zone)


@bp.route("/<int:client_id>/next-step", methods=["GET", "POST"])
@allow("next_steps.write")
def next_step(client_id: int) -> Any:
    client = db.get_or_404(Client, client_id)
    require(may_change_part(current_user, client, "next_steps.write"))
    form = forms.StepForm.for_request(obj=client)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, client, "next_steps.write"))
                check_version(client, form)
                steps.set_step(
                    client, form.next_step.data, form.next_step_on.data, actor=current_user, at=clock().now(), today=_today()
                )
                work.leads_to(url_for(".show", client_id=client_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("clients/next_step.html", form, client=client, quick=quick_days(_today(), firm()))


@bp.post("/<int:client_id>/next-step/completion")
@allow("next_steps.write")
def complete_step(client_id: int) -> Any:
    client = db.get_or_404(Client, client_id)
    if not (form := ActionForm.for_request()).submitted():
        abort(400)
    with unit_of_work() as work:
        require(may_change_part(current_user, client, "next_steps.write"))
        check_version(client, form)
        steps.finish_step(client, actor=current_user, at=clock().now())
        work.leads_to(url_for(".show", client_id=client_id))
    flash(_("Done. What comes next?"))
    return work.redirect()


@bp.route("/<int:client_id>/notes/new", methods=["GET", "POST"])
@allow("notes.write")
def new_note(client_id: int) -> Any:
    client = db.get_or_404(Client, client_id)
    form = forms.NoteForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                steps.add_note(client, form.text.data, actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", client_id=client_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("clients/new_note.html", form, client=client, contact=None)


@bp.route("/<int:client_id>/owner", methods=["GET", "POST"])
@allow("clients.write")
def owner(client_id: int) -> Any:
    client = db.get_or_404(Client, client_id)
    require(current_user.may_change(client))
    form = forms.OwnerForm.for_request(obj=client).offer(owner_choices(_today(), keep=client.owner_id))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(client))
                check_version(client, form)
                chosen = db.session.get(User, form.chosen_id) if form.chosen_id else None
                assign(client, chosen, actor=current_user, at=clock().now(), today=_today())
                work.leads_to(url_for(".show", client_id=client_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("clients/owner.html", form, client=client)
