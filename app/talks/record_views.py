"""Logging a talk: one that was due, one that nobody planned, or a call that nobody answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clients.models import Contact
from app.core.clock import clock
from app.core.dates import ONE_DAY, local_instant, next_working_day
from app.core.errors import N_, RuleViolation
from app.core.names import full_name
from app.db import check_version, db, unit_of_work
from app.managers.models import Manager
from app.settings.queries import firm
from app.talks import access, actions, labels, queries
from app.talks.forms import RecordForm, choices, record_form
from app.talks.models import Talk
from app.talks.question_rules import LONGEST_TEXT, NO_OPINION, OVERALL, questions
from app.talks.rules import SIDES, Kind, Side, State, usual_minutes
from app.talks.state_rules import Channel, Verb, possible
from app.timeline import record as tell
from app.users.queries import absent_on, active_names
from app.users.rules import Role
from app.web.formats import day, day_short
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require
from app.web.values import record_number

bp = Blueprint("talks", __name__, url_prefix="/talks")

OWN_TALK = "own"
SWITCH = "switch_to"  # the buttons that make another kind of a new talk before it is saved
KINDS_TO_LOG = (Kind.QUALITY, Kind.EXTENSION, Kind.CLOSING, Kind.AFTERCARE, Kind.OTHER)
NO_LONGER_FITS = N_("That talk does not fit any more: it was held, or is due more than %(days)s days from this day.")
NO_LONGER_FITS_ONE = N_("That talk does not fit any more: it was held, or is due more than one day from this day.")


@dataclass
class Call:
    """What is being logged: with whom, of which kind, about which mandate, and the talk that it is or may count as."""

    kind: Kind
    side: Side
    contact: Contact | None = None
    manager: Manager | None = None
    referee: Any = None
    mandates: list[Any] = field(default_factory=list)
    fitting: list[Talk] = field(default_factory=list)
    talk: Talk | None = None

    @property
    def person(self) -> Any:
        return self.contact or self.referee or self.manager

    @property
    def ids(self) -> tuple[int | None, int | None]:
        """Number of the contact, else of the manager: the person that other talks are looked up by."""
        if self.contact is not None:
            return self.contact.id, None
        return None, self.manager.id if self.manager is not None else None


@bp.route("/<int:talk_id>/record", methods=["GET", "POST"])
@allow("talks.log")
def record(talk_id: int) -> Any:
    """Log the talk, or correct its record once it was held."""
    talk = queries.find(talk_id) or abort(404)
    if talk.kind == Kind.INTERVIEW:  # it has a guide of its own, and is not completed without recommendations
        return redirect(url_for("interviews.show", talk_id=talk.id), 303)
    of_referee = talk.side == Side.REFEREE
    call = Call(Kind(talk.kind), Side(talk.side), talk.contact, None if of_referee else talk.manager, talk.referee, talk=talk)
    held = talk.state == State.HELD
    require(_may_record(talk))
    form = _prepared(call, _of_talk(talk))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(_may_record(talk))
                check_version(talk, form)
                verb = actions.correct if held else actions.log
                verb(talk, _noted(form), actor=current_user, at=clock().now())
                work.leads_to(lambda: _after(talk))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The record is corrected.") if held else _("Logged. Thank you."))
            return work.redirect()
    return _record_page(form, call)


def _may_record(talk: Talk) -> bool:
    """Say whether who is signed in may log this talk, or correct its record once it was held; asked again inside the work."""
    if talk.state == State.HELD:
        return access.may_correct(current_user, talk)
    return access.may_change(current_user, talk, today())


@bp.route("/new", methods=["GET", "POST"])
@allow("talks.log")
def new() -> Any:
    """Log a talk that nobody planned; without a person the page asks for one first."""
    planned = record_number(request.args.get("talk"))
    if planned is not None and request.method == "GET":
        return redirect(url_for(".record", talk_id=planned))
    call = _called()
    if call is None:
        q = request.args.get("q", "").strip()[:100]
        return page("talks/who.html", q=q, found=queries.people_found(q), last=queries.last_called(current_user.id))
    form = _prepared(call, _of_new(call))
    if SWITCH in request.form:
        return _record_page(_switched(form, call), call)
    if form.submitted():
        try:
            with unit_of_work() as work:
                talk = _talk_for(form, call)
                actions.log(talk, _noted(form), actor=current_user, at=clock().now())
                work.leads_to(lambda: _after(talk))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Logged. Thank you."))
            return work.redirect()
    return _record_page(form, call)


@bp.post("/<int:talk_id>/not-reached")
@allow("talks.log")
def not_reached(talk_id: int) -> Any:
    """Count a call that nobody answered."""
    talk = queries.find(talk_id) or abort(404)
    require(access.may_change(current_user, talk, today()))
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        require(access.may_change(current_user, talk, today()))
        actions.not_reached(talk, actor=current_user, at=clock().now())
        work.leads_to(url_for(".show", talk_id=talk.id))
    flash(_("Noted: not reached."))
    return work.redirect()


@bp.post("/not-reached")
@allow("talks.log")
def person_not_reached() -> Any:
    """Note on the person's timeline that a call outside the plan was not answered."""
    call = _called() or abort(404)
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        client = call.contact.client if call.contact is not None else None
        tell("talks.called_in_vain", call.person, actor=current_user, at=clock().now(), also=[client])
        work.leads_to(url_for(".new"))
    flash(_("Noted: not reached."))
    return work.redirect()


