"""/mail: every letter and its fate."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField

from app.core.clock import clock
from app.db import db, unit_of_work
from app.mail import actions, queries
from app.mail.models import Letter
from app.mail.pace import held_until
from app.mail.purposes import label_of
from app.mail.rules import RESTORED, Fault, State, concerns_staff
from app.settings.queries import firm
from app.web.forms import ActionForm
from app.web.kept import lately, shows_everywhere
from app.web.pages import page
from app.web.rights import allow

bp = Blueprint("mail", __name__, url_prefix="/mail")

STATES = {
    State.QUEUED: _l("queued"),
    State.SENT: _l("sent"),
    State.FAILED: _l("failed"),
    State.CANCELLED: _l("taken back"),
}
TONES = {State.QUEUED: "info", State.SENT: "ok", State.FAILED: "bad", State.CANCELLED: ""}
OUTCOMES = {
    "sent": _l("The mail server took it."),
    Fault.NOT_NOW: _l("Not taken for now; it is tried again."),
    Fault.REFUSED: _l("Refused for good."),
    Fault.SERVER_AWAY: _l("The mail server could not be reached."),
    Fault.SENDER_REFUSED: _l("The mail server refused us as the sender; all letters wait."),
    "not_ready": _l("The letter could not be made ready."),
    "not_wanted": _l("It was no longer wanted."),
}


LOOK_AGAIN_SECONDS = 15


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"mail_stopped": _stopped()} if current_user and current_user.is_authenticated else {})
    shows_everywhere(app, _stopped)


def _stopped() -> str | None:
    """Return the fault that everybody is told of, None while letters go out; one statement at most every 15 seconds."""
    trouble = lately("mail stopped", LOOK_AGAIN_SECONDS, queries.trouble)
    return trouble.fault if trouble and concerns_staff(trouble.fault, trouble.since, clock().now()) else None


class AgainForm(ActionForm):
    """One button, and the state of the letter as the reader saw it."""

    state = HiddenField()


@bp.app_template_global()
def letter_state(letter: Letter) -> tuple[Any, str]:
    """Return a letter's state in words, and its tone."""
    return STATES[State(letter.state)], TONES[State(letter.state)]


@bp.app_template_global()
def purpose_label(purpose: str) -> str:
    return _(label_of(purpose))


@bp.get("")
@allow("mail.read")
def index() -> Any:
    state, q = request.args.get("state", ""), request.args.get("q", "").strip()[:200]
    counts = queries.counts()
    return page(
        "mail/index.html",
        letters=queries.letters(state or None, q),
        counts=counts,
        states=STATES,
        state=state,
        q=q,
        trouble=queries.trouble(),
        is_held=counts["queued"] > 0 and held_until(firm().letters_a_minute, clock().now()) is not None,
        outcomes=OUTCOMES,
        held=RESTORED,
    )


@bp.post("/queue/resumptions")
@allow("settings.firm")
def resume() -> Any:
    """Let letters go on that were held after a backup was restored."""
    if not ActionForm.for_request().submitted():
        return redirect(url_for(".index"), 303)
    with unit_of_work() as work:
        actions.resume(at=clock().now())
        work.leads_to(url_for(".index"))
    flash(_("The letters go out now."))
    return work.redirect()


@bp.get("/<int:letter_id>")
@allow("mail.read")
def show(letter_id: int) -> Any:
    letter = db.get_or_404(Letter, letter_id)
    return page("mail/show.html", letter=letter, attempts=queries.attempts_of(letter), outcomes=OUTCOMES)


@bp.post("/<int:letter_id>/attempts")
@allow("mail.send")
def send_again(letter_id: int) -> Any:
    form = AgainForm.for_request()
    if form.submitted():
        with unit_of_work() as work:
            again = actions.send_again(db.get_or_404(Letter, letter_id), seen=form.state.data or "", at=clock().now())
            work.leads_to(lambda: url_for(".show", letter_id=again.id))
        flash(_("The letter goes out again."))
        return work.redirect()
    return redirect(url_for(".show", letter_id=letter_id), 303)
