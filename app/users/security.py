"""Flask-Security as we use it: Argon2, authenticator codes, recovery codes, Flask-Login's `current_user`.

Its own pages are switched off: they commit by themselves, answer errors with 200 and know no sessions on the server.
Ours stand in `sign_in.py`. Source: docs/decisions, "Sign-in".
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore
from flask_security.totp import Totp
from passlib.exc import TokenError
from sqlalchemy.exc import OperationalError

from app.core.clock import clock
from app.db import db
from app.settings.queries import firm
from app.users import sessions
from app.users.models import User

log = structlog.get_logger()
RECOVERY_CODES = 10


class AuthenticatorCodes(Totp):
    """Codes of an authenticator app, by our clock, each good once."""

    def matching(self, code: str, secret: str, last_counter: int | None, at: datetime) -> int | None:
        """Return the counter of the code if it is right for `secret` and newer than `last_counter`, else None.

        The step before and the one after the present 30 seconds are taken as well.
        """
        try:
            match = self._totp.verify(code, secret, time=at.timestamp(), window=30, last_counter=last_counter)
        except (TokenError, ValueError):
            return None
        return int(match.counter)


class _NoRole(RoleMixin):
    """Flask-Security wants a class of roles; ours is one word in `User.role`."""


def init_app(app: Flask) -> None:
    key = app.config["SECRET_KEY"]
    app.config.update(  # names and options; none of them is a secret
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        # Argon2 salts by itself; a key in the hash would lose every password with the key.
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_SALT="not used with argon2",  # noqa: S106
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # noqa: S106
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TOTP_SECRETS={"1": key},
        SECURITY_TOTP_ISSUER="Lotse",
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=RECOVERY_CODES,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
    )
    security = Security(app, SQLAlchemyUserDatastore(db, User, _NoRole), register_blueprint=False, totp_cls=AuthenticatorCodes)
    manager = security.login_manager
    manager.user_loader(_load)
    manager._request_callback = None  # no sign-in by a token in the address or a header
    manager.session_protection = None  # the session on the server decides
    # Flask-Principal would load the user for every picture and style sheet; our rights do not use it.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.after_request(_note_seen)


def security() -> Security:
    return current_app.extensions["security"]


def authenticator() -> AuthenticatorCodes:
    """Return the maker and judge of authenticator codes."""
    codes = security().totp_factory
    assert isinstance(codes, AuthenticatorCodes)
    return codes


def limits() -> tuple[timedelta, timedelta]:
    """Return how long a session lasts without a request, and at most."""
    settings = firm()
    return timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_days)


def enter(key: str) -> None:
    """Put the key of a new session into the cookie; whatever the cookie held before is gone."""
    session.clear()
    session["_user_id"] = key
    g.pop("_login_user", None)


def leave() -> None:
    """Empty the cookie."""
    session.clear()
    g.pop("_login_user", None)
    g.pop("user_session", None)


def cookie_key() -> str | None:
    """Return the session key of this browser, whatever it still opens."""
    key = session.get("_user_id")
    return key if isinstance(key, str) else None


def this_session() -> sessions.Opened:
    """Return the session of the person signed in; only where there is one."""
    assert current_user.is_authenticated
    return g.user_session


def _load(key: str) -> User | None:
    idle, longest = limits()
    found = sessions.load(key, at=clock().now(), idle=idle, longest=longest)
    if found is None:
        return None
    user, g.user_session = found
    return user


def _note_seen(response: Response) -> Response:
    used: Any = g.get("user_session")
    if used is None or request.endpoint == "security.logout":
        return response
    try:
        sessions.seen(used, at=clock().now())
    except OperationalError as busy:
        # A full disk must not keep people from reading; the note follows with the next request.
        log.warning("session not noted", problem=type(busy.orig).__name__)
    return response
