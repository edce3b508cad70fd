"""What is known of a manager and from whom, the sheet for third parties, and the calls of these."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.managers.models import Manager
from app.references import call_actions as actions
from app.references import call_queries, labels, referee_forms, written_labels
from app.references.blueprint import bp
from app.references.models import OutsideCall, WrittenReference
from app.references.referee_views import live_manager, may_edit, may_judge
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.users.queries import names
from app.web.common_forms import options_of
from app.web.formats import day as in_words
from app.web.pages import page
from app.web.rights import allow, require


def _today() -> Any:
    return clock().today(firm().zone)


@bp.get("/references/managers/<int:manager_id>")
@allow("talks.read")
def summary(manager_id: int) -> Any:
    manager, today = live_manager(manager_id), _today()
    known = call_queries.known_of(manager_id)
    return page(
        "references/summary.html",
        manager=manager,
        known=known,
        mean=known.mean(today),
        told=call_queries.told_of(manager_id),
        written=call_queries.written_of(manager_id, outside_only=False),
        outside=call_queries.outside_of(manager_id),
        is_contradiction=actions.is_contradiction,
        labels=labels,
        written_labels=written_labels,
        talk_labels=talk_labels,
        names=names(),
        today_=today,
        may_edit=may_edit(manager),
    )


@bp.get("/references/managers/<int:manager_id>/sheet")
@allow("talks.read")
def sheet(manager_id: int) -> Any:
    """What may be said to somebody who wants to call a client about the manager."""
    return page(
        "references/sheet.html",
        manager=live_manager(manager_id),
        written=call_queries.written_of(manager_id, outside_only=True),
        labels=labels,
        written_labels=written_labels,
    )


@bp.route("/references/managers/<int:manager_id>/calls/new", methods=["GET", "POST"])
@allow("talks.log")
def new_outside_call(manager_id: int) -> Any:
    manager = live_manager(manager_id)
    form = _call_form(manager_id, None, called_on=_today())
    if form.submitted():
        try:
            with unit_of_work() as work:
                call = actions.note(manager, _noted(form), actor=current_user, at=clock().now())
                work.leads_to(lambda: url_for(".outside_call", call_id=call.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Noted."))
            return work.redirect()
    return page("references/outside_call_form.html", form, manager=manager, call=None)


def _call_form(manager_id: int, kept: int | None, **shown: Any) -> referee_forms.OutsideCallForm:
    """Return the form with the references that may be at hand; the one that the call is about stays on offer."""
    form = referee_forms.OutsideCallForm.for_request(**shown)
    every = call_queries.written_of(manager_id, outside_only=True)
    offered = [(str(one.id), f"{one.client}, {one.mandate} ({in_words(one.released_on)})") for one in every]
    if kept is not None and str(kept) not in dict(offered):
        reference = db.session.get_one(WrittenReference, kept)
        offered.append((str(kept), reference.mandate.title))
    form.reference.choices = options_of(offered, _("none, or another client"))
    return form


def _noted(form: referee_forms.OutsideCallForm) -> actions.Noted:
    assert form.called_on.data is not None
    reference = db.session.get(WrittenReference, int(form.reference.data)) if form.reference.data else None
    rating = int(form.rating.data) if form.rating.data else None
    return actions.Noted(form.caller.data or "", form.called_on.data, rating, form.said.data, reference)


def _call(call_id: int) -> tuple[OutsideCall, Manager]:
    call = call_queries.outside_call(call_id) or abort(404)
    return call, live_manager(call.manager_id)


@bp.route("/references/calls/<int:call_id>", methods=["GET", "POST"])
@allow("talks.read")
def outside_call(call_id: int) -> Any:
    """One call of a third party; whoever may change the manager judges a contradiction here."""
    call, manager = _call(call_id)
    form = referee_forms.JudgementForm.for_request(obj=call)
    if form.submitted():
        require(may_judge(manager))
        try:
            with unit_of_work() as work:
                require(may_judge(manager))
                check_version(call, form)
                actions.judge(call, form.judgement.data or "", manager, actor=current_user, at=clock().now())
                work.leads_to(url_for(".outside_call", call_id=call_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page(
        "references/outside_call.html",
        form,
        call=call,
        manager=manager,
        is_contradiction=actions.is_contradiction(call),
        may_judge=may_judge(manager),
        may_change=_may_change(call, manager),
        names=names(),
        labels=labels,
    )


def _may_change(call: OutsideCall, manager: Manager) -> bool:
    return bool(current_user.may("talks.log") and (call.noted_by_id == current_user.id or may_edit(manager)))


@bp.route("/references/calls/<int:call_id>/edit", methods=["GET", "POST"])
@allow("talks.log")
def edit_outside_call(call_id: int) -> Any:
    call, manager = _call(call_id)
    require(_may_change(call, manager))
    shown = {name: getattr(call, name) for name in ("version", "caller", "called_on", "said")}
    rating, reference = str(call.rating or ""), str(call.reference_id or "")
    form = _call_form(manager.id, call.reference_id, **shown, rating=rating, reference=reference)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(_may_change(call, manager))
                check_version(call, form)
                actions.change(call, _noted(form), manager, actor=current_user, at=clock().now())
                work.leads_to(url_for(".outside_call", call_id=call_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("references/outside_call_form.html", form, manager=manager, call=call)
