"""Asking a contact for a talk by letter, and what the contact answers behind its link. Nothing commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from app import links
from app.asking import invitation_queries as queries
from app.asking import market_document, market_queries
from app.asking.form_rules import has_form
from app.asking.invitation_letters import FORM, PURPOSE, Parts, remind, send, tell_owner
from app.asking.invitation_rules import is_free
from app.asking.models import Benefit
from app.asking.request_actions import never_went
from app.core.dates import add_days, add_working_days, local_day, local_instant
from app.core.errors import N_, RuleViolation
from app.db import db, hold
from app.ledger import actions as ledger
from app.ledger import queries as ledger_queries
from app.ledger.guard_rules import Decision
from app.ledger.models import Ask
from app.ledger.rules import Channel, Reply
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail.actions import cancel_unsent, file_part
from app.mail.compose import speaking
from app.settings.queries import firm
from app.talks import actions as talks
from app.talks import state_rules
from app.talks.invitation_letters import wants_benefit
from app.talks.models import Talk
from app.talks.rules import DeclineReason, State
from app.talks.state_rules import Verb
from app.timeline import record

SENT_AT = time(8, 0)  # of a letter that waits for its day, by the firm's clock
LATER_WEEKS = (2, 4, 6, 8, 12)


@dataclass(frozen=True)
class Appointment:
    """How the talk is to take place once a time is chosen."""

    minutes: int
    channel: state_rules.Channel
    place: str | None


def invite(
    talk: Talk,
    parts: Parts,
    appointment: Appointment,
    *,
    benefit: Benefit | None,
    bundled: Sequence[Talk] = (),
    on: date | None = None,
    override_reason: str | None = None,
    actor: Any,
    at: datetime,
) -> Ask:
    """Queue the letter, now or `on` a later day at 8:00, and write the request into the ledger.

    Raises RuleViolation for a talk that cannot be arranged, a contact without a mail address, a missing benefit, a time that
    is over or that the colleague has not, or where the guard holds back on that day and nobody says why.
    """
    check_invitation(talk, parts, appointment, benefit, at)
    entry = ledger_queries.open_of_talk(talk.id, talk.contact.id) if talk.contact is not None else None
    is_again = entry is not None
    if entry is None:
        channel = Channel.FORM if parts.is_form else Channel.MAIL
        entry = ledger.ask_for_talk(talk, channel, actor=actor, at=at, on=on, override_reason=override_reason)
    else:
        _ask_again(entry, on, override_reason, actor, at)
    assert entry is not None
    assert talk.contact is not None
    _write(entry, talk, parts, appointment, benefit, bundled)
    goes_at = max(at, local_instant(on, SENT_AT, firm().zone)) if on is not None else at
    link = links.issue(
        parts.purpose, talk.contact, language=talk.contact.language, at=at, recipient=talk.contact.name,
        expires_at=goes_at + timedelta(days=firm().ask_link_days),
    )  # fmt: skip
    entry.link_id = link.id
    record(
        "asking.invited_again" if is_again else "asking.invited", talk, actor=actor, at=at,
        also=[talk.mandate, talk.contact, talk.contact.client], asked_on=entry.asked_on,
    )  # fmt: skip
    attached = _brief(talk, at) if benefit is not None and benefit.has_brief else ()
    send(entry, talk, parts, link, actor=actor, at=at, not_before_at=goes_at, attachments=attached)
    return entry


def _ask_again(entry: Ask, on: date | None, override_reason: str | None, actor: Any, at: datetime) -> None:
    """Ask once more for the same talk, if the guard lets it; what was asked with it is left aside.

    A letter that has not gone yet is replaced, and goes on the new day: that is no reminder.
    """
    check_again(entry)
    hold(entry.contact)
    today = local_day(at, firm().zone)
    if ledger.moved(entry, on or today, override_reason, actor=actor, at=at):
        _end_link(entry, at)
        return
    held = ledger_queries.person(entry.contact_id, today, but=ledger_queries.of_message(entry))
    decision = held.decide(on or today, is_agreed=entry.is_agreed) if held is not None else Decision()
    overridden = ledger.check(decision, override_reason)
    if overridden:
        entry.overridden, entry.override_reason = sorted({*entry.overridden, *overridden}), override_reason
    take_again(entry, at)


def _write(
    entry: Ask, talk: Talk, parts: Parts, appointment: Appointment, benefit: Benefit | None, bundled: Sequence[Talk]
) -> None:
    """Keep what was asked on the request, and how the talk is to take place on the talk."""
    entry.channel = Channel.FORM if parts.is_form else Channel.MAIL
    entry.times = [one.astimezone(UTC).isoformat() for one in parts.times]
    entry.zone, entry.minutes = parts.zone, appointment.minutes
    entry.benefit_id = benefit.id if benefit is not None else None
    entry.bundled = [str(one.id) for one in bundled]
    for one in bundled:
        ledger.bundle(one, entry)
    talk.minutes, talk.channel, talk.place = appointment.minutes, appointment.channel, appointment.place
    talk.benefit = parts.benefit


def _brief(talk: Talk, at: datetime) -> list[dict[str, Any]]:
    """Return the market brief as a file; RuleViolation where there is none (any more)."""
    kind = market_queries.kind_of(talk.mandate)
    language = talk.contact.language if talk.contact is not None else firm().language
    content = market_document.brief(kind, language, at=at) if kind is not None else None
    if content is None:
        raise RuleViolation(N_("There is no market brief for this mandate. Please choose another benefit."), field="benefit")
    return [file_part(content, "application/pdf", market_document.file_name(language))]


def check_invitation(talk: Talk, parts: Parts, appointment: Appointment, benefit: object | None, at: datetime) -> None:
    """Raise RuleViolation for what `invite` refuses but for the guard."""
    state_rules.check(State(talk.state), Verb.ARRANGE, talk.cancelled_by_change)
    if talk.contact is None or not talk.contact.email:
        raise RuleViolation(N_("No mail address of this person is known. Please enter it first."))
    if wants_benefit(talk) and benefit is None:
        raise RuleViolation(
            N_("No invitation to a client leaves without a benefit. Please say what is in it for the person."), field="benefit"
        )
    if parts.is_form:
        if not has_form(talk.kind):
            raise RuleViolation(N_("For this talk there are no questions in writing."), field="way")
        return
    if not parts.times:
        raise RuleViolation(N_("Please propose at least one time."), field="day_1")
    state_rules.check_place(appointment.channel, appointment.place)
    taken = queries.busy(talk.owner_id, min(parts.times), max(parts.times) + timedelta(minutes=appointment.minutes))
    for number, starts_at in enumerate(parts.times, 1):
        if starts_at <= at:
            raise RuleViolation(N_("This time is over. Please choose a later one."), field=f"day_{number}")
        state_rules.check_appointment(starts_at, appointment.minutes, at)
        if not is_free(starts_at, appointment.minutes, taken):
            raise RuleViolation(N_("At this time the colleague has another appointment."), field=f"day_{number}")


def check_again(entry: Ask) -> None:
    """Raise RuleViolation where a request was answered, or had its one reminder."""
    if entry.answer is not None:
        raise RuleViolation(N_("This person has answered already."))
    if entry.reminded_on is not None:
        raise RuleViolation(N_("This person was reminded already; a request has one reminder."))


def take_again(entry: Ask, at: datetime) -> None:
    """Ask once more for the same talk: the one reminder that belongs to a request. Its former link ends."""
    _end_link(entry, at)
    entry.reminded_on = local_day(at, firm().zone)


def _end_link(entry: Ask, at: datetime) -> None:
    former = db.session.get(PersonalLink, entry.link_id) if entry.link_id else None
    if former is not None:
        links.revoke(former, at=at)


def remind_of(ask_id: int, *, at: datetime) -> bool:
    """Send the one reminder of a request if it is due; say whether it went. Of two schedulers one writes."""
    entry = db.session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    talk = db.session.get(Talk, entry.talk_id) if entry is not None and entry.talk_id else None
    today = local_day(at, firm().zone)
    if entry is None or talk is None or entry.answer is not None or entry.reminded_on is not None:
        return False
    region = talk.contact.client.region if talk.contact is not None else firm().region
    if today < add_working_days(entry.asked_on, firm().ask_remind_working_days, region, firm().free_month_days):
        return False
    link = db.session.get(PersonalLink, entry.link_id) if entry.link_id else None
    is_open = (
        talk.state in (State.DUE, State.DECLINED)
        and talk.contact_id == entry.contact_id
        and talk.contact is not None
        and talk.contact.email
    )
    if (
        link is None
        or link.state(at) is not LinkState.FOUND
        or not is_open
        or (entry.channel == Channel.MAIL and not times_left(entry, talk, at))
    ):
        entry.reminded_on = today  # there is nothing to remind of; not looked at again
        return False
    entry.reminded_on = today
    record("asking.reminded", talk, actor=None, at=at, also=[talk.mandate, talk.contact])
    remind(entry, talk, at=at)
    return True


def times_left(entry: Ask, talk: Talk, at: datetime) -> list[datetime]:
    """Return the times proposed that lie ahead and that the colleague still has."""
    times = [datetime.fromisoformat(one) for one in entry.times]
    ahead = sorted(one for one in times if one > at)
    if not ahead:
        return []
    minutes = entry.minutes or 30
    taken = queries.busy(talk.owner_id, ahead[0], ahead[-1] + timedelta(minutes=minutes), but=talk.id)
    return [one for one in ahead if is_free(one, minutes, taken)]


def choose(entry: Ask, talk: Talk, starts_at: datetime, *, at: datetime) -> None:
    """Arrange the talk at the time chosen, and those asked for with it; calendar files go out.

    Raises RuleViolation where the time is none of those left.
    """
    if starts_at not in times_left(entry, talk, at):
        raise RuleViolation(N_("This time has just been taken. Please choose another one."), field="time")
    terms = talks.Terms(
        starts_at=starts_at,
        zone=entry.zone or firm().zone,
        minutes=entry.minutes or 30,
        channel=state_rules.Channel(talk.channel or state_rules.Channel.PHONE),
        place=talk.place,
    )
    ledger.answer(entry, Reply.YES, local_day(at, firm().zone))
    talks.arrange(talk, terms, actor=None, at=at)
    for one in queries.bundled_talks(entry):
        if one.state == State.DUE:
            talks.arrange(one, terms, actor=None, at=at, tell_outside=False)
    tell_owner(talk, N_("%(person)s has chosen a time"), N_("%(person)s has chosen a time for the talk (%(kind)s); the calendar "
               "file is on its way."), said=None, key=f"asking.answer/{entry.id}/yes", at=at)  # fmt: skip


def propose_other(entry: Ask, talk: Talk, said: str, *, at: datetime) -> None:
    """Keep the times that the contact proposes, and tell the colleague; the request is answered with yes."""
    entry.said = said
    ledger.answer(entry, Reply.YES, local_day(at, firm().zone))
    record("asking.other_time", talk, actor=None, at=at, also=[talk.mandate, talk.contact], text=said)
    tell_owner(talk, N_("%(person)s proposes another time"), N_("%(person)s would like to talk (%(kind)s), at another time. "
               "Please arrange it:"), said=said, key=f"asking.answer/{entry.id}/other/{at.isoformat()}", at=at)  # fmt: skip


def not_now(entry: Ask, talk: Talk, weeks: int, *, at: datetime) -> date:
    """Ask again in so many weeks, not before: a wish of the contact, and the talk is due then. Return the day."""
    if weeks not in LATER_WEEKS:
        raise RuleViolation(N_("Please choose one."), field="weeks")
    today = local_day(at, firm().zone)
    day = add_days(today, 7 * weeks)
    for one in (*ledger_queries.with_it(entry), entry):
        ledger.answer(one, Reply.LATER, today)
    ledger.wish(talk.contact, not_before=day, never=False, note=None, actor=None, at=at)
    for one in (talk, *queries.bundled_talks(entry)):
        if one.state == State.DUE and (one.due_on is None or one.due_on < day):
            talks.put_off(one, day, actor=None, at=at, today=today)
    tell_owner(talk, N_("%(person)s: not now"), N_("%(person)s would rather not talk now (%(kind)s), but later. The talk is put off."),
               said=None, key=f"asking.answer/{entry.id}/later", at=at)  # fmt: skip
    return day


def never_again(entry: Ask, talk: Talk, *, at: datetime) -> None:
    """Keep that the contact does not want to be asked any more; the talk counts as declined."""
    today = local_day(at, firm().zone)
    ledger.wish(talk.contact, not_before=None, never=True, note=None, actor=None, at=at)
    with speaking(talk.contact.language if talk.contact is not None else firm().language):
        words = _("Please don't ask again")
    for one in (talk, *queries.bundled_talks(entry)):
        if one.state in (State.DUE, State.ARRANGED):
            talks.decline(one, DeclineReason.OTHER, words, actor=None, at=at)
    ledger.answer(entry, Reply.NO, today)
    tell_owner(talk, N_("%(person)s does not want to be asked any more"), N_("%(person)s asked us not to ask again. That holds for "
               "every colleague and every mandate."), said=None, key=f"asking.answer/{entry.id}/never", at=at)  # fmt: skip


def withdraw(entry: Ask, talk: Talk, *, actor: Any, at: datetime) -> None:
    """Take a request back that has not gone out yet: it leaves the ledger, and its link ends.

    Raises RuleViolation where the letter is on its way.
    """
    if entry.asked_on <= local_day(at, firm().zone):
        raise RuleViolation(N_("This request has gone out already."))
    cancel_unsent(N_("The request was taken back."), about=talk, purpose=FORM if entry.channel == Channel.FORM else PURPOSE)
    never_went(entry, at=at)
    record("asking.withdrawn", talk, actor=actor, at=at)
