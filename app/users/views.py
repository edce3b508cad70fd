"""Sign-in (until Flask-Security stands, a bare session)."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager

from app.db import db
from app.users.models import User


def init_app(app: Flask) -> None:
    manager = LoginManager(app)

    @manager.user_loader
    def _load(number: str) -> User | None:
        return db.session.get(User, int(number))

    @app.context_processor
    def _nothing() -> dict[str, object]:
        return {}
