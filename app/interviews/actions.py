"""Planning interviews, keeping their record, completing them, and what follows: the letter, and whether it was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.interviews import letters, queries, rules
from app.interviews.labels import used_words
from app.interviews.models import Interview, Recommendation
from app.interviews.rules import Used
from app.mail import Recipient, Sender, queue
from app.mail.models import Letter
from app.managers import actions as managers
from app.managers.models import Manager
from app.managers.rules import GONE
from app.settings.queries import firm
from app.talks import actions as talks
from app.talks import state_rules
from app.talks.models import Talk
from app.talks.rules import Kind, Side
from app.timeline import record as tell
from app.users.ownership import check_owner

PURPOSE = GUARD = "interviews.letter"
TAKEN_OVER = ("regions", "languages", "days_per_week", "rate", "rate_unit", "rate_currency")
"""What completing takes over to the manager where something was said; availability beside them."""


@dataclass(frozen=True)
class Answers:
    """What was typed into the guide. `noted` are further fields of the form by name, as days, times and amounts."""

    career: str | None = None
    motive: str | None = None
    wants_employment: bool | None = None
    impression: str | None = None
    abilities: Mapping[str, int | None] = field(default_factory=dict)
    ability_notes: Mapping[str, str | None] = field(default_factory=dict)
    recommendations: Sequence[rules.Recommendation] = ()
    noted: Mapping[str, Any] = field(default_factory=dict)


def plan(manager: Manager, due_on: date, *, owner: Any, actor: Any, at: datetime, today: date) -> Talk:
    """Have an interview with the manager due on a day; `owner` holds it.

    Raises RuleViolation for a day that is over, somebody who is gone, or a second one beside one that is open.
    """
    rules.check_plan(manager.state not in GONE, queries.open_interview(manager.id) is not None)
    state_rules.check_due(due_on, today)
    check_owner(owner, today)
    talk = talks.new_talk(Kind.INTERVIEW, Side.MANAGER, owner=owner, at=at, manager=manager, due_on=due_on)
    tell("interviews.planned", talk, actor=actor, at=at, also=[manager], due_on=due_on)
    return talk


def begin(talk: Talk, *, at: datetime) -> Interview:
    """Return the record of the talk, a new empty one where there is none yet."""
    # Two people who begin at the same moment come one after the other: one of them finds the other's record.
    db.session.execute(sa.select(Talk.id).where(Talk.id == talk.id).with_for_update())
    interview = queries.of_talk(talk.id)
    if interview is None:
        interview = Interview(
            talk=talk, manager=talk.manager, abilities={}, ability_notes={}, noted={}, recommendations=[], changed_at=at
        )
        db.session.add(interview)
    return interview


def draft(interview: Interview, answers: Answers, *, at: datetime) -> Interview:
    """Keep what was typed so far, complete or not; raise RuleViolation once the interview is completed."""
    if interview.completed_at is not None:
        raise RuleViolation(N_("This interview is completed already. Its record can be corrected."))
    _keep(interview, answers, at)
    return interview


def complete(interview: Interview, answers: Answers, held: talks.Record, *, actor: Any, at: datetime, today: date) -> Interview:
    """Complete the interview: the talk is held, and what was said of terms is the manager's from now on.

    Availability said counts as confirmed `today`. Raises RuleViolation at the field while something is missing
    (rules), for a time that lies ahead, and for an interview completed before.
    """
    draft(interview, answers, at=at)
    _check(interview, answers, held)
    state_rules.check_held(held.held_at, at)
    talks.log(interview.talk, held, actor=actor, at=at)
    interview.completed_at, interview.completed_by_id = at, actor.id
    _take_over(interview.manager, answers.noted, actor=actor, at=at, today=today)
    return interview


def correct(interview: Interview, answers: Answers, held: talks.Record, *, actor: Any, at: datetime) -> Interview:
    """Correct a completed record; it stays complete, and recommendations that were sent stay as they were sent.

    What stood there before is in the audit trail. Raises RuleViolation as `complete` does.
    """
    if interview.completed_at is None:
        raise RuleViolation(N_("This interview is not completed yet."))
    if interview.letter_sent_at is not None:
        sent = [rules.Recommendation(one.text, one.by_on) for one in interview.recommendations]
        answers = Answers(**{**vars(answers), "recommendations": sent})
    _keep(interview, answers, at)
    _check(interview, answers, held)
    talks.correct(interview.talk, held, actor=actor, at=at)
    tell("interviews.corrected", interview.talk, actor=actor, at=at, also=[interview.manager])
    return interview


def send_letter(interview: Interview, words: letters.Words, *, actor: Any, at: datetime) -> Letter:
    """Queue the letter with the recommendations as it was edited, once for each interview.

    Raises RuleViolation before the interview is completed, a second time, without a mail address or without words.
    """
    manager = interview.manager
    if interview.completed_at is None:
        raise RuleViolation(N_("Complete the interview first: the letter carries its recommendations."))
    if interview.letter_sent_at is not None:
        raise RuleViolation(N_("The letter was sent already. It is kept with the interview."))
    if manager.email is None:
        raise RuleViolation(N_("No mail address of this manager is known. Please enter it first."))
    if not words.text.strip():
        raise RuleViolation(N_("Please write the letter."), field="text")
    written = letters.written(words, manager.language)
    owner = interview.talk.owner or actor
    letter = queue(
        key=letter_key(interview.id),
        to=Recipient(manager.email, manager.name, manager.language),
        subject=words.subject,
        text=written.text,
        html=written.html,
        purpose=PURPOSE,
        at=at,
        about=interview.talk,
        sender=Sender(owner.name, owner.email),
        guard=GUARD,
        guard_args={"manager_id": manager.id},
        automatic=False,
    )
    interview.letter_sent_at = interview.changed_at = at
    number = len(interview.recommendations)
    tell("interviews.letter", interview.talk, actor=actor, at=at, also=[manager], number=number)
    return letter


def letter_key(interview_id: int) -> str:
    """Return the outbox key of the interview's one letter."""
    return f"{PURPOSE}/{interview_id}"


