"""What every page needs many times, made quick: texts in the reader's language, and pieces that seldom change.

A list page asks for some hundred texts. Flask-Babel finds its catalogue anew for each through several proxies; here it is
found once for each request and language. Source: docs/decisions, "Quick pages".
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import tzinfo
from functools import lru_cache, wraps
from typing import Any, TypeVar

from flask import Flask
from flask.globals import app_ctx
from flask_babel import Babel, Domain, get_babel, get_locale, get_timezone
from flask_login import current_user
from jinja2 import Environment, pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup

KEPT = 1_000  # pieces
Answer = TypeVar("Answer")
KEPT_ROWS = 5_000
KEPT_LISTS = 100
_PIECES, _ROWS, _LISTS = "lotse.pieces", "lotse.rows", "lotse.lists"


def _babel_state() -> Any:
    context: Any = app_ctx
    return context._get_current_object().g.__dict__.get("_flask_babel")


def _context() -> Any:
    """Return the present application context without going through its proxy again and again; None outside of any."""
    try:
        return app_ctx._get_current_object()  # type: ignore[attr-defined]
    except RuntimeError:
        return None


def _here() -> Any:
    """Return where Flask-Babel keeps the reader's locale for this context; None before anybody asked for it."""
    context = _context()
    return None if context is None else context.g.__dict__.get("_flask_babel")


class QuickDomain(Domain):
    """Finds the catalogue of the reader's language once, until the language changes."""

    def get_translations(self) -> Any:
        here = _here()
        if here is not None:
            kept = here.__dict__
            locale = kept.get("babel_locale")
            if locale is not None and kept.get("lotse_locale") is locale:
                return kept["lotse_translations"]
        found = super().get_translations()
        here = _here()
        if here is not None:
            here.lotse_locale, here.lotse_translations = get_locale(), found
        return found


def locale_tag() -> str:
    """Return the reader's locale as "de" or "en_GB"; empty where nobody reads."""
    here = _here()
    if here is not None:
        kept = here.__dict__
        locale = kept.get("babel_locale")
        if locale is not None and kept.get("lotse_tagged") is locale:
            return kept["lotse_tag"]
    locale = get_locale()
    if locale is None:
        return ""
    here = _here()
    here.lotse_tagged, here.lotse_tag = locale, str(locale)
    return here.lotse_tag


def zone() -> tzinfo | None:
    """Return the reader's zone; None where nobody reads."""
    here = _here()
    return (None if here is None else here.__dict__.get("babel_tzinfo")) or get_timezone()


def by_language(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Remember the answers of `function`, for each language of readers apart.

    They must follow from the arguments, which are hashable and given by place, and from the language alone.
    """
    remembered = lru_cache(maxsize=4 * KEPT)(lambda _tag, *given: function(*given))

    @wraps(function)
    def answer(*given: Any) -> Answer:
        tag = locale_tag()
        return remembered(tag, *given) if tag else function(*given)

    return answer


class QuickBabel(Babel):
    """Flask-Babel with one QuickDomain instead of a new domain for each text."""

    _domain: QuickDomain | None = None

    @property
    def domain_instance(self) -> Domain:
        if self._domain is None:
            self._domain = QuickDomain(get_babel().translation_directories)
        return self._domain


def init_app(app: Flask) -> None:
    app.extensions.update({_PIECES: OrderedDict(), _ROWS: OrderedDict(), _LISTS: OrderedDict()})
    with app.app_context():
        domain = app.extensions["babel"].instance.domain_instance

    def gettext(message: str, **values: Any) -> Markup:
        text = Markup(domain.get_translations().ugettext(message))  # noqa: S704 - our own catalogue
        return text % values if "%" in text else text

    def ngettext(one: str, many: str, num: int, **values: Any) -> Markup:
        text = Markup(domain.get_translations().ungettext(one, many, num))  # noqa: S704 - our own catalogue
        return text % {"num": num, **values}

    app.jinja_env.make_globals = _globals_of(app.jinja_env)  # type: ignore[assignment, method-assign]
    app.jinja_env.globals.update(
        {
            "_": gettext,
            "gettext": gettext,
            "ngettext": ngettext,
            "piece": piece,
            "kept_list": kept_list,
            "kept_rows": kept_rows,
        }
    )


def _globals_of(environment: Environment) -> Callable[[Any], Any]:
    """Return what gives a template its globals: the environment's own dict where it has none beside.

    Jinja chains the two even then, and compares the names of the chain in Python at every import of macros.
    """
    chained = environment.make_globals
    return lambda beside: chained(beside) if beside else environment.globals


def kept_rows(macro: Macro, rows: Iterable[Any], *given: Any) -> Markup:
    """Return what `macro` writes for each of `rows`, remembered for its content, `given` and the language.

    All these are hashable, and what is written follows from them. The macro's name is unique among all that are kept.
    """
    known: OrderedDict[Any, Markup] = app_ctx.app.extensions[_ROWS]
    every = (macro.name, locale_tag(), *given)
    written: list[Markup] = []
    for row in rows:
        text = known.get((row, every))
        if text is None:
            text = known[row, every] = Markup(macro(row, *given))  # noqa: S704 - escaped by the macro
            if len(known) > KEPT_ROWS:
                known.popitem(last=False)
        written.append(text)
    return Markup("").join(written)


@pass_context
def piece(context: Context, name: str, **given: Any) -> Markup:
    """Return the template `name` rendered with `given`; kept by these, the language and the reader's role.

    Everything that the piece shows must follow from them.
    """
    return _kept(_PIECES, KEPT, context, name, given)


@pass_context
def kept_list(context: Context, name: str, **given: Any) -> Markup:
    """Return a whole list as `piece` does; few are kept, as they are large. `given` holds the rows as they were read."""
    return _kept(_LISTS, KEPT_LISTS, context, name, given)


def _kept(store: str, most: int, context: Context, name: str, given: dict[str, Any]) -> Markup:
    known: OrderedDict[Any, Markup] = app_ctx.app.extensions[store]
    full = (name, locale_tag(), getattr(current_user, "role", ""), *given.items())
    kept = known.get(full)
    if kept is None:
        kept = Markup(  # noqa: S704 - escaped by the template
            context.environment.get_template(name).render({**context.get_all(), **given})
        )
        known[full] = kept
        if len(known) > most:
            known.popitem(last=False)
    return kept
