"""The session cookie, with the object that checks its signature made once instead of for each request."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Cookies(SecureCookieSessionInterface):
    """Flask's own cookies; the key does not change while the application runs."""

    _serializer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer


def init_app(app: Flask) -> None:
    app.session_interface = Cookies()
