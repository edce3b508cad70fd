"""/admission/ID/review: the papers beside the criteria, verdicts by single keys, and the decision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.admission import actions, forms, paper_actions, review_actions, review_queries, shown_papers
from app.admission import review_rules as rules
from app.admission.state_rules import OPEN_REVIEWS, Verb, possible
from app.admission.views import bp, case_and_manager, standing_of
from app.admission.vocabulary import CRITERIA, DECIDED, DECISIONS, VERDICT_TONES, VERDICTS
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.files import reading
from app.files.queries import content_of
from app.managers.models import Manager, ManagerDocument
from app.managers.queries import documents_of, file_of
from app.managers.rules import State
from app.managers.vocabulary import DOCUMENT_KINDS
from app.settings.queries import firm
from app.users.queries import names
from app.web.pages import page
from app.web.quick import locale_tag
from app.web.rights import allow, require

PICTURE_WIDTH = 900


@dataclass(frozen=True)
class Paper:
    """The version that is shown: what is known of it, kept or read just now."""

    document: ManagerDocument | None
    seen: paper_actions.Seen

    @property
    def obstacle(self) -> str | None:
        return rules.obstacle(self.seen.problem, self.seen.analysis, has_paper=self.document is not None)


@bp.route("/<int:manager_id>/review", methods=["GET", "POST"])
@allow("admission.read")
def review(manager_id: int) -> Any:
    manager, case = case_and_manager(manager_id)
    may_judge = current_user.may("admission.write") and current_user.may_change(manager)
    shown = _paper(manager, request.args.get("paper"))
    paper = _judged(manager, shown)
    begun = review_queries.open_of(manager_id)
    kept = begun.verdicts if begun is not None and _is_of(begun, paper) else rules.proposed(paper.seen.analysis)
    form = forms.ReviewForm.for_request(
        version=manager.version, document=paper.document.id if paper.document else "", **forms.ReviewForm.shown(kept)
    )
    if request.method == "POST":
        require(may_judge)
        answer = _judge(manager, paper, form)
        if answer is not None:
            return answer
    likely = Verb.FALL_SHORT if rules.shortfalls(form.verdicts(), paper.obstacle) else Verb.PASS
    return page(
        "admission/review.html",
        form,
        manager=manager,
        case=case,
        paper=paper,
        shown=shown,
        begun=begun,
        is_owed=manager.state in OPEN_REVIEWS,
        may_judge=may_judge and manager.state in OPEN_REVIEWS,
        decisions=[
            (verb, DECISIONS[verb]) for verb in sorted(rules.DECISIONS, key=likely.__ne__) if _is_open(manager, case, verb)
        ],
        likely=likely,
        **_beside(manager, paper, shown),
    )


def _is_of(review: Any, paper: Paper) -> bool:
    return review.document_id == (paper.document.id if paper.document is not None else None)


def _is_open(manager: Manager, case: Any, verb: Verb) -> bool:
    """Say whether the case, once taken into review, can go on like this."""
    standing = standing_of(manager, case, in_review=manager.state == State.CONFIRMED)
    return verb in possible(standing)


def _judge(manager: Manager, paper: Paper, form: Any) -> Any:
    """Keep the verdicts; return the answer, None where something is refused."""
    if not form.submitted():
        return None
    wanted = request.form.get("decision", "")
    verb = Verb(wanted) if wanted in set(rules.DECISIONS) else None
    try:
        with unit_of_work() as work:
            require(current_user.may_change(manager))
            check_version(manager, form)
            at = clock().now()
            if paper.document is not None and review_queries.reading_of(paper.document.id) is None:
                paper_actions.keep(paper.document, paper.seen, at=at)
            case = actions.case_of(manager, at=at)
            review_actions.judge(case, paper.document, form.verdicts(), towards=verb, actor=current_user, at=at)
            work.leads_to(_next_page(manager, verb))
    except RuleViolation as violation:
        form.refuse(violation)
        return None
    if verb is None:
        flash(_("Your verdicts are kept; the decision is still open."))
    return work.redirect()


def _next_page(manager: Manager, verb: Verb | None) -> str:
    if verb is None:
        return url_for(".review", manager_id=manager.id)
    return f"/admission/{manager.id}/letters/new?for={verb.value}"


def _paper(manager: Manager, wanted: str | None) -> Paper:
    """Return the version that was asked for, else the newest CV, else nothing."""
    number = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    document = db.session.get(ManagerDocument, number) if number is not None else review_queries.latest_paper(manager.id)
    if document is None or document.manager_id != manager.id:
        if number is not None:
            abort(404)
        return Paper(None, paper_actions.Seen())
    kept = review_queries.reading_of(document.id)
    if kept is None:
        today = clock().today(firm().zone)
        return Paper(document, paper_actions.look_at(review_queries.file_of(document), document.kind, today))
    return Paper(document, paper_actions.Seen(kept.problem, kept.page_count, kept.pages, kept.analysis))


def _judged(manager: Manager, shown: Paper) -> Paper:
    """Return the version that is judged: the CV that is shown or that the form was about, else the newest one.

    Whoever looks at another document meanwhile judges the CV all the same.
    """
    if request.method == "POST":
        return _paper(manager, request.form.get("document"))
    is_cv = shown.document is None or shown.document.kind == "cv"
    return shown if is_cv else _paper(manager, None)


def _beside(manager: Manager, paper: Paper, shown: Paper) -> dict[str, Any]:
    """Return what the page says beside the form."""
    language = _reader_language()
    reviews = review_queries.history(manager.id)
    return {
        "documents": documents_of(manager),
        "kinds": DOCUMENT_KINDS,
        "paper_language": (paper.seen.analysis or {}).get("language"),
        "pages": shown_papers.pages(shown.seen),
        "page_language": language,
        "findings": shown_papers.findings(paper.seen.analysis, language),
        "no_cv": shown_papers.not_judged(paper.seen.analysis, language),
        "problem": reading.REASONS.get(shown.seen.problem) if shown.seen.problem else None,
        "criteria": CRITERIA,
        "verdicts": VERDICTS,
        "tones": VERDICT_TONES,
        "reviews": reviews,
        "decided": DECIDED,
        "names": names(),
        "next_one": review_queries.next_owed(current_user.id, but=manager.id),
    }


def _reader_language() -> str:
    return locale_tag()[:2] or "en"


@bp.get("/<int:manager_id>/papers/<int:document_id>/pages/<int:number>.png")
@allow("files.read")
def page_picture(manager_id: int, document_id: int, number: int) -> Any:
    """A page of a paper as a picture; the browser asks whether it has changed, and a child draws it once."""
    file = file_of(manager_id, document_id)
    tag = hashlib.sha256(f"{file.sha256} {number} {PICTURE_WIDTH}".encode()).hexdigest()[:32]
    answer = Response(content_type="image/png")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(tag):
        return answer.make_conditional(request)
    try:
        content = content_of(file)
        answer.data = reading.picture(content, reading.kind_of(content, file.name), page=number, width=PICTURE_WIDTH)
    except (FileNotFoundError, reading.Unreadable, RuleViolation):
        abort(404)
    return answer
