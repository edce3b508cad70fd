"""The composer: asking a contact for a talk by letter. What is shown is what is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.asking import (
    benefit_queries,
    invitation_actions,
    invitation_drafts,
    invitation_letters,
    invitation_queries,
    labels,
    market_queries,
)
from app.asking.benefit_queries import Counted
from app.asking.blueprint import bp
from app.asking.form_rules import has_form
from app.asking.invitation_actions import Appointment
from app.asking.invitation_forms import FORM, LATER, NOW, TALK, InvitationForm, WithdrawForm, shown_times
from app.asking.invitation_letters import Parts
from app.asking.invitation_rules import proposed_times
from app.asking.market_queries import MarketKind
from app.asking.market_rules import Figures
from app.asking.models import Benefit
from app.clients.models import Contact
from app.core.clock import clock
from app.core.dates import ONE_DAY
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.ledger import labels as ledger_labels
from app.ledger import queries as ledger
from app.ledger.actions import check as check_guard
from app.ledger.guard_rules import Decision
from app.ledger.models import Ask
from app.ledger.queries import Person
from app.ledger.rules import purpose_of
from app.settings.queries import firm
from app.talks import access, queries, show_queries
from app.talks import labels as talk_labels
from app.talks.forms import choices
from app.talks.invitation_letters import cited_clause, wants_benefit
from app.talks.models import Talk
from app.talks.record_views import today
from app.talks.rules import Kind, Side, State, usual_minutes
from app.talks.state_rules import Channel, Verb, check
from app.web.formats import day as day_words
from app.web.pages import page
from app.web.rights import allow, require

CHANGE = "change"  # back from the letter to the form
SOONEST = 2 * ONE_DAY  # after the letter


@dataclass(frozen=True)
class Case:
    """A talk to ask for, with all that the composer shows of it."""

    talk: Talk
    contact: Contact
    people: Sequence[Person]
    asked: Person
    is_agreed: bool
    entry: Ask | None
    decision: Decision
    offers: Sequence[Counted]
    near: Sequence[Talk]
    figures: Figures | None
    kind: MarketKind | None

    def benefit(self, number: str | None) -> Benefit | None:
        return next((one.benefit for one in self.offers if str(one.benefit.id) == number), None)


@bp.route("/talks/<int:talk_id>/invitation", methods=["GET", "POST"])
@allow("talks.arrange")
def invitation(talk_id: int) -> Any:
    case = _case(talk_id)
    form = _form(case)
    if form.submitted() and form.seen.data != CHANGE:
        try:
            parts, appointment = (
                _parts(form, case),
                Appointment(form.minutes.data or 0, Channel(form.channel.data), form.place.data),
            )
            on = case.decision.until if form.when.data == LATER else None
            written = invitation_letters.compose_letter(case.talk, parts, current_user)
            digest = hashlib.sha256(f"{parts.subject}\n{written.text}".encode()).hexdigest()
            if form.seen.data != digest:
                benefit = case.benefit(form.benefit.data)
                invitation_actions.check_invitation(case.talk, parts, appointment, benefit, clock().now())
                if case.entry is not None:
                    invitation_actions.check_again(case.entry)
                check_guard(Decision() if on else case.decision, form.override_reason.data)
                brief = case.kind if benefit is not None and benefit.has_brief else None
                letter = {"brief": brief, "parts": parts, "written": written, "digest": digest, "on": on}
                return page("asking/invitation_preview.html", form, **letter, talk=case.talk, talk_labels=talk_labels)
            return _send(case, form, parts, appointment, on)
        except RuleViolation as violation:
            form.refuse(violation)
    return _composer(case, form)


def _send(case: Case, form: InvitationForm, parts: Parts, appointment: Appointment, on: date | None) -> Any:
    with unit_of_work() as work:
        require(access.may_change(current_user, case.talk, today()))
        check_version(case.talk, form)
        invitation_actions.invite(
            case.talk, parts, appointment,
            benefit=case.benefit(form.benefit.data),
            bundled=parts.also,
            on=on, override_reason=form.override_reason.data, actor=current_user, at=clock().now(),
        )  # fmt: skip
        work.leads_to(url_for("talks.show", talk_id=case.talk.id))
    flash(_("The letter goes out on %(day)s.", day=day_words(on)) if on else _("The letter is on its way."))
    return work.redirect()


def _composer(case: Case, form: InvitationForm) -> Any:
    return page(
        "asking/invitation.html",
        form,
        talk=case.talk,
        asked=case.asked,
        decision=case.decision,
        offers=case.offers,
        figures=case.figures,
        entry=case.entry,
        labels=labels,
        ledger_labels=ledger_labels,
        talk_labels=talk_labels,
        clause=cited_clause(case.talk),
        asks=ledger.asks_of(case.contact.id),
        counted=ledger_labels.counted(case.asked.counted(_day())),
        others=ledger.others_to_ask(case.people, case.asked.id, _day(), is_agreed=case.is_agreed),
        why=show_queries.why_due(case.talk),
    )


@bp.post("/talks/<int:talk_id>/invitation/withdrawal")
@allow("talks.arrange")
def invitation_withdrawal(talk_id: int) -> Any:
    talk, contact = _asked_of_a_client(talk_id)
    entry = ledger.open_of_talk(talk.id, contact.id) or abort(404)
    if not WithdrawForm.for_request().submitted():
        abort(400)
    try:
        with unit_of_work() as work:
            require(access.may_change(current_user, talk, today()))
            invitation_actions.withdraw(entry, talk, actor=current_user, at=clock().now())
            work.leads_to(url_for("talks.show", talk_id=talk.id))
    except RuleViolation as violation:
        flash(_(violation.message, **violation.values))
        return redirect(url_for("talks.show", talk_id=talk.id), 303)
    flash(_("Taken back."))
    return work.redirect()


def _asked_of_a_client(talk_id: int) -> tuple[Talk, Contact]:
    """Return a talk that a client's contact can be asked for, if this person may change it."""
    talk = queries.find(talk_id) or abort(404)
    if talk.side != Side.CLIENT or talk.contact is None or purpose_of(talk.kind) is None:
        abort(404)
    require(access.may_change(current_user, talk, today()))
    check(State(talk.state), Verb.ARRANGE, talk.cancelled_by_change)
    return talk, talk.contact


