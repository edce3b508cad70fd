"""Error pages: a clear sentence, what to do, nothing leaked."""

from __future__ import annotations

import errno
import secrets
from typing import Any

import structlog
from flask import Flask, current_app, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, RoutingException
from werkzeug.wrappers import Response

from app.core.errors import N_, Forbidden, RuleViolation, StaleRecord, StoreAway
from app.db import AlreadyDone, db
from app.web.language import LANGUAGES
from app.web.values import plain_value

log = structlog.get_logger()

AWAY = N_(
    "The place where files are kept cannot be reached at present. Nothing was saved. What needs no file works as always; please try again in a few minutes."
)


class IdConverter(IntegerConverter):
    """Whole numbers that a database can hold; anything larger is no record of ours (404)."""

    regex = "[0-9]+"  # the default takes the digits of all scripts: one record would have many addresses

    def __init__(self, map: Any, **kwargs: Any) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, max=2**31 - 1, **kwargs)  # PostgreSQL's integer, the type of our keys


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
    app.before_request(_bound_size)
    app.before_request(_refuse_nul)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Forbidden, lambda _error: _answer(403))
    app.register_error_handler(StaleRecord, _stale)
    app.register_error_handler(ObjectDeletedError, _erased)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(RuleViolation, _violation)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _bug)


def _bound_size() -> None:
    """A form without files is bounded as the fields of one with files are; Werkzeug bounds only those."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = request.max_form_memory_size


def _refuse_nul() -> Any:
    if "\0" in request.path or any("\0" in value for values in request.args.listvalues() for value in values):
        return _answer(400)
    return None


def _answer(code: int, **context: Any) -> tuple[str, int, dict[str, str]]:
    if code >= 500:  # the database may be what fails: who reads is not asked
        g.language = request.accept_languages.best_match(LANGUAGES) or "en"
        refresh()
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]  # read by nobody we know
    headers = {"Retry-After": str(context["retry_after"])} if context.get("retry_after") else {}
    return render_template("errors/error.html", code=code, **context), code, headers


def _http(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):
        # A name that is not ours: nothing is known of this request, so no page of ours can be built for it.
        return Response(
            "400 Bad Request: this server does not answer under that name.\n", 400, content_type="text/plain; charset=utf-8"
        )
    if isinstance(error, RoutingException) or error.code is None or error.code < 400:
        return error
    retry_after = getattr(error, "retry_after", None)
    answer = _answer(error.code, retry_after=retry_after)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer[2]["Allow"] = value
    return answer


def _violation(violation: RuleViolation) -> Any:
    """A "no" to something that was no form with fields: one button, one sentence."""
    db.session.rollback()
    values = {name: value if type(value) is int else plain_value(value) for name, value in violation.values.items()}
    return _answer(422, sentence=_(violation.message, **values))


def _erased(_error: ObjectDeletedError) -> Any:
    """Somebody else erased the record, or the link to it, while this request was under way."""
    db.session.rollback()
    return _answer(404)


def _already_done(done: AlreadyDone) -> Response:
    flash(_("This was saved already; here it is."))
    return redirect(done.location, 303)


def _stale(_error: StaleRecord) -> Any:
    """Show both versions side by side: what is saved now, and what this person typed."""
    db.session.rollback()
    form, record = g.get("version_form"), g.get("version_record")
    if form is None or record is None:
        return _answer(409)
    from app.web.version_views import page_of_both  # knows the timeline and the people, and so is loaded after them

    return page_of_both(form, record) or _answer(404)


def _database(error: OperationalError) -> Any:
    db.session.rollback()
    text = str(error.orig).lower()
    log.error("database", problem=type(error.orig).__name__, full="full" in text)
    if "disk is full" in text or "no space left" in text or "readonly" in text:
        return _answer(507)
    return _answer(503, retry_after=5)


def _system(error: OSError) -> Any:
    if isinstance(error, StoreAway):
        db.session.rollback()
        return _answer(503, sentence=_(AWAY), retry_after=30)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _bug(error)
    db.session.rollback()
    log.error("disk full")
    return _answer(507)


def _bug(error: Exception) -> Any:
    db.session.rollback()
    log.exception("bug", endpoint=request.endpoint)
    return _answer(500, reference=g.get("request_id") or secrets.token_hex(6))
