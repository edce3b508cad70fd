"""The list of managers, a manager's page, entering and changing one. What happens to one record: `record_views`."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.db import check_version, db, unit_of_work
from app.managers import actions, forms, queries, rules, vocabulary
from app.managers.filters import ON_MANDATE, Filters, filters_from
from app.managers.models import Manager
from app.managers.vocabulary import FUNCTIONS, INDUSTRIES, LANGUAGES, REGIONS, STATE_TONES, STATES
from app.managers.vocabulary import ON_MANDATE as ON_MANDATE_WORDS
from app.search import names as name_search
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.timeline import events_of
from app.users import belongings
from app.users.models import User
from app.users.ownership import may_change_part, owner_choices
from app.users.queries import names
from app.web.common_forms import options_of
from app.web.pages import page
from app.web.rights import allow, require

bp = Blueprint("managers", __name__, url_prefix="/managers")

NUMBER = re.compile(r"(?i)(?:id\s*)?([0-9]{1,9})")
AVAILABLE = {"now": _l("Free now"), "four_weeks": _l("Free within 4 weeks"), "unknown": _l("Availability unknown")}
SORTS = {"name": _l("By name"), "next_step": _l("By next step"), "newest": _l("Newest first")}
NEWCOMERS = {"yes": _l("Newcomers"), "no": _l("No newcomers")}
VIEWS: tuple[tuple[Any, dict[str, str]], ...] = (
    (_l("All"), {}),
    (_l("Mine"), {"owner": "mine"}),
    (_l("Released"), {"state": "released"}),
    (_l("On mandate"), {"state": ON_MANDATE}),
    (_l("Availability unknown"), {"state": "released", "available": "unknown"}),
    (_l("Papers over 12 months"), {"state": "released", "papers": "stale"}),
    (_l("Without next step"), {"step": "none"}),
)


@bp.get("", strict_slashes=False)
@allow("managers.read")
def index() -> Any:
    filters, today = filters_from(request.args), clock().today(firm().zone)
    found = queries.listing(filters, _named(filters.q), current_user.id, today, firm())
    more = queries.derived([row.id for row in found.rows], today)
    return page(
        "managers/index.html",
        pages=found,
        rows=[_shown(row, more[row.id], today) for row in found.rows],
        filters=filters,
        views=_views(filters),
        choices=_choices(),
        sees_rates=current_user.may("mandates.money"),
    )


def _named(q: str) -> Any:
    """Return the condition that a manager is found by `q`: parts of the name, or the number ("9999", "ID 9999")."""
    if not q:
        return None
    number = NUMBER.fullmatch(q)
    if number:
        return Manager.id == int(number[1])
    condition = name_search.matching("manager", q, Manager.id, Manager.folded_name, Manager.sort_name)
    return sa.false() if condition is None else condition


def _choices() -> dict[str, list[tuple[str, Any]]]:
    state = [(key, words) for key, words in STATES.items() if key != rules.State.ERASED]
    return {
        "state": [*state, (ON_MANDATE, ON_MANDATE_WORDS)],
        "function": list(FUNCTIONS.items()),
        "industry": list(INDUSTRIES.items()),
        "region": list(REGIONS.items()),
        "language": list(LANGUAGES.items()),
        "available": list(AVAILABLE.items()),
        "newcomer": list(NEWCOMERS.items()),
        "sort": list(SORTS.items()),
    }


def _views(filters: Filters) -> list[tuple[str, str, bool]]:
    return [
        (str(words), url_for(".index", **given), filters == Filters(sort=filters.sort, **given))  # type: ignore[arg-type]
        for words, given in VIEWS
    ]


def state_pill(state: str, on_mandate: bool) -> tuple[str, str | None]:
    """Return words and tone of the state; *On mandate* in place of *released* while one runs."""
    if on_mandate and state == rules.State.RELEASED:
        return str(ON_MANDATE_WORDS), "info"
    return str(STATES[state]), STATE_TONES.get(state)


def _shown(row: Any, more: queries.Derived, today: Any) -> dict[str, Any]:
    """Return what the template needs of one row, so that it decides nothing."""
    words, tone = state_pill(row.state, more.mandate_ends_on is not None)
    return {
        "row": row,
        "more": more,
        "state": words,
        "tone": tone,
        "free": rules.availability(
            row.available_from, row.availability_confirmed_on, more.mandate_ends_on, today, firm().availability_known_days
        ),
        "stale": rules.are_stale(more.papers_on, today, firm().papers_fresh_months),
        "talk": talk_labels.kind(more.talk_kind) if more.talk_kind and not row.next_step else None,
        "live": row.state not in rules.GONE,
    }


@bp.get("/<int:manager_id>")
@allow("managers.read")
def show(manager_id: int) -> Any:
    manager, today = _live(manager_id), clock().today(firm().zone)
    more = queries.derived([manager.id], today)[manager.id]
    talks = queries.talks_of(manager)
    return page(
        "managers/show.html",
        manager=manager,
        shown=_shown(manager, more, today),
        next_talk=next((talk for talk in reversed(talks) if talk.state in ("due", "arranged")), None),
        talks=talks,
        mandates=queries.mandates_of(manager),
        documents=newest_of_each(queries.documents_of(manager)),
        duplicates=queries.possible_duplicates(manager) if request.args.get("entered") else (),
        events=events_of(manager, names()),
        owner=names().get(manager.owner_id or 0),
        rights=rights_over(manager),
        labels=talk_labels,
        vocabulary=vocabulary,
        days=firm().availability_known_days,
        days_ago=(today - manager.availability_confirmed_on).days if manager.availability_confirmed_on else None,
    )


def newest_of_each(documents: Any) -> list[Any]:
    """Return the newest version of each kind of document."""
    return list({document.kind: document for document in reversed(documents)}.values())


def rights_over(manager: Manager) -> dict[str, bool]:
    """Return what the person signed in may do to this manager, for buttons; the views ask again."""
    return {
        "edit": may_change_part(current_user, manager, "managers.contact_data"),
        "papers": may_change_part(current_user, manager, "managers.papers"),
        "step": may_change_part(current_user, manager, "next_steps.write"),
        "write": current_user.may_change(manager),
        "release": current_user.may("managers.release") and manager.state != rules.State.RELEASED,
        "note": current_user.may("notes.write"),
        "rates": current_user.may("mandates.money"),
    }


def _live(manager_id: int) -> Manager:
    """Return the manager with tags; 404 for none, and for one that was erased."""
    manager = queries.with_tags(manager_id)
    if manager.state == rules.State.ERASED:
        abort(404)
    return manager


@bp.route("/new", methods=["GET", "POST"])
@allow("managers.write")
def new() -> Any:
    may_release = current_user.may("managers.release")
    form_class = forms.NewReleasedManagerForm if may_release else forms.NewManagerForm
    form = form_class.for_request(**({} if request.method == "POST" else _blank()))
    form.owner_id.choices = options_of(owner_choices(clock().today(firm().zone)), _("Nobody"))
    if form.submitted():
        try:
            form.check_name()
            with unit_of_work() as work:
                manager = actions.enter(
                    form.values() | {"available_from": form.available_from.data},
                    owner=db.session.get(User, int(form.owner_id.data)) if form.owner_id.data else None,
                    released_because=form.reason.data or "" if may_release and form.release.data else None,
                    actor=current_user,
                    at=clock().now(),
                    today=clock().today(firm().zone),
                )
                work.leads_to(lambda: _after_entry(manager))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("%(name)s is entered as ID %(number)d.", name=manager.name, number=manager.id))
            return work.redirect()
    return page("managers/form.html", form, manager=None)


def _blank() -> dict[str, Any]:
    country = firm().region[:2]
    return {
        "last_name": request.args.get("name", "")[:80],
        "language": firm().language,
        "country": country,
        "rate_currency": "CHF" if country == "CH" else "EUR",
        "owner_id": str(current_user.id),
    }


def _after_entry(manager: Manager) -> str:
    """Return the new manager's address; with a mark where somebody of that name or address is there already."""
    found = queries.possible_duplicates(manager, most=1)
    return url_for(".show", manager_id=manager.id, entered=1 if found else None)


@bp.route("/<int:manager_id>/edit", methods=["GET", "POST"])
@allow("managers.contact_data")
def edit(manager_id: int) -> Any:
    manager = _live(manager_id)
    require(may_change_part(current_user, manager, "managers.contact_data"))
    in_full = current_user.may_change(manager)
    form = (forms.ManagerForm if in_full else forms.ContactDataForm).for_request(obj=manager, name_checked="yes")
    if form.submitted():
        change = actions.change if in_full else actions.change_contact_data
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, manager, "managers.contact_data"))
                check_version(manager, form)
                change(manager, form.values(), actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", manager_id=manager_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("managers/form.html", form, manager=manager, in_full=in_full)


def init_app(app: Flask) -> None:
    from app.managers import record_views  # noqa: F401  (its routes belong to the same blueprint)

    belongings.register("managers", N_("Managers"), count=queries.count_owned, hand_over=actions.hand_over)
