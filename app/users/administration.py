"""/users: accounts, invitations, what is handed over when somebody leaves."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.core.names import fold, full_name
from app.db import check_version, db, unit_of_work
from app.settings.queries import firm
from app.users import actions, belongings, queries
from app.users.forms import ChangedUserForm, HandoverForm, UserForm
from app.users.models import User
from app.users.ownership import taker_choices
from app.users.texts import ROLE_NOTES, ROLES
from app.web.formats import reader_today
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.paging import page_of
from app.web.rights import allow

bp = Blueprint("users", __name__, url_prefix="/users")

EVERYTHING = "everything"


@bp.get("")
@allow("users.administer")
def index() -> Any:
    wanted, role, state = request.args.get("q", "").strip(), request.args.get("role", ""), request.args.get("state", "")
    select = queries.everyone()
    if wanted and not fold(wanted):
        select = select.where(sa.false())
    elif wanted:
        like = f"%{_escaped(fold(wanted))}%"
        select = select.where(
            sa.or_(User.sort_name.like(like, escape="\\"), User.email.like(f"%{_escaped(wanted.lower())}%", escape="\\"))
        )
    if role in ROLES:
        select = select.where(User.role == role)
    select = select.where(User.active.is_(state != "disabled"))
    rows = page_of(select, [User.sort_name, User.id])
    return page(
        "users/index.html", pages=rows, full_name=full_name, roles=ROLES, active_filters=bool(wanted) + bool(role) + bool(state)
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@bp.route("/new", methods=["GET", "POST"])
@allow("users.administer")
def new() -> Any:
    form = UserForm.for_request(**({} if request.method == "POST" else {"language": firm().language}))
    form.offer_teams(queries.team_choices())
    if form.submitted():
        try:
            form.check_name()
            with unit_of_work() as work:
                user = _add(form)
                actions.invite(user, actor=current_user, at=clock().now())
                work.leads_to(lambda: url_for(".show", user_id=user.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("%(name)s has been invited by mail.", name=user.name))
            return work.redirect()
    return page("users/form.html", form, user=None, notes=ROLE_NOTES)


def _add(form: UserForm) -> User:
    parts: dict[str, Any] = {name: form[name].data or None for name in actions.NAME_PARTS}
    team = db.session.get(actions.Team, int(form.team_id.data)) if form.team_id.data else None
    return actions.add(
        **parts,
        email=form.email.data or "",
        phone=form.phone.data,
        role=form.role.data,
        language=form.language.data,
        team=team,
        at=clock().now(),
    )


@bp.get("/<int:user_id>")
@allow("users.absences")
def show(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    return page(
        "users/show.html",
        user=user,
        team=user.team.name,
        role=ROLES[user.role],
        role_note=ROLE_NOTES[user.role],
        open_things=belongings.open_of(user.id),
        absences=queries.absences_from(reader_today(), user.id),
        administers=current_user.may("users.administer"),
    )


@bp.route("/<int:user_id>/edit", methods=["GET", "POST"])
@allow("users.administer")
def edit(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    form = ChangedUserForm.for_request(obj=user).offer_teams(queries.team_choices())
    if form.submitted():
        try:
            with unit_of_work() as work:
                user = db.session.get_one(User, user_id)
                check_version(user, form)
                values = {name: form[name].data for name in actions.BY_ADMINISTRATOR}
                actions.change(user, {**values, "team_id": int(form.team_id.data)}, actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", user_id=user_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("users/form.html", form, user=user, notes=ROLE_NOTES)


@bp.post("/<int:user_id>/invitations")
@allow("users.administer")
def invite(user_id: int) -> Any:
    return _act(
        user_id, lambda user: actions.invite(user, actor=current_user, at=clock().now()), _("The invitation is on its way.")
    )


@bp.post("/<int:user_id>/second-factor/ends")
@allow("users.administer")
def end_second_factor(user_id: int) -> Any:
    return _act(
        user_id,
        lambda user: actions.switch_second_factor_off(user, at=clock().now()),
        _("The second factor is off; a mail tells of it."),
    )


@bp.post("/<int:user_id>/disablings")
@allow("users.administer")
def disable(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    if belongings.open_of(user.id):
        flash(_("%(name)s still has open things. Somebody must take them over first.", name=user.name), "warning")
        return redirect(url_for(".handover", user_id=user_id), 303)
    return _act(user_id, lambda user: actions.disable(user, actor=current_user, at=clock().now()), _("The account is disabled."))


@bp.post("/<int:user_id>/enablings")
@allow("users.administer")
def enable(user_id: int) -> Any:
    return _act(user_id, lambda user: actions.enable(user, at=clock().now()), _("The account is open again."))


def _act(user_id: int, do: Any, told: str) -> Any:
    """Do one thing to an account that a button asked for."""
    db.get_or_404(User, user_id)
    back = url_for(".show", user_id=user_id)
    form = ActionForm.for_request()
    if not form.submitted():
        return redirect(back, 303)
    with unit_of_work() as work:
        do(db.session.get_one(User, user_id))
        work.leads_to(back)
    flash(told)
    return work.redirect()


@bp.route("/<int:user_id>/handover", methods=["GET", "POST"])
@allow("records.hand_over")
def handover(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    open_things = belongings.open_of(user.id)
    owners = any(one.kind.needs_owner for one in open_things)
    takers = taker_choices(clock().today(firm().zone), user.id, owners=owners)
    form = HandoverForm.for_request().offer(_kinds(open_things), takers)
    if open_things and form.submitted():
        try:
            with unit_of_work() as work:
                given = _hand_over(user_id, form)
                work.leads_to(url_for(".handover", user_id=user_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(ngettext("One thing was handed over.", "%(num)d things were handed over.", given))
            return work.redirect()
    return page("users/handover.html", form, user=user, open_things=open_things, administers=current_user.may("users.administer"))


def _hand_over(user_id: int, form: HandoverForm) -> int:
    kinds = None if form.kind.data == EVERYTHING else [form.kind.data]
    user, to = db.session.get_one(User, user_id), db.session.get_one(User, int(form.to_id.data))
    return actions.hand_over(user, to, kinds=kinds, actor=current_user, at=clock().now())


def _kinds(open_things: list[belongings.Open]) -> list[tuple[str, str]]:
    total = sum(one.count for one in open_things)
    found = [(one.kind.name, _("%(what)s (%(num)d)", what=_(one.kind.label), num=one.count)) for one in open_things]
    return [(EVERYTHING, _("Everything (%(num)d)", num=total)), *found] if found else []