def today() -> date:
    """Return the day it is for the person at work."""
    return clock().today(current_user.zone or firm().zone)


def _zone(talk: Talk | None = None) -> str:
    return (talk.appointment_zone if talk is not None else None) or current_user.zone or firm().zone


def _called() -> Call | None:
    """Return whom the address names: ?contact=, ?manager= or ?mandate=; None where it names nobody."""
    args = request.args
    contact = _named(Contact, args.get("contact"))
    manager = _named(Manager, args.get("manager"))
    mandate_id = record_number(args.get("mandate"))
    if contact is None and manager is None:
        contact, manager = queries.people_of_mandate(mandate_id) if mandate_id is not None else (None, None)
        if args.get("side") == Side.MANAGER:
            contact = None
    if contact is None and manager is None:
        return None
    side = Side.CLIENT if contact is not None else Side.MANAGER
    call = Call(Kind.OTHER, side, contact, manager if contact is None else None)
    call.mandates = queries.mandates_with(*call.ids, today())
    call.mandates.sort(key=lambda one: one.id != mandate_id)
    call.fitting = [talk for talk in queries.fitting(*call.ids, today()) if talk.kind in KINDS_TO_LOG]
    wanted = request.form.get(SWITCH) or args.get("kind", "")
    if wanted in kinds_for(call):
        call.kind = Kind(wanted)
    elif call.fitting:
        call.kind = Kind(call.fitting[0].kind)
    elif call.mandates and call.mandates[0].runs_on(today()):
        call.kind = Kind.QUALITY
    call.fitting = [talk for talk in call.fitting if talk.kind == call.kind]
    return call


def _named(person: type[Any], text: str | None) -> Any:
    number = record_number(text)
    return None if number is None else db.session.get(person, number) or abort(404)


def kinds_for(call: Call) -> list[Kind]:
    """Return the kinds that a call with this person can be; those of a mandate only where there is one."""
    fits = [kind for kind in KINDS_TO_LOG if call.side in SIDES[kind]]
    return fits if call.mandates else [kind for kind in fits if kind is Kind.OTHER]


def _switched(form: RecordForm, call: Call) -> RecordForm:
    """Return the form for another kind of talk with all that was typed; what was only proposed is proposed anew."""
    before, proposed = _kind_before(), _of_new(call)
    if before is not None and form.minutes.data == usual_minutes(before):
        form.minutes.data, form.minutes.raw_data = proposed["minutes"], None
    for name in ("counts_as", "mandate"):
        field = getattr(form, name)
        if field is not None and field.data not in {value for value, *_words in field.iter_choices()}:
            field.data = proposed[name]
    return form


