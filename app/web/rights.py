"""Which permission an endpoint asks for. Deny by default: an endpoint that names none answers 403 to all.

`@allow("mandates.extend")` stands under the route; `@public` marks what needs no login. Rights over one record are asked
before the write: `require(current_user.may_change(mandate))`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user

from app.core.errors import Forbidden
from app.db import audit

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
# Endpoints of extensions, with what they ask for.
FOREIGN = {"static": PUBLIC}


def allow(permission: str) -> Callable[[View], View]:
    """Mark a view with the permission it asks for."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to people without a login."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return the permission an endpoint asks for, PUBLIC, or None where it names none."""
    view = app.view_functions.get(endpoint)
    return getattr(view, "permission", None) or FOREIGN.get(endpoint)


def require(allowed: bool) -> None:
    """Raise Forbidden (403) unless `allowed`."""
    if not allowed:
        raise Forbidden


def init_app(app: Flask) -> None:
    app.before_request(_check)


def _check() -> Any:
    audit.set_actor("public link", None)  # a thread serves one person after the other
    if request.endpoint is None:
        return None  # 404 or 405 follow
    permission = permission_of(current_app, request.endpoint)
    if permission == PUBLIC:
        return None
    if not current_user.is_authenticated:
        if request.method not in ("GET", "HEAD"):
            abort(401)
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    audit.set_actor("user", current_user.id)
    if permission is None or not current_user.may(permission):
        abort(403)
    return None
