"""Where one can go: the ten places, the keys that lead there, and the page that lists them on a phone.

Places are named by their fixed address. Shown is only what answers there already and what this person may open: both
are read from the route and the permission of its view, so nobody has to keep a second list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, flash, render_template, request
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.web.icons import icon_name
from app.web.rights import PUBLIC, allow, permission_of

EXTENSION = "lotse.navigation"
OF_BLUEPRINT = "lotse.place_of_blueprint"


@dataclass(frozen=True)
class Place:
    """One entry: its address, words, icon, and the keys that open it (two letters, one after the other)."""

    path: str
    label: Any
    icon: str
    keys: str | None = None
    short: Any = None  # for the tabs at the bottom of a phone


TODAY = Place("/today", _l("Today"), icon_name("sun"), "g t")
MANAGERS = Place("/managers", _l("Managers"), icon_name("person-badge"), short=lazy_pgettext("tab", "Managers"))
MANDATES = Place("/mandates", _l("Mandates"), icon_name("compass"), "g m")
LOG_TALK = Place("/talks/new", _l("Log a talk"), icon_name("telephone"), "n t", short=lazy_pgettext("tab", "Log a talk"))
NEW_MANAGER = Place("/managers/new", _l("New manager"), icon_name("plus-lg"), "n m")
SEARCH = Place("/search", _l("Search"), icon_name("search"))
SETTINGS = Place("/settings", _l("Settings"), icon_name("gear"))
MORE = Place("/menu", _l("More"), icon_name("list"))

GROUPS: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (None, (TODAY, Place("/calendar", _l("Calendar"), icon_name("calendar3"), "g c"))),
    (
        _l("People"),
        (
            Place("/admission", _l("Admission"), icon_name("inbox"), "g a"),
            MANAGERS,
            Place("/clients", _l("Clients"), icon_name("building")),
            Place("/references", _l("Referees"), icon_name("person-lines-fill")),
        ),
    ),
    (
        _l("Work"),
        (
            MANDATES,
            Place("/talks", _l("Talks"), icon_name("chat-text")),
            Place("/feedback", _l("Feedback"), icon_name("chat-quote")),
            Place("/figures", _l("Figures"), icon_name("bar-chart"), "g f"),
        ),
    ),
)
TABS = (TODAY, MANAGERS, LOG_TALK, MANDATES, MORE)
RARE = (
    SETTINGS,
    Place("/mail", _l("Mail"), icon_name("envelope")),
    Place("/users", _l("Users"), icon_name("people")),
    Place("/audit", _l("Audit trail"), icon_name("clock-history")),
    Place("/privacy", _l("Privacy"), icon_name("shield-check")),
)

ENTRIES = tuple(entry.path for entry in (*(entry for _heading, places in GROUPS for entry in places), LOG_TALK, MORE, *RARE))


def endpoint_at(path: str) -> str | None:
    """Return the endpoint that answers GET `path`, None where nothing does; found once for each path."""
    known: dict[str, str | None] = current_app.extensions[EXTENSION]
    if path not in known:
        try:
            known[path] = current_app.url_map.bind("localhost").match(path, method="GET")[0]
        except RequestRedirect as moved:
            known[path] = endpoint_at(moved.new_url.removeprefix("http://localhost"))
        except HTTPException:
            known[path] = None
    return known[path]


def may_open(path: str) -> bool:
    """Say whether `path` answers and this person has the permission its view asks for."""
    endpoint = endpoint_at(path)
    permission = permission_of(current_app, endpoint) if endpoint else None
    if permission is None or permission == PUBLIC:
        return permission == PUBLIC
    return bool(current_user.is_authenticated and current_user.may(permission))


def is_current(path: str, place: str | None = None) -> bool:
    """Say whether the page shown belongs to `path`; a page that says its own `place` is right."""
    if request.path == path:
        return True
    if place is not None:
        return place == path
    endpoint = endpoint_at(path)
    room = endpoint.rpartition(".")[0] if endpoint else ""
    return bool(room) and room == request.blueprint and "/" not in path.strip("/")


def place_here(place: str | None = None) -> str | None:
    """Return the address of the entry that the page shown belongs to, None where there is none."""
    if place is not None:
        return place
    if request.path in ENTRIES:
        return request.path
    known: dict[str | None, str | None] = current_app.extensions[OF_BLUEPRINT]
    if request.blueprint not in known:
        known[request.blueprint] = next((path for path in ENTRIES if is_current(path)), None)
    return known[request.blueprint]


def open_places(places: tuple[Place, ...]) -> list[Place]:
    """Return those of `places` that this person may open."""
    return [place for place in places if may_open(place.path)]


def side_groups() -> list[tuple[Any, list[Place]]]:
    """Return the groups of the main navigation with what is open in each; empty groups are left out."""
    groups = [(heading, open_places(places)) for heading, places in GROUPS]
    return [(heading, places) for heading, places in groups if places]


def key_places() -> list[Place]:
    """Return the places that have keys and are open, for the list under "?"."""
    every = [place for _heading, places in GROUPS for place in places] + [LOG_TALK, NEW_MANAGER]
    return [place for place in open_places(tuple(every)) if place.keys]


def flash_undo(text: str, url: str) -> None:
    """Tell that something was done, with a button that takes it back by a POST to `url` (a path of our own)."""
    flash(text, f"undo:{url}")


@allow("settings.own")
def menu() -> str:
    """Show all places on one page; the phone's "More"."""
    return render_template("shared/menu.html", groups=side_groups(), rare=open_places(RARE))


def init_app(app: Flask) -> None:
    app.extensions[EXTENSION], app.extensions[OF_BLUEPRINT] = {}, {}
    app.add_url_rule("/menu", "menu", menu)
    offered: Mapping[str, Any] = {
        "side_groups": side_groups,
        "open_places": open_places,
        "key_places": key_places,
        "is_current": is_current,
        "place_here": place_here,
        "may_open": may_open,
        "TABS": TABS,
        "TODAY": TODAY,
        "SEARCH": SEARCH,
        "LOG_TALK": LOG_TALK,
        "SETTINGS": SETTINGS,
    }
    app.jinja_env.globals.update(offered)