def _kind_before() -> Kind | None:
    kind = request.args.get("kind", "")
    return Kind(kind) if kind in KINDS_TO_LOG else None


def _carried(form: RecordForm) -> list[tuple[str, str, str]]:
    """Return name, words and value of answers that this kind of talk does not ask for: a switch back shows them again."""
    keys = {question.key for kind in KINDS_TO_LOG for side in Side for question in questions(kind, side)}
    given = ((key, request.form.get(key, "").strip()) for key in sorted(keys) if key not in form)
    return [(key, str(labels.question(key)), value[:LONGEST_TEXT]) for key, value in given if value and "\0" not in value]


def _address(call: Call) -> str:
    """Return where the form of a new talk posts: its person and kind, whatever led to the page."""
    contact_id, manager_id = call.ids
    mandate_id = record_number(request.args.get("mandate"))
    return url_for(".new", contact=contact_id, manager=manager_id, mandate=mandate_id, kind=call.kind.value)


def _prepared(call: Call, shown: dict[str, Any]) -> RecordForm:
    form = record_form(questions(call.kind, call.side)).for_request(**shown)
    now = today()
    region = current_user.region or firm().region
    free = firm().free_month_days
    tomorrow = next_working_day(now + ONE_DAY, region, free)
    friday = now + timedelta(days=(4 - now.weekday()) % 7 or 7)
    week = next_working_day(now + timedelta(days=7), region, free)
    by = {
        tomorrow: _("tomorrow") if tomorrow == now + ONE_DAY else day_short(tomorrow),
        friday: day(friday),
        week: _("in 1 week"),
    }
    form.prepare(owners=_owners(call.talk.step_owner_id if call.talk is not None else None), by=sorted(by.items()))
    if not form.by.data and not form.is_submitted():
        form.by.data = week.isoformat() if form.step_on.data is None else None
    _offer(form, call)
    return form


def _offer(form: RecordForm, call: Call) -> None:
    """Set which mandate a new talk can be about and which due talk it can count as; leave out what is no question."""
    if call.talk is None and call.mandates:
        none = [("", _("No mandate"))] if call.kind is Kind.OTHER else []
        form.mandate.choices = choices([(str(one.id), f"{one.number} {one.title}") for one in call.mandates] + none)
    else:
        del form.mandate
    if call.talk is None and call.fitting:
        due = [
            (str(one.id), _("The %(kind)s due %(day)s", kind=labels.kind(one.kind), day=day(one.due_on))) for one in call.fitting
        ]
        form.counts_as.choices = choices([*due, (OWN_TALK, _("A talk of its own"))])
    else:
        del form.counts_as


def _owners(keep: int | None) -> list[tuple[str, str]]:
    """Return who can take on the next step: not who is away today, nor who may change nothing; `keep` has it already."""
    away = absent_on(today())
    others = [
        (str(number), full_name(*name))
        for number, role, *name in active_names()
        if number != current_user.id and (number == keep or (role != Role.AUDITOR and number not in away))
    ]
    return [(str(current_user.id), _("me")), *others]


def _of_talk(talk: Talk) -> dict[str, Any]:
    """Return what the form of a talk shows at first: its record, else its appointment, else now."""
    held_at = talk.held_at
    if held_at is None:
        has_begun = talk.appointment_at is not None and talk.appointment_at <= clock().now()
        held_at = talk.appointment_at if talk.state == State.ARRANGED and has_begun else clock().now()
    assert held_at is not None
    local = held_at.astimezone(ZoneInfo(_zone(talk)))
    answers = {**talk.answers, OVERALL: talk.overall or talk.answers.get(OVERALL)}
    return {
        "version": talk.version,
        "held_on": local.date(),
        "held_time": local.time().replace(second=0, microsecond=0),
        "minutes": talk.held_minutes or talk.minutes or usual_minutes(Kind(talk.kind)),
        "channel": talk.channel or Channel.PHONE,
        "took_part": talk.took_part,
        "notes": talk.record,
        "step": talk.step,
        "step_on": talk.step_on,
        "step_owner": str(talk.step_owner_id or current_user.id),
        **{key: str(value) for key, value in answers.items() if value is not None},
    }


