"""Behind a personal link: choosing a password, and opening the first account of all."""

from __future__ import annotations

from typing import Any

from flask import Request, flash, redirect, url_for
from flask_babel import gettext as _

from app import links
from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.core.names import split_name
from app.db import db, unit_of_work
from app.links.models import PersonalLink
from app.users import actions, first, letters, passwords, queries
from app.users.forms import FirstAdministratorForm, NewPasswordForm
from app.users.models import User
from app.web.language import language
from app.web.pages import page


def show_password(link: PersonalLink) -> Any:
    return _password_page(link, NewPasswordForm.for_request())


def set_password(link: PersonalLink, _request: Request) -> Any:
    form = NewPasswordForm.for_request()
    if not form.submitted():
        return _password_page(link, form)
    try:
        password_hash = passwords.new_hash(_account_of(link), form.password.data or "")
        with unit_of_work():
            links.use(link, at=clock().now())
            actions.set_password(_account_of(link), password_hash, at=clock().now())
    except RuleViolation as violation:
        form.refuse(violation)
        return _password_page(link, form)
    flash(_("Your password is set. Please sign in with it."))
    return redirect(url_for("security.login", lang=language()), 303)


def _password_page(link: PersonalLink, form: NewPasswordForm) -> Any:
    return page("security/set_password.html", form, user=_account_of(link), is_first=link.purpose == letters.INVITATION)


def _account_of(link: PersonalLink) -> User:
    user = db.session.get(User, link.subject_id)
    if user is None or not user.active:
        raise RuleViolation(N_("This account is disabled."))
    return user


def show_first(_link: PersonalLink) -> Any:
    return page("security/first_administrator.html", FirstAdministratorForm.for_request(language=language()))


def open_first(link: PersonalLink, _request: Request) -> Any:
    form = FirstAdministratorForm.for_request()
    if not form.submitted():
        return page("security/first_administrator.html", form)
    title, first_name, particle, last_name = split_name(form.name.data or "")
    try:
        with unit_of_work():
            first.lock()
            if queries.is_administered():
                raise RuleViolation(N_("There is an administrator already. Please sign in."))
            links.use(link, at=clock().now())
            actions.add(
                email=form.email.data or "",
                role="administrator",
                title=title,
                first_name=first_name,
                particle=particle,
                last_name=last_name,
                language=form.language.data,
                password=form.password.data,
                at=clock().now(),
            )
    except RuleViolation as violation:
        form.refuse(violation)
        return page("security/first_administrator.html", form)
    flash(_("Your account is open. Please sign in."))
    return redirect(url_for("security.login", lang=language()), 303)


links.register(letters.INVITATION, show=show_password, act=set_password)
links.register(letters.RESET, show=show_password, act=set_password)
links.register(first.PURPOSE, show=show_first, act=open_first)
