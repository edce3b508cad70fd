"""One's own page: name, language, light or dark, keys, digest, zone; days away."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.settings.blueprint import bp
from app.settings.forms import AbsenceForm, OwnForm
from app.users import actions, queries, security, sessions, team_actions
from app.users.models import Absence, User
from app.web.formats import reader_today
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


@bp.route("", methods=["GET", "POST"])
@allow("settings.own")
def index() -> Any:
    form = OwnForm.for_request(obj=current_user)
    if form.submitted():
        try:
            with unit_of_work() as work:
                me = db.session.get_one(User, current_user.id)
                check_version(me, form)
                asked = [name for name in actions.OWN if me.is_reviewer or name != "notices_in_digest"]
                actions.change_own(me, {name: form[name].data for name in asked})
                work.leads_to(url_for(".index"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("settings/index.html", form, **_beside())


def _beside() -> dict[str, Any]:
    idle, longest = security.limits()
    at = clock().now()
    return {
        "sessions": sessions.open_of(current_user, at=at, idle=idle, longest=longest),
        "this_session": security.this_session(),
        "absences": queries.absences_from(reader_today(), current_user.id),
    }


@bp.route("/absences/new", methods=["GET", "POST"])
@allow("settings.own")
def new_absence() -> Any:
    form = AbsenceForm.for_request().offer(queries.choices(but=current_user.id))
    if form.submitted():
        try:
            with unit_of_work() as work:
                me = db.session.get_one(User, current_user.id)
                deputy = db.session.get(User, form.chosen_id) if form.chosen_id else None
                team_actions.note_absence(me, *form.days, deputy)
                work.leads_to(url_for(".index"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Your absence is noted."))
            return work.redirect()
    return page("settings/new_absence.html", form, whose=None, back=url_for(".index"))


@bp.post("/absences/<int:absence_id>/ends")
@allow("settings.own")
def end_absence(absence_id: int) -> Any:
    """Back already: the absence ends with yesterday, or goes where it has not begun."""
    absence = db.get_or_404(Absence, absence_id)
    require(absence.user_id == current_user.id)
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".index"), 303)
    with unit_of_work() as work:
        team_actions.end_absence(db.session.get_one(Absence, absence_id), reader_today())
        work.leads_to(url_for(".index"))
    flash(_("The absence has ended."))
    return work.redirect()
