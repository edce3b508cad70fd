"""Ways in: password, second factor, recovery codes, browsers that are signed in."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.clock import clock
from app.core.environment import environment
from app.core.errors import N_, RuleViolation
from app.db import db, unit_of_work
from app.settings.blueprint import bp
from app.settings.forms import CodeForm, ConfirmForm, PasswordForm
from app.users import actions, passwords, second_factor, security, sessions, tries
from app.users.models import User
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow


def _me() -> User:
    return db.session.get_one(User, current_user.id)


@bp.route("/password", methods=["GET", "POST"])
@allow("settings.own")
def password() -> Any:
    form = PasswordForm.for_request()
    if form.submitted():
        to_wait = tries.code(current_user.id)
        if to_wait:
            return tries.too_many("settings/password.html", form, to_wait)
        email, here = current_user.email, security.this_session().id
        try:
            if not passwords.matches(current_user, form.old_password.data or ""):
                raise RuleViolation(N_("This is not your present password."), field="old_password")
            password_hash = passwords.new_hash(current_user, form.password.data or "")
            with unit_of_work() as work:
                actions.set_password(_me(), password_hash, at=clock().now(), keep_session=here)
                work.leads_to(url_for(".index"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tries.forget(email, current_user.id, address_too=False)
            flash(_("Your password is changed. All other browsers are signed out."))
            return work.redirect()
    return page("settings/password.html", form)


@bp.get("/second-factor")
@allow("settings.own")
def second_factor_page() -> Any:
    return page("settings/second_factor.html", required=_is_required())


def _is_required() -> bool:
    return second_factor.is_required(current_user.role, environment().require_mfa)


@bp.post("/second-factor/proposals")
@allow("settings.own")
def propose_second_factor() -> Any:
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".second_factor_page"), 303)
    with unit_of_work() as work:
        me = _me()
        if me.has_second_factor:
            raise RuleViolation(N_("The second factor is on already."))
        second_factor.propose(me)
        work.leads_to(url_for(".set_up_second_factor"))
    return work.redirect()


@bp.route("/second-factor/new", methods=["GET", "POST"])
@allow("settings.own")
def set_up_second_factor() -> Any:
    if current_user.has_second_factor or not current_user.tf_totp_secret:
        return redirect(url_for(".second_factor_page"))
    form = CodeForm.for_request()
    if form.submitted():
        to_wait = tries.code(current_user.id)
        if to_wait:
            return tries.too_many("settings/set_up_second_factor.html", form, to_wait)
        try:
            with unit_of_work() as work:
                codes = actions.switch_second_factor_on(_me(), form.code.data or "", at=clock().now())
                work.leads_to(url_for(".second_factor_page"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tries.forget(current_user.email, current_user.id, address_too=False)
            return page("settings/recovery_codes.html", codes=codes)
    return page("settings/set_up_second_factor.html", form, typed_key=second_factor.typed_key(current_user))


@bp.get("/second-factor/code.svg")
@allow("settings.own")
def second_factor_picture() -> Any:
    """The proposed secret as a picture; gone once the second factor is on."""
    if current_user.has_second_factor or not current_user.tf_totp_secret:
        abort(404)
    return Response(second_factor.qr_code(current_user), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.route("/second-factor/recovery-codes", methods=["GET", "POST"])
@allow("settings.own")
def recovery_codes() -> Any:
    """New recovery codes in place of the old ones, for somebody who knows the password."""
    if not current_user.has_second_factor:
        return redirect(url_for(".second_factor_page"))
    form = ConfirmForm.for_request()
    refused = _refuse_wrong_password(form, "settings/new_recovery_codes.html")
    if refused is not None:
        return refused
    with unit_of_work() as work:
        codes = second_factor.new_recovery_codes(_me())
        work.leads_to(url_for(".second_factor_page"))
    return page("settings/recovery_codes.html", codes=codes)


@bp.route("/second-factor/off", methods=["GET", "POST"])
@allow("settings.own")
def second_factor_off() -> Any:
    if not current_user.has_second_factor:
        return redirect(url_for(".second_factor_page"))
    form = ConfirmForm.for_request()
    refused = _refuse_wrong_password(form, "settings/second_factor_off.html")
    if refused is not None:
        return refused
    with unit_of_work() as work:
        actions.switch_second_factor_off(_me(), at=clock().now())
        work.leads_to(url_for(".second_factor_page"))
    flash(_("The second factor is off."))
    return work.redirect()


def _refuse_wrong_password(form: ConfirmForm, template: str) -> Any:
    """Return the page again as long as the present password was not typed; None when it was."""
    if not form.submitted():
        return page(template, form, required=_is_required())
    to_wait = tries.code(current_user.id)
    if to_wait:
        return tries.too_many(template, form, to_wait)
    if not passwords.matches(current_user, form.password.data or ""):
        form.refuse(RuleViolation(N_("This is not your present password."), field="password"))
        return page(template, form, required=_is_required())
    tries.forget(current_user.email, current_user.id, address_too=False)
    return None


@bp.post("/sessions/ends")
@allow("settings.own")
def end_sessions() -> Any:
    """Sign out everywhere else."""
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".index"), 303)
    here = security.this_session().id
    with unit_of_work() as work:
        ended = sessions.end_all(_me(), at=clock().now(), but=here)
        work.leads_to(url_for(".index"))
    flash(ngettext("One other browser is signed out.", "%(num)d other browsers are signed out.", ended))
    return work.redirect()
