"""The list of clients, a client's page, entering and changing one. Contacts: `contact_views`; small forms: `record_views`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.clients import actions, forms, queries, vocabulary
from app.clients.models import Client
from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.core.names import fold_company
from app.core.phones import shown_phone
from app.core.vocabulary import INDUSTRIES, REGIONS, words_of
from app.db import check_version, db, unit_of_work
from app.feedback import labels as feedback_labels
from app.feedback import queries as feedback_queries
from app.search import names as name_search
from app.settings.queries import firm
from app.timeline import events_of
from app.users import belongings
from app.users.ownership import may_change_part, owner_choices
from app.users.queries import names
from app.web.common_forms import option_tags
from app.web.kept import kept_page
from app.web.pages import page
from app.web.quick import by_language
from app.web.rights import allow, require

bp = Blueprint("clients", __name__, url_prefix="/clients")

SORTS = {"name": _l("By name"), "next_step": _l("By next step"), "newest": _l("Newest first")}
VIEWS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (_l("All"), {}),
    (_l("Mine"), {"owner": "mine"}),
    (_l("Without next step"), {"step": "none"}),
)


@bp.get("", strict_slashes=False)
@allow("clients.read")
def index() -> Any:
    filters, today = queries.filters_from(request.args), clock().today(firm().zone)
    return kept_page(
        "clients/index.html",
        pages=queries.listing(filters, _named(filters.q), current_user.id, today),
        filters=filters,
        owners=tuple(names().items()),
        today_=today,
        views=_views,
        options=_options,
        shown=_shown,
    )


def _shown(rows: Sequence[Any], owners: Sequence[tuple[int, str]]) -> list[Any]:
    known = dict(owners)
    return [(row, _industry(row.industry), known.get(row.owner_id, "")) for row in rows]


def _views(filters: queries.Filters) -> list[tuple[str, str, bool]]:
    return [
        (
            str(words),
            f"/clients?{urlencode(given)}" if given else "/clients",
            filters == queries.Filters(sort=filters.sort, **given),
        )
        for words, given in VIEWS
    ]


def _options(filters: queries.Filters) -> dict[str, Any]:
    return {
        "industry": option_tags(INDUSTRIES, filters.industry),
        "region": option_tags(REGIONS, filters.region),
        "sort": option_tags(SORTS, filters.sort),
    }


@by_language
def _industry(key: str | None) -> str:
    return words_of(INDUSTRIES, key)


def _named(q: str) -> Any:
    """Return the condition that a client is found by parts of its name, the legal form aside."""
    if not q:
        return None
    condition = name_search.matching("client", fold_company(q), Client.id, Client.sort_name, Client.sort_name)
    return sa.false() if condition is None else condition


@bp.get("/<int:client_id>")
@allow("clients.read")
def show(client_id: int) -> Any:
    client, today = db.get_or_404(Client, client_id), clock().today(firm().zone)
    contacts = queries.contacts_of(client)
    return page(
        "clients/show.html",
        client=client,
        contacts=contacts,
        today_=today,
        mandates=queries.mandates_of(client),
        duplicates=queries.possible_duplicates(client) if request.args.get("entered") else (),
        events=events_of(client, names()),
        owner=names().get(client.owner_id or 0),
        industry=words_of(INDUSTRIES, client.industry),
        region=words_of(REGIONS, client.region),
        country=words_of(REGIONS, client.country) if client.region != client.country else "",
        roles=vocabulary.CONTACT_ROLES,
        feedback=feedback_queries.of_client(client.id),
        feedback_labels=feedback_labels,
        rights=rights_over(client),
    )


def rights_over(client: Client) -> dict[str, bool]:
    """Return what the person signed in may do to this client, for buttons; the views ask again."""
    return {
        "edit": may_change_part(current_user, client, "clients.contact_data"),
        "step": may_change_part(current_user, client, "next_steps.write"),
        "write": current_user.may_change(client),
        "note": current_user.may("notes.write"),
        "mandate": current_user.may("mandates.write"),
    }


@bp.route("/new", methods=["GET", "POST"])
@allow("clients.write")
def new() -> Any:
    form = forms.NewClientForm.for_request(**({} if request.method == "POST" else _blank()))
    form.owner_id.offer(lambda: owner_choices(clock().today(firm().zone)), str(current_user.id))
    if form.submitted():
        try:
            with unit_of_work() as work:
                client = actions.enter(
                    form.values(),
                    owner=form.owner_id.chosen,
                    actor=current_user,
                    at=clock().now(),
                    today=clock().today(firm().zone),
                )
                work.leads_to(lambda: _after_entry(client))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("%(name)s is entered.", name=client.name))
            return work.redirect()
    return page("clients/form.html", form, client=None, full=True)


def _blank() -> dict[str, Any]:
    country = firm().region[:2]
    return {
        "name": request.args.get("name", "")[:160],
        "turnover_currency": "CHF" if country == "CH" else "EUR",
        "owner_id": str(current_user.id),
    }


def _after_entry(client: Client) -> str:
    """Return the new client's address; with a mark where one of that name is there already."""
    found = queries.possible_duplicates(client, most=1)
    return url_for(".show", client_id=client.id, entered=1 if found else None)


@bp.route("/<int:client_id>/edit", methods=["GET", "POST"])
@allow("clients.contact_data")
def edit(client_id: int) -> Any:
    client = db.get_or_404(Client, client_id)
    require(may_change_part(current_user, client, "clients.contact_data"))
    in_full = current_user.may_change(client)
    form = (forms.ClientForm if in_full else forms.ClientAddressForm).for_request(obj=client)
    if form.submitted():
        change = actions.change if in_full else actions.change_address
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, client, "clients.contact_data"))
                check_version(client, form)
                change(client, form.values(), actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", client_id=client_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("clients/form.html", form, client=client, full=in_full)


def phone(number: str | None) -> str:
    """Return an E.164 number as the reader writes it: without the country's code at home."""
    return shown_phone(number, (getattr(current_user, "region", None) or firm().region)[:2])


def init_app(app: Flask) -> None:
    from app.clients import contact_views, record_views  # noqa: F401  (their routes belong to the same blueprint)

    app.add_template_filter(phone)
    belongings.register("clients", N_("Clients"), count=queries.count_owned, hand_over=actions.hand_over)
