"""The short list of a mandate, and a candidate's profile as a PDF."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, hold, unit_of_work
from app.feedback import queries as feedback_queries
from app.managers.models import Manager
from app.mandates import candidate_actions, candidate_document, candidate_queries
from app.mandates.blueprint import bp, chosen_manager, firm_today, may_override, opened
from app.mandates.candidate_models import Candidate
from app.mandates.candidate_rules import NEXT, State
from app.mandates.forms import REASON, ManagerForm, select_choices
from app.mandates.labels import CANDIDATE_STATES as STATES
from app.mandates.models import Mandate
from app.mandates.scoping_views import wanted_language
from app.web import pdf
from app.web.forms import BaseForm, strip
from app.web.pages import page
from app.web.rights import allow, require


class CandidateForm(BaseForm):
    version = HiddenField()
    state = SelectField(_l("New state"), [InputRequired()])
    on = DateField(_l("On"), [InputRequired()])
    reason = StringField(_l("Reason"), [Optional(), Length(max=REASON)], filters=[strip])
    until = DateField(
        _l("Protected from circumvention until"),
        [Optional()],
        description=_l("Left empty: worked out from the day of the presentation"),
    )


@bp.route("/<int:mandate_id>/candidates", methods=["GET", "POST"])
@allow("mandates.read")
def candidates(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    may_write = current_user.may("mandates.write") and current_user.may_change(mandate)
    form = ManagerForm.for_request(version=mandate.version)
    form.manager_id.choices = []
    if request.method == "POST":
        require(may_write)
    if form.submitted() and (manager := chosen_manager(form)):
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                candidate_actions.add(
                    mandate,
                    db.get_or_404(Manager, manager.id),
                    override_reason=form.override_reason.data,
                    actor=current_user,
                    at=clock().now(),
                )
                work.leads_to(url_for(".candidates", mandate_id=mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _warn_of_others(mandate, manager.id)
            return work.redirect()
    rows = candidate_queries.rows_of(mandate_id)
    return page(
        "mandates/candidates.html",
        form,
        mandate=mandate,
        rows=rows,
        without_headline={manager.id for _one, manager in rows if candidate_document.hides_headline(manager)},
        heard=feedback_queries.behind([manager.id for _one, manager in rows]),
        states=STATES,
        may_write=may_write,
        may_override=may_override(),
    )


def _warn_of_others(mandate: Mandate, manager_id: int) -> None:
    """Say where the manager is on another mandate that has not ended, or chosen for one."""
    for other in candidate_queries.others_with(manager_id, mandate.id, firm_today()):
        flash(_("This manager is on another mandate or chosen for it: %(number)s.", number=other.number), "warning")


@bp.route("/<int:mandate_id>/candidates/<int:candidate_id>", methods=["GET", "POST"])
@allow("mandates.write")
def candidate(mandate_id: int, candidate_id: int) -> Any:
    mandate, found = opened(mandate_id), _found(mandate_id, candidate_id)
    require(current_user.may_change(mandate))
    form = CandidateForm.for_request(version=found.version, on=firm_today(), until=found.non_circumvention_until)
    form.state.choices = select_choices([(state.value, STATES[state]) for state in NEXT[State(found.state)]])
    if form.submitted():
        try:
            with unit_of_work() as work:
                hold(mandate)
                require(current_user.may_change(mandate))
                check_version(found, form)
                candidate_actions.change(
                    mandate,
                    found,
                    State(form.state.data),
                    on=form.on.data,
                    reason=form.reason.data or "",
                    until=form.until.data,
                    actor=current_user,
                    at=clock().now(),
                    today=firm_today(),
                )
                work.leads_to(url_for(".candidates", mandate_id=mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            _warn_of_others(mandate, found.manager_id)
            return work.redirect()
    manager = db.session.get_one(Manager, found.manager_id)
    return page("mandates/candidate.html", form, mandate=mandate, manager=manager, words=STATES[State(found.state)])


@bp.get("/<int:mandate_id>/candidates/<int:candidate_id>/profile.pdf")
@allow("mandates.read")
def candidate_profile(mandate_id: int, candidate_id: int) -> Any:
    mandate, found = opened(mandate_id), _found(mandate_id, candidate_id)
    manager = db.session.get_one(Manager, found.manager_id)
    is_anonymous = request.args.get("anonymous") == "1"
    content = candidate_document.as_pdf(manager, wanted_language(mandate), is_anonymous=is_anonymous, at=clock().now())
    return pdf.answer(content, f"profile-{manager.id}.pdf")


def _found(mandate_id: int, candidate_id: int) -> Candidate:
    return candidate_queries.candidate_of(mandate_id, candidate_id) or abort(404)
