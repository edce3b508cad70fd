"""Scoping: the form, and the sheet for the client."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.mandates import actions, plan_queries, scoping_actions, scoping_document, scoping_forms
from app.mandates.blueprint import bp, firm_today, opened, shown
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.web import pdf
from app.web.language import LANGUAGES
from app.web.pages import page
from app.web.rights import allow, require


@bp.route("/<int:mandate_id>/scoping", methods=["GET", "POST"])
@allow("mandates.write")
def scoping(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    goals = plan_queries.goals_of(mandate_id)
    form = scoping_forms.scoping_form(goals).for_request(obj=mandate, **scoping_forms.present_values(goals))
    form.place.choices = scoping_forms.place_choices()
    if form.submitted():
        was = _agreed(mandate)
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                _change(mandate, form)
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            if was != _agreed(mandate) and plan_queries.has_accepted(mandate_id):
                flash(_("A new version of the handbook must be accepted."), "warning")
            return work.redirect()
    return page("mandates/scoping.html", form, mandate=mandate)


def _agreed(mandate: Mandate) -> tuple[Any, ...]:
    goals = [(goal.title, goal.measure) for goal in plan_queries.goals_of(mandate.id)]
    return mandate.goal, mandate.exit_plan, mandate.handed_over, mandate.exit_on, goals


def _change(mandate: Mandate, form: Any) -> None:
    facts = actions.Facts(
        title=mandate.title,
        goal=form.goal.data,
        reports_to=form.reports_to.data,
        exit_plan=form.exit_plan.data,
        handed_over=form.handed_over.data,
        exit_on=form.exit_on.data,
        clause=mandate.clause,
        function=mandate.function,
    )
    more = scoping_actions.Scoping(
        reach=form.reach.data,
        expectations=form.expectations.data,
        means=form.means.data,
        culture=form.culture.data,
        place=form.place.data or None,
    )
    scoping_actions.change(mandate, facts, more, form.goals(), actor=current_user, at=clock().now(), today=firm_today())


@bp.get("/<int:mandate_id>/scoping.pdf")
@allow("mandates.read")
def scoping_sheet(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    content = scoping_document.as_pdf(mandate, plan_queries.goals_of(mandate_id), wanted_language(mandate), at=clock().now())
    return pdf.answer(content, f"scoping-{mandate.number}.pdf")


def wanted_language(mandate: Mandate) -> str:
    """Return the language asked for, else the contact's, else the firm's."""
    asked = request.args.get("language")
    if asked in LANGUAGES:
        return asked
    return mandate.contact.language if mandate.contact else firm().language
