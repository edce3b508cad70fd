"""The versions of a mandate's handbook: presented, accepted, what is new in each, each as a PDF."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, hold, unit_of_work
from app.mail.queries import letters_about
from app.mail.typed import Words
from app.mandates import handbook_actions as actions
from app.mandates import handbook_document, handbook_letters, handbook_link_views, handbook_rules, plan_queries
from app.mandates.blueprint import bp, changed, firm_today, may_write, opened
from app.mandates.evaluation_forms import RequestForm
from app.mandates.line_views import button
from app.mandates.models import Mandate
from app.mandates.plan_forms import AcceptanceForm, PresentForm
from app.mandates.plan_models import HandbookVersion
from app.web import pdf
from app.web.pages import page
from app.web.rights import allow, require

__all__ = ["handbook_link_views"]


def _shown(mandate_id: int) -> str:
    return f"/mandates/{mandate_id}/handbook"


def _version(mandate: Mandate, number: int) -> HandbookVersion:
    versions = plan_queries.versions_of(mandate.id)
    return next((one for one in versions if one.number == number), None) or abort(404)


@bp.get("/<int:mandate_id>/handbook")
@allow("mandates.read")
def handbook(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    form = PresentForm(formdata=None, version=mandate.version)
    return _page(mandate, form)


def _page(mandate: Mandate, form: Any) -> Any:
    versions = plan_queries.versions_of(mandate.id)
    content = plan_queries.content_now(mandate)
    accepted, waiting = plan_queries.accepted_of(versions), plan_queries.open_of(versions)
    outdated = plan_queries.outdated_of(versions, content)
    return page(
        "mandates/handbook.html",
        form,
        mandate=mandate,
        rows=handbook_document.rows_of(versions),
        needs=[_(actions.needed_words(need)) for need in handbook_rules.needs(content)],
        news=handbook_document.told(handbook_rules.differences(accepted.content, content)) if accepted else [],
        is_unchanged=accepted is not None and not handbook_rules.differences(accepted.content, content),
        is_presented=waiting is not None and outdated is None,
        outdated=outdated,
        changes=handbook_document.told(handbook_rules.differences(outdated.content, content)) if outdated else [],
        may_write=may_write(mandate),
        letters=[letter for letter in letters_about(mandate) if letter.purpose == handbook_letters.PURPOSE],
    )


@bp.post("/<int:mandate_id>/handbook/versions")
@allow("mandates.write")
def handbook_present(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    form = PresentForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                actions.present(mandate, form.summary.data, actor=current_user, at=clock().now(), today=firm_today())
                work.leads_to(_shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("This version is frozen and waits for the client."))
            return work.redirect()
    return _page(mandate, form)


@bp.get("/<int:mandate_id>/handbook/<int:number>.pdf")
@allow("mandates.read")
def handbook_pdf(mandate_id: int, number: int) -> Any:
    version = _version(opened(mandate_id), number)
    return pdf.answer(handbook_document.as_pdf(version), f"handbook-{mandate_id}-{number}.pdf")


@bp.route("/<int:mandate_id>/handbook/<int:number>/acceptance", methods=["GET", "POST"])
@allow("mandates.write")
def handbook_acceptance(mandate_id: int, number: int) -> Any:
    mandate = changed(mandate_id)
    version = _version(mandate, number)
    contact = version.content["contact"]
    form = AcceptanceForm.for_request(version=version.version, accepted_by=contact, accepted_on=firm_today())
    if form.submitted():
        try:
            with unit_of_work() as work:
                hold(mandate)
                require(current_user.may_change(mandate))
                check_version(version, form)
                given = actions.Acceptance(form.accepted_by.data, form.accepted_on.data, form.accepted_how.data)
                actions.accept(mandate, version, given, actor=current_user, at=clock().now(), today=firm_today())
                work.leads_to(_shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The acceptance is kept; this version never changes any more."))
            return work.redirect()
    return page(
        "mandates/plan_item.html",
        form,
        mandate=mandate,
        title=_("Record the acceptance of version %(number)d", number=number),
        outdated=plan_queries.outdated_of([version], plan_queries.content_now(mandate)),
    )


@bp.route("/<int:mandate_id>/handbook/<int:number>/request", methods=["GET", "POST"])
@allow("mandates.write")
def handbook_request(mandate_id: int, number: int) -> Any:
    mandate = changed(mandate_id)
    version = _version(mandate, number)
    if mandate.contact is None:
        abort(404)
    proposed: dict[str, Any] = {}
    if request.method == "GET":
        words = handbook_letters.draft(mandate, version, current_user)
        proposed = {"version": version.version, "subject": words.subject, "text": words.text}
    form = RequestForm.for_request(**proposed)
    if form.submitted():
        try:
            with unit_of_work() as work:
                hold(mandate)
                require(current_user.may_change(mandate))
                check_version(version, form)
                words = Words(form.subject.data or "", form.text.data or "")
                handbook_letters.send(mandate, version, words, actor=current_user, at=clock().now())
                work.leads_to(_shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The letter is on its way."))
            return work.redirect()
    return page(
        "mandates/evaluation_request.html",
        form,
        mandate=mandate,
        person=mandate.contact,
        purpose_words=_("Handbook for acceptance"),
        button_words=handbook_letters.BUTTON,
        back="handbook",
    )


@bp.post("/<int:mandate_id>/handbook/<int:number>/removal")
@allow("mandates.write")
def handbook_removal(mandate_id: int, number: int) -> Any:
    mandate = changed(mandate_id)
    version = _version(mandate, number)
    return button(
        mandate,
        version,
        lambda: actions.drop(mandate, version, actor=current_user, at=clock().now(), today=firm_today()),
        _shown(mandate_id),
    )
