"""Pages of interviews: planning one, the guide, the letter, and whether recommendations were used.

An interview is a talk, so its number is the talk's: /interviews/12 is the record of /talks/12.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import clock
from app.core.dates import local_day, next_working_day
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.interviews import actions, labels, letters, queries, rules
from app.interviews.forms import Guide, InterviewForm, LetterForm, PlanForm, UsedForm, held_values
from app.interviews.models import Interview
from app.interviews.rules import Used
from app.mail.queries import letters_about
from app.managers import vocabulary
from app.managers.models import Manager
from app.managers.queries import documents_of
from app.managers.rules import State as ManagerState
from app.settings.queries import firm
from app.talks import access
from app.talks import labels as talk_labels
from app.talks.models import Talk
from app.talks.rules import Kind, State, is_overdue, lacks_record, usual_minutes
from app.talks.state_rules import Channel, possible
from app.timeline import events_of
from app.users.models import User
from app.users.ownership import owner_choices
from app.users.queries import names
from app.web.common_forms import quick_days
from app.web.pages import page
from app.web.rights import allow, require

bp = Blueprint("interviews", __name__)

PLANNED_AHEAD_DAYS = 7
LAST_EVENTS = 6


def _today() -> date:
    return clock().today(firm().zone)


@bp.route("/managers/<int:manager_id>/interviews/new", methods=["GET", "POST"])
@allow("interviews.hold")
def new(manager_id: int) -> Any:
    manager = db.get_or_404(Manager, manager_id)
    if manager.state == ManagerState.ERASED:
        abort(404)
    form = PlanForm.for_request(due_on=_proposed_day(), owner_id=str(current_user.id)).offer(owner_choices(_today()))
    if form.submitted():
        assert form.due_on.data is not None
        try:
            with unit_of_work() as work:
                talk = actions.plan(
                    manager,
                    form.due_on.data,
                    owner=db.session.get(User, int(form.owner_id.data)),
                    actor=current_user,
                    at=clock().now(),
                    today=_today(),
                )
                work.leads_to(lambda: url_for(".show", talk_id=talk.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The interview is planned. Now arrange a day and time."))
            return work.redirect()
    return page("interviews/new.html", form, manager=manager, quick=quick_days(_today(), firm()))


def _proposed_day() -> date:
    return next_working_day(date.fromordinal(_today().toordinal() + PLANNED_AHEAD_DAYS), firm().region, firm().free_month_days)


def _talk(talk_id: int) -> Talk:
    return queries.talk_of(talk_id) or abort(404)


def _zone(talk: Talk) -> str:
    return talk.appointment_zone or current_user.zone or firm().zone


def _may_hold(talk: Talk, interview: Interview | None) -> bool:
    """Whether the reader may write this record: while open whoever may change the talk, later its author or a lead."""
    if not current_user.may("interviews.hold"):
        return False
    if interview is not None and interview.completed_at is not None:
        return access.may_correct(current_user, talk)
    is_possible = not (talk.state == State.CANCELLED and talk.cancelled_by_change) and talk.state != State.HELD
    return is_possible and access.may_change(current_user, talk, _today())


@bp.get("/interviews/<int:talk_id>")
@allow("interviews.read")
def show(talk_id: int) -> Any:
    """Show the guide to whoever holds the interview, the record to everybody else and once it is completed."""
    talk = _talk(talk_id)
    interview = queries.of_talk(talk_id)
    is_completed = interview is not None and interview.completed_at is not None
    if _may_hold(talk, interview) and (not is_completed or request.args.get("correct")):
        return _guide(InterviewForm.for_request(**_shown(talk, interview)), talk, interview)
    return page(
        "interviews/show.html",
        interview=interview,
        said=interview.form_values if interview is not None else {},
        may_correct=is_completed and _may_hold(talk, interview),
        may_send=is_completed and current_user.may("interviews.hold") and access.may_change(current_user, talk, _today()),
        may_ask=is_completed and current_user.may("talks.log"),
        **_beside(talk),
    )


@bp.post("/interviews/<int:talk_id>")
@allow("interviews.hold")
def record(talk_id: int) -> Any:
    """Save the draft, complete the interview (button `complete`), or correct its record."""
    talk = _talk(talk_id)
    require(access.may_change(current_user, talk, _today()))
    form = InterviewForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                interview = actions.begin(talk, at=clock().now())
                if interview.id is not None:  # else the guide was empty when the form was made, and still is
                    check_version(interview, form)
                require(_may_hold(talk, interview))
                said = _keep(interview, form)
                work.leads_to(url_for(".show", talk_id=talk_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(said)
            return work.redirect()
    return _guide(form, talk, queries.of_talk(talk_id))


def _keep(interview: Interview, form: Guide) -> str:
    """Do what the button says; return what to tell."""
    talk, now = interview.talk, clock().now()
    step_owner_id = talk.step_owner_id or current_user.id
    if interview.completed_at is not None:
        actions.correct(interview, form.answers(), form.held(_zone(talk), step_owner_id), actor=current_user, at=now)
        return _("The record is corrected.")
    if not request.form.get("complete"):
        actions.draft(interview, form.answers(), at=now)
        return _("The draft is saved.")
    held = form.held(_zone(talk), step_owner_id)
    actions.complete(interview, form.answers(), held, actor=current_user, at=now, today=_today())
    return _("The interview is completed. Now send the recommendations.")


def _shown(talk: Talk, interview: Interview | None) -> dict[str, Any]:
    """Return what the guide shows at first: the draft, else what the talk and the manager's record say."""
    manager = talk.manager
    assert manager is not None
    has_begun = talk.appointment_at is not None and talk.appointment_at <= clock().now()
    held_at = talk.held_at or (talk.appointment_at if has_begun else None) or clock().now()
    return {
        **held_values(held_at.astimezone(ZoneInfo(_zone(talk)))),
        "minutes": talk.held_minutes or talk.minutes or usual_minutes(Kind.INTERVIEW),
        "channel": talk.channel or Channel.PHONE.value,
        "took_part": talk.took_part,
        "wants_employment": "",
        "regions": manager.regions,
        "languages": manager.languages,
        "days_per_week": manager.days_per_week,
        "rate": manager.rate,
        "rate_unit": manager.rate_unit,
        "rate_currency": manager.rate_currency,
        **(interview.form_values if interview is not None else {}),
        "version": interview.version if interview is not None else "",
    }


