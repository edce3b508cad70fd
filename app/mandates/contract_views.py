"""Signing the contract, putting another manager on a mandate, changing its rates, and marking it as lost."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.clients.models import Contact
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.managers.models import Manager
from app.mandates import actions, forms, queries, spell_actions
from app.mandates.blueprint import (
    bp,
    changed,
    chosen_manager,
    contact_choices,
    firm_today,
    manager_words,
    may_override,
    only_contact_of,
    opened,
    shown,
)
from app.mandates.line_views import button
from app.mandates.models import Mandate
from app.web.formats import day
from app.web.pages import page
from app.web.rights import allow, require


@bp.route("/<int:mandate_id>/contract", methods=["GET", "POST"])
@allow("mandates.write")
def contract(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    form = forms.ContractForm.for_request(obj=_Blank(mandate) if request.method == "GET" else None)
    form.contact_id.choices = contact_choices(mandate.client_id, mandate.contact, _("Please choose"))
    form.manager_id.choices = []
    if form.submitted() and (manager := chosen_manager(form)):
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                _sign(mandate, form, db.get_or_404(Manager, manager.id))
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The contract is signed and the talks are planned."))
            _warn_of_others(mandate, manager.id)
            return work.redirect()
    return page("mandates/contract.html", form, mandate=mandate, may_override=may_override())


class _Blank:
    """What the empty form begins with: a contract signed today, the manager meant for it."""

    def __init__(self, mandate: Mandate) -> None:
        self.version = mandate.version
        self.contact_id = mandate.contact_id or only_contact_of(mandate.client_id)
        self.manager_name = manager_words(mandate.manager)
        self.signed_on: date = firm_today()
        self.has_quality_clause = True
        self.clause = mandate.clause
        self.currency = "CHF" if mandate.client.region.startswith("CH") else "EUR"
        self.client_rate_unit = self.manager_rate_unit = "day"


def _sign(mandate: Mandate, form: Any, manager: Manager) -> None:
    actions.sign(
        mandate,
        actions.Contract(
            signed_on=form.signed_on.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            has_quality_clause=form.has_quality_clause.data,
            clause=form.clause.data,
            terms=forms.terms_of(form),
            client_rate_unit=form.client_rate_unit.data,
            manager_rate_unit=form.manager_rate_unit.data,
            currency=form.currency.data,
        ),
        manager=manager,
        contact=db.get_or_404(Contact, int(form.contact_id.data)),
        override_reason=form.override_reason.data,
        actor=current_user,
        at=clock().now(),
        today=firm_today(),
    )


def _warn_of_others(mandate: Mandate, manager_id: int) -> None:
    """Say where the manager has another mandate at the same time."""
    _last_id, first_on = mandate.on_it_at_the_end
    if first_on is None or mandate.ends_on is None:
        return
    for row in queries.at_the_same_time(manager_id, first_on, mandate.ends_on, mandate.id):
        flash(
            _(
                "At the same time %(name)s is on another mandate: %(title)s, %(client)s, until %(end)s.",
                name=queries.name_of_manager(manager_id),
                title=row.title,
                client=row.client,
                end=day(row.ends_on),
            ),
            "warning",
        )


@bp.route("/<int:mandate_id>/manager", methods=["GET", "POST"])
@allow("mandates.write")
def manager(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    was_id = mandate.manager_id
    form = forms.ManagerForm.for_request(version=mandate.version, first_on=_usual_first_day(mandate))
    form.manager_id.choices = []
    if form.submitted() and (chosen := chosen_manager(form)):
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                actions.replace_manager(
                    mandate,
                    db.get_or_404(Manager, chosen.id),
                    override_reason=form.override_reason.data,
                    first_on=form.first_on.data,
                    reason=form.reason.data or "",
                    actor=current_user,
                    at=clock().now(),
                    today=firm_today(),
                )
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_taken_over(chosen, form.first_on.data) if mandate.signed_on and chosen.id != was_id else _("Saved."))
            _warn_of_others(mandate, chosen.id)
            return work.redirect()
    return page("mandates/manager.html", form, mandate=mandate, planned=mandate.takes_over, may_override=may_override())


@bp.post("/<int:mandate_id>/manager/removal")
@allow("mandates.write")
def manager_removal(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    return button(mandate, mandate, lambda: _call_off(mandate), shown(mandate_id))


def _call_off(mandate: Mandate) -> None:
    reason = _("The change of the manager was called off.")
    spell_actions.call_off(mandate, reason, actor=current_user, at=clock().now())


def _taken_over(chosen: Manager, first_on: date) -> str:
    return _("%(name)s is on the mandate from %(day)s on; the talks follow.", name=chosen.name, day=day(first_on))


def _usual_first_day(mandate: Mandate) -> date:
    today = firm_today()
    return max(today, mandate.starts_on) if mandate.starts_on else today


@bp.route("/<int:mandate_id>/rates/new", methods=["GET", "POST"])
@allow("mandates.money")
def new_rates(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate) and current_user.sees_money_of(mandate))
    today = firm_today()
    form = forms.RatesForm.for_request(version=mandate.version, effective_on=today)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                actions.change_rates(
                    mandate,
                    forms.terms_of(form),
                    effective_on=form.effective_on.data,
                    reason=form.reason.data,
                    actor=current_user,
                    at=clock().now(),
                    today=today,
                )
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The new rates hold from %(day)s.", day=day(form.effective_on.data)))
            return work.redirect()
    return page("mandates/rates.html", form, mandate=mandate, terms=mandate.terms_on(today))


@bp.route("/<int:mandate_id>/lost", methods=["GET", "POST"])
@allow("mandates.write")
def lost(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    today = firm_today()
    form = forms.LostForm.for_request(version=mandate.version, lost_on=today)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                actions.lose(
                    mandate, form.lost_reason.data, lost_on=form.lost_on.data, actor=current_user, at=clock().now(), today=today
                )
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Marked as lost. Thank you for writing down why."))
            return work.redirect()
    return page("mandates/lost.html", form, mandate=mandate)
