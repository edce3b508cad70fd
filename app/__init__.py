"""Lotse: the back office of an interim-management provider."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import db as database
from app.core.clock import CLOCK, Clock, SystemClock
from app.db.engine import engine_options, watch
from app.web import bodies
from config import ROOT, Config

# Each room's module that holds its blueprint `bp`, or None where a room has no pages; events, guards and link
# purposes are registered when these load.
ROOMS = (
    "users",
    "settings",
    "mail",
    "links",
    "files",
    "clients",
    "managers",
    "ledger",
    "talks",
    "mandates",
    "interviews",
    "feedback",
    "asking",
    "admission",
    "references",
    "reminders",
    "health",
    "search",
    "privacy",
    "exchange",
    "backup",
    "today",
)


def create_app(config: Config, clock: Clock | None = None) -> Flask:
    """Build the application; nothing is migrated or seeded by it."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping(_flask_settings(config))
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]  # no view is async: need not be looked at each time
    app.extensions["lotse.config"] = config
    app.extensions[CLOCK] = clock or SystemClock(config.clock_offset)
    bodies.init_app(app)
    if config.trusted_proxies:
        app.wsgi_app = _proxy(app, config)  # type: ignore[method-assign]

    from app.web import errors

    database.db.init_app(app)
    watch(app)
    errors.init_app(app)  # first: what is too large or unreadable is not searched for a token
    CSRFProtect(app)
    Migrate(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    _web(app)
    _rooms(app)

    from app import cli, scheduler

    cli.init_app(app)
    scheduler.init_app(app)
    cli.check_commands(app)
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(config.database_url),
        "MAX_CONTENT_LENGTH": bodies.MOST_SENT,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "REGISTRATION_SECONDS": 0.3,  # what an answer to a registration takes at least
        "WINDOW_SECONDS": 20.0,  # so long a mandate's page takes the reference window as it was read, where nothing was told
        "SESSION_COOKIE_NAME": "__Host-lotse" if config.is_https else "lotse",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "TESTING": config.testing,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
        "TEMPLATES_AUTO_RELOAD": False,
    }
    settings.update(config.flask)
    return settings


def _proxy(app: Flask, config: Config) -> Any:
    from app.web.proxies import only_from

    return only_from(config.trusted_proxies, app.wsgi_app, ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0))


def _web(app: Flask) -> None:
    from app.settings.queries import firm
    from app.web import assets, cookies, fields, formats, headers, hosts, kept, language, logs, navigation, rights
    from app.web.forms import action_fields

    cookies.init_app(app)
    logs.init_app(app)
    hosts.init_app(app)
    language.init_app(app, firm=firm)
    rights.init_app(app)
    formats.init_app(app)
    fields.init_app(app)
    assets.init_app(app)
    headers.init_app(app)
    kept.init_app(app)
    navigation.init_app(app)
    app.jinja_env.globals["action_fields"] = action_fields
    app.jinja_env.globals["firm"] = firm


def _rooms(app: Flask) -> None:
    for part in ("models", "events"):  # all models first: relations upwards go by name
        for room in ROOMS:
            if find_spec(f"app.{room}.{part}") is not None:
                importlib.import_module(f"app.{room}.{part}")
    for room in ROOMS:
        if find_spec(f"app.{room}.views") is None:
            continue
        views = importlib.import_module(f"app.{room}.views")
        if hasattr(views, "init_app"):
            views.init_app(app)
        if hasattr(views, "bp"):
            app.register_blueprint(views.bp)