def _guide(form: Guide, talk: Talk, interview: Interview | None) -> Any:
    lies_ahead = talk.appointment_at is not None and talk.appointment_at > clock().now()
    least = firm().least_recommendations
    lacks = rules.missing(form.ratings(), form.recommendations(), not lies_ahead, least)
    return page(
        "interviews/guide.html",
        form,
        interview=interview,
        lacks=[labels.missing(key, least) for key in lacks],
        least=least,
        **_beside(talk),
    )


def _beside(talk: Talk) -> dict[str, Any]:
    """Return what both pages show of talk and manager, three statements: papers, letters, events."""
    manager = talk.manager
    assert manager is not None
    verbs = possible(State(talk.state), talk.cancelled_by_change)
    return {
        "talk": talk,
        "manager": manager,
        "verbs": {verb.value for verb in verbs} if access.may_change(current_user, talk, _today()) else set(),
        "is_overdue": is_overdue(State(talk.state), talk.due_on, _today()),
        "lacks_record": lacks_record(State(talk.state), talk.sort_on, _today()),
        "documents": list({one.kind: one for one in reversed(documents_of(manager))}.values()),
        "letters": letters_about(talk),
        "events": events_of(manager, names(), size=LAST_EVENTS),
        "names": names(),
        "labels": labels,
        "talk_labels": talk_labels,
        "vocabulary": vocabulary,
        "days": firm().availability_known_days,
    }


@bp.route("/interviews/<int:talk_id>/letter", methods=["GET", "POST"])
@allow("interviews.hold")
def letter(talk_id: int) -> Any:
    """Compose, edit and send the letter with the recommendations; once for each interview."""
    talk = _talk(talk_id)
    interview = queries.of_talk(talk_id) or abort(404)
    require(access.may_change(current_user, talk, _today()))
    writer = talk.owner or current_user
    if request.method == "GET" and (interview.completed_at is None or interview.letter_sent_at is not None):
        return redirect(url_for(".show", talk_id=talk_id))
    form = LetterForm.for_request(**_proposed(talk, interview, writer))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(access.may_change(current_user, talk, _today()))
                check_version(interview, form)
                words = letters.Words(form.subject.data or "", form.text.data or "")
                actions.send_letter(interview, words, actor=current_user, at=clock().now())
                work.leads_to(url_for(".show", talk_id=talk_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The letter is on its way."))
            return work.redirect()
    return page("interviews/letter.html", form, talk=talk, interview=interview, manager=talk.manager, writer=writer)


def _proposed(talk: Talk, interview: Interview, writer: Any) -> dict[str, Any]:
    if request.method == "POST" or talk.held_at is None:
        return {}
    words = letters.draft(interview, local_day(talk.held_at, _zone(talk)), writer)
    return {"version": interview.version, "subject": words.subject, "text": words.text}


@bp.post("/interviews/<int:talk_id>/recommendations/<int:recommendation_id>/use")
@allow("talks.log")
def use(talk_id: int, recommendation_id: int) -> Any:
    """Keep whether a recommendation was used, as said at the next contact; back to where the button was."""
    form = UsedForm.for_request()
    if not form.submitted() or form.used.data not in set(Used):
        abort(400)
    talk = _talk(talk_id)
    place = (
        url_for("managers.show", manager_id=talk.manager_id) if form.back.data == "manager" else url_for(".show", talk_id=talk_id)
    )
    with unit_of_work() as work:
        interview = queries.of_talk(talk_id) or abort(404)
        actions.note_used(
            interview, recommendation_id, Used(form.used.data), actor=current_user, at=clock().now(), today=_today()
        )
        work.leads_to(f"{place}#recommendation-{recommendation_id}")
    return work.redirect()
