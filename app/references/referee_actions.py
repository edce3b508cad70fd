"""Entering referees, the manager's consent, the referee's objection, and planning a call. Nothing commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.addresses import checked_email
from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.core.phones import normal_phone
from app.core.vocabulary import COUNTRIES, FORMS_OF_ADDRESS, LETTER_LANGUAGES
from app.db import db
from app.references import referee_letters as letters
from app.references import referee_rules as rules
from app.references.call_queries import Doubt
from app.references.call_rules import Relation
from app.references.models import Referee
from app.references.referee_traces import hide_number
from app.settings.queries import firm
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.plan_queries import OPEN_STATES
from app.talks.rules import Kind, Side
from app.timeline import record as tell

NAME = ("first_name", "particle", "last_name")
FIELDS = {
    "form_of_address": N_("form of address"),
    "title": N_("title"),
    "first_name": N_("name"),
    "particle": N_("name"),
    "last_name": N_("name"),
    "language": N_("language of letters"),
    "country": N_("country"),
    "company": N_("company"),
    "job_title": N_("position"),
    "relation": N_("relation"),
    "together_from": N_("time worked together"),
    "together_until": N_("time worked together"),
    "email": N_("mail address"),
    "phone": N_("phone"),
    "note": N_("standing note"),
}
_COLUMNS = {"phone": "number_kept"}
_LISTS: dict[str, Any] = {
    "form_of_address": FORMS_OF_ADDRESS,
    "language": LETTER_LANGUAGES,
    "country": COUNTRIES,
    "relation": set(Relation),
}
NO_CONSENT = N_("The manager does not agree to a call any more.")
OBJECTED = N_("The referee wants no call.")


def enter(manager: Any, values: Mapping[str, Any], *, actor: Any, at: datetime) -> Referee:
    """Enter a referee of the manager; last name and relation are required. Raises RuleViolation at the field."""
    referee = Referee(manager=manager, created_at=at, language=manager.language, country=manager.country)
    _keep(referee, {"last_name": None, "relation": None, **values}, at)
    db.session.add(referee)
    tell("references.referee_entered", referee, actor=actor, at=at, also=[manager], name=referee.name)
    return referee


def change(referee: Referee, values: Mapping[str, Any], *, actor: Any, at: datetime) -> None:
    """Change those of FIELDS that are among the values; who can be told by mail only now is told. RuleViolation at the field."""
    words = list(_keep(referee, values, at))
    if words:
        tell("references.referee_changed", referee, actor=actor, at=at, what_words=words)
    letters.inform(referee, at=at)


def consent(referee: Referee, on: date, how: rules.ConsentHow, *, actor: Any, at: datetime) -> None:
    """Keep that the manager agrees to a call, and tell the referee by mail where the data came from."""
    rules.check_consent_on(on, local_day(at, firm().zone))
    referee.consent_on, referee.consent_how = on, how
    tell("references.consent", referee, actor=actor, at=at, also=[referee.manager], name=referee.name, consent_on=on)
    letters.inform(referee, at=at)


def withdraw_consent(referee: Referee, *, actor: Any, at: datetime) -> int:
    """Take the consent back: the number is hidden again, open calls are called off. Return how many; twice changes nothing."""
    if referee.consent_on is None:
        return 0
    called_off = _call_off(referee, NO_CONSENT, actor=actor, at=at)
    referee.consent_on = referee.consent_how = None
    letters.take_back(referee, at=at)
    tell("references.consent_withdrawn", referee, actor=actor, at=at, also=[referee.manager], name=referee.name)
    return called_off


def object_to(referee: Referee, *, actor: Any, at: datetime) -> int:
    """Keep that the referee wants no call: hidden number, open calls called off. Return how many; twice changes nothing."""
    if referee.objected_on is not None:
        return 0
    called_off = _call_off(referee, OBJECTED, actor=actor, at=at)
    referee.objected_on = local_day(at, firm().zone)
    tell("references.objected", referee, actor=actor, at=at, also=[referee.manager], name=referee.name)
    return called_off


def agree_after_all(referee: Referee, *, actor: Any, at: datetime) -> None:
    """Take the objection off, as the referee has told us."""
    if referee.objected_on is not None:
        referee.objected_on = None
        tell("references.agreed_after_all", referee, actor=actor, at=at, also=[referee.manager], name=referee.name)


def told_by_hand(referee: Referee, on: date, *, actor: Any, at: datetime) -> None:
    """Note that the notice of Art. 14 was posted or handed over on that day. RuleViolation for a day out of place."""
    if referee.told_at is not None:
        raise RuleViolation(N_("The notice was given already."))
    if referee.consent_on is None:
        raise RuleViolation(N_("Please note first that the manager agrees: the notice says so."))
    zone = firm().zone
    if not local_day(referee.created_at, zone) <= on <= local_day(at, zone):
        raise RuleViolation(N_("This day must lie between the entering and today."), field="given_on")
    referee.told_at = at
    tell("references.told_by_hand", referee, actor=actor, at=at, given_on=on)


def plan_call(referee: Referee, due_on: date, *, owner: Any, actor: Any, at: datetime) -> Talk:
    """Plan a reference call, held by `owner`; return the talk.

    Raises RuleViolation without the manager's consent, after an objection, before the referee knows where the data came
    from, for a day that is over, and where a call is open already.
    """
    today = local_day(at, firm().zone)
    if due_on < today:
        raise RuleViolation(N_("This day is over. Please choose today or a later day."), field="due_on")
    if referee.may_be_called and referee.told_at is None:
        raise RuleViolation(N_("The referee is told first where the data came from (Art. 14 GDPR)."))
    if any(talk.state in OPEN_STATES for talk in talks_of(referee)):
        raise RuleViolation(N_("A call with this referee is planned already."))
    talk = talks.new_talk(Kind.REFERENCE, Side.REFEREE, referee=referee, owner=owner, due_on=due_on, at=at)
    tell("references.call_planned", referee, actor=actor, at=at, also=[talk, referee.manager], name=referee.name, due_on=due_on)
    return talk


def judge(referee: Referee, judgement: str, doubt: Doubt | None, *, actor: Any, at: datetime) -> None:
    """Keep what a person thinks of a rating that contradicts a written reference; RuleViolation where there is none."""
    if doubt is None:
        raise RuleViolation(N_("This call does not contradict the written reference."))
    referee.judgement, referee.judged_on = judgement.strip(), local_day(at, firm().zone)
    tell("references.judged", referee, actor=actor, at=at, also=[referee.manager], text=referee.judgement)


def talks_of(referee: Referee) -> list[Talk]:
    """Return the calls with the referee, the latest first."""
    order = (Talk.sort_on.desc(), Talk.id.desc())
    return list(db.session.scalars(sa.select(Talk).where(Talk.referee_id == referee.id).order_by(*order)))


def _call_off(referee: Referee, reason: str, *, actor: Any, at: datetime) -> int:
    known = talks_of(referee)
    hide_number(referee, known)  # first: what calls them off names no number
    still_open = [talk for talk in known if talk.state in OPEN_STATES]
    for talk in still_open:
        talks.cancel(talk, letters.in_firms_language(reason), actor=actor, at=at)
    return len(still_open)


def _keep(referee: Referee, values: Mapping[str, Any], at: datetime) -> dict[str, None]:
    """Set the columns that differ; return the words for them, each once."""
    given = {name: _plain(values[name]) for name in FIELDS if name in values}
    country = given.get("country") or referee.country
    changed: dict[str, None] = {}
    for name, value in given.items():
        column, normal = _COLUMNS.get(name, name), _normal(name, value, country)
        if normal != getattr(referee, column):
            setattr(referee, column, normal)
            changed[FIELDS[name]] = None
    rules.check_together(referee.together_from, referee.together_until, local_day(at, firm().zone))
    if any(name in given for name in (*NAME, "company")):
        referee.name_changed()
    return changed


def _plain(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


def _normal(name: str, value: Any, country: str | None) -> Any:
    if value is None:
        if name in ("last_name", "relation"):
            raise RuleViolation(N_("Please fill this in."), field=name)
        return firm().language if name == "language" else None
    if name == "email":
        return checked_email(value)
    if name == "phone":
        return normal_phone(value, country)
    if name in _LISTS and value not in _LISTS[name]:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field=name, key=value)
    return value
