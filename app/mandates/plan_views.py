"""The plan of a mandate: goals, milestones and evaluation moments on one page, each line on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.mandates import plan_actions as actions
from app.mandates import plan_queries
from app.mandates.blueprint import bp, firm_today, opened
from app.mandates.models import Mandate
from app.mandates.plan_forms import GoalForm, GoalPlaceForm, MilestoneForm, MilestoneStateForm, MomentForm
from app.mandates.plan_models import EvaluationMoment, MandateGoal, Milestone
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


def _shown(mandate_id: int) -> str:
    return f"/mandates/{mandate_id}/plan"


def _changed(mandate_id: int) -> Mandate:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    return mandate


def _of(mandate: Mandate, model: Any, number: int) -> Any:
    """Return the goal, milestone or moment of this mandate; 404 for another's."""
    found = db.session.get(model, number)
    if found is None or found.mandate_id != mandate.id:
        abort(404)
    return found


@bp.get("/<int:mandate_id>/plan")
@allow("mandates.read")
def plan(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    versions = plan_queries.versions_of(mandate.id)
    is_live = mandate.closed_on is None and mandate.lost_on is None
    return page(
        "mandates/plan.html",
        mandate=mandate,
        goals=plan_queries.goals_of(mandate.id),
        milestones=plan_queries.milestones_of(mandate.id),
        moments=plan_queries.moments_of(mandate.id),
        waits=plan_queries.waits_for_client(mandate, versions),
        may_write=is_live and current_user.may("mandates.write") and current_user.may_change(mandate),
    )


def _one_form(mandate: Mandate, form: Any, record: Any, title: str, save: Callable[[], Any], **context: Any) -> Any:
    """Show or take the form of one line; `save` does it inside the unit of work."""
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(record, form)
                save()
                work.leads_to(_shown(mandate.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/plan_item.html", form, mandate=mandate, title=title, **context)


@bp.route("/<int:mandate_id>/plan/goals/new", methods=["GET", "POST"])
@allow("mandates.write")
def plan_goal_new(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    form = GoalForm.for_request(version=mandate.version)
    return _one_form(
        mandate,
        form,
        mandate,
        _("New goal"),
        lambda: actions.add_goal(mandate, form.title.data, form.measure.data, at=clock().now()),
    )


@bp.route("/<int:mandate_id>/plan/goals/<int:goal_id>", methods=["GET", "POST"])
@allow("mandates.write")
def plan_goal(mandate_id: int, goal_id: int) -> Any:
    mandate = _changed(mandate_id)
    goal = _of(mandate, MandateGoal, goal_id)
    form = GoalPlaceForm.for_request(version=mandate.version, title=goal.title, measure=goal.measure, place=goal.position)

    def save() -> None:
        actions.change_goal(mandate, goal, form.title.data, form.measure.data, form.place.data, at=clock().now())

    return _one_form(mandate, form, mandate, _("Change the goal"), save, removal=f"{_shown(mandate_id)}/goals/{goal_id}/removal")


@bp.post("/<int:mandate_id>/plan/goals/<int:goal_id>/removal")
@allow("mandates.write")
def plan_goal_removal(mandate_id: int, goal_id: int) -> Any:
    mandate = _changed(mandate_id)
    goal = _of(mandate, MandateGoal, goal_id)
    return _act(mandate, lambda: actions.remove_goal(mandate, goal, at=clock().now()))


@bp.route("/<int:mandate_id>/plan/milestones/new", methods=["GET", "POST"])
@allow("mandates.write")
def plan_milestone_new(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    form = MilestoneForm.for_request(version=mandate.version)

    def save() -> None:
        actions.add_milestone(mandate, _step(form), actor=current_user, at=clock().now())

    return _one_form(mandate, form, mandate, _("New milestone"), save)


@bp.route("/<int:mandate_id>/plan/milestones/<int:milestone_id>", methods=["GET", "POST"])
@allow("mandates.write")
def plan_milestone(mandate_id: int, milestone_id: int) -> Any:
    mandate = _changed(mandate_id)
    milestone = _of(mandate, Milestone, milestone_id)
    form = MilestoneStateForm.for_request(obj=milestone, version=milestone.version)

    def save() -> None:
        actions.change_milestone(
            mandate,
            milestone,
            _step(form),
            actor=current_user,
            at=clock().now(),
            today=firm_today(),
            is_agreed=plan_queries.has_accepted(mandate.id),
        )

    return _one_form(mandate, form, milestone, _("Change the milestone"), save)


def _step(form: Any) -> actions.Step:
    step = actions.Step(form.title.data, form.means.data, form.owner.data, form.due_on.data)
    if "state" not in form:
        return step
    return step._replace(state=form.state.data, reached_on=form.reached_on.data, reason=form.reason.data)


@bp.route("/<int:mandate_id>/plan/moments/new", methods=["GET", "POST"])
@allow("mandates.write")
def plan_moment_new(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    form = MomentForm.for_request(version=mandate.version)

    def save() -> None:
        actions.add_moment(mandate, form.planned_on.data, at=clock().now())

    return _one_form(mandate, form, mandate, _("New evaluation moment"), save)


@bp.post("/<int:mandate_id>/plan/moments")
@allow("mandates.write")
def plan_moments(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    return _act(mandate, lambda: actions.propose_moments(mandate, at=clock().now()))


@bp.post("/<int:mandate_id>/plan/moments/<int:moment_id>/removal")
@allow("mandates.write")
def plan_moment_removal(mandate_id: int, moment_id: int) -> Any:
    mandate = _changed(mandate_id)
    moment = _of(mandate, EvaluationMoment, moment_id)
    return _act(mandate, lambda: actions.remove_moment(mandate, moment, at=clock().now()))


def _act(mandate: Mandate, do: Callable[[], Any]) -> Any:
    """Do what a button asks for, and show the plan again."""
    if not ActionForm.for_request().submitted():
        abort(400)
    with unit_of_work() as work:
        require(current_user.may_change(mandate))
        do()
        work.leads_to(_shown(mandate.id))
    return work.redirect()
