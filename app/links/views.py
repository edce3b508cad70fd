"""/p/TOKEN: anything behind a personal link. GET shows and changes nothing, POST acts."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import NotFound, TooManyRequests

from app.core.clock import clock
from app.db import acting_as
from app.links.models import PersonalLink
from app.links.purposes import PURPOSES
from app.links.queries import find
from app.links.rules import State, redact
from app.web import throttle
from app.web.language import LANGUAGES
from app.web.rights import public

bp = Blueprint("links", __name__, url_prefix="/p")

WRONG_TOKENS, WRONG_SECONDS = 20, 60
STATUS = {State.UNKNOWN: 404, State.EXPIRED: 410, State.USED: 410, State.REVOKED: 410}


@bp.route("/<token>", methods=["GET", "POST"])
@public
def personal(token: str) -> Any:
    answer = find(token, clock().now())
    if answer.link is None:
        return _unknown()
    g.language, is_answer = _language(answer.link), request.method == "POST"  # HEAD only looks, as GET does
    purpose = PURPOSES.get(answer.link.purpose)
    if answer.state is State.USED and purpose and purpose.used and not is_answer:
        return purpose.used(answer.link)
    if answer.state is State.EXPIRED and purpose and purpose.expired:
        with acting_as("public link"):
            shown = purpose.expired(answer.link)
        return make_response(shown, STATUS[State.EXPIRED]) if isinstance(shown, str) else shown
    if answer.state is not State.FOUND:
        return _ended(answer.state)
    if purpose is None:
        raise NotFound
    if not is_answer:
        return purpose.show(answer.link)
    with acting_as("public link"):
        return purpose.act(answer.link, request)


@bp.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _language(link: PersonalLink) -> str:
    wanted = request.args.get("lang")
    return wanted if wanted in LANGUAGES else link.language


def _unknown() -> Response:
    wait = throttle.hit("links.unknown", request.remote_addr or "", WRONG_TOKENS, WRONG_SECONDS, clock().now())
    if wait:
        raise TooManyRequests(retry_after=wait)
    return _ended(State.UNKNOWN)


def _ended(state: State) -> Response:
    return make_response(render_template("links/ended.html", state=state.value), STATUS[state])


class _NoTokens(logging.Filter):
    """Keeps tokens out of what Flask, Werkzeug and the server log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def init_app(app: Flask) -> None:
    from app.links.record_views import records  # the rooms it names are loaded by now

    app.register_blueprint(records)
    for logger in (app.logger, logging.getLogger("werkzeug"), logging.getLogger("granian.access"), logging.getLogger("_granian")):
        if not any(isinstance(kept, _NoTokens) for kept in logger.filters):
            logger.addFilter(_NoTokens())
