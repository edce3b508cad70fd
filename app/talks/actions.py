"""What people do to talks: arrange, postpone, decline, cancel, log. One business verb each; nothing commits.

What a mandate does to its talks is in `plan_actions` and offered here too: other rooms call `talks.actions`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.ledger import actions as ledger
from app.settings.queries import firm
from app.talks import invitations, labels, state_rules
from app.talks.invitation_letters import Draft, wants_benefit
from app.talks.models import Talk, TalkParticipant
from app.talks.plan_actions import (
    cancel_open,
    closing_called_off,
    closing_taken_up,
    follow_new_end,
    hand_over,
    hand_over_promises,
    plan_mandate,
    replace_person,
)
from app.talks.question_rules import NO_OPINION, OVERALL, Answer, clean_answers
from app.talks.rules import SIDES, DeclineReason, Kind, Side, State
from app.talks.state_rules import Channel, Verb
from app.timeline import record

__all__ = [
    "Record",
    "Terms",
    "arrange",
    "cancel",
    "cancel_open",
    "correct",
    "decline",
    "follow_new_end",
    "hand_over",
    "hand_over_promises",
    "log",
    "new_talk",
    "not_reached",
    "participant_key",
    "plan_mandate",
    "postpone",
    "put_off",
    "replace_person",
    "settle",
    "step_done",
]


@dataclass(frozen=True)
class Terms:
    """An appointment as agreed. `starts_at` is an aware instant, `zone` the IANA name it was agreed in.

    `place` is the number, link or address; `participants` are keys of those who take part beside the person and the
    colleague who hold the talk: "user-3", "contact-7".
    """

    starts_at: datetime
    zone: str
    minutes: int
    channel: Channel
    place: str | None
    participants: Collection[str] = ()


@dataclass(frozen=True)
class Record:
    """What is noted of a talk. `answers` are by question key (question_rules); the overall rating is one of them."""

    held_at: datetime
    minutes: int | None = None
    channel: Channel | None = None
    took_part: str | None = None
    notes: str | None = None
    answers: Mapping[str, Answer | None] = field(default_factory=dict)
    step: str | None = None
    step_on: date | None = None
    step_owner_id: int | None = None


def new_talk(
    kind: Kind,
    side: Side,
    *,
    owner: Any,
    at: datetime,
    contact: Any = None,
    manager: Any = None,
    mandate: Any = None,
    referee: Any = None,
    due_on: date | None = None,
) -> Talk:
    """Return a talk outside the plan, added as due on `due_on` (today where none is given).

    Raises RuleViolation for a kind that is not held with that side, or without the person it is with. A call of a referee
    is about the referee's manager.
    """
    if side is Side.REFEREE:
        contact, manager = None, referee.manager if referee is not None else None
    _check_new(kind, side, contact, manager, mandate, referee)
    day = due_on or local_day(at, firm().zone)
    talk = Talk(
        kind=kind,
        side=side,
        state=State.DUE,
        contact=contact if side is not Side.MANAGER else None,
        manager=manager if side is not Side.CLIENT else None,
        referee=referee if side is Side.REFEREE else None,
        mandate=mandate,
        owner=owner,
        due_on=day,
        sort_on=day,
        planned=False,
        answers={},
        invited={},
        not_reached=0,
        calendar_sequence=0,
        created_at=at,
    )
    db.session.add(talk)
    db.session.flush()
    return talk


def _check_new(kind: Kind, side: Side, contact: Any, manager: Any, mandate: Any, referee: Any) -> None:
    if side not in SIDES[kind]:
        raise RuleViolation(N_("A talk of this kind is not held with this person."), field="kind")
    if side is Side.REFEREE:
        state_rules.check_consent(referee is not None and referee.may_be_called)
    elif (contact is None and side is not Side.MANAGER) or (manager is None and side in (Side.MANAGER, Side.BOTH)):
        raise RuleViolation(N_("Please say with whom the talk is."), field="who")
    if mandate is None and kind in (Kind.QUALITY, Kind.EXTENSION, Kind.CLOSING, Kind.EVALUATION, Kind.AFTERCARE):
        raise RuleViolation(N_("A talk of this kind belongs to a mandate. Please choose one."), field="mandate")


def arrange(
    talk: Talk,
    terms: Terms,
    *,
    actor: Any,
    at: datetime,
    words: Draft | None = None,
    tell_outside: bool = True,
    override_reason: str | None = None,
) -> Talk:
    """Make the appointment and queue the invitations; `words` are those of the letter as edited.

    Raises RuleViolation where the talk cannot be arranged now, for a time that is over, a missing place, an invitation
    to a client without a benefit, or a contact whom the guard holds back and no `override_reason`.
    """
    _check(talk, Verb.ARRANGE)
    _check_terms(terms, at)
    _check_benefit(talk, words, tell_outside)
    ledger.talk_agreed(talk, actor=actor, at=at, override_reason=override_reason)
    closing_taken_up(talk, actor=actor, at=at)
    talk.state = State.ARRANGED
    talk.decline_reason = talk.note = talk.owner_must_decide = None
    _set_terms(talk, terms)
    if words is not None and words.benefit:
        talk.benefit = words.benefit
    _tell(talk, "talks.arranged", actor, at, appointment_at=terms.starts_at)
    invitations.invite(talk, at=at, words=words, tell_outside=tell_outside)
    return talk


def postpone(
    talk: Talk,
    terms: Terms,
    *,
    actor: Any,
    at: datetime,
    reason: str | None = None,
    words: Draft | None = None,
    tell_outside: bool | None = None,
) -> Talk:
    """Move an arranged talk to another appointment, and queue updates of the same calendar entry.

    Also changes place, length or participants alone. Raises RuleViolation as `arrange` does, and where nothing changes.
    """
    _check_referee(talk)
    if talk.state != State.ARRANGED:
        raise RuleViolation(N_("This talk has no appointment that could be postponed."))
    _check_terms(terms, at)
    if _terms_of(talk) == (terms.starts_at, terms.zone, terms.minutes, terms.channel, terms.place, frozenset(terms.participants)):
        raise RuleViolation(N_("This is the appointment as it is. Please choose another day, time or place."), field="day")
    was_at = talk.appointment_at
    _set_terms(talk, terms)
    talk.owner_must_decide = None
    _tell(talk, "talks.postponed", actor, at, was_at=was_at, appointment_at=terms.starts_at, text=reason)
    invitations.update(talk, "moved", at=at, words=words, tell_outside=tell_outside)
    return talk


def put_off(talk: Talk, due_on: date, *, actor: Any, at: datetime, today: date, reason: str | None = None) -> Talk:
    """Have the talk due on another day. An appointment falls through, and those invited are told.

    Raises RuleViolation for a day that is over, or a talk that is neither due nor arranged.
    """
    _check(talk, Verb.POSTPONE)
    state_rules.check_due(due_on, today)
    if talk.state == State.ARRANGED:
        invitations.cancel(talk, at=at)
        talk.state = State.DUE
        talk.appointment_at = talk.appointment_zone = None
    talk.owner_must_decide = None
    was_on, talk.due_on, talk.sort_on = talk.due_on, due_on, due_on
    _tell(talk, "talks.put_off", actor, at, was_on=was_on, due_on=due_on, text=reason)
    return talk


def decline(talk: Talk, reason: DeclineReason, note: str | None, *, actor: Any, at: datetime) -> Talk:
    """Keep the person's "no" with its coded reason. An appointment is taken out of the calendars.

    Raises RuleViolation for a talk that is neither due nor arranged, or "other" without a note.
    """
    _check(talk, Verb.DECLINE)
    if reason is DeclineReason.OTHER and not note:
        raise RuleViolation(N_("Please say in a few words what the reason was."), field="note")
    if talk.state == State.ARRANGED:
        invitations.cancel(talk, at=at, occasion="declined")
    talk.state, talk.decline_reason, talk.note = State.DECLINED, reason, note
    talk.owner_must_decide = None
    ledger.talk_declined(talk, has_left=reason is DeclineReason.CONTACT_LEFT, said=note, actor=actor, at=at)
    _tell(talk, "talks.declined", actor, at, decline_words=labels.decline_words(reason), text=note)
    return talk


def cancel(talk: Talk, reason: str, *, actor: Any, at: datetime, no_closing_reason: str | None = None) -> Talk:
    """Call the talk off ourselves, with a reason. An appointment is taken out of the calendars.

    A closing talk is due again at once, unless `no_closing_reason` says why there will be none.
    """
    _check(talk, Verb.CANCEL)
    if talk.state == State.ARRANGED:
        invitations.cancel(talk, at=at)
    talk.state, talk.note, talk.cancelled_by_change = State.CANCELLED, reason, False
    talk.owner_must_decide = None
    ledger.talk_called_off(talk, at=at)
    _tell(talk, "talks.cancelled", actor, at, text=reason)
    closing_called_off(talk, no_closing_reason, actor=actor, at=at)
    return talk


def log(talk: Talk, noted: Record, *, actor: Any, at: datetime) -> Talk:
    """Keep the record of a talk that was held. An appointment that still lay ahead leaves the calendars.

    Raises RuleViolation where it was held already, the time lies ahead, an answer is missing or wrong, or a next step
    has no date.
    """
    _check(talk, Verb.LOG)
    state_rules.check_held(noted.held_at, at)
    closing_taken_up(talk, is_record=True, actor=actor, at=at)
    if talk.state == State.ARRANGED and talk.appointment_at is not None and talk.appointment_at > at:
        invitations.cancel(talk, at=at, occasion="held")
    _set_record(talk, noted)
    talk.state, talk.held_at, talk.held_minutes = State.HELD, noted.held_at, noted.minutes
    talk.channel = noted.channel or talk.channel
    talk.decline_reason = talk.note = talk.owner_must_decide = None
    talk.recorded_by_id = getattr(actor, "id", None)
    talk.sort_on = local_day(noted.held_at, talk.appointment_zone or firm().zone)
    ledger.talk_held(talk, actor=actor, at=at)
    _tell(talk, "talks.held_rated" if talk.overall else "talks.held", actor, at, overall=talk.overall, text=_gist(talk))
    return talk


def correct(talk: Talk, noted: Record, *, actor: Any, at: datetime) -> Talk:
    """Correct the record of a held talk; what stood there before is in the audit trail."""
    _check(talk, Verb.CORRECT)
    state_rules.check_held(noted.held_at, at)
    _set_record(talk, noted)
    talk.held_at, talk.held_minutes = noted.held_at, noted.minutes
    talk.channel = noted.channel or talk.channel
    talk.sort_on = local_day(noted.held_at, talk.appointment_zone or firm().zone)
    _tell(talk, "talks.corrected", actor, at)
    return talk


def not_reached(talk: Talk, *, actor: Any, at: datetime) -> Talk:
    """Count a call that nobody answered. It is no request and changes nothing else."""
    _check(talk, Verb.NOT_REACHED)
    talk.not_reached += 1
    talk.not_reached_at = at
    _tell(talk, "talks.not_reached", actor, at)
    return talk


def step_done(talk: Talk, *, actor: Any, at: datetime, today: date) -> Talk:
    """Mark the agreed next step as done; a second time changes nothing."""
    if not talk.step:
        raise RuleViolation(N_("No next step was agreed in this talk."))
    if talk.step_done_on is None:
        talk.step_done_on = today
        _tell(talk, "talks.step_done", actor, at, text=talk.step)
    return talk


def settle(talk: Talk, *, actor: Any, at: datetime) -> Talk:
    """Keep an appointment that a changed end left at an odd time: the owner has decided."""
    if talk.owner_must_decide:
        talk.owner_must_decide = None
        _tell(talk, "talks.kept", actor, at)
    return talk


def _check(talk: Talk, verb: Verb) -> None:
    state_rules.check(State(talk.state), verb, talk.cancelled_by_change)
    if verb in (Verb.ARRANGE, Verb.POSTPONE):
        _check_referee(talk)


def _check_referee(talk: Talk) -> None:
    if talk.side == Side.REFEREE:
        state_rules.check_consent(talk.referee is not None and talk.referee.may_be_called)


def _check_terms(terms: Terms, at: datetime) -> None:
    state_rules.check_appointment(terms.starts_at, terms.minutes, at)
    state_rules.check_place(terms.channel, terms.place)


def _check_benefit(talk: Talk, words: Draft | None, tell_outside: bool) -> None:
    if words is not None and tell_outside and wants_benefit(talk) and not words.benefit.strip():
        raise RuleViolation(
            N_("No invitation to a client leaves without a benefit. Please say what is in it for the person."), field="benefit"
        )


def _set_terms(talk: Talk, terms: Terms) -> None:
    talk.appointment_at, talk.appointment_zone, talk.minutes = terms.starts_at, terms.zone, terms.minutes
    talk.channel, talk.place = terms.channel, terms.place
    talk.sort_on = local_day(terms.starts_at, terms.zone)
    kept = {participant_key(one): one for one in talk.participants}
    talk.participants = [kept.get(key) or _participant(key) for key in sorted(set(terms.participants))]
    db.session.flush()


def _participant(key: str) -> TalkParticipant:
    kind, _, number = key.partition("-")
    return TalkParticipant(user_id=int(number)) if kind == "user" else TalkParticipant(contact_id=int(number))


def participant_key(one: TalkParticipant) -> str:
    """Return "user-3" or "contact-7"."""
    return f"user-{one.user_id}" if one.user_id is not None else f"contact-{one.contact_id}"


def _terms_of(talk: Talk) -> tuple[Any, ...]:
    people = frozenset(participant_key(one) for one in talk.participants)
    return talk.appointment_at, talk.appointment_zone, talk.minutes, talk.channel, talk.place, people


def _set_record(talk: Talk, noted: Record) -> None:
    given = clean_answers(Kind(talk.kind), Side(talk.side), noted.answers)
    overall = given.get(OVERALL)
    talk.overall = overall if isinstance(overall, int) else None
    talk.answers = {key: value for key, value in given.items() if key != OVERALL or value == NO_OPINION}
    consent = given.get("may_quote", given.get("may_name_us"))
    talk.may_quote = {"yes": True, "no": False}.get(str(consent))
    talk.record, talk.took_part = noted.notes, noted.took_part
    if noted.step and noted.step_on is None:
        raise RuleViolation(N_("Please say by when the next step is to be done."), field="step_on")
    if noted.step != talk.step:
        talk.step_done_on = None
    talk.step = noted.step
    talk.step_on = noted.step_on if noted.step else None
    talk.step_owner_id = noted.step_owner_id if noted.step else None


def _gist(talk: Talk) -> str | None:
    """Return the first words of the record, for the timeline."""
    words = [str(value) for value in talk.answers.values() if isinstance(value, str) and " " in value]
    text = talk.record or (words[0] if words else None)
    return text if text is None or len(text) <= 280 else text[:277].rstrip() + "…"


def _tell(talk: Talk, event: str, actor: Any, at: datetime, **facts: Any) -> None:
    client = talk.contact.client if talk.contact is not None else None
    also = [talk.mandate, talk.contact, talk.manager, talk.referee, client]
    record(event, talk, actor=actor, at=at, also=also, kind_words=labels.kind_words(talk.kind), **facts)
