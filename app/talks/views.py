"""Pages of talks: the list, one talk, and what is done to it. Logging: `record_views`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.asking import talk_page
from app.core.clock import clock
from app.core.dates import ONE_DAY, local_instant, next_working_day
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.mail.queries import letters_about
from app.settings.queries import firm
from app.talks import access, actions, invitation_letters, invitations, labels, list_queries, queries, show_queries
from app.talks.forms import AppointmentForm, CancellationForm, ClosingCancellationForm, DeclinationForm, DueForm
from app.talks.invitation_letters import Draft
from app.talks.list_queries import VIEWS, Filters
from app.talks.models import Talk
from app.talks.record_views import bp, today
from app.talks.rules import DeclineReason, Kind, Side, State, is_overdue, lacks_record, usual_minutes
from app.talks.state_rules import Channel, Verb, check
from app.timeline import events_of
from app.users.queries import names
from app.web.forms import ActionForm
from app.web.kept import kept_page
from app.web.pages import page
from app.web.quick import zone
from app.web.rights import allow, require

__all__ = ["bp"]

TEN = time(10, 0)


@bp.get("")
@allow("talks.read")
def index() -> Any:
    filters = _filters()
    return kept_page(
        "talks/index.html",
        pages=list_queries.listed(filters, current_user.id, today()),
        filters=filters,
        names=tuple(names().items()),
        today_=today(),
        zone_=zone(),
        labels=labels,
        views=VIEWS,
        choices=_choices,
        shown=_lines,
    )


def _lines(rows: Sequence[Any], owners: Sequence[tuple[int, str]], today: date) -> list[tuple[list_queries.Row, str | None]]:
    known = dict(owners)
    return [(row, known.get(row.owner_id or 0)) for row in list_queries.rows_of(rows, today)]


def _choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer."""
    return {
        "kinds": [(kind.value, labels.kind(kind)) for kind in Kind],
        "states": [(state.value, labels.state(state)) for state in State],
        "sides": [(side.value, labels.side(side)) for side in Side],
    }


def _filters() -> Filters:
    args = request.args
    owner = args.get("owner", "")
    return Filters(
        view=args.get("view") if args.get("view") in VIEWS else "mine",  # type: ignore[arg-type]
        kind=args.get("kind", "") if args.get("kind") in set(Kind) else "",
        state=args.get("state", "") if args.get("state") in set(State) else "",
        side=args.get("side", "") if args.get("side") in set(Side) else "",
        owner_id=int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 10 else None,
        q=args.get("q", "").strip()[:100],
    )


@bp.get("/<int:talk_id>")
@allow("talks.read")
def show(talk_id: int) -> Any:
    talk = queries.find(talk_id) or abort(404)
    if talk.kind == Kind.INTERVIEW:
        return redirect(url_for("interviews.show", talk_id=talk.id), 303)
    state = State(talk.state)
    may_change = access.may_change(current_user, talk, today())
    return page(
        "talks/show.html",
        talk=talk,
        verbs={verb.value for verb in access.verbs_of(talk)} if may_change else set(),
        may_correct=state is State.HELD and access.may_correct(current_user, talk),
        may_change=may_change,
        is_overdue=is_overdue(state, talk.due_on, today()),
        lacks_record=lacks_record(state, talk.sort_on, today()) or _is_over(talk),
        why=show_queries.why_due(talk),
        events=events_of(talk, names()),
        letters=letters_about(talk),
        last=queries.last_held(talk.contact_id, talk.manager_id if talk.side == Side.MANAGER else None, but=talk.id),
        names=names(),
        labels=labels,
        answers=show_queries.answers_of(talk),
        **talk_page.request_of(talk, today(), may_change=may_change),
    )


def _is_over(talk: Talk) -> bool:
    """Say whether the appointment has passed, whatever the day, and nothing was written down."""
    return talk.state == State.ARRANGED and talk.ends_at is not None and talk.ends_at < clock().now()


def _for_change(talk_id: int, verb: Verb) -> Talk:
    """Return the talk if this person may change it; a talk that cannot be changed so is refused with its sentence."""
    talk = queries.find(talk_id) or abort(404)
    require(access.may_change(current_user, talk, today()))
    check(State(talk.state), verb, talk.cancelled_by_change)
    return talk


def _still_may_change(talk: Talk) -> None:
    """Ask once more inside the unit of work: the talk may have gone to somebody else meanwhile."""
    require(access.may_change(current_user, talk, today()))


