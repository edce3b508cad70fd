"""Presenting the handbook to the client, having a version accepted or giving it up.

None of these commits. Source: docs/domain.md, "Mandates" (stages 2 and 3).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app import links
from app.core.dates import next_working_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.links.models import PersonalLink
from app.mandates import handbook_rules, plan_queries
from app.mandates.gate_actions import leave_if_ready
from app.mandates.handbook_rules import MomentTalk, Need, TalkAt
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion
from app.mandates.rules import check_live
from app.settings.queries import firm
from app.talks.actions import new_talk
from app.talks.end_rules import Reason
from app.talks.labels import kind_words
from app.talks.models import Talk
from app.talks.rules import Kind, Side, State
from app.timeline import record
from app.users.models import User

_NEEDED = {
    Need.GOAL: N_("The goal is not written yet."),
    Need.EXIT_PLAN: N_("The exit plan names neither a successor nor an event that ends the mandate."),
    Need.HANDED_OVER: N_("The exit plan does not say what is handed over."),
    Need.EXIT_DAY: N_("The exit plan does not say by when it is handed over."),
    Need.MILESTONES: N_("The plan has no milestone yet."),
    Need.MOMENTS: N_("No evaluation moments are agreed."),
}
HOWS = ("signature", "mail", "meeting")  # as a colleague records it; behind the link it is "link"


class Acceptance(NamedTuple):
    """Who accepted for the client, on which day and how; `digest` tells what was shown, None where a colleague records it."""

    by: str
    on: date
    how: str
    digest: str | None = None


def needed_words(need: Need) -> str:
    """Return the English sentence for what is missing."""
    return _NEEDED[need]


def present(mandate: Mandate, summary: str | None, *, actor: Any, at: datetime, today: date) -> HandbookVersion:
    """Freeze what the plan says now as the open version; one that is open already takes the new content.

    Its link, if it has one, shows the new content from now on; what an open page showed before cannot be accepted any more.
    Raises RuleViolation where something is missing, where nothing agreed has changed since the accepted version, and
    where nothing at all has since the open one.
    """
    check_live(mandate.is_live)
    db.session.flush()
    content = plan_queries.content_now(mandate)
    if lacking := handbook_rules.needs(content):
        raise RuleViolation(_NEEDED[lacking[0]])
    versions = plan_queries.versions_of(mandate.id)
    accepted = plan_queries.accepted_of(versions)
    if accepted is not None and not handbook_rules.differences(accepted.content, content):
        raise RuleViolation(N_("Nothing has changed since version %(number)d was accepted."), number=accepted.number)
    version = plan_queries.open_of(versions)
    if version is not None and handbook_rules.digest(version.content) == handbook_rules.digest(content):
        raise RuleViolation(N_("Nothing has changed since version %(number)d was presented."), number=version.number)
    number = handbook_rules.next_number([one.number for one in versions], version.number if version else None)
    if version is None:
        version = HandbookVersion(mandate_id=mandate.id, number=number)
    version.content, version.summary, version.presented_on = content, summary, today
    version.made_at, version.made_by_id = at, getattr(actor, "id", None)
    db.session.add(version)
    mandate.changed_at = at
    record("mandates.handbook_presented", mandate, actor=actor, at=at, number=number, text=summary)
    db.session.flush()
    return version


def accept(mandate: Mandate, version: HandbookVersion, acceptance: Acceptance, *, actor: Any, at: datetime, today: date) -> None:
    """Freeze the version as accepted, let its evaluation moments become talks, and pass the gate where nothing else is missing.

    Raises RuleViolation for a version that is not open, that shows something else than was read, and for a day before it
    was presented or after today.
    """
    check_live(mandate.is_live)
    if not plan_queries.is_open(version):
        raise RuleViolation(N_("This version was accepted or withdrawn meanwhile."))
    if acceptance.digest is not None and acceptance.digest != handbook_rules.digest(version.content):
        raise RuleViolation(N_("The handbook was adjusted meanwhile. Please read the new version."))
    if acceptance.on < version.presented_on:
        raise RuleViolation(N_("It was presented on %(day)s only."), field="accepted_on", day=version.presented_on)
    if acceptance.on > today:
        raise RuleViolation(N_("This day has not come yet."), field="accepted_on")
    version.recorded_by_id = getattr(actor, "id", None)  # first: reading it may write what stands before it
    version.accepted_on, version.accepted_at = acceptance.on, at
    version.accepted_by, version.accepted_how = acceptance.by, acceptance.how
    mandate.changed_at = at
    record("mandates.handbook_accepted", mandate, actor=actor, at=at, number=version.number, name=acceptance.by)
    _follow_moments(mandate, version, actor=actor, at=at, today=today)
    db.session.flush()
    leave_if_ready(mandate, actor=actor, at=at, today=today)


def drop(mandate: Mandate, version: HandbookVersion, *, actor: Any, at: datetime, today: date) -> None:
    """Give an open version up; its link ends. Raises RuleViolation for one that is not open."""
    check_live(mandate.is_live)
    if not plan_queries.is_open(version):
        raise RuleViolation(N_("This version was accepted or withdrawn meanwhile."))
    version.dropped_on = today
    _end_link(version, at)
    mandate.changed_at = at
    record("mandates.handbook_dropped", mandate, actor=actor, at=at, number=version.number)


def _end_link(version: HandbookVersion, at: datetime) -> None:
    if version.link_id and (link := db.session.get(PersonalLink, version.link_id)):
        links.revoke(link, at=at)
    version.link_id = None


def _follow_moments(mandate: Mandate, version: HandbookVersion, *, actor: Any, at: datetime, today: date) -> None:
    """Let the evaluation talks follow the moments of the accepted version; those held, declined or called off stay.

    What the client accepted counts, also where a moment was taken off the plan after it was presented: its talk stays
    until a version without it is accepted.
    """
    free_days = firm().free_month_days
    moments = {row.id: row for row in plan_queries.moments_of(mandate.id)}
    talks = {talk.id: talk for talk in _evaluation_talks(mandate.id)}
    agreed = {row["key"]: date.fromisoformat(row["on"]) for row in version.content["moments"]}
    days = {
        key: next_working_day(max(on, today), mandate.region, free_days)
        for key, on in agreed.items()
        if on >= today or (key in moments and moments[key].talk_id)
    }
    present = [_moment_talk(talk, moments.values()) for talk in talks.values() if _counts(talk, moments)]
    plan = handbook_rules.talks_for(days, present)
    words = kind_words(Kind.EVALUATION)
    for key, day in plan.moves.items():
        record("talks.moved", talks[key], actor=actor, at=at, kind_words=words, was_on=talks[key].due_on, due_on=day)
        talks[key].due_on = talks[key].sort_on = day
        talks[key].owner_must_decide = None
    for key in plan.cancels:
        talks[key].state, talks[key].cancelled_by_change, talks[key].owner_must_decide = State.CANCELLED, True, None
    for key in plan.asks:
        talks[key].owner_must_decide = Reason.MOMENT_DROPPED.value
    for moment, key in plan.takes.items():
        _stands_for(moments.get(moment), agreed[moment], talks[key])
    if mandate.contact is None or mandate.manager is None:
        return
    owner = db.session.get_one(User, mandate.owner_id)
    people: dict[str, Any] = {"contact": mandate.contact, "mandate": mandate, "owner": owner}
    for moment, day in plan.adds.items():
        talk = new_talk(Kind.EVALUATION, Side.BOTH, at=at, due_on=day, manager=mandate.manager_on(day), **people)
        talk.planned = True
        _stands_for(moments.get(moment), agreed[moment], talk)


def _stands_for(moment: EvaluationMoment | None, on: date, talk: Talk) -> None:
    # SQLite gives the number of a moment that was taken off to the next one: only the same day is the same moment.
    if moment is not None and moment.planned_on == on:
        moment.talk_id = talk.id


def _evaluation_talks(mandate_id: int) -> list[Talk]:
    wanted = sa.select(Talk).where(Talk.mandate_id == mandate_id, Talk.kind == Kind.EVALUATION)
    return list(db.session.scalars(wanted.order_by(Talk.id)))


def _counts(talk: Talk, moments: dict[int, EvaluationMoment]) -> bool:
    """A talk that a gap asked for, or a person, is not the plan's to move or to cancel."""
    return talk.planned or any(row.talk_id == talk.id for row in moments.values())


def _moment_talk(talk: Talk, moments: Any) -> MomentTalk:
    moment = next((row.id for row in moments if row.talk_id == talk.id), None)
    states = {State.DUE: TalkAt.DUE, State.ARRANGED: TalkAt.ARRANGED}
    return MomentTalk(talk.id, moment, talk.due_on or talk.sort_on, states.get(State(talk.state), TalkAt.OVER))
