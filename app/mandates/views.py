"""The list of mandates, opening and changing one. A mandate's page, contract, end and steps: the `…_views` beside this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, abort, flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.clients.models import Client, Contact
from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.db import check_version, db, unit_of_work
from app.mandates import (
    actions,
    board_views,
    candidate_views,
    contract_views,
    end_views,
    evaluation_views,
    exit_views,
    forms,
    gate_views,
    handbook_views,
    handover_views,
    labels,
    places,
    plan_views,
    queries,
    record_views,
    report_views,
    rules,
    scoping_views,
    status_views,
    step_views,
)
from app.mandates.blueprint import bp, contact_choices, firm_today, only_contact_of, opened, shown
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.users import belongings
from app.users.models import User
from app.users.ownership import owner_choices
from app.users.queries import choices, names
from app.web.common_forms import options_of
from app.web.kept import kept_page
from app.web.pages import page
from app.web.quick import by_language
from app.web.rights import allow, require
from app.web.values import record_number

__all__ = [
    "board_views",
    "bp",
    "candidate_views",
    "contract_views",
    "end_views",
    "evaluation_views",
    "exit_views",
    "gate_views",
    "handbook_views",
    "handover_views",
    "init_app",
    "places",
    "plan_views",
    "record_views",
    "report_views",
    "scoping_views",
    "status_views",
    "step_views",
]

FILTERS = ("view", "stage", "owner", "client", "manager", "q")  # of the list, as the address names them


@bp.get("", strict_slashes=False)
@allow("mandates.read")
def index() -> Any:
    wanted, today = _wanted(), firm_today()
    ending_days = max(firm().decide_before_end_days, default=60)
    return kept_page(
        "mandates/index.html",
        pages=queries.listed(wanted, today, ending_days),
        wanted=wanted,
        chips=tuple(_chips(wanted)),
        today_=today,
        ending_days=ending_days,
        views=_views,
        stages=_stages_offered,
        shown=_shown,
    )


def _views() -> list[tuple[Any, str, bool]]:
    """Return the views of the list that is asked for, each with its address, and which one it is."""
    present = _wanted().view
    return [(words, _address(view=key), key == present) for key, words in labels.VIEWS.items()]


def _stages_offered() -> list[tuple[int, str]]:
    return [(int(stage), labels.stage(stage)) for stage in rules.Stage]


def _shown(rows: Sequence[Any], today: date) -> list[Shown]:
    return [_row(row, today) for row in rows]


def _wanted() -> queries.Filter:
    given = request.args
    view = given.get("view", "running")
    stage = record_number(given.get("stage"))
    return queries.Filter(
        view=view if view in queries.VIEWS else "running",
        stage=stage if stage in list(rules.Stage) else None,
        owner_id=current_user.id if given.get("owner") == "mine" else None,
        client_id=record_number(given.get("client")),
        manager_id=record_number(given.get("manager")),
        text=given.get("q", "").strip()[:200],
    )


def _address(**changed: Any) -> str:
    given = {name: request.args[name] for name in FILTERS if name in request.args}
    query = urlencode({name: value for name, value in (given | changed).items() if value})
    return f"/mandates?{query}" if query else "/mandates"


def _chips(wanted: queries.Filter) -> list[tuple[str, str]]:
    chips = []
    if wanted.client_id is not None:
        chips.append((queries.client_name(wanted.client_id) or _("Unknown client"), _address(client=None)))
    if wanted.manager_id is not None:
        chips.append((queries.name_of_manager(wanted.manager_id) or _("Unknown manager"), _address(manager=None)))
    return chips


class Shown(NamedTuple):
    """A row of the list as its template needs it."""

    row: Any
    number: str
    manager: str
    state: str
    tone: str
    remaining: str
    begins_on: date | None
    talk_words: str
    needs_step: bool


@by_language
def _row(row: Any, today: date) -> Shown:
    """Return what the template needs of one row, so that it decides nothing."""
    standing = _standing(row, today)
    words, tone = labels.pill(row.stage, standing)
    return Shown(
        row=row,
        number=rules.number(row.year, row.running),
        manager=queries.manager_name(row),
        state=words,
        tone=tone,
        remaining=labels.remaining(rules.remaining_days(today, row.ends_on)) if standing is rules.Standing.RUNNING else "",
        begins_on=row.starts_on if standing is rules.Standing.AHEAD else None,
        talk_words=talk_labels.kind(row.talk_kind) if row.talk_kind else "",
        needs_step=standing not in (rules.Standing.LOST, rules.Standing.CLOSED),
    )


def _standing(row: Any, today: date) -> rules.Standing:
    return rules.standing(
        today,
        signed_on=row.signed_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        lost_on=row.lost_on,
        closed_on=row.closed_on,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("mandates.write")
def new() -> Any:
    client_id = record_number(request.args.get("client"))
    if client_id is None:
        text = request.args.get("q", "").strip()[:200]
        return page("mandates/choose_client.html", clients=queries.clients_like(text), text=text)
    client = db.session.get(Client, client_id) or abort(404)
    form = forms.NewForm.for_request(owner_id=str(current_user.id), contact_id=only_contact_of(client_id))
    _offer_people(form, client.id, None)
    if form.submitted():
        try:
            with unit_of_work() as work:
                client = db.get_or_404(Client, client_id)
                mandate = actions.create(
                    client,
                    _facts(form),
                    contact=_contact(form),
                    owner=db.get_or_404(User, int(form.owner_id.data)),
                    colleague_ids=[int(number) for number in form.colleague_ids.data or ()],
                    next_step=form.next_step.data,
                    next_step_on=form.next_step_on.data,
                    actor=current_user,
                    at=clock().now(),
                    today=firm_today(),
                )
                work.leads_to(lambda: shown(mandate.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("%(number)s is open. Sign the contract here once it is agreed.", number=mandate.number))
            return work.redirect()
    return page("mandates/new.html", form, client=client)


def _offer_people(form: Any, client_id: int, mandate: Mandate | None) -> None:
    """Fill the choices of contact, owner and team; whoever is chosen now stays among them."""
    team = dict(choices())
    for number in mandate.colleague_ids if mandate else ():
        team.setdefault(str(number), names().get(number, str(number)))
    form.owner_id.choices = options_of(owner_choices(firm_today(), keep=mandate.owner_id if mandate else None))
    form.colleague_ids.choices = options_of(team.items())
    form.contact_id.choices = contact_choices(client_id, mandate.contact if mandate else None, _("Not known yet"))


def _facts(form: Any, clause: str | None = None) -> actions.Facts:
    return actions.Facts(
        title=form.title.data,
        goal=form.goal.data,
        reports_to=form.reports_to.data,
        exit_plan=form.exit_plan.data,
        handed_over=form.handed_over.data,
        exit_on=form.exit_on.data,
        clause=clause,
        function=form.function.data or None,
    )


def _contact(form: Any) -> Contact | None:
    return db.session.get(Contact, int(form.contact_id.data)) if form.contact_id.data else None


@bp.route("/<int:mandate_id>/edit", methods=["GET", "POST"])
@allow("mandates.write")
def edit(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    form = forms.EditForm.for_request(obj=mandate)
    _offer_people(form, mandate.client_id, mandate)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                _change(mandate, form)
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/edit.html", form, mandate=mandate)


def _change(mandate: Mandate, form: Any) -> None:
    at, today = clock().now(), firm_today()
    actions.change_facts(mandate, _facts(form, form.clause.data), actor=current_user, at=at, today=today)
    actions.change_contact(mandate, _contact(form), actor=current_user, at=at)
    owner = db.get_or_404(User, int(form.owner_id.data))
    colleagues = [db.get_or_404(User, int(number)) for number in form.colleague_ids.data or ()]
    actions.give_to(mandate, owner, actor=current_user, at=at, today=today)
    actions.set_colleagues(mandate, colleagues, actor=current_user, at=at)


def _hand_over(from_user: User, to_user: User, actor: User | None, at: Any) -> int:
    """Give every open mandate to a colleague; the talks that were to be held by the one who leaves follow."""
    given = queries.open_of(from_user.id)
    for mandate in given:
        actions.give_to(mandate, to_user, actor=actor, at=at, today=firm_today())
    return len(given)


def init_app(_app: Flask) -> None:
    belongings.register("mandates", N_("Mandates"), count=queries.count_open_of, hand_over=_hand_over)