def _case(talk_id: int) -> Case:
    talk, contact = _asked_of_a_client(talk_id)
    people = ledger.people_at(contact.client_id, _day())
    asked = next((one for one in people if one.id == contact.id), None) or abort(404)
    kind = market_queries.kind_of(talk.mandate) if talk.mandate is not None else None
    figures = market_queries.figures_of(kind) if kind is not None and wants_benefit(talk) else None
    library = benefit_queries.library() if wants_benefit(talk) else ()
    agreed, entry = ledger.talk_is_agreed(talk), ledger.open_of_talk(talk.id, contact.id)
    held = Decision()  # a request that stands is reminded of: only what came after it holds back
    if entry is not None and (alone := ledger.person(contact.id, _day(), but=ledger.of_message(entry))) is not None:
        held = alone.decide(_day(), is_agreed=agreed)
    return Case(
        talk=talk,
        contact=contact,
        people=people,
        asked=asked,
        is_agreed=agreed,
        entry=entry,
        decision=held if entry is not None else asked.decide(_day(), is_agreed=agreed),
        offers=benefit_queries.offered(talk.kind, contact.role, library, has_brief=figures is not None),
        figures=figures,
        kind=kind,
        near=invitation_queries.can_be_bundled(talk, talk.due_on or _day()),
    )


def _day() -> date:
    """The day by the firm's clock: the ledger's."""
    return clock().today(firm().zone)


def _form(case: Case) -> InvitationForm:
    form = InvitationForm.for_request(**({} if request.method == "POST" else _proposed(case)))
    form.prepare(
        benefits=[(str(one.benefit.id), one.benefit.title(case.contact.language)) for one in case.offers],
        zones=[form.zone.data, case.contact.zone, firm().zone],
        bundled=[
            (str(one.id), _("%(kind)s, due %(day)s", kind=talk_labels.kind(one.kind), day=day_words(one.due_on)))
            for one in case.near
        ],
    )
    until = case.decision.until
    later = [(LATER, _("on %(day)s at 8:00", day=day_words(until)))] if until else []
    if not has_form(case.talk.kind):
        form.way.choices = form.way.choices[:1]
    form.when.choices = choices([*later, (NOW, _("now, with a reason"))]) if not case.decision.may_ask else []
    return form


def _proposed(case: Case) -> dict[str, Any]:
    """Return what the composer shows at first."""
    talk, person, offers = case.talk, case.contact, case.offers
    zone = person.zone or firm().zone
    minutes = talk.minutes or usual_minutes(Kind(talk.kind))
    channel = talk.channel or (person.channel if person.channel in {one.value for one in Channel} else Channel.PHONE)
    before = case.entry.benefit_id if case.entry is not None else None
    is_form = request.args.get("way") == FORM or (case.entry is not None and case.entry.channel == "form")
    words = invitation_drafts.draft(talk, is_form=is_form)
    return {
        "version": talk.version,
        "way": FORM if is_form else TALK,
        "benefit": str(before or (offers[0].benefit.id if offers else "")),
        "subject": words.subject,
        "message": words.text,
        "zone": zone,
        "minutes": minutes,
        "channel": channel,
        "place": talk.place or (show_queries.number_of(person) if channel == Channel.PHONE else None),
        "when": LATER if case.decision.until else NOW,
        **shown_times(_times(case, zone, minutes), zone),
    }


def _times(case: Case, zone: str, minutes: int) -> list[datetime]:
    """Return three proposals: from the day the talk is due, but some days after the letter at the soonest."""
    goes_on = max(_day(), case.decision.until or _day())
    first = max(case.talk.due_on or goes_on, goes_on + SOONEST)
    begins = datetime.combine(first - ONE_DAY, datetime.min.time(), clock().now().tzinfo)
    busy = invitation_queries.busy(case.talk.owner_id, begins, begins + timedelta(days=70), but=case.talk.id)
    free_days, region = firm().free_month_days, case.contact.client.region
    return proposed_times(first, zone=zone, region=region, free_days=free_days, minutes=minutes, busy=busy)


def _parts(form: InvitationForm, case: Case) -> Parts:
    chosen = case.benefit(form.benefit.data)
    benefit = chosen.text(case.contact.language) if chosen is not None else ""
    is_form = form.way.data == FORM
    times = () if is_form else form.times()
    # The form asks of its own talk alone: what else is due there is not asked by it.
    also = () if is_form else tuple(one for one in case.near if str(one.id) in (form.bundled.data or ()))
    message = invitation_drafts.fitting(case.talk, form.message.data or "", is_form=is_form)
    return Parts(form.subject.data or "", benefit, message, times, form.zone.data, is_form, also)
