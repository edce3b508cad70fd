"""The evaluation of a mandate: three views of each goal, asked for by link or written down by a colleague."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.mail.queries import letters_about
from app.mail.typed import Words
from app.mandates import evaluation_actions as actions
from app.mandates import evaluation_letters as letters
from app.mandates import evaluation_link_views, evaluation_panel, gate_queries
from app.mandates.blueprint import bp, changed, firm_today, opened
from app.mandates.course_models import ViewRequest
from app.mandates.evaluation_forms import StaffViewsForm, ViewsRequestForm, present_values, views_form
from app.mandates.gate_rules import SIDES
from app.mandates.models import Mandate
from app.users.models import User
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require

__all__ = ["evaluation_link_views"]


def _shown(mandate_id: int) -> str:
    return f"/mandates/{mandate_id}/evaluation"


def _changed(mandate_id: int, side: str | None = None) -> Mandate:
    """Return the mandate for somebody who may change it; 404 for a side that is none."""
    if side is not None and side not in SIDES:
        abort(404)
    return changed(mandate_id)


@bp.get("/<int:mandate_id>/evaluation")
@allow("mandates.read")
def evaluation(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    reading = gate_queries.read(mandate, firm_today())
    is_open = mandate.is_live and mandate.signed_on is not None
    return page(
        "mandates/evaluation.html",
        mandate=mandate,
        evaluation=evaluation_panel.panel(reading),
        sides=_sides(mandate),
        may_write=is_open and current_user.may("mandates.write") and current_user.may_change(mandate),
        letters=[letter for letter in letters_about(mandate) if letter.purpose == letters.PURPOSE],
    )


def _sides(mandate: Mandate) -> list[dict[str, Any]]:
    """Return whose views there are, with whom is asked and when that was."""
    asked = {side: db.session.get(ViewRequest, (mandate.id, side)) for side in letters.ASKED}
    return [
        {
            "key": side,
            "words": side_words(side),
            "can_ask": side in letters.ASKED and letters.person_of(mandate, side) is not None,
            "asked_at": found.asked_at if (found := asked.get(side)) else None,
        }
        for side in SIDES
    ]


def side_words(side: str) -> str:
    """Return "Client", "Manager" or "We"."""
    return {"client": _("Client"), "manager": _("Manager"), "provider": _("We")}[side]


@bp.route("/<int:mandate_id>/evaluation/<side>", methods=["GET", "POST"])
@allow("mandates.write")
def evaluation_side(mandate_id: int, side: str) -> Any:
    mandate = _changed(mandate_id, side)
    goals = gate_queries.read(mandate, firm_today()).goals or abort(404)
    known: dict[str, Any] = {"given_by": _usual_name(mandate, side), **present_values(goals, side)}
    form: Any = views_form(goals, StaffViewsForm).for_request(version=mandate.version, **known)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                at = clock().now()
                actions.keep_views(
                    mandate, side, form.given(), given_by=form.given_by.data, actor=current_user, at=at, today=firm_today()
                )
                mandate.changed_at = at
                work.leads_to(_shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/evaluation_side.html", form, mandate=mandate, side_words=side_words(side))


def _usual_name(mandate: Mandate, side: str) -> str:
    person = current_user if side == "provider" else letters.person_of(mandate, side)
    return person.name if person is not None else ""


@bp.route("/<int:mandate_id>/evaluation/<side>/request", methods=["GET", "POST"])
@allow("mandates.write")
def evaluation_request(mandate_id: int, side: str) -> Any:
    mandate = _changed(mandate_id, side)
    if side not in letters.ASKED or letters.person_of(mandate, side) is None:
        abort(404)
    proposed: dict[str, Any] = {}
    if request.method == "GET":
        words = letters.draft(mandate, side, current_user)
        proposed = {"version": mandate.version, "subject": words.subject, "text": words.text}
    form = ViewsRequestForm.for_request(**proposed)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                words = Words(form.subject.data or "", form.text.data or "")
                letters.ask(mandate, side, words, actor=current_user, at=clock().now(), override_reason=form.override_reason.data)
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
        person=letters.person_of(mandate, side),
        purpose_words=_("How far were the goals reached?"),
        button_words=letters.BUTTON,
        back="evaluation",
    )


@bp.post("/<int:mandate_id>/evaluation/talks")
@allow("mandates.write")
def evaluation_talk(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    if not ActionForm.for_request().submitted():
        abort(400)
    with unit_of_work() as work:
        owner = db.session.get_one(User, mandate.owner_id)
        talk = actions.propose_talk(mandate, owner, actor=current_user, at=clock().now(), today=firm_today())
        work.leads_to(f"/talks/{talk.id}")
    return work.redirect()


@bp.post("/<int:mandate_id>/evaluation/goals")
@allow("mandates.write")
def evaluation_goals(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    if not ActionForm.for_request().submitted():
        abort(400)
    with unit_of_work() as work:
        actions.list_goal(mandate, at=clock().now())
        work.leads_to(_shown(mandate_id))
    return work.redirect()
