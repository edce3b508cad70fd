"""/admission/ID/notice: the notice of Art. 14 for one person, and what is behind its link to object."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Request, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import links
from app.admission import art14, forms
from app.admission.link_views import erase_at_once
from app.admission.models import AdmissionCase, DataOrigin
from app.admission.registration_forms import AnswerForm
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.links.models import PersonalLink
from app.mail.compose import Facts, speaking
from app.managers.models import Manager
from app.managers.rules import State
from app.managers.vocabulary import SOURCES
from app.settings.queries import firm
from app.users.queries import names
from app.web.pages import page
from app.web.rights import allow, require

bp = Blueprint("admission_notice", __name__, url_prefix="/admission")


@bp.route("/<int:manager_id>/notice", methods=["GET", "POST"])
@allow("admission.read")
def show(manager_id: int) -> Any:
    manager, standing = _owed(manager_id)
    may_act = current_user.may("admission.write") and current_user.may_change(manager)
    origin = standing.origin
    ground = origin.ground if origin is not None else art14.INTEREST
    source = (origin.source if origin is not None else None) or manager.source
    form = forms.NoticeForm.for_request(obj=manager, source=source or "", ground=ground)
    if form.submitted():
        require(may_act)
        try:
            with unit_of_work() as work:
                check_version(manager, form)
                art14.notify(manager, source=form.source.data, ground=form.ground.data, at=clock().now())
                manager.changed_at = clock().now()
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Kept. With a mail address the notice is on its way; without one it is yours to give."))
            return work.redirect()
    return page("admission/notice.html", form, **_shown(manager, standing, may_act))


@bp.route("/<int:manager_id>/notice/by-hand", methods=["GET", "POST"])
@allow("admission.write")
def by_hand(manager_id: int) -> Any:
    """The notice as a letter to print, and the day on which it was given."""
    manager, standing = _owed(manager_id)
    require(current_user.may_change(manager))
    if standing.origin is None or standing.origin.source is None:
        abort(404)
    form = forms.ByHandForm.for_request(obj=manager, given_on=clock().today(firm().zone))
    if form.submitted():
        try:
            with unit_of_work() as work:
                check_version(manager, form)
                art14.given_by_hand(manager, form.given_on.data, actor=current_user, at=clock().now())
                manager.changed_at = clock().now()
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    with speaking(manager.language):
        parts = art14.blocks(manager, standing.origin)
    letter = [("facts", part.rows) if isinstance(part, Facts) else ("text", part) for part in parts]
    return page("admission/notice_letter.html", form, manager=manager, letter=letter, is_told=standing.origin.is_told)


def _owed(manager_id: int) -> tuple[Manager, art14.Standing]:
    manager = db.get_or_404(Manager, manager_id)
    case = db.session.get(AdmissionCase, manager_id)
    standing = art14.standing(manager, case, clock().today(firm().zone)) if manager.state != State.ERASED else None
    if standing is None:
        abort(404)
    return manager, standing


def _shown(manager: Manager, standing: art14.Standing, may_act: bool) -> dict[str, Any]:
    return {
        "manager": manager,
        "notice": standing,
        "sources": SOURCES,
        "grounds": art14.GROUNDS,
        "names": names(),
        "may_act": may_act,
    }


def show_objection(link: PersonalLink) -> Any:
    manager = db.session.get(Manager, link.subject_id)
    if manager is None or manager.state == State.ERASED:
        return page("admission/deleted.html", was_withdrawn=True)
    template = "admission/objected.html" if manager.state == State.WITHDRAWN else "admission/objection.html"
    return page(
        template,
        AnswerForm.for_request(),
        manager=manager,
        origin=db.session.get(DataOrigin, manager.id),
        sources=SOURCES,
        grounds=art14.GROUNDS,
        kept_days=firm().withdrawn_kept_days,
    )


def object_to(link: PersonalLink, _request: Request) -> Any:
    if request.form.get("answer") == "erase":
        return erase_at_once(link, State.WITHDRAWN, show_objection)
    if not AnswerForm.for_request().submitted():
        return show_objection(link)
    with unit_of_work() as work:
        links.use(link, at=clock().now())
        manager = db.session.get(Manager, link.subject_id)
        if manager is not None and manager.state != State.ERASED:
            art14.object_to(manager, at=clock().now())
        work.leads_to(request.full_path.rstrip("?"))
    return work.redirect()


links.register(art14.OBJECTION, show=show_objection, act=object_to)
