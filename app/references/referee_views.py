"""Pages of referees: the lists, one referee, consent, notice, and planning a call."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.dates import local_day
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.mail.compose import Facts, speaking
from app.mail.queries import letters_about
from app.managers.models import Manager
from app.managers.rules import State as ManagerState
from app.privacy import referees as privacy
from app.references import call_queries, labels, referee_forms, referee_letters, referee_queries, written_labels
from app.references import referee_actions as actions
from app.references.blueprint import bp
from app.references.call_queries import Doubt
from app.references.models import Referee
from app.references.referee_queries import CALLS, CONSENTS, VIEWS, Filters
from app.references.referee_rules import ConsentHow, notice_due_on
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.talks.plan_queries import OPEN_STATES
from app.talks.rules import State, is_overdue, lacks_record
from app.timeline import events_of
from app.users.ownership import may_change_part
from app.users.queries import names
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require
from app.web.values import record_number

USUAL_WAIT = timedelta(days=7)


@bp.get("/references")
@allow("talks.read")
def index() -> Any:
    filters, day = _filters(), _today()
    about = db.session.get(Manager, filters.manager_id) if filters.manager_id is not None else None
    return page(
        "references/index.html",
        found=referee_queries.listed(filters),
        filters=filters,
        about=about,
        views=VIEWS,
        labels=labels,
        written_labels=written_labels,
        talk_labels=talk_labels,
        name_of=referee_queries.name_of,
        names=names(),
        is_late=lambda row: is_overdue(State(row.state), row.due_on, day),
        lacks=lambda row: lacks_record(State(row.state), row.sort_on, day),
    )


def _filters() -> Filters:
    args = request.args
    view = args.get("view") if args.get("view") in VIEWS else "referees"
    return Filters(
        view=str(view),
        q=args.get("q", "").replace("\0", "").strip()[:100],
        consent=args.get("consent", "") if args.get("consent") in CONSENTS and view == "referees" else "",
        state=args.get("state", "") if args.get("state") in CALLS and view == "calls" else "",
        manager_id=record_number(args.get("manager")),
    )


def _today() -> date:
    return clock().today(firm().zone)


def live_manager(manager_id: int) -> Manager:
    """Return the manager; 404 for none, and for one who was erased."""
    manager = db.get_or_404(Manager, manager_id)
    if manager.state == ManagerState.ERASED:
        abort(404)
    return manager


def _referee(referee_id: int) -> Referee:
    return referee_queries.find(referee_id) or abort(404)


def may_edit(manager: Manager) -> bool:
    """Say whether who is signed in may enter referees of this manager."""
    return may_change_part(current_user, manager, "managers.contact_data")


@bp.route("/managers/<int:manager_id>/referees/new", methods=["GET", "POST"])
@allow("managers.contact_data")
def new_referee(manager_id: int) -> Any:
    manager = live_manager(manager_id)
    require(may_edit(manager))
    form = referee_forms.RefereeForm.for_request(language=manager.language, country=manager.country or "")
    if form.submitted():
        try:
            form.check_name()
            with unit_of_work() as work:
                require(may_edit(manager))
                referee = actions.enter(manager, form.values(), actor=current_user, at=clock().now())
                work.leads_to(lambda: url_for(".referee", referee_id=referee.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Entered. Before a call the manager must agree to it."))
            return work.redirect()
    return page("references/referee_form.html", form, manager=manager, referee=None, number_hidden=False)


@bp.route("/references/referees/<int:referee_id>", methods=["GET", "POST"])
@allow("talks.read")
def referee(referee_id: int) -> Any:
    """One referee; whoever may change the manager judges here a rating that contradicts a written reference."""
    found = _referee(referee_id)
    form = referee_forms.JudgementForm.for_request(obj=found)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_judge(found.manager))
                check_version(found, form)
                actions.judge(found, form.judgement.data or "", _doubt(found), actor=current_user, at=clock().now())
                work.leads_to(url_for(".referee", referee_id=referee_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return _referee_page(found, form)


def may_judge(manager: Manager) -> bool:
    """Say whether who is signed in may judge what contradicts about this manager."""
    return bool(current_user.may("managers.write") and current_user.may_change(manager))


def _doubt(referee: Referee) -> Doubt | None:
    return call_queries.known_of(referee.manager_id).doubts.get(referee.id)


def _referee_page(found: Referee, form: Any) -> Any:
    day, talks = _today(), actions.talks_of(found)
    entered_on = local_day(found.created_at, firm().zone)
    return page(
        "references/referee.html",
        form,
        referee=found,
        doubt=_doubt(found),
        may_judge=may_judge(found.manager),
        talks=talks,
        open_talk=next((talk for talk in talks if talk.state in OPEN_STATES), None),
        labels=labels,
        talk_labels=talk_labels,
        events=events_of(found, names()),
        letters=letters_about(found),
        may_edit=may_edit(found.manager),
        due_on=notice_due_on(entered_on),
        is_late=found.told_at is None and notice_due_on(entered_on) < day,
    )


@bp.route("/references/referees/<int:referee_id>/edit", methods=["GET", "POST"])
@allow("managers.contact_data")
def edit_referee(referee_id: int) -> Any:
    found = _referee(referee_id)
    require(may_edit(found.manager))
    number_hidden = bool(found.number_kept) and not found.may_be_called
    form = referee_forms.RefereeForm.for_request(obj=found, name_checked="yes")
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_edit(found.manager))
                check_version(found, form)
                hidden = bool(found.number_kept) and not found.may_be_called
                actions.change(found, form.values(number_hidden=hidden), actor=current_user, at=clock().now())
                work.leads_to(url_for(".referee", referee_id=referee_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("references/referee_form.html", form, manager=found.manager, referee=found, number_hidden=number_hidden)


@bp.route("/references/referees/<int:referee_id>/consent", methods=["GET", "POST"])
@allow("managers.contact_data")
def consent(referee_id: int) -> Any:
    found = _referee(referee_id)
    require(may_edit(found.manager))
    form = referee_forms.ConsentForm.for_request(
        version=found.version, consent_on=found.consent_on or _today(), consent_how=found.consent_how
    )
    if form.submitted():
        assert form.consent_on.data is not None
        try:
            with unit_of_work() as work:
                require(may_edit(found.manager))
                check_version(found, form)
                how = ConsentHow(form.consent_how.data)
                actions.consent(found, form.consent_on.data, how, actor=current_user, at=clock().now())
                work.leads_to(url_for(".referee", referee_id=referee_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The consent is noted."))
            return work.redirect()
    return page("references/consent.html", form, referee=found)


@bp.post("/references/referees/<int:referee_id>/consent/withdrawal")
@allow("managers.contact_data")
def consent_withdrawal(referee_id: int) -> Any:
    def act(found: Referee) -> None:
        actions.withdraw_consent(found, actor=current_user, at=clock().now())

    return _one_click(referee_id, act, _("The consent is taken back: the number is hidden, open calls are called off."))


@bp.post("/references/referees/<int:referee_id>/objection")
@allow("managers.contact_data")
def objection(referee_id: int) -> Any:
    """Note what the referee has told a colleague: no call."""

    def act(found: Referee) -> None:
        actions.object_to(found, actor=current_user, at=clock().now())

    return _one_click(referee_id, act, _("Noted: no call. The number is hidden, open calls are called off."))


@bp.post("/references/referees/<int:referee_id>/agreement")
@allow("managers.contact_data")
def agreement(referee_id: int) -> Any:
    """Take back an objection, as the referee has told a colleague."""

    def act(found: Referee) -> None:
        check_version(found, ActionForm.for_request())
        actions.agree_after_all(found, actor=current_user, at=clock().now())

    return _one_click(referee_id, act, _("Noted."))


def _one_click(referee_id: int, act: Any, said: str) -> Any:
    found = _referee(referee_id)
    require(may_edit(found.manager))
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        require(may_edit(found.manager))
        act(found)
        work.leads_to(url_for(".referee", referee_id=referee_id))
    flash(said)
    return work.redirect()


@bp.route("/references/referees/<int:referee_id>/notice", methods=["GET", "POST"])
@allow("managers.contact_data")
def notice(referee_id: int) -> Any:
    """The notice of Art. 14 as a letter to print, and the day on which it was given."""
    found = _referee(referee_id)
    require(may_edit(found.manager))
    form = referee_forms.RefereeByHandForm.for_request(version=found.version, given_on=_today())
    if form.submitted():
        assert form.given_on.data is not None
        try:
            with unit_of_work() as work:
                require(may_edit(found.manager))
                check_version(found, form)
                actions.told_by_hand(found, form.given_on.data, actor=current_user, at=clock().now())
                work.leads_to(url_for(".referee", referee_id=referee_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    with speaking(found.language):
        parts = referee_letters.blocks(found)
    letter = [("facts", part.rows) if isinstance(part, Facts) else ("text", part) for part in parts]
    return page("references/notice.html", form, referee=found, letter=letter)


@bp.route("/references/referees/<int:referee_id>/calls/new", methods=["GET", "POST"])
@allow("talks.arrange")
def new_call(referee_id: int) -> Any:
    found = _referee(referee_id)
    form = referee_forms.CallForm.for_request(version=found.version, due_on=_today() + USUAL_WAIT)
    if form.submitted():
        assert form.due_on.data is not None
        try:
            with unit_of_work() as work:
                check_version(found, form)
                owner = current_user._get_current_object()
                talk = actions.plan_call(found, form.due_on.data, owner=owner, actor=owner, at=clock().now())
                work.leads_to(lambda: url_for("talks.show", talk_id=talk.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Planned. Arrange the appointment next, or log the call once it was held."))
            return work.redirect()
    return page("references/new_call.html", form, referee=found)


@bp.route("/references/referees/<int:referee_id>/removal", methods=["GET", "POST"])
@allow("managers.contact_data")
def removal(referee_id: int) -> Any:
    """Remove a referee with all data, as the referee's own erasure does."""
    found = _referee(referee_id)
    require(may_edit(found.manager))
    form = ActionForm.for_request(version=found.version)
    if form.submitted():
        manager_id = found.manager_id
        with unit_of_work() as work:
            require(may_edit(found.manager))
            check_version(found, form)
            privacy.erase(found, actor=current_user, at=clock().now())
            work.leads_to(url_for(".index", manager=manager_id))
        privacy.overwrite()
        flash(_("The referee is removed, with all data."))
        return work.redirect()
    return page("references/removal.html", form, referee=found, talks=actions.talks_of(found))
