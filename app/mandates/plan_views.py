"""The plan of a mandate: goals, milestones and evaluation moments on one page, each line on its own."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.mandates import plan_actions as actions
from app.mandates import plan_queries
from app.mandates.blueprint import bp, changed, firm_today, may_write, opened, shown
from app.mandates.handbook_rules import Seen
from app.mandates.line_views import button, line_form, line_of
from app.mandates.plan_forms import STATES, GoalForm, GoalPlaceForm, MilestoneForm, MilestoneStateForm, MomentForm
from app.mandates.plan_models import EvaluationMoment, MandateGoal, Milestone
from app.web.pages import page
from app.web.rights import allow

FORM = "mandates/plan_item.html"


def _shown(mandate_id: int) -> str:
    return f"/mandates/{mandate_id}/plan"


@bp.get("/<int:mandate_id>/plan")
@allow("mandates.read")
def plan(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    versions = plan_queries.versions_of(mandate.id)
    content = plan_queries.content_now(mandate)
    return page(
        "mandates/plan.html",
        mandate=mandate,
        goals=plan_queries.goals_of(mandate.id),
        milestones=plan_queries.milestones_of(mandate.id),
        moments=plan_queries.moments_of(mandate.id),
        waits=plan_queries.waits_for_client(mandate, versions, content),
        outdated=plan_queries.outdated_of(versions, content),
        may_write=may_write(mandate),
    )


@bp.route("/<int:mandate_id>/plan/goals/new", methods=["GET", "POST"])
@allow("mandates.write")
def plan_goal_new(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    form = GoalForm.for_request(version=mandate.version)

    def save() -> None:
        actions.add_goal(mandate, form.title.data, form.measure.data, at=clock().now())

    return line_form(FORM, mandate, form, mandate, save, _shown(mandate_id), title=_("New goal"), is_new=True)


@bp.route("/<int:mandate_id>/plan/goals/<int:goal_id>", methods=["GET", "POST"])
@allow("mandates.write")
def plan_goal(mandate_id: int, goal_id: int) -> Any:
    mandate = changed(mandate_id)
    goal = line_of(mandate, MandateGoal, goal_id)
    form = GoalPlaceForm.for_request(version=mandate.version, title=goal.title, measure=goal.measure, place=goal.position)

    def save() -> None:
        actions.change_goal(mandate, goal, form.title.data, form.measure.data, form.place.data, at=clock().now())

    removal, title = f"{_shown(mandate_id)}/goals/{goal_id}/removal", _("Change the goal")
    return line_form(FORM, mandate, form, mandate, save, _shown(mandate_id), title=title, removal=removal)


@bp.post("/<int:mandate_id>/plan/goals/<int:goal_id>/removal")
@allow("mandates.write")
def plan_goal_removal(mandate_id: int, goal_id: int) -> Any:
    mandate = changed(mandate_id)
    goal = line_of(mandate, MandateGoal, goal_id)
    return button(mandate, mandate, lambda: actions.remove_goal(mandate, goal, at=clock().now()), _shown(mandate_id))


@bp.route("/<int:mandate_id>/plan/milestones/new", methods=["GET", "POST"])
@allow("mandates.write")
def plan_milestone_new(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    form = MilestoneForm.for_request(version=mandate.version)

    def save() -> None:
        actions.add_milestone(mandate, _step(form), actor=current_user, at=clock().now())

    return line_form(FORM, mandate, form, mandate, save, _shown(mandate_id), title=_("New milestone"), is_new=True)


@bp.route("/<int:mandate_id>/plan/milestones/<int:milestone_id>", methods=["GET", "POST"])
@allow("mandates.write")
def plan_milestone(mandate_id: int, milestone_id: int) -> Any:
    mandate = changed(mandate_id)
    milestone = line_of(mandate, Milestone, milestone_id)
    form = MilestoneStateForm.for_request(**_present(milestone))
    seen = plan_queries.seen(milestone)
    if seen is Seen.NEVER and milestone.state != "dropped":
        form.state.choices = [one for one in STATES if one.value != "dropped"]

    def save() -> None:
        actions.change_milestone(
            mandate,
            milestone,
            _step(form),
            actor=current_user,
            at=clock().now(),
            today=firm_today(),
            seen=seen,
        )

    removal = f"{_shown(mandate_id)}/milestones/{milestone_id}/removal" if seen is Seen.NEVER else None
    title = _("Change the milestone")
    return line_form(FORM, mandate, form, milestone, save, _shown(mandate_id), title=title, removal=removal, line=milestone)


def _present(milestone: Milestone) -> dict[str, Any]:
    """Return what the form begins with; the reason of an earlier move is none for the next."""
    names = ("title", "due_on", "owner", "means", "state", "reached_on", "version")
    return {name: getattr(milestone, name) for name in names}


@bp.post("/<int:mandate_id>/plan/milestones/<int:milestone_id>/completion")
@allow("mandates.write")
def plan_milestone_reached(mandate_id: int, milestone_id: int) -> Any:
    mandate = changed(mandate_id)
    milestone = line_of(mandate, Milestone, milestone_id)

    def reach() -> None:
        today = firm_today()
        actions.reach_milestone(mandate, milestone, actor=current_user, at=clock().now(), today=today)

    return button(mandate, milestone, reach, shown(mandate_id) if request.args.get("from") == "mandate" else _shown(mandate_id))


@bp.post("/<int:mandate_id>/plan/milestones/<int:milestone_id>/removal")
@allow("mandates.write")
def plan_milestone_removal(mandate_id: int, milestone_id: int) -> Any:
    mandate = changed(mandate_id)
    milestone = line_of(mandate, Milestone, milestone_id)

    def remove() -> None:
        seen = plan_queries.seen(milestone)
        actions.remove_milestone(mandate, milestone, seen=seen, actor=current_user, at=clock().now())

    return button(mandate, milestone, remove, _shown(mandate_id))


def _step(form: Any) -> actions.Step:
    step = actions.Step(form.title.data, form.means.data, form.owner.data, form.due_on.data)
    if "state" not in form:
        return step
    return step._replace(state=form.state.data, reached_on=form.reached_on.data, reason=form.reason.data)


@bp.route("/<int:mandate_id>/plan/moments/new", methods=["GET", "POST"])
@allow("mandates.write")
def plan_moment_new(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    form = MomentForm.for_request(version=mandate.version)

    def save() -> None:
        actions.add_moment(mandate, form.planned_on.data, at=clock().now())

    return line_form(FORM, mandate, form, mandate, save, _shown(mandate_id), title=_("New evaluation moment"), is_new=True)


@bp.post("/<int:mandate_id>/plan/moments")
@allow("mandates.write")
def plan_moments(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    return button(mandate, mandate, lambda: actions.propose_moments(mandate, at=clock().now()), _shown(mandate_id))


@bp.post("/<int:mandate_id>/plan/moments/<int:moment_id>/removal")
@allow("mandates.write")
def plan_moment_removal(mandate_id: int, moment_id: int) -> Any:
    mandate = changed(mandate_id)
    moment = line_of(mandate, EvaluationMoment, moment_id)
    return button(mandate, mandate, lambda: actions.remove_moment(mandate, moment, at=clock().now()), _shown(mandate_id))
