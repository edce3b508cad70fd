"""/login, /logout, the second factor, asking for a new password."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.core.spans import takes_at_least
from app.db import audit, unit_of_work
from app.users import letters, passwords, queries, second_factor, security, sessions, tries
from app.users.forms import ForgottenForm, RecoveryCodeForm, SecondFactorForm, SignInForm
from app.users.models import User, UserSession
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, public

bp = Blueprint("security", __name__)

HOME = "/today"
# Longer than queueing a letter takes, so that the time tells nobody whether there is an account.
FORGOTTEN_SECONDS = 0.25


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> Any:
    if current_user.is_authenticated:
        return redirect(next_path())
    form = SignInForm.for_request()
    if not form.submitted():
        return page("security/login.html", form)
    email, password = form.email.data or "", form.password.data or ""
    to_wait = tries.sign_in(email)
    if to_wait:
        return tries.too_many("security/login.html", form, to_wait)
    user = queries.by_email(email)
    if not passwords.matches(user, password) or user is None or not user.active:
        form.form_errors.append(_("The e-mail address or the password is not right."))
        return page("security/login.html", form)
    if user.has_second_factor:
        return _ask_for_code(user)
    return _enter(user)


def _ask_for_code(user: User) -> Any:
    audit.set_actor("user", user.id)
    tries.address_was_right()
    with unit_of_work() as work:
        key = sessions.begin(user, at=clock().now(), passed=False, browser=browser())
        work.leads_to(way_to(".second_factor_code"))
    security.enter(key)
    return work.redirect()


def _enter(user: User, half: UserSession | None = None, give_code: Callable[[], bool] | None = None) -> Any:
    """Begin a session under a new key; the one that waited for the second factor is over.

    Raises RuleViolation at "code" where `give_code` says that the code is wrong: then nothing is begun.
    """
    email = user.email
    audit.set_actor("user", user.id)
    with unit_of_work() as work:
        if give_code is not None and not give_code():
            raise RuleViolation(N_("This code is not right, or was used already."), field="code")
        if half is not None:
            sessions.end(half.id, at=clock().now())
        key = sessions.begin(user, at=clock().now(), passed=True, browser=browser())
        work.leads_to(next_path())
    tries.forget(email, user.id, address_too=half is None)
    security.enter(key)
    return work.redirect()


@bp.route("/login/code", methods=["GET", "POST"])
@public
def second_factor_code() -> Any:
    return _second_factor(SecondFactorForm, "security/second_factor.html", second_factor.takes_code)


@bp.route("/login/recovery-code", methods=["GET", "POST"])
@public
def recovery_code() -> Any:
    return _second_factor(
        RecoveryCodeForm, "security/recovery_code.html", lambda user, code, _at: second_factor.takes_recovery_code(user, code)
    )


def _second_factor(form_class: Any, template: str, takes: Any) -> Any:
    waiting = sessions.load_half(security.cookie_key() or "", at=clock().now())
    if waiting is None:
        if not current_user.is_authenticated:
            flash(_("Please sign in again."), "warning")
        return redirect(way_to(".login"))
    user, half = waiting
    g.language = request.args.get("lang") or user.language
    form = form_class.for_request()
    if not form.submitted():
        return page(template, form)
    to_wait = tries.code(user.id)
    if to_wait:
        return tries.too_many(template, form, to_wait)
    code = form.code.data or ""
    try:
        return _enter(user, half, lambda: takes(user, code, clock().now()))
    except RuleViolation as violation:
        form.refuse(violation)
        return page(template, form)


@bp.route("/logout", methods=["GET", "POST"])
@allow("settings.own")
def logout() -> Any:
    form = ActionForm.for_request()
    if not form.submitted():
        return page("security/logout.html", form)
    here = security.this_session()
    with unit_of_work():
        sessions.end(here.id, at=clock().now())
    security.leave()
    flash(_("You are signed out."))
    return redirect(url_for(".login"), 303)


@bp.route("/login/new-password", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    form = ForgottenForm.for_request()
    if not form.submitted():
        return page("security/forgotten.html", form)
    email = form.email.data or ""
    to_wait = tries.reset(email)
    if to_wait:
        return tries.too_many("security/forgotten.html", form, to_wait)
    with takes_at_least(FORGOTTEN_SECONDS):
        user = queries.by_email(email)
        with unit_of_work() as work:
            if user is not None and user.active:
                letters.reset(user, at=clock().now())
            work.leads_to(way_to(".login"))
    flash(_("If there is an account with this address, a mail with a link is on its way. The link holds for 2 hours."))
    return work.redirect()


def way_to(endpoint: str) -> str:
    """Return the address of the next page on the way in; where the person wants to go and the language go along."""
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("next", "lang")}
    return url_for(endpoint, **kept)


def next_path() -> str:
    """Return where the person wanted to go: a path of our own, else the desk."""
    wanted = request.args.get("next", "")
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or not wanted.isprintable():
        return HOME
    parts = urlsplit(wanted)
    return HOME if parts.scheme or parts.netloc or parts.path.startswith(("/login", "/logout")) else wanted


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser() -> str:
    """Return the browser in two words, so that people know their own sessions again; never the whole user agent."""
    agent = re.sub(r"[^\x20-\x7e]", "", request.user_agent.string)[:400]
    name = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (name, system) if part)
