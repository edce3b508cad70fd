"""/admission: who is not admitted yet, one case with its proof, and what staff do to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.admission import (
    actions,
    art14,
    forms,
    freshness_queries,
    legal_views,
    notice_views,
    proof_document,
    queries,
    registration_views,
    reviewing,
)
from app.admission import freshness_views as freshness_views  # these two register what is behind the links
from app.admission import link_views as link_views
from app.admission.models import AdmissionCase
from app.admission.registration_actions import withdraw
from app.admission.state_rules import NEEDS_REASON, Fee, Standing, Verb, possible
from app.admission.vocabulary import FEES, STAFF_VERBS
from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.db import check_version, db, unit_of_work
from app.managers.models import Manager
from app.managers.rules import State
from app.managers.vocabulary import STATE_TONES, STATES
from app.settings.queries import firm
from app.users import belongings
from app.users.queries import names
from app.users.rules import Role
from app.web import pdf
from app.web.pages import page
from app.web.rights import allow, require

bp = Blueprint("admission", __name__, url_prefix="/admission")
SEES_EVERY_PROOF = frozenset({Role.ADMINISTRATOR, Role.LEAD, Role.AUDITOR})


@bp.get("")
@allow("admission.read")
def index() -> Any:
    state = request.args.get("state", "")
    state = state if state in queries.SHOWN else ""
    text = request.args.get("q", "").strip()[:100]
    return page(
        "admission/index.html",
        found=queries.listed(state, text),
        state=state,
        q=text,
        states=[(key, STATES[State(key)]) for key in queries.SHOWN],
        words=STATES,
        tones=STATE_TONES,
        names=names(),
    )


@bp.get("/<int:manager_id>")
@allow("admission.read")
def show(manager_id: int) -> Any:
    manager, case = _case(manager_id)
    may_act = current_user.may("admission.write") and current_user.may_change(manager)
    standing = _standing(manager, case)
    open_to = possible(standing)
    return page(
        "admission/show.html",
        manager=manager,
        case=case,
        state=STATES[standing.state],
        tone=STATE_TONES.get(standing.state),
        names=names(),
        fees=FEES,
        rounds=freshness_queries.rounds_of(manager_id),
        verbs=[(verb, words) for verb, words in STAFF_VERBS.items() if may_act and verb in open_to],
        may_set_fee=may_act and case is not None and case.fee is not None,
        notice=art14.standing(manager, case, clock().today(firm().zone)),
        proof=queries.whole_proof(manager_id) if _may_see_proof(manager, case) else None,
        may_see_proof=_may_see_proof(manager, case),
    )


@bp.get("/<int:manager_id>/proof")
@allow("admission.read")
def proof(manager_id: int) -> Any:
    manager, case = _case(manager_id)
    require(_may_see_proof(manager, case))
    found = queries.whole_proof(manager_id)
    if found is None:
        abort(404)
    return page(
        "admission/proof.html", manager=manager, rows=proof_document.rows(found, case), sections=proof_document.sections(found)
    )


@bp.get("/<int:manager_id>/proof.pdf")
@allow("admission.read")
def proof_pdf(manager_id: int) -> Any:
    manager, case = _case(manager_id)
    require(_may_see_proof(manager, case))
    found = queries.whole_proof(manager_id)
    if found is None:
        abort(404)
    return pdf.answer(proof_document.as_pdf(found, case, at=clock().now()), f"proof-{manager_id}.pdf")


@bp.route("/<int:manager_id>/steps/<verb>", methods=["GET", "POST"])
@allow("admission.write")
def step(manager_id: int, verb: str) -> Any:
    if verb not in STAFF_VERBS:
        abort(404)
    manager, case = _case(manager_id)
    require(current_user.may_change(manager))
    form = forms.StepForm.for_request(obj=manager)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(manager))
                check_version(manager, form)
                _act(manager, Verb(verb), form.reason.data)
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Done; it stands on the timeline."))
            return work.redirect()
    return page(
        "admission/step.html",
        form,
        manager=manager,
        words=STAFF_VERBS[verb],
        state=STATES[_standing(manager, case).state],
        needs_reason=Verb(verb) in NEEDS_REASON or verb == Verb.WITHDRAW,
    )


def _act(manager: Manager, verb: Verb, reason: str | None) -> None:
    at = clock().now()
    if verb is Verb.WITHDRAW:
        withdraw(manager, actor=current_user, at=at, reason=reason)
    else:
        actions.move(actions.case_of(manager, at=at), verb, actor=current_user, at=at, reason=reason)


@bp.route("/<int:manager_id>/fee", methods=["GET", "POST"])
@allow("admission.write")
def fee(manager_id: int) -> Any:
    manager, case = _case(manager_id)
    require(current_user.may_change(manager))
    if case is None or case.fee is None:
        abort(404)
    form = forms.FeeForm.for_request(obj=manager, number=case.fee_number).offer(Fee(case.fee))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(manager))
                check_version(manager, form)
                at = clock().now()
                actions.set_fee(
                    actions.case_of(manager, at=at),
                    form.fee.data,
                    number=form.number.data,
                    reason=form.reason.data,
                    actor=current_user,
                    at=at,
                )
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("admission/fee.html", form, manager=manager, case=case, fees=FEES)


def _case(manager_id: int) -> tuple[Manager, AdmissionCase | None]:
    manager = db.get_or_404(Manager, manager_id)
    if manager.state == State.ERASED:
        abort(404)
    return manager, db.session.get(AdmissionCase, manager_id)


def _standing(manager: Manager, case: AdmissionCase | None) -> Standing:
    return case.standing if case is not None else Standing(State(manager.state))


def _may_see_proof(manager: Manager, case: AdmissionCase | None) -> bool:
    """Lead, administrator, auditor, and who owns the case."""
    owners = {manager.owner_id, case.reviewer_id if case is not None else None}
    return current_user.role in SEES_EVERY_PROOF or current_user.id in owners


def init_app(app: Flask) -> None:
    belongings.register("reviews", N_("Reviews owed"), count=reviewing.count_open_of, hand_over=reviewing.hand_over)
    app.register_blueprint(registration_views.bp)
    app.register_blueprint(notice_views.bp)
    app.register_blueprint(legal_views.bp)
