"""/users/teams, and days away of colleagues."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.settings.forms import AbsenceForm
from app.users import queries, team_actions
from app.users.administration import bp
from app.users.forms import TeamForm
from app.users.models import Absence, Team, User
from app.web.formats import reader_today
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow


@bp.route("/teams", methods=["GET", "POST"])
@allow("users.administer")
def teams() -> Any:
    form = TeamForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                team_actions.add_team(form.name.data or "")
                work.leads_to(url_for(".teams"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The team is there."))
            return work.redirect()
    return page("users/teams.html", form, teams=queries.teams())


@bp.route("/teams/<int:team_id>", methods=["GET", "POST"])
@allow("users.administer")
def team(team_id: int) -> Any:
    found = db.get_or_404(Team, team_id)
    form = TeamForm.for_request(obj=found)
    if form.submitted():
        try:
            with unit_of_work() as work:
                team_actions.rename_team(db.session.get_one(Team, team_id), form.name.data or "")
                work.leads_to(url_for(".teams"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("users/team.html", form, team=found)


@bp.post("/teams/<int:team_id>/removals")
@allow("users.administer")
def remove_team(team_id: int) -> Any:
    db.get_or_404(Team, team_id)
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".teams"), 303)
    with unit_of_work() as work:
        team_actions.remove_team(db.session.get_one(Team, team_id))
        work.leads_to(url_for(".teams"))
    flash(_("The team is removed."))
    return work.redirect()


@bp.get("/absences")
@allow("users.absences")
def absences() -> Any:
    return page("users/absences.html", absences=queries.absences_from(reader_today()), colleagues=queries.active())


@bp.route("/<int:user_id>/absences/new", methods=["GET", "POST"])
@allow("users.absences")
def new_absence(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    form = AbsenceForm.for_request().offer(queries.choices(but=user.id))
    if form.submitted():
        try:
            with unit_of_work() as work:
                deputy = db.session.get(User, form.chosen_id) if form.chosen_id else None
                team_actions.note_absence(db.session.get_one(User, user_id), *form.days, deputy)
                work.leads_to(url_for(".show", user_id=user_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The absence is noted."))
            return work.redirect()
    return page("settings/new_absence.html", form, whose=user, back=url_for(".show", user_id=user_id))


@bp.post("/<int:user_id>/absences/<int:absence_id>/ends")
@allow("users.absences")
def end_absence(user_id: int, absence_id: int) -> Any:
    absence = db.first_or_404(db.select(Absence).where(Absence.id == absence_id, Absence.user_id == user_id))
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".show", user_id=user_id), 303)
    with unit_of_work() as work:
        team_actions.end_absence(db.session.get_one(Absence, absence.id), reader_today())
        work.leads_to(url_for(".show", user_id=user_id))
    flash(_("The absence has ended."))
    return work.redirect()
