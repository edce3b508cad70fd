"""/admission: who is not admitted yet, one case with its proof, and what staff do to it."""

from __future__ import annotations

from dataclasses import replace
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
    reaction_actions,
    registration_views,
    review_queries,
    reviewing,
)
from app.admission import appreciation_link_views as appreciation_link_views  # these three register what is behind the links
from app.admission import freshness_views as freshness_views
from app.admission import link_views as link_views
from app.admission.models import AdmissionCase
from app.admission.registration_actions import withdraw
from app.admission.state_rules import NEEDS_REASON, OPEN_REVIEWS, Fee, Standing, Verb, possible
from app.admission.vocabulary import FEES, REACTIONS, SHORTFALLS, STAFF_VERBS
from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.db import check_version, unit_of_work
from app.files.reading import REASONS
from app.interviews import queries as interview_queries
from app.mail.queries import letters_about
from app.managers.models import Manager
from app.managers.rules import State
from app.managers.vocabulary import DOCUMENT_KINDS, STATE_TONES, STATES
from app.settings.queries import firm
from app.users import belongings
from app.users.queries import names
from app.users.rules import Role
from app.web import pdf
from app.web.pages import page
from app.web.rights import allow, require

bp = Blueprint("admission", __name__, url_prefix="/admission")
BY_LETTER = frozenset({Verb.WAIVE, Verb.SKIP, Verb.ADMIT, Verb.REFUSE})  # the letter's page does these
SEES_EVERY_PROOF = frozenset({Role.ADMINISTRATOR, Role.LEAD, Role.AUDITOR})


@bp.get("/<int:manager_id>")
@allow("admission.read")
def show(manager_id: int) -> Any:
    manager, case = case_and_manager(manager_id)
    may_act = current_user.may("admission.write") and current_user.may_change(manager)
    standing = standing_of(manager, case)
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
        verbs=[(_address(manager_id, Verb(verb)), words) for verb, words in STAFF_VERBS.items() if may_act and verb in open_to],
        outcomes=_outcomes(manager, standing) if may_act else [],
        then=request.args.get("then", type=int),
        may_review=may_act and standing.state in OPEN_REVIEWS,
        may_react=may_act and _may_react(standing.state),
        short=[SHORTFALLS.get(name, name) for name in (case.falls_short.split() if case is not None else ())],
        papers=review_queries.papers_of(manager_id),
        kinds=DOCUMENT_KINDS,
        problems=REASONS,
        letters=letters_about(manager, limit=30),
        reactions=reaction_actions.reactions_of(manager_id),
        reaction_words=REACTIONS,
        may_add=current_user.may("managers.papers"),
        may_set_fee=may_act and case is not None and case.fee is not None,
        notice=art14.standing(manager, case, clock().today(firm().zone)),
        proof=queries.whole_proof(manager_id) if _may_see_proof(manager, case) else None,
        may_see_proof=_may_see_proof(manager, case),
    )


def _address(manager_id: int, verb: Verb) -> str:
    """Return where a step is done: one that is told of in a letter, on the letter's page."""
    if verb in BY_LETTER:
        return f"/admission/{manager_id}/letters/new?for={verb.value}"
    return f"/admission/{manager_id}/steps/{verb.value}"


def _outcomes(manager: Manager, standing: Standing) -> list[tuple[str, Any]]:
    """Return how an interview that was held can end."""
    if standing.state is not State.INTERVIEW or not interview_queries.was_held(manager.id):
        return []
    return [(_address(manager.id, Verb.ADMIT), _("Admit")), (_address(manager.id, Verb.REFUSE), _("Do not admit"))]


def _may_react(state: State) -> bool:
    """Say whether answers of the person can be noted in this state: not before confirming, nor after the end."""
    return state not in (State.REGISTERED, State.WITHDRAWN, State.ERASED)


@bp.route("/<int:manager_id>/reactions/new", methods=["GET", "POST"])
@allow("admission.write")
def new_reaction(manager_id: int) -> Any:
    manager, _no_case = case_and_manager(manager_id)
    require(current_user.may_change(manager))
    today = clock().today(firm().zone)
    form = forms.ReactionForm.for_request(**({} if request.method == "POST" else {"said_on": today}))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(manager))
                reaction_actions.keep(
                    manager,
                    form.code.data,
                    form.note.data,
                    form.said_on.data,
                    actor=current_user,
                    at=clock().now(),
                    today=today,
                )
                erase = form.code.data == "delete_data" and current_user.may("managers.erase")
                work.leads_to(f"/managers/{manager_id}/erasure" if erase else url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Noted; it stands on the timeline."))
            return work.redirect()
    return page("admission/reaction.html", form, manager=manager)


@bp.get("/<int:manager_id>/proof")
@allow("admission.read")
def proof(manager_id: int) -> Any:
    manager, case = case_and_manager(manager_id)
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
    manager, case = case_and_manager(manager_id)
    require(_may_see_proof(manager, case))
    found = queries.whole_proof(manager_id)
    if found is None:
        abort(404)
    return pdf.answer(proof_document.as_pdf(found, case, at=clock().now()), f"proof-{manager_id}.pdf")


@bp.route("/<int:manager_id>/steps/<verb>", methods=["GET", "POST"])
@allow("admission.write")
def step(manager_id: int, verb: str) -> Any:
    if verb not in STAFF_VERBS or verb in BY_LETTER:
        abort(404)
    manager, case = case_and_manager(manager_id)
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
        state=STATES[standing_of(manager, case).state],
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
    manager, case = case_and_manager(manager_id)
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


def case_and_manager(manager_id: int) -> tuple[Manager, AdmissionCase | None]:
    """Return the manager and the case, where there is one; answers 404 for a number that nobody has or who was erased."""
    found = queries.with_case(manager_id)
    if found is None or found[0].state == State.ERASED:
        abort(404)
    return found


def standing_of(manager: Manager, case: AdmissionCase | None, in_review: bool = False) -> Standing:
    """Return where the case stands, or would stand once taken into review."""
    standing = case.standing if case is not None else Standing(State(manager.state))
    return replace(standing, state=State.IN_REVIEW) if in_review else standing


def _may_see_proof(manager: Manager, case: AdmissionCase | None) -> bool:
    """Lead, administrator, auditor, and who owns the case."""
    owners = {manager.owner_id, case.reviewer_id if case is not None else None}
    return current_user.role in SEES_EVERY_PROOF or current_user.id in owners


def init_app(app: Flask) -> None:
    from app.admission import appreciation_views, letter_views, queue_views, review_views, upload_views  # noqa: F401  (their routes belong to the same blueprint)

    belongings.register("reviews", N_("Reviews owed"), count=reviewing.count_open_of, hand_over=reviewing.hand_over)
    app.register_blueprint(registration_views.bp)
    app.register_blueprint(notice_views.bp)
    app.register_blueprint(legal_views.bp)
