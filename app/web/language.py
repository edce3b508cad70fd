"""Which language and zone a page speaks in: the person's own, else the link's, the browser's, the firm's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user

from app.web import quick

LANGUAGES = ("de", "nl", "en")


def init_app(app: Flask, firm: Callable[[], Any]) -> None:
    """Choose the language of each page; `firm` gives the firm's settings (zone, language)."""
    app.extensions["lotse.firm_reader"] = firm
    # English pages write days as in the mock pages ("Tue 24 March"), so English is British here.
    quick.QuickBabel(app, default_locale="en_GB", locale_selector=_locale, timezone_selector=_zone)
    quick.init_app(app)
    app.jinja_env.globals["language"] = language


def language() -> str:
    """Return the reader's language: "de", "nl" or "en"."""
    if not has_request_context():
        return "en"
    if g.get("language") in LANGUAGES:  # set by pages behind a personal link
        return g.language
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        return wanted
    reader = current_user._get_current_object()  # asked for each page: once through the proxy, not thrice
    if reader is not None and reader.is_authenticated:
        spoken: str = reader.language
        return spoken
    return request.accept_languages.best_match(LANGUAGES) or _firm().language


def locale_of(code: str) -> str:
    """Return the locale of a language: British for English, for its days and commas."""
    return "en_GB" if code == "en" else code


def _locale() -> str:
    return locale_of(language())


def _zone() -> str:
    if has_request_context() and current_user and current_user.is_authenticated and current_user.zone:
        return current_user.zone
    return _firm().zone


def _firm() -> Any:
    return current_app.extensions["lotse.firm_reader"]()
