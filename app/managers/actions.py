"""Entering managers and keeping what is known of them up to date.

Values come as a dictionary of the names in FIELDS and TAGS, as people type them: numbers of any form, addresses in
capitals. They are checked and brought to one form here, for pages, import and demo firm alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from app.core.addresses import checked_email
from app.core.errors import N_, RuleViolation
from app.core.money import CENT, CURRENCIES, RATE_UNITS
from app.core.phones import normal_phone
from app.core.postcodes import normal_postcode
from app.core.vocabulary import COUNTRIES
from app.db.direct import insert
from app.managers import rules
from app.managers.models import SOME, Manager, ManagerTag
from app.managers.queries import owned_by
from app.managers.rules import State
from app.managers.vocabulary import FUNCTIONS, INDUSTRIES, LANGUAGES, REGIONS
from app.timeline import record as tell
from app.users.models import User
from app.users.ownership import check_owner, give_all

# Each column a form may change, with the words that the timeline has for it.
CONTACT_FIELDS = {
    "form_of_address": N_("form of address"),
    "title": N_("title"),
    "first_name": N_("name"),
    "particle": N_("name"),
    "last_name": N_("name"),
    "language": N_("language of letters"),
    "country": N_("country"),
    "email": N_("mail address"),
    "phone": N_("phone"),
    "mobile": N_("mobile phone"),
    "street": N_("postal address"),
    "postcode": N_("postal address"),
    "city": N_("postal address"),
}
FIELDS = CONTACT_FIELDS | {
    "headline": N_("headline"),
    "is_newcomer": N_("newcomer or not"),
    "days_per_week": N_("days a week"),
    "rate": N_("rate asked for"),
    "rate_unit": N_("rate asked for"),
    "rate_currency": N_("rate asked for"),
    "source": N_("source of the data"),
    "source_note": N_("source of the data"),
    "note": N_("standing note"),
}
TAGS = {
    "functions": ("function", None, FUNCTIONS, N_("functions")),
    "industries": ("industry", None, INDUSTRIES, N_("industries")),
    "regions": ("region", None, REGIONS, N_("regions")),
    "languages": ("language", "fluent", LANGUAGES, N_("languages")),
    "languages_some": ("language", SOME, LANGUAGES, N_("languages")),
}
PERSON = ("first_name", "particle", "last_name")


def enter(
    values: Mapping[str, Any],
    *,
    owner: User | int | None,
    actor: Any,
    at: datetime,
    today: date,
    released_because: str | None = None,
) -> Manager:
    """Enter a manager as *confirmed*; as *released* where a lead gives `released_because`.

    `available_from` among the values counts as confirmed on `today`. Raises RuleViolation at the field.
    """
    owner = check_owner(owner, today)
    manager = Manager(
        state=State.CONFIRMED, created_at=at, owner_id=owner.id if owner else None, rate_unit="day", rate_currency="EUR"
    )
    if released_because is not None:
        manager.released_on = today
        reason = rules.check_release(State.CONFIRMED, released_because)
        manager.state = State.RELEASED
    _keep(manager, {"language": "de", **values}, FIELDS)
    if values.get("available_from"):
        manager.available_from, manager.availability_confirmed_on = values["available_from"], today
    insert(manager)
    _keep_tags(manager, values)
    if released_because is not None:
        tell("managers.entered_released", manager, actor=actor, at=at, reason=reason)
    else:
        tell("managers.entered", manager, actor=actor, at=at)
    return manager


def draft(values: Mapping[str, Any]) -> Manager:
    """Return a manager as `enter` would keep these values, without keeping anything; raise RuleViolation at the field."""
    manager = Manager(state=State.CONFIRMED, rate_unit="day", rate_currency="EUR")
    _keep(manager, {"language": "de", **values}, FIELDS)
    return manager


def change(manager: Manager, values: Mapping[str, Any], *, actor: Any, at: datetime) -> None:
    """Change those of FIELDS and TAGS that are among the values; raise RuleViolation at the field."""
    changed = _keep(manager, values, FIELDS) | _keep_tags(manager, values)
    _tell_changed(manager, changed, actor=actor, at=at)


def change_contact_data(manager: Manager, values: Mapping[str, Any], *, actor: Any, at: datetime) -> None:
    """Change name, addresses and phone numbers only, as assistants may."""
    changed = _keep(manager, values, CONTACT_FIELDS)
    _tell_changed(manager, changed, actor=actor, at=at)


def set_availability(manager: Manager, available_from: date | None, *, actor: Any, at: datetime, today: date) -> None:
    """Keep from which day the manager is free, as said to us `today`; None: that is not known any more."""
    manager.available_from, manager.availability_confirmed_on = available_from, today if available_from else None
    if available_from is None:
        tell("managers.available_unknown", manager, actor=actor, at=at)
    else:
        tell("managers.available", manager, actor=actor, at=at, from_on=available_from)


def release(manager: Manager, reason: str, *, actor: Any, at: datetime, today: date) -> None:
    """Release a manager without review or interview, as a lead may with a reason; raise RuleViolation without one."""
    reason = rules.check_release(manager.state, reason)
    manager.state, manager.released_on = State.RELEASED, today
    tell("managers.released", manager, actor=actor, at=at, reason=reason)


def hand_over(user: User, to: User, actor: Any, at: datetime) -> int:
    """Give every live manager of `user` to `to`; return how many."""
    return give_all(Manager, owned_by(user.id), to, actor=actor, at=at)


def _tell_changed(manager: Manager, changed: Iterable[str], *, actor: Any, at: datetime) -> None:
    words = list(dict.fromkeys(changed))
    if words:
        manager.changed_at = at
        tell("managers.changed", manager, actor=actor, at=at, what_words=words)


def _keep(manager: Manager, values: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, None]:
    """Set the columns that differ; return the words for them, each once, in the order of `fields`."""
    given = {name: _plain(values[name]) for name in fields if name in values}
    country = given.get("country", manager.country)
    changed: dict[str, None] = {}
    for name, value in given.items():
        normal = _normal(name, value, country)
        if normal != getattr(manager, name):
            setattr(manager, name, normal)
            changed[fields[name]] = None
    if any(name in given for name in PERSON):
        if not manager.last_name:
            raise RuleViolation(N_("Please fill this in."), field="last_name")
        manager.name_changed()
    return changed


def _plain(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


def _normal(name: str, value: Any, country: str | None) -> Any:
    if value is None:
        return {"rate_unit": "day", "rate_currency": "EUR", "language": "de"}.get(name)
    if name == "email":
        return checked_email(value)
    if name in ("phone", "mobile"):
        return normal_phone(value, country, field=name)
    if name == "postcode":
        return normal_postcode(value, country)
    allowed = _ALLOWED.get(name)
    if allowed is not None and value not in allowed:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field=name, key=value)
    if name == "days_per_week" and not 1 <= value <= 7:
        raise RuleViolation(N_("A week has one to seven days."), field=name)
    if name == "rate" and value < 0:
        raise RuleViolation(N_("A rate cannot be below zero."), field=name)
    return value.quantize(CENT) if name == "rate" else value


_ALLOWED: dict[str, Any] = {
    "form_of_address": ("frau", "herr", "neither"),
    "language": ("de", "nl", "en"),
    "country": COUNTRIES,
    "rate_unit": RATE_UNITS,
    "rate_currency": CURRENCIES,
    "source": rules.SOURCES,
}


def _keep_tags(manager: Manager, values: Mapping[str, Any]) -> dict[str, None]:
    changed: dict[str, None] = {}
    spoken = set(values.get("languages") or manager.languages)
    for field, (kind, level, known, words) in TAGS.items():
        if field not in values:
            continue
        wanted = rules.vouched_tags(field, values[field], known)
        if field == "languages_some":
            wanted = [key for key in wanted if key not in spoken]
        if set(wanted) != set(getattr(manager, field)):
            _replace(manager, kind, level, wanted)
            changed[words] = None
    return changed


def _replace(manager: Manager, kind: str, level: str | None, wanted: list[str]) -> None:
    """Leave exactly the `wanted` tags of this kind and level; a tag that has the other level takes this one."""
    there = {tag.value: tag for tag in manager.tags if tag.kind == kind}
    for value in wanted:
        if value in there:
            there[value].level = level
        else:
            manager.tags.append(ManagerTag(kind=kind, value=value, level=level))
    for value, tag in there.items():
        if value not in wanted and tag.level == level:
            manager.tags.remove(tag)
