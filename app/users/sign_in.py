"""/login, /logout, the second factor, a new password by mail."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.db import audit, db, unit_of_work
from app.settings.queries import firm
from app.users import passwords, security, sessions
from app.users.forms import SignInForm
from app.users.models import User
from app.web import throttle
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, public

bp = Blueprint("security", __name__)

HOME = "/today"
QUARTER_OF_AN_HOUR = 15 * 60


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> Any:
    if current_user.is_authenticated:
        return redirect(next_path())
    form = SignInForm.for_request()
    if not form.submitted():
        return page("security/login.html", form)
    to_wait = count_try(form.email.data)
    if to_wait:
        return too_many("security/login.html", form, to_wait)
    user = by_email(form.email.data)
    if not passwords.matches(user, form.password.data) or user is None or not user.active:
        form.form_errors.append(_("The e-mail address or the password is not right."))
        return page("security/login.html", form)
    return _enter(user, form.email.data)


def _enter(user: User, email: str) -> Any:
    number, needs_code = user.id, user.has_second_factor
    audit.set_actor("user", number)
    with unit_of_work() as work:
        key = sessions.begin(user, at=clock().now(), passed=not needs_code, browser=browser())
        work.leads_to(url_for("security.second_factor", next=request.args.get("next")) if needs_code else next_path())
    if not needs_code:
        forget_tries(email)
    security.enter(key)
    return work.redirect()


@bp.route("/logout", methods=["GET", "POST"])
@allow("settings.own")
def logout() -> Any:
    form = ActionForm.for_request()
    if not form.submitted():
        return page("security/logout.html", form)
    here = security.this_session()
    with unit_of_work():
        sessions.end(here, at=clock().now())
    security.leave()
    flash(_("You are signed out."))
    return redirect(url_for(".login"), 303)


def by_email(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def next_path() -> str:
    """Return where the person wanted to go: a path of our own, else the desk."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted) if wanted.startswith("/") and wanted.isprintable() and "\\" not in wanted else None
    if parts is None or parts.scheme or parts.netloc or wanted.startswith("//") or parts.path in ("/login", "/logout"):
        return HOME
    return wanted


def count_try(email: str) -> int:
    """Count one try to sign in, for the account named and for the address; return the seconds to wait, 0 for none."""
    limit, at = firm().sign_in_tries, clock().now()
    by_account = throttle.hit("users.account", email.strip().lower(), limit, QUARTER_OF_AN_HOUR, at)
    return by_account or throttle.hit("users.address", address(), limit, QUARTER_OF_AN_HOUR, at)


def forget_tries(email: str) -> None:
    """After a sign-in: the account's tries are forgotten, and the address is given this one back."""
    throttle.forget("users.account", email.strip().lower())
    throttle.give_back("users.address", address())


def too_many(template: str, form: Any, to_wait: int) -> Any:
    """Answer 429 with the same words for accounts that exist and those that do not."""
    minutes = -(-to_wait // 60)
    form.form_errors.append(_("Too many tries. Please wait %(num)d minutes, then try again.", num=minutes))
    body, _status = page(template, form)
    return body, 429, {"Retry-After": str(to_wait)}


def address() -> str:
    """Return the address a request comes from; of IPv6 the network, which one customer has as a whole."""
    given = request.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(given)
    except ValueError:
        return given
    return str(ipaddress.ip_network(f"{given}/64", strict=False)) if parsed.version == 6 else given


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))


def browser() -> str:
    """Return the browser in two words, so that people know their own sessions again; never the whole user agent."""
    agent = re.sub(r"[^\x20-\x7e]", "", request.user_agent.string)[:400]
    name = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (name, system) if part)
