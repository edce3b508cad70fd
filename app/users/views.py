"""The colleagues' pages and, from `sign_in`, the way in."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.environment import environment
from app.users import personal, second_factor, security, sign_in, team_views  # noqa: F401 - what is behind links; teams' pages
from app.users.administration import bp
from app.web.rights import PUBLIC, permission_of

__all__ = ["bp", "init_app"]

# What somebody may do who still owes a second factor: set it up, or leave.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "settings.second_factor_page",
        "settings.propose_second_factor",
        "settings.set_up_second_factor",
        "settings.second_factor_picture",
        "security.logout",
    }
)


def init_app(app: Flask) -> None:
    security.init_app(app)
    app.register_blueprint(sign_in.bp)
    app.before_request(_ask_for_second_factor)


def _ask_for_second_factor() -> Any:
    endpoint = request.endpoint
    if endpoint is None or endpoint in WITHOUT_SECOND_FACTOR or permission_of(current_app, endpoint) == PUBLIC:
        return None
    if current_user.has_second_factor or not second_factor.is_required(current_user.role, environment().require_mfa):
        return None
    if request.method not in ("GET", "HEAD"):
        abort(403)
    flash(_("Before you go on, please set up the second factor: your role needs one."), "warning")
    return redirect(url_for("settings.second_factor_page"))
