"""What every page needs many times, made quick: texts in the reader's language, and pieces that seldom change.

A list page asks for some hundred texts. Flask-Babel finds its catalogue anew for each through several proxies; here it is
found once for each request and language. Source: docs/decisions, "Quick pages".
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from flask.globals import app_ctx
from flask_babel import Babel, Domain, get_babel, get_locale
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

KEPT = 1_000  # pieces
_PIECES = "lotse.pieces"


def _babel_state() -> Any:
    context: Any = app_ctx
    return context._get_current_object().g.__dict__.get("_flask_babel")


class QuickDomain(Domain):
    """Finds the catalogue of the reader's language once, until the language changes."""

    def get_translations(self) -> Any:
        here = _babel_state() if app_ctx else None
        locale = getattr(here, "babel_locale", None)
        if here is not None and locale is not None and here.__dict__.get("lotse_locale") is locale:
            return here.lotse_translations
        found = super().get_translations()
        if isinstance(found, NullTranslations) and here is None:
            return found
        here = _babel_state()
        if here is not None:
            here.lotse_locale, here.lotse_translations = get_locale(), found
        return found


class QuickBabel(Babel):
    """Flask-Babel with one QuickDomain instead of a new domain for each text."""

    _domain: QuickDomain | None = None

    @property
    def domain_instance(self) -> Domain:
        if self._domain is None:
            self._domain = QuickDomain(get_babel().translation_directories)
        return self._domain


def init_app(app: Flask) -> None:
    app.extensions[_PIECES] = OrderedDict()
    with app.app_context():
        domain = app.extensions["babel"].instance.domain_instance

    def gettext(message: str, **values: Any) -> Markup:
        text = Markup(domain.get_translations().ugettext(message))  # noqa: S704 - our own catalogue
        return text % values if "%" in text else text

    def ngettext(one: str, many: str, num: int, **values: Any) -> Markup:
        text = Markup(domain.get_translations().ungettext(one, many, num))  # noqa: S704 - our own catalogue
        return text % {"num": num, **values}

    app.jinja_env.globals.update({"_": gettext, "gettext": gettext, "ngettext": ngettext, "piece": piece})


@pass_context
def piece(context: Context, name: str, **given: Any) -> Markup:
    """Return the template `name` rendered with `given`; kept by these, the language and the reader's role.

    Everything that the piece shows must follow from them.
    """
    pieces: OrderedDict[Any, Markup] = app_ctx.app.extensions[_PIECES]
    role = current_user.role if current_user and current_user.is_authenticated else ""
    full = (name, str(get_locale()), role, *given.items())
    kept = pieces.get(full)
    if kept is None:
        kept = Markup(  # noqa: S704 - escaped by the template
            context.environment.get_template(name).render({**context.get_all(), **given})
        )
        pieces[full] = kept
        if len(pieces) > KEPT:
            pieces.popitem(last=False)
    return kept
