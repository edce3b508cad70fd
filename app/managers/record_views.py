"""What can be done to one manager from his or her page: each a small form of its own."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.admission import actions as admission
from app.admission import freshness_actions as freshness
from app.admission.arrival_actions import papers_came
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.files.rules import ACCEPT
from app.files.views import as_download
from app.managers import actions, forms, queries, rules, vocabulary
from app.managers.document_actions import add_document
from app.managers.models import Manager
from app.managers.views import bp
from app.settings.queries import firm
from app.timeline import steps
from app.users.models import User
from app.users.ownership import assign, may_change_part, owner_choices
from app.users.queries import names
from app.web.common_forms import quick_days
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


def _manager(manager_id: int) -> Manager:
    manager = db.get_or_404(Manager, manager_id)
    if manager.state == rules.State.ERASED:
        abort(404)
    return manager


def _today() -> Any:
    return clock().today(firm().zone)


@bp.route("/<int:manager_id>/availability", methods=["GET", "POST"])
@allow("managers.write")
def availability(manager_id: int) -> Any:
    manager = _manager(manager_id)
    require(current_user.may_change(manager))
    form = forms.AvailabilityForm.for_request(obj=manager)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(manager))
                check_version(manager, form)
                day, at = form.available_from.data, clock().now()
                actions.set_availability(manager, day, actor=current_user, at=at, today=_today())
                freshness.answered(manager, availability_came=day is not None, actor=current_user, at=at)
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Availability confirmed today."))
            return work.redirect()
    return page("managers/availability.html", form, manager=manager, days=firm().availability_known_days)


@bp.route("/<int:manager_id>/next-step", methods=["GET", "POST"])
@allow("next_steps.write")
def next_step(manager_id: int) -> Any:
    manager = _manager(manager_id)
    require(may_change_part(current_user, manager, "next_steps.write"))
    form = forms.StepForm.for_request(obj=manager)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, manager, "next_steps.write"))
                check_version(manager, form)
                steps.set_step(
                    manager, form.next_step.data, form.next_step_on.data, actor=current_user, at=clock().now(), today=_today()
                )
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("managers/next_step.html", form, manager=manager, quick=quick_days(_today(), firm()))


@bp.post("/<int:manager_id>/next-step/completion")
@allow("next_steps.write")
def complete_step(manager_id: int) -> Any:
    manager = _manager(manager_id)
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        require(may_change_part(current_user, manager, "next_steps.write"))
        check_version(manager, form)
        steps.finish_step(manager, actor=current_user, at=clock().now())
        work.leads_to(url_for(".show", manager_id=manager_id))
    flash(_("Done. What comes next?"))
    return work.redirect()


@bp.route("/<int:manager_id>/notes/new", methods=["GET", "POST"])
@allow("notes.write")
def new_note(manager_id: int) -> Any:
    manager = _manager(manager_id)
    form = forms.NoteForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                steps.add_note(manager, form.text.data, actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("managers/new_note.html", form, manager=manager)


@bp.get("/<int:manager_id>/documents")
@allow("managers.read")
def documents(manager_id: int) -> Any:
    manager = _manager(manager_id)
    fresh_since = rules.fresh_since(_today(), firm().papers_fresh_months)
    return page(
        "managers/documents.html",
        manager=manager,
        documents=queries.documents_of(manager),
        names=names(),
        vocabulary=vocabulary,
        fresh_since=fresh_since,
        papers=rules.PAPERS,
        may_add=may_change_part(current_user, manager, "managers.papers"),
    )


@bp.get("/<int:manager_id>/documents/<int:document_id>")
@allow("files.read")
def download(manager_id: int, document_id: int) -> Any:
    return as_download(queries.file_of(manager_id, document_id))


@bp.route("/<int:manager_id>/documents/new", methods=["GET", "POST"])
@allow("managers.papers")
def new_document(manager_id: int) -> Any:
    manager = _manager(manager_id)
    require(may_change_part(current_user, manager, "managers.papers"))
    form = forms.DocumentForm.for_request()
    if form.submitted():
        content = form.file.data.read()
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, manager, "managers.papers"))
                document = add_document(
                    manager,
                    form.kind.data,
                    content,
                    name=form.file.data.filename,
                    made_on=form.made_on.data,
                    received_on=_today(),
                    actor=current_user,
                    at=clock().now(),
                    most_megabytes=firm().upload_megabytes,
                )
                papers_came(manager, document, actor=current_user, at=clock().now())
                work.leads_to(url_for(".documents", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Kept as version %(number)d.", number=document.number))
            return work.redirect()
    return page("managers/new_document.html", form, manager=manager, accept=ACCEPT, most=firm().upload_megabytes)


@bp.route("/<int:manager_id>/owner", methods=["GET", "POST"])
@allow("managers.write")
def owner(manager_id: int) -> Any:
    manager = _manager(manager_id)
    require(current_user.may_change(manager))
    form = forms.OwnerForm.for_request(obj=manager).offer(owner_choices(_today(), keep=manager.owner_id))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(manager))
                check_version(manager, form)
                chosen = db.session.get(User, form.chosen_id) if form.chosen_id else None
                assign(manager, chosen, actor=current_user, at=clock().now(), today=_today())
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("managers/owner.html", form, manager=manager)


@bp.route("/<int:manager_id>/release", methods=["GET", "POST"])
@allow("managers.release")
def release(manager_id: int) -> Any:
    manager = _manager(manager_id)
    form = forms.ReleaseForm.for_request(obj=manager)
    if form.submitted():
        try:
            with unit_of_work() as work:
                check_version(manager, form)
                was = manager.state
                actions.release(manager, form.reason.data or "", actor=current_user, at=clock().now(), today=_today())
                admission.follow(manager, was, at=clock().now())
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("%(name)s is released.", name=manager.name))
            return work.redirect()
    return page("managers/release.html", form, manager=manager)
