"""/register: open to everybody. The answer is the same for known and unknown addresses, and for robots."""

from __future__ import annotations

import time
from typing import Any, Literal

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests

from app.admission import legal
from app.admission import registration_actions as actions
from app.admission.proof_document import fingerprint
from app.admission.registration_actions import Registration, Sender
from app.admission.registration_forms import AgainForm, RegistrationForm
from app.admission.wording import words_of
from app.core.addresses import checked_email
from app.core.clock import clock, stopwatch
from app.core.errors import N_, RuleViolation
from app.db import unit_of_work
from app.settings.queries import firm
from app.web import throttle
from app.web.language import language
from app.web.pages import page
from app.web.rights import public

bp = Blueprint("registration", __name__, url_prefix="/register")
HOUR, DAY = 3600, 86400
ACCEPT = ".pdf,.docx,.odt"


def sender() -> Sender:
    """Return where this request comes from."""
    return Sender(request.remote_addr or "", request.headers.get("User-Agent", ""))


@bp.route("", methods=["GET", "POST"])
@public
def new() -> Any:
    form, began = RegistrationForm.for_request(), stopwatch()
    if form.submitted():
        _limit_sender()
        if form.website.data:
            _wait(began)
            return _sent()  # a robot filled the field that nobody sees
        try:
            _check_wording(form)
            given = actions.checked(_given(form))
            may_mail = _may_mail(given.email)
            with unit_of_work() as work:
                actions.register(given, sender(), may_mail=may_mail, at=clock().now())
                work.leads_to(url_for(".sent", lang=language()))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _wait(began)
            return work.redirect()
    form.shown.data = _wording_mark()
    return page("admission/register.html", form, **wording())


def _check_wording(form: RegistrationForm) -> None:
    """Raise RuleViolation at the box where fee, terms or another number changed since the page was opened.

    The proof then holds what was seen. A form without the mark was not opened as a page, so nothing was seen that differs.
    """
    if form.shown.data and form.shown.data != _wording_mark():
        form.terms.data = False
        raise RuleViolation(
            N_("The wording of this page has changed since you opened it. Please read it again and tick the box."), field="terms"
        )


def _wording_mark() -> str:
    """Return what tells the wording beside the form from another: its fingerprint."""
    return fingerprint(_wording_text())


def _given(form: RegistrationForm) -> Registration:
    cv = form.cv.data
    content = (cv.filename or "", cv.read()) if cv else None
    return Registration(form.name.data or "", form.email.data or "", form.phone.data or "", language(), _wording_text(), content)


def _wording_text() -> str:
    """Return the words of the page as it is shown at this moment, without what somebody typed."""
    return words_of(render_template("admission/register.html", form=RegistrationForm(formdata=None), **wording()))


def wording() -> dict[str, Any]:
    """Return what the page says beside its form."""
    return {
        "fee": firm().registration_fee,
        "terms": legal.in_force("terms", language()),
        "privacy": legal.in_force("privacy", language()),
        "accept": ACCEPT,
    }


def _limit_sender() -> None:
    wait = throttle.hit("admission.register", request.remote_addr or "", firm().registrations_an_hour, HOUR, clock().now())
    if wait:
        raise TooManyRequests(retry_after=wait)


def _may_mail(email: str) -> bool:
    return throttle.hit("admission.mail", email, firm().registration_mails_a_day, DAY, clock().now()) == 0


def _wait(began: float) -> None:
    """Answer no sooner than any registration takes: else the time would tell whether the address is known."""
    time.sleep(max(0.0, began + current_app.config["REGISTRATION_SECONDS"] - stopwatch()))


def _sent() -> Any:
    return redirect(url_for(".sent", lang=language()), 303)


@bp.get("/sent")
@public
def sent() -> Any:
    return page("admission/sent.html")


@bp.route("/again", methods=["GET", "POST"])
@public
def again() -> Any:
    form, began = AgainForm.for_request(), stopwatch()
    if form.submitted():
        _limit_sender()
        try:
            email = checked_email(form.email.data or "")
            may_mail = _may_mail(email)
            with unit_of_work() as work:
                if may_mail:
                    actions.ask_again(email, at=clock().now())
                work.leads_to(url_for(".sent", lang=language()))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _wait(began)
            return work.redirect()
    return page("admission/again.html", form)


@bp.get("/<kind>")
@public
def text(kind: Literal["terms", "privacy"]) -> Any:
    if kind not in ("terms", "privacy"):
        abort(404)
    return page("admission/legal.html", kind=kind, wording=legal.in_force(kind, language()))