def _of_new(call: Call) -> dict[str, Any]:
    local = clock().now().astimezone(ZoneInfo(_zone()))
    return {
        "held_on": local.date(),
        "held_time": local.time().replace(second=0, microsecond=0),
        "minutes": usual_minutes(call.kind),
        "channel": Channel.PHONE,
        "mandate": str(call.mandates[0].id) if call.mandates and call.kind is not Kind.OTHER else "",
        "counts_as": str(call.fitting[0].id) if call.fitting else OWN_TALK,
        "step_owner": str(current_user.id),
    }


def _noted(form: RecordForm) -> actions.Record:
    assert form.held_on.data is not None
    assert form.held_time.data is not None
    return actions.Record(
        held_at=local_instant(form.held_on.data, form.held_time.data, _zone()),
        minutes=form.minutes.data,
        channel=Channel(form.channel.data) if form.channel.data else None,
        took_part=form.took_part.data,
        notes=form.notes.data,
        answers=form.answers(),
        step=form.step.data,
        step_on=form.step_day if form.step.data else None,
        step_owner_id=int(form.step_owner.data),
    )


def _talk_for(form: RecordForm, call: Call) -> Talk:
    """Return the due talk that this one counts as, else a new one."""
    assert form.held_on.data is not None
    if form.counts_as is not None and form.counts_as.data != OWN_TALK:
        chosen = int(form.counts_as.data)
        fits = {talk.id: talk for talk in queries.fitting(*call.ids, form.held_on.data) if talk.kind == call.kind}
        if chosen not in fits:
            days = firm().fits_due_talk_days
            raise RuleViolation(NO_LONGER_FITS_ONE if days == 1 else NO_LONGER_FITS, field="counts_as", days=days)
        require(access.may_change(current_user, fits[chosen], today()))
        return fits[chosen]
    about = form.mandate.data if form.mandate is not None else None
    mandate = next((one for one in call.mandates if str(one.id) == about), None)
    return actions.new_talk(
        call.kind, call.side, owner=current_user._get_current_object(), at=clock().now(),
        contact=call.contact, manager=call.manager, mandate=mandate, due_on=form.held_on.data,
    )  # fmt: skip


def _after(talk: Talk) -> str:
    return url_for(".new") if request.form.get("next") else url_for(".show", talk_id=talk.id)


def _record_page(form: RecordForm, call: Call) -> Any:
    talk = call.talk
    return page(
        "talks/record.html",
        form,
        call=call,
        talk=talk,
        labels=labels,
        kinds=kinds_for(call) if talk is None else (),
        action=_address(call) if talk is None else None,
        carried=_carried(form) if talk is None else (),
        no_opinion=NO_OPINION,
        may_miss=talk is None or Verb.NOT_REACHED in possible(State(talk.state), talk.cancelled_by_change),
        last=queries.last_held(*call.ids, but=talk.id if talk is not None else None),
        promises=queries.open_promises(*call.ids),
        signed=_signed_lately(call),
    )


def _signed_lately(call: Call) -> Any:
    """Return the extension of the talk's mandate that was signed within the last two weeks, if any."""
    mandate = call.talk.mandate if call.talk is not None else next(iter(call.mandates), None)
    if mandate is None or call.side is not Side.CLIENT:
        return None
    since = today() - timedelta(days=14)
    lately = [one for one in mandate.extensions if one.signed_on is not None and since <= one.signed_on <= today()]
    return lately[-1] if lately and lately[-1].new_end_on > lately[-1].old_end_on else None
