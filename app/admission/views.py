"""The pages of admission."""

from __future__ import annotations

from flask import Flask

from app.admission import link_views as link_views  # registers what is behind the links
from app.admission import registration_views


def init_app(app: Flask) -> None:
    app.register_blueprint(registration_views.bp)