@bp.route("/<int:talk_id>/arrangement", methods=["GET", "POST"])
@allow("talks.arrange")
def arrangement(talk_id: int) -> Any:
    talk = queries.find(talk_id) or abort(404)
    if talk.state == State.ARRANGED and request.method == "GET":
        return redirect(url_for(".postponements", talk_id=talk.id))
    require(access.may_change(current_user, talk, today()))
    form = _appointment_form(talk, "invitation")
    if form.submitted():
        try:
            with unit_of_work() as work:
                _still_may_change(talk)
                check_version(talk, form)
                actions.arrange(
                    talk, _terms(form), actor=current_user, at=clock().now(),
                    words=_words(form), tell_outside=form.tell.data, override_reason=form.override_reason.data,
                )  # fmt: skip
                work.leads_to(lambda: url_for(".show", talk_id=talk.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Arranged; the invitation is on its way.") if form.tell.data else _("Arranged."))
            return work.redirect()
    return _appointment_page("talks/arrangement.html", form, talk, **talk_page.guard_of(talk, today()))


@bp.route("/<int:talk_id>/postponements", methods=["GET", "POST"])
@allow("talks.arrange")
def postponements(talk_id: int) -> Any:
    """Move the appointment; without one, or with ?without=1, only the day on which the talk is due."""
    talk = _for_change(talk_id, Verb.POSTPONE)
    if talk.state == State.DUE or request.args.get("without"):
        return _put_off(talk)
    form = _appointment_form(talk, "moved")
    if form.submitted():
        try:
            with unit_of_work() as work:
                _still_may_change(talk)
                check_version(talk, form)
                actions.postpone(
                    talk, _terms(form), actor=current_user, at=clock().now(), reason=form.reason.data,
                    words=_words(form), tell_outside=form.tell.data,
                )  # fmt: skip
                work.leads_to(lambda: url_for(".show", talk_id=talk.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Moved; those invited get an update.") if form.tell.data else _("Moved."))
            return work.redirect()
    return _appointment_page("talks/postponement.html", form, talk)


def _put_off(talk: Talk) -> Any:
    form = DueForm.for_request(obj=talk)
    if form.submitted():
        assert form.due_on.data is not None
        try:
            with unit_of_work() as work:
                _still_may_change(talk)
                check_version(talk, form)
                actions.put_off(
                    talk, form.due_on.data, actor=current_user, at=clock().now(), today=today(), reason=form.reason.data
                )
                work.leads_to(lambda: url_for(".show", talk_id=talk.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Put off."))
            return work.redirect()
    return page("talks/put_off.html", form, talk=talk, labels=labels)


@bp.route("/<int:talk_id>/declination", methods=["GET", "POST"])
@allow("talks.arrange")
def declination(talk_id: int) -> Any:
    talk = _for_change(talk_id, Verb.DECLINE)
    form = DeclinationForm.for_request(obj=talk)
    form.prepare()
    if form.submitted():
        try:
            with unit_of_work() as work:
                _still_may_change(talk)
                check_version(talk, form)
                actions.decline(
                    talk, DeclineReason(form.decline_reason.data), form.note.data, actor=current_user, at=clock().now()
                )
                work.leads_to(lambda: url_for(".show", talk_id=talk.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The “no” is noted."))
            return work.redirect()
    return page("talks/declination.html", form, talk=talk, labels=labels)


@bp.route("/<int:talk_id>/cancellation", methods=["GET", "POST"])
@allow("talks.arrange")
def cancellation(talk_id: int) -> Any:
    talk = _for_change(talk_id, Verb.CANCEL)
    is_closing = talk.kind == Kind.CLOSING and talk.mandate is not None
    form = (ClosingCancellationForm if is_closing else CancellationForm).for_request(obj=talk)
    if form.submitted():
        with unit_of_work() as work:
            _still_may_change(talk)
            check_version(talk, form)
            no_closing = form.no_closing_reason.data if "no_closing_reason" in form else None
            actions.cancel(talk, form.note.data or "", actor=current_user, at=clock().now(), no_closing_reason=no_closing)
            work.leads_to(lambda: url_for(".show", talk_id=talk.id))
        flash(_("Cancelled."))
        return work.redirect()
    return page("talks/cancellation.html", form, talk=talk, labels=labels, told=[one.person.name for one in _told(talk)])


def _told(talk: Talk) -> list[invitations.Invitee]:
    return [one for one in invitations.invitees(talk) if one.key in talk.invited]


@bp.post("/<int:talk_id>/step")
@allow("talks.log")
def step(talk_id: int) -> Any:
    """Mark the agreed next step as done."""
    talk = queries.find(talk_id) or abort(404)

    def may() -> bool:
        return access.may_change(current_user, talk, today()) or talk.step_owner_id == current_user.id

    return _one_click(talk, may, lambda: actions.step_done(talk, actor=current_user, at=clock().now(), today=today()), _("Done."))


@bp.post("/<int:talk_id>/decision")
@allow("talks.arrange")
def decision(talk_id: int) -> Any:
    """Keep an appointment that a changed end of the mandate left at an odd time."""
    talk = queries.find(talk_id) or abort(404)

    def may() -> bool:
        return access.may_change(current_user, talk, today())

    return _one_click(
        talk, may, lambda: actions.settle(talk, actor=current_user, at=clock().now()), _("The appointment is kept.")
    )


def _one_click(talk: Talk, may: Callable[[], bool], do: Callable[[], Any], said: str) -> Any:
    require(may())
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        require(may())
        do()
        work.leads_to(url_for(".show", talk_id=talk.id))
    flash(said)
    return work.redirect()


def _appointment_form(talk: Talk, occasion: Any) -> AppointmentForm:
    form = AppointmentForm.for_request(**_shown(talk, occasion))
    zone = talk.appointment_zone or _zone_of(talk)
    form.prepare([form.zone.data, zone, firm().zone, current_user.zone], show_queries.can_take_part(talk))
    return form


def _zone_of(talk: Talk) -> str:
    return (talk.contact.zone if talk.contact is not None else None) or current_user.zone or firm().zone


def _shown(talk: Talk, occasion: Any) -> dict[str, Any]:
    """Return what the form shows at first: the present appointment, else a proposal, and the usual letter."""
    zone = talk.appointment_zone or _zone_of(talk)
    start = talk.appointment_at.astimezone(ZoneInfo(zone)) if talk.appointment_at else _proposal(talk, zone)
    person = talk.person
    preferred = talk.channel or getattr(person, "channel", None)
    channel = preferred if preferred in set(Channel) else Channel.PHONE
    place = talk.place or (show_queries.number_of(person) if channel == Channel.PHONE else None)
    words = invitation_letters.draft(talk, person.language if person is not None else firm().language, occasion)
    invited = any(not key.startswith("user-") for key in talk.invited)
    return {
        "version": talk.version,
        "day": start.date(),
        "time": start.time().replace(second=0, microsecond=0),
        "minutes": talk.minutes or usual_minutes(Kind(talk.kind)),
        "zone": zone,
        "channel": channel,
        "place": place,
        "participants": [actions.participant_key(one) for one in talk.participants],
        "tell": bool(invitations.outside(talk)) and (occasion == "invitation" or invited),
        "benefit": words.benefit,
        "subject": words.subject,
        "message": words.message,
    }


def _proposal(talk: Talk, zone: str) -> datetime:
    """Return ten o'clock on the day it is due, or on the next working day where that is over."""
    region = talk.mandate.region if talk.mandate is not None else firm().region
    soonest = next_working_day(today() + ONE_DAY, region, firm().free_month_days)
    chosen = max(talk.due_on or soonest, soonest)
    return datetime.combine(chosen, TEN, ZoneInfo(zone))


def _terms(form: AppointmentForm) -> actions.Terms:
    return actions.Terms(
        starts_at=_starts_at(form),
        zone=form.zone.data,
        minutes=form.minutes.data or 0,
        channel=Channel(form.channel.data),
        place=form.place.data,
        participants=form.participants.data or (),
    )


def _starts_at(form: AppointmentForm) -> datetime:
    assert form.day.data is not None
    assert form.time.data is not None
    return local_instant(form.day.data, form.time.data, form.zone.data)


def _words(form: AppointmentForm) -> Draft | None:
    if not form.tell.data:
        return None
    return Draft(form.subject.data or "", form.benefit.data or "", form.message.data or "")


def _appointment_page(template: str, form: AppointmentForm, talk: Talk, **asking: Any) -> Any:
    return page(
        template,
        form,
        talk=talk,
        labels=labels,
        outside=invitations.outside(talk),
        clause=show_queries.clause_in_letter(talk),
        wants_benefit=invitation_letters.wants_benefit(talk),
        salutation=talk.person.salutation() if talk.person is not None else "",
        why=show_queries.why_due(talk),
        **asking,
    )
