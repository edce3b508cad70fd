"""Structured logs: one JSON object a line, with the request's number and without personal data.

Of an exception the kind and the places in our code are kept, never its text: that may quote what somebody typed, and a
database's message names the row. Of a request the route is kept, never the path: addresses of personal links are secret.
Source: docs/decisions/28-health-and-metrics.md.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request

from app.core.measures import REQUESTS
from app.web.proxies import PROXIED

log = structlog.get_logger()
HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{6,64}")
_NOT_TOLD = ("static", "favicon", "robots")


def configure(stream: TextIO) -> None:
    """Write all logs there, those of libraries too."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            without_texts,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Libraries)] + [_Libraries(logging.WARNING)]


class _Libraries(logging.Handler):
    """What is logged the standard way. Of a library the template alone is kept, because its values may be anything."""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage() if record.name.startswith("app.") else str(record.msg) if record.args else record.funcName
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(log, level)(said, logger=record.name, line=record.lineno, exc_info=record.exc_info)


def without_texts(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the exception by its kinds and places."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        original = getattr(following, "orig", following)
        codes = {name: getattr(original, name, None) for name in ("sqlstate", "sqlite_errorname", "errno")}
        said = ", ".join(f"{name} {value}" for name, value in codes.items() if value)
        kind = f"{type(following).__module__}.{type(following).__qualname__}" + (f" ({said})" if said else "")
        yield kind + "\n" + "".join(traceback.format_tb(following.__traceback__)).rstrip()
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def init_app(app: Flask) -> None:
    configure(sys.stderr)
    app.before_request(_number)
    app.after_request(_tell)


def _number() -> None:
    """Number the request: as the proxy did whom we trust, else anew."""
    given = request.headers.get(HEADER, "") if request.environ.get(PROXIED) else ""
    g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(6)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _tell(response: Response) -> Response:
    """Say what was asked for and how it went."""
    if "began" not in g:  # refused before it had a number
        return response
    response.headers[HEADER] = g.request_id
    if request.endpoint in _NOT_TOLD:
        return response
    seconds = time.perf_counter() - g.began
    route = request.url_rule.rule if request.url_rule is not None else "none"
    REQUESTS.observe((request.method, route, str(response.status_code)), seconds)
    user = sa.inspect(g.get("_login_user"), raiseerr=False)
    number = user.identity[0] if user is not None and getattr(user, "identity", None) else None
    log.info("request", method=request.method, route=route, status=response.status_code, ms=round(seconds * 1000, 1), user=number)
    return response
