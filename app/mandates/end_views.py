"""A new end in two steps: what is wanted, then everything that it moves; saved is exactly what was shown."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.db import db, unit_of_work
from app.mandates import actions, exit_panel, forms, labels
from app.mandates.access import may_change_term
from app.mandates.blueprint import bp, firm_today, opened, shown
from app.mandates.end_actions import Proposal, as_proposal
from app.mandates.models import Extension, Mandate
from app.mandates.preview import Preview, preview
from app.talks.end_rules import Action
from app.talks.models import Talk
from app.talks.plan_queries import TalkChange, open_closing
from app.talks.rules import State
from app.web.formats import full_date
from app.web.forms import ActionForm, new_key
from app.web.pages import page
from app.web.rights import allow, require


class _ShownAnew(Exception):
    """Between preview and save something else changed: the person must see it first."""


@bp.route("/<int:mandate_id>/extensions/new", methods=["GET", "POST"])
@allow("mandates.extend")
def new_extension(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(may_change_term(current_user, mandate, firm_today()))
    form = forms.ExtensionForm.for_request(version=mandate.version, signed_on=firm_today())
    if not current_user.sees_money_of(mandate):
        form.leave_out_rates()
    if form.submitted() and "change" not in request.form:
        try:
            if "shown" in request.form:
                return _save(mandate, form)
            return _show(mandate, form, _proposal(form))
        except RuleViolation as violation:
            form.refuse(violation)
        except _ShownAnew:
            return _show(opened(mandate_id), form, _proposal(form), anew=True)
    return page(
        "mandates/new_extension.html",
        form,
        mandate=mandate,
        terms=mandate.terms_on(firm_today()),
        closing=_closing_to_arrange(mandate),
    )


def _closing_to_arrange(mandate: Mandate) -> Talk | None:
    """Return the closing talk without an appointment: arranging it is the other answer to the question how it goes on."""
    talk = open_closing(mandate.id, but_for=0)
    return talk if talk is not None and talk.state == State.DUE else None


def _proposal(form: Any) -> Proposal:
    return Proposal(
        new_end_on=form.new_end_on.data,
        reason=form.reason.data,
        signed_on=form.signed_on.data,
        is_early_end=form.is_early_end.data,
        terms=forms.terms_of(form),
        effective_on=form.effective_on.data,
    )


def _show(mandate: Mandate, form: Any, proposal: Proposal, anew: bool = False, change: Extension | None = None) -> Any:
    """Show what would move. `anew`: it is not what was shown before (409)."""
    seen = preview(mandate, proposal, firm_today())
    form.version.data = mandate.version
    if anew:
        form.form_key.data = new_key()
    answer, status = page(
        "mandates/preview.html",
        form,
        mandate=mandate,
        seen=seen,
        anew=anew,
        change=change,
        title=_title(seen),
        longer=labels.longer((proposal.new_end_on - mandate.ends_on).days) if mandate.ends_on else "",
        now=mandate.terms_on(seen.signed_on),
        sees_money=current_user.sees_money_of(mandate),
        kind=labels.change(seen.kind),
    )
    return answer, 409 if anew else status


def _title(seen: Preview) -> str:
    return _("%(kind)s to %(day)s: what moves", kind=labels.change(seen.kind), day=full_date(seen.proposal.new_end_on))


def _as_shown(mandate: Mandate, form: Any, proposal: Proposal) -> None:
    """Raise _ShownAnew unless the change would do exactly what the page showed."""
    same = preview(mandate, proposal, firm_today()).shown == request.form["shown"]
    if str(form.version.data) != str(mandate.version) or not same:
        raise _ShownAnew


def _save(mandate: Mandate, form: Any) -> Any:
    proposal = _proposal(form)
    given = {"actor": current_user, "at": clock().now(), "today": firm_today()}
    with unit_of_work() as work:
        require(may_change_term(current_user, mandate, firm_today()))
        _as_shown(mandate, form, proposal)
        moved = actions.extend(mandate, proposal, **given) if proposal.signed_on else actions.propose(mandate, proposal, **given)
        work.leads_to(shown(mandate.id))
    if isinstance(moved, Extension):
        flash(_("Kept as open. Nothing has moved yet; sign it here once it is agreed."))
    else:
        _flash_moved(moved)
    return work.redirect()


def _flash_moved(changes: list[TalkChange]) -> None:
    moved = sum(one.action is not Action.STAYS for one in changes)
    flash(ngettext("Saved; one talk moved.", "Saved; %(num)d talks moved.", moved))


@bp.route("/<int:mandate_id>/extensions/<int:extension_id>", methods=["GET", "POST"])
@allow("mandates.extend")
def extension(mandate_id: int, extension_id: int) -> Any:
    mandate = opened(mandate_id)
    require(may_change_term(current_user, mandate, firm_today()))
    change = next((one for one in mandate.extensions if one.id == extension_id), None) or abort(404)
    form = forms.SignForm.for_request(version=mandate.version, signed_on=firm_today(), effective_on=change.effective_on)
    if form.submitted() and "change" not in request.form:
        try:
            if "shown" in request.form:
                return _save_signature(mandate, change, form)
            return _show(mandate, form, _signed(change, form), change=change)
        except RuleViolation as violation:
            form.refuse(violation)
        except _ShownAnew:
            mandate = opened(mandate_id)
            return _show(mandate, form, _signed(change, form), anew=True, change=change)
    return page(
        "mandates/extension.html",
        form,
        mandate=mandate,
        change=change,
        kind=labels.change(change.kind),
        asks_exit=exit_panel.asks_exit(mandate, [change], firm_today()),
        sees_money=current_user.sees_money_of(mandate),
    )


def _signed(change: Extension, form: Any) -> Proposal:
    if change.signed_on is not None:
        raise RuleViolation(N_("This is signed already."))
    return as_proposal(change, form.signed_on.data, form.effective_on.data)


def _save_signature(mandate: Mandate, change: Extension, form: Any) -> Any:
    with unit_of_work() as work:
        require(may_change_term(current_user, mandate, firm_today()))
        _as_shown(mandate, form, _signed(change, form))
        moved = actions.sign_change(
            change,
            form.signed_on.data,
            effective_on=form.effective_on.data,
            actor=current_user,
            at=clock().now(),
            today=firm_today(),
        )
        work.leads_to(shown(mandate.id))
    _flash_moved(moved)
    return work.redirect()


@bp.post("/<int:mandate_id>/extensions/<int:extension_id>/withdrawals")
@allow("mandates.extend")
def drop_extension(mandate_id: int, extension_id: int) -> Any:
    mandate = opened(mandate_id)
    require(may_change_term(current_user, mandate, firm_today()))
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        change = db.session.get(Extension, extension_id)
        if change is None or change.mandate_id != mandate.id:
            abort(404)
        actions.drop(change, actor=current_user, at=clock().now())
        work.leads_to(shown(mandate_id))
    flash(_("Taken off: it was not agreed."))
    return work.redirect()
