"""The list of managers, a manager's page, entering and changing one. What happens to one record: `record_views`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.admission import art14, flow
from app.admission.state_rules import OPEN_REVIEWS
from app.admission.vocabulary import NEXT_STEPS
from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.db import check_version, unit_of_work
from app.feedback import labels as feedback_labels
from app.feedback import queries as feedback_queries
from app.interviews import labels as interview_labels
from app.interviews import queries as interview_queries
from app.managers import actions, forms, queries, rules, vocabulary
from app.managers.around import Around, around
from app.managers.filters import ON_MANDATE, Filters, filters_from
from app.managers.listing import Row, list_rows, state_pill
from app.managers.models import Manager
from app.managers.vocabulary import FUNCTIONS, INDUSTRIES, LANGUAGES, REGIONS, STATES
from app.managers.vocabulary import ON_MANDATE as ON_MANDATE_WORDS
from app.mandates.candidate_rules import State
from app.mandates.labels import CANDIDATE_STATES
from app.privacy.actions import check_not_erased
from app.references import call_queries, written_labels
from app.references import labels as reference_labels
from app.search import names as name_search
from app.settings.queries import firm
from app.settings.rules import Firm
from app.talks import labels as talk_labels
from app.timeline import queries as timeline
from app.timeline import record as tell
from app.users import belongings
from app.users.ownership import may_change_part, owner_choices
from app.users.queries import names
from app.web.common_forms import option_tags
from app.web.kept import kept_page
from app.web.pages import page
from app.web.paging import Content
from app.web.quick import by_language
from app.web.rights import allow, require

bp = Blueprint("managers", __name__, url_prefix="/managers")

NUMBER = re.compile(r"(?i)(?:id\s*)?([0-9]{1,9})")
AVAILABLE = {"now": _l("Free now"), "four_weeks": _l("Free within 4 weeks"), "unknown": _l("Availability unknown")}
SORTS = {"name": _l("By name"), "next_step": _l("By next step"), "newest": _l("Newest first")}
NEWCOMERS = {"yes": _l("Newcomers"), "no": _l("No newcomers")}
FILTERS: dict[str, dict[str, Any]] = {
    "state": {key: words for key, words in STATES.items() if key != rules.State.ERASED} | {ON_MANDATE: ON_MANDATE_WORDS},
    "function": FUNCTIONS,
    "industry": INDUSTRIES,
    "region": REGIONS,
    "language": LANGUAGES,
    "available": AVAILABLE,
    "newcomer": NEWCOMERS,
    "sort": SORTS,
}
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
    return kept_page(
        "managers/index.html",
        pages=found,
        filters=filters,
        views=_views,
        options=_options,
        shown=_shown,
        today_=today,
        firm_=firm(),
        sees_rates=current_user.may("mandates.money"),
    )


def _shown(rows: Sequence[Any], today: date, settings: Firm) -> list[Row]:
    return list_rows(rows, today, settings, talk_labels.kind)


def _named(q: str) -> Any:
    """Return the condition that a manager is found by `q`: parts of the name, or the number ("9999", "ID 9999")."""
    if not q:
        return None
    number = NUMBER.fullmatch(q)
    if number:
        return Manager.id == int(number[1])
    condition = name_search.matching("manager", q, Manager.id, Manager.folded_name, Manager.sort_name)
    return sa.false() if condition is None else condition


@by_language
def _options(filters: Filters) -> dict[str, Any]:
    """Return the options of each filter, those in force selected."""
    return {name: option_tags(vocabulary, getattr(filters, name)) for name, vocabulary in FILTERS.items()}


JUST_ENTERED = timedelta(minutes=2)  # so long the page of a new manager says that the entry has worked


def _address(given: dict[str, str]) -> str:
    return f"/managers?{urlencode(given)}" if given else "/managers"


@by_language
def _views(filters: Filters) -> list[tuple[str, str, bool]]:
    return [
        (str(words), _address(given), filters == Filters(sort=filters.sort, **given))  # type: ignore[arg-type]
        for words, given in VIEWS
    ]


@bp.get("/<int:manager_id>")
@allow("managers.read")
def show(manager_id: int) -> Any:
    manager, today, settings = _live(manager_id), clock().today(firm().zone), firm()
    found, events, known = around(manager), timeline.rows_of(manager), names()
    feedback, interviews = feedback_queries.of_manager(manager.id), interview_queries.summary_of(manager.id)
    rights, vouched = rights_over(manager), call_queries.known_of(manager.id)
    if request.args.get("entered") and clock().now() - manager.created_at < JUST_ENTERED:
        flash(_("%(name)s is entered as ID %(number)d.", name=manager.name, number=manager.id))

    def late() -> dict[str, Any]:
        return _in_words(manager, found, today) | {
            "duplicates": queries.possible_duplicates(manager) if request.args.get("entered") else (),
            "events": timeline.told(events, known),
            "owner": known.get(manager.owner_id or 0),
            "interviews": interviews,
            "feedback": feedback,
            "known": vouched,
            "known_mean": vouched.mean(today),
            "rights": rights,
        }

    return kept_page(
        "managers/show.html",
        constant=_WORDS,
        late=late,
        manager_as_of=(manager.id, manager.version),
        found=found,
        told=(Content(events.rows), events.next_url, events.first_url),
        heard=tuple(feedback),
        vouched=vouched,
        spoken=Content([vars(interviews).values()]),
        names=tuple(known.items()),
        may=tuple(rights.items()),
        today_=today,
        settings=settings,
        entered=clock().now() if request.args.get("entered") else None,  # who else is like this one is looked up anew
    )


_WORDS = {
    "interview_labels": interview_labels,
    "feedback_labels": feedback_labels,
    "reference_labels": reference_labels,
    "labels": talk_labels,
    "vocabulary": vocabulary,
    "written_labels": written_labels,
}


def _in_words(manager: Manager, found: Around, today: date) -> dict[str, Any]:
    """Return what the page says of the manager and what hangs on him or her."""
    mandate_ends_on = found.mandate_ends_on(today)
    known_days, confirmed_on = firm().availability_known_days, manager.availability_confirmed_on
    return {
        "manager": manager,
        "free": rules.availability(manager.available_from, confirmed_on, mandate_ends_on, today, known_days),
        "pill_of_state": state_pill(manager.state, mandate_ends_on is not None),
        "papers_are_stale": rules.are_stale(found.papers_on, today, firm().papers_fresh_months),
        "papers_on": found.papers_on,
        "unknown_since": rules.unknown_since(confirmed_on, known_days),
        "next_talk": found.next_talk,
        "talks": found.talks,
        "mandates": found.mandates,
        "references": found.references,
        "short_lists": [(one, CANDIDATE_STATES[State(one.state)]) for one in found.short_lists],
        "documents": found.documents,
        "admission": found.admission,
        "state_words": STATES[rules.State(manager.state)],
        "admission_step": NEXT_STEPS.get(rules.State(manager.state)),
        "is_review_owed": manager.state in OPEN_REVIEWS,
        "days": known_days,
        "days_ago": (today - confirmed_on).days if confirmed_on else None,
    }


def rights_over(manager: Manager) -> dict[str, bool]:
    """Return what the person signed in may do to this manager, for buttons; the views ask again."""
    return {
        "edit": may_change_part(current_user, manager, "managers.contact_data"),
        "papers": may_change_part(current_user, manager, "managers.papers"),
        "step": may_change_part(current_user, manager, "next_steps.write"),
        "write": current_user.may_change(manager),
        "erase": current_user.may("managers.erase"),
        "release": current_user.may("managers.release") and manager.state != rules.State.RELEASED,
        "note": current_user.may("notes.write"),
        "interview": current_user.may("interviews.hold") and manager.state not in rules.GONE,
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
    form.owner_id.offer(lambda: owner_choices(clock().today(firm().zone)), str(current_user.id))
    if form.submitted():
        try:
            form.check_name()
            again_reason = form.again_reason.data if may_release else None
            with unit_of_work() as work:
                is_back = check_not_erased(form.email.data, reason=again_reason, may_override=may_release)
                manager = actions.enter(
                    form.values() | {"available_from": form.available_from.data},
                    owner=form.owner_id.chosen,
                    released_because=form.reason.data or "" if may_release and form.release.data else None,
                    actor=current_user,
                    at=clock().now(),
                    today=clock().today(firm().zone),
                )
                flow.note(None, manager.state, at=clock().now())
                art14.notify(manager, source=form.source.data, ground=form.ground.data or art14.INTEREST, at=clock().now())
                if is_back:
                    tell("privacy.entered_again", manager, actor=current_user, at=clock().now(), text=again_reason)
                work.leads_to(f"/managers/{manager.id}?entered=1")  # which says so, and looks for the same person
        except RuleViolation as violation:
            form.refuse(violation)
        else:
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
