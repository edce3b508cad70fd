"""/settings/texts: the terms and the privacy notice, their drafts and versions. The administrator's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.admission import legal
from app.admission import legal_actions as actions
from app.admission import legal_rules as rules
from app.admission.legal_forms import DraftForm
from app.admission.models import LegalEdition, LegalText, RegistrationProof
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.core.vocabulary import LETTER_LANGUAGES
from app.db import check_version, db, unit_of_work
from app.users.queries import names
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.paging import page_of
from app.web.rights import allow

bp = Blueprint("legal_texts", __name__, url_prefix="/settings/texts")
KINDS = {"terms": _l("Terms of registration"), "privacy": _l("Privacy notice")}


@bp.get("")
@allow("settings.firm")
def index() -> Any:
    kinds = [
        {
            "kind": kind,
            "words": words,
            "edition": legal.newest_edition(kind),  # type: ignore[arg-type]
            "draft": actions.draft_of(kind),  # type: ignore[arg-type]
            "numbers": [(language, legal.in_force(kind, language).number) for language in rules.LANGUAGES],  # type: ignore[arg-type]
        }
        for kind, words in KINDS.items()
    ]
    return page("admission/texts.html", kinds=kinds, languages=LETTER_LANGUAGES, names=names())


@bp.post("/<kind>/drafts")
@allow("settings.firm")
def begin(kind: str) -> Any:
    _check_kind(kind)
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".index"), 303)
    with unit_of_work() as work:
        actions.begin_draft(kind)  # type: ignore[arg-type]
        work.leads_to(url_for(".draft", kind=kind))
    return work.redirect()


@bp.route("/<kind>/draft", methods=["GET", "POST"])
@allow("settings.firm")
def draft(kind: str) -> Any:
    found = _draft(kind)
    form = DraftForm.for_request(obj=found)
    if form.submitted():
        try:
            with unit_of_work() as work:
                found = _draft(kind)
                check_version(found, form)
                actions.change_draft(found, {language: form[language].data or "" for language in rules.LANGUAGES})
                work.leads_to(url_for(".draft", kind=kind))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The draft is kept. Below you see how it will look."))
            return work.redirect()
    return page(
        "admission/text_draft.html",
        form,
        kind=kind,
        words=KINDS[kind],
        draft=found,
        shown=_previews(kind, found),
        places=_places(),
    )


def _previews(kind: str, draft: LegalEdition) -> list[dict[str, Any]]:
    """Return for each language the text as it would be shown, and how it differs from the one in force."""
    found = []
    for language, words in LETTER_LANGUAGES.items():
        now = legal.in_force(kind, language).text  # type: ignore[arg-type]
        new = legal.preview(getattr(draft, language), language)
        found.append({"language": language, "words": words, "text": new, "pieces": rules.difference(now, new)})
    return found


@bp.post("/<kind>/draft/in-force")
@allow("settings.firm")
def put_in_force(kind: str) -> Any:
    form, found = ActionForm.for_request(), _draft(kind)
    if not form.submitted():
        return redirect(url_for(".draft", kind=kind), 303)
    try:
        with unit_of_work() as work:
            found = _draft(kind)
            check_version(found, form)
            actions.put_in_force(found, actor=current_user, at=clock().now())
            work.leads_to(url_for(".index"))
    except RuleViolation as violation:
        refused = DraftForm(formdata=None, obj=_draft(kind))
        refused.refuse(violation)
        return page(
            "admission/text_draft.html", refused, kind=kind, words=KINDS[kind], draft=_draft(kind), shown=_previews(kind, _draft(kind)),
            places=_places(),
        )  # fmt: skip
    flash(_("In force from now on, in all three languages."))
    return work.redirect()


@bp.post("/<kind>/draft/discarded")
@allow("settings.firm")
def discard(kind: str) -> Any:
    form = ActionForm.for_request()
    if not form.submitted():
        return redirect(url_for(".draft", kind=kind), 303)
    with unit_of_work() as work:
        found = _draft(kind)
        check_version(found, form)
        actions.discard(found)
        work.leads_to(url_for(".index"))
    return work.redirect()


@bp.get("/<kind>/<language>")
@allow("settings.firm")
def versions(kind: str, language: str) -> Any:
    _check_kind(kind, language)
    query = sa.select(LegalText.id, LegalText.number, LegalText.since).where(
        LegalText.kind == kind, LegalText.language == language
    )
    found = page_of(query, [LegalText.number], descending=True)
    return page(
        "admission/text_versions.html",
        kind=kind,
        words=KINDS[kind],
        spoken=language,
        name=LETTER_LANGUAGES[language],
        found=found,
    )


@bp.get("/<kind>/<language>/<int:number>")
@allow("settings.firm")
def version(kind: str, language: str, number: int) -> Any:
    _check_kind(kind, language)
    of = sa.select(LegalText).where(LegalText.kind == kind, LegalText.language == language)
    shown = db.first_or_404(of.where(LegalText.number == number))
    before = db.session.scalar(of.where(LegalText.number == number - 1))
    column = RegistrationProof.terms_id if kind == "terms" else RegistrationProof.privacy_id
    return page(
        "admission/text_version.html",
        kind=kind,
        words=KINDS[kind],
        spoken=language,
        name=LETTER_LANGUAGES[language],
        shown=shown,
        pieces=rules.difference(before.text, shown.text) if before is not None else None,
        agreed=db.session.scalar(sa.select(sa.func.count()).where(column == shown.id)),
    )


def _places() -> str:
    return ", ".join(f"{{{place}}}" for place in rules.PLACES)


def _check_kind(kind: str, language: str = "de") -> None:
    if kind not in KINDS or language not in rules.LANGUAGES:
        abort(404)


def _draft(kind: str) -> LegalEdition:
    _check_kind(kind)
    found = actions.draft_of(kind)  # type: ignore[arg-type]
    if found is None:
        abort(404)
    return found
