"""The session cookie, read with less work: a request brings the same one that the requests before it brought.

Source: docs/decisions, "Quick pages".
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from app.core.clock import system_seconds

KEPT = 1_000  # cookies, some hundred characters each


class Cookies(SecureCookieSessionInterface):
    """Flask's own cookies, whose signatures are checked once; their age each time. The key stays while the program runs."""

    def __init__(self) -> None:
        self._serializer: Any = None
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()  # by cookie: what it holds, when it was signed

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        longest = int(app.permanent_session_lifetime.total_seconds())
        known = self._known.get(cookie)
        if known is not None and 0 <= system_seconds() - known[1] <= longest:
            return self.session_class(self.serializer.loads(known[0]))
        try:
            held, signed_at = self.get_signing_serializer(app).loads(cookie, max_age=longest, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        self._known[cookie] = (self.serializer.dumps(held), signed_at.timestamp())
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self.session_class(held)


def init_app(app: Flask) -> None:
    app.session_interface = Cookies()