def note_used(interview: Interview, recommendation_id: int, used: Used, *, actor: Any, at: datetime, today: date) -> None:
    """Keep whether a recommendation was used; the same answer again changes nothing.

    Raises RuleViolation for a recommendation of another interview, or before the interview is completed.
    """
    found = next((one for one in interview.recommendations if one.id == recommendation_id), None)
    if found is None or interview.completed_at is None:
        raise RuleViolation(N_("There is no such recommendation; somebody may have changed it before you."))
    if found.used == used:
        return
    found.used, found.asked_on, found.asked_by_id = used, today, actor.id
    tell(
        "interviews.used", interview.talk, actor=actor, at=at, also=[interview.manager],
        used_words=used_words(used), text=found.text,
    )  # fmt: skip


def _keep(interview: Interview, answers: Answers, at: datetime) -> None:
    interview.career, interview.motive, interview.impression = answers.career, answers.motive, answers.impression
    interview.wants_employment = answers.wants_employment
    interview.abilities = {key: rating for key, rating in answers.abilities.items() if rating is not None}
    interview.ability_notes = {key: note for key, note in answers.ability_notes.items() if note}
    interview.noted = {name: _plain(value) for name, value in answers.noted.items() if value not in (None, "", [])}
    _keep_recommendations(interview, [one for one in answers.recommendations if one.text or one.by_on])
    interview.changed_at = at
    flag_modified(interview, "changed_at")  # a new version, also where recommendations alone changed, or nothing


def _keep_recommendations(interview: Interview, given: Sequence[rules.Recommendation]) -> None:
    """Keep them in order; one that says something else than before was not asked for yet."""
    there = list(interview.recommendations)
    for position, one in enumerate(given):
        if position < len(there):
            row = there[position]
            if row.text != one.text:
                row.used = row.asked_on = row.asked_by_id = None
            row.text, row.by_on = one.text, one.by_on
        else:
            interview.recommendations.append(Recommendation(position=position, text=one.text, by_on=one.by_on))
    for row in there[len(given) :]:
        interview.recommendations.remove(row)


def _check(interview: Interview, answers: Answers, held: talks.Record) -> None:
    interview.abilities = rules.check_abilities(answers.abilities)
    held_on = local_day(held.held_at, interview.talk.appointment_zone or firm().zone)
    kept = rules.check_recommendations(answers.recommendations, held_on, firm().least_recommendations)
    _keep_recommendations(interview, kept)


def _take_over(manager: Manager, noted: Mapping[str, Any], *, actor: Any, at: datetime, today: date) -> None:
    said = {name: noted[name] for name in TAKEN_OVER if noted.get(name)}
    if "rate" not in said:
        said = {name: value for name, value in said.items() if not name.startswith("rate_")}
    managers.change(manager, said, actor=actor, at=at)
    if noted.get("available_from"):
        managers.set_availability(manager, noted["available_from"], actor=actor, at=at, today=today)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
