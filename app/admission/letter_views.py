"""/admission/ID/letters/new: the letter of a step, edited and sent; sending it is the step."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.admission import forms, letter_actions, review_queries, stage_letters, step_actions
from app.admission.letter_rules import WITH_UPLOAD, Kind, kind_for
from app.admission.models import AdmissionCase
from app.admission.state_rules import NEEDS_REASON, Verb, possible
from app.admission.views import bp, case_and_manager, standing_of
from app.admission.vocabulary import LETTER_STEPS
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.mail.typed import Words
from app.managers.models import Manager
from app.settings.queries import firm
from app.web.pages import page
from app.web.rights import allow, require


@bp.route("/<int:manager_id>/letters/new", methods=["GET", "POST"])
@allow("admission.write")
def letter(manager_id: int) -> Any:
    manager, case = case_and_manager(manager_id)
    require(current_user.may_change(manager))
    wanted = request.args.get("for", "")
    verb = Verb(wanted) if wanted in set(step_actions.STEPS) else abort(404)
    standing = standing_of(manager, case)
    if request.method == "GET" and verb not in possible(standing):
        flash(_("In the present state this cannot be done."), "error")
        return redirect(url_for(".show", manager_id=manager_id), 303)
    kind = kind_for(verb, standing)
    begun = step_actions.review_for(manager, verb)
    form = forms.LetterForm.for_request(**_proposed(manager, case, kind, begun))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(manager))
                check_version(manager, form)
                words = Words(form.subject.data or "", form.text.data or "")
                step_actions.take(manager, verb, words, reason=form.reason.data, actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", manager_id=manager_id, then=_next_review(manager_id, verb)))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The letter is on its way.") if manager.email else _("Noted as sent by post."))
            return work.redirect()
    return page(
        "admission/letter.html",
        form,
        manager=manager,
        case=case,
        kind=kind,
        verb=verb,
        title_words=letter_actions.words_of(kind),
        step_words=LETTER_STEPS[kind],
        has_link=kind in WITH_UPLOAD,
        needs_reason=verb in NEEDS_REASON or verb is Verb.PASS,
    )


def _next_review(manager_id: int, verb: Verb) -> int | None:
    """Return whose papers this colleague judges next, after a review that the letter has ended."""
    return review_queries.next_owed(current_user.id, but=manager_id) if verb in step_actions.BY_REVIEW else None


def _proposed(manager: Manager, case: AdmissionCase | None, kind: Kind, begun: Any) -> dict[str, Any]:
    if request.method == "POST":
        return {}
    today = clock().today(firm().zone)
    matter = letter_actions.matter_of(manager, case, kind, writer=current_user, today=today, review=begun)
    words = stage_letters.draft(kind, matter)
    return {"version": manager.version, "subject": words.subject, "text": words.text}
