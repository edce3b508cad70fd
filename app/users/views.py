"""The colleagues' pages and, from `sign_in`, the way in."""

from __future__ import annotations

from flask import Flask

from app.users import security, sign_in


def init_app(app: Flask) -> None:
    security.init_app(app)
    app.register_blueprint(sign_in.bp)
