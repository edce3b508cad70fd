"""The search field's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from flask_babel import lazy_gettext as _l

from app.search import ddl
from app.search.queries import find
from app.web.kept import kept_page
from app.web.rights import allow

bp = Blueprint("search", __name__)
HEADINGS = {
    "manager": _l("Managers"),
    "client": _l("Clients"),
    "contact": _l("Contacts"),
    "mandate": _l("Mandates"),
    "referee": _l("Referees"),
}
LISTS = {"manager": "/managers", "client": "/clients", "mandate": "/mandates", "referee": "/references"}
__all__ = ["bp", "ddl"]


@bp.get("/search")
@allow("search.read")
def index() -> Any:
    text = request.args.get("q", "").strip()[:200]
    number = text.removeprefix("ID").removeprefix("id").strip()
    if number.isascii() and number.isdigit() and len(number) <= 9 and text != number:
        return redirect(f"/managers/{int(number)}")  # "ID 9999" is a manager's number and nothing else
    found = tuple(find(text)) if text else ()
    return kept_page("search/index.html", constant={"headings": HEADINGS, "lists": LISTS}, text=text, found=found)
