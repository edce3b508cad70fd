"""Entering clients and contacts and keeping what is known of them up to date.

Values come as a dictionary of the names in FIELDS or CONTACT_FIELDS, as people type them; they are checked and
brought to one form here, for pages, import and demo firm alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from app.clients import rules
from app.clients.models import Client, Contact
from app.core.addresses import checked_email
from app.core.clock import check_zone
from app.core.dates import check_region
from app.core.errors import N_, RuleViolation
from app.core.money import CURRENCIES
from app.core.names import fold_company
from app.core.phones import normal_phone
from app.core.postcodes import normal_postcode
from app.core.vocabulary import COUNTRIES, INDUSTRIES
from app.db import db
from app.timeline import record as tell
from app.users.models import User
from app.users.ownership import check_owner, give_all

ADDRESS_FIELDS = {
    "street": N_("postal address"),
    "postcode": N_("postal address"),
    "city": N_("postal address"),
    "website": N_("web address"),
    "phone": N_("phone"),
}
FIELDS = {
    "name": N_("name"),
    "industry": N_("industry"),
    "headcount": N_("headcount"),
    "turnover_millions": N_("turnover"),
    "turnover_currency": N_("turnover"),
    "region": N_("region of the seat"),
    **ADDRESS_FIELDS,
    "note": N_("standing note"),
}
CONTACT_FIELDS = {
    "form_of_address": N_("form of address"),
    "title": N_("title"),
    "first_name": N_("name"),
    "particle": N_("name"),
    "last_name": N_("name"),
    "language": N_("language of letters"),
    "country": N_("country"),
    "role": N_("role"),
    "job_title": N_("position"),
    "email": N_("mail address"),
    "phone": N_("phone"),
    "mobile": N_("mobile phone"),
    "channel": N_("preferred channel"),
    "zone": N_("time zone"),
    "note": N_("standing note"),
}
PERSON = ("first_name", "particle", "last_name")


def enter(values: Mapping[str, Any], *, owner: User | int | None, actor: Any, at: datetime, today: date) -> Client:
    """Enter a client; name and region of the seat are required. Raises RuleViolation at the field."""
    owner = check_owner(owner, today)
    client = Client(created_at=at, owner_id=owner.id if owner else None, turnover_currency="EUR")
    _keep(client, {"name": None, "region": None, **values}, FIELDS)
    db.session.add(client)
    tell("clients.entered", client, actor=actor, at=at)
    return client


def change(client: Client, values: Mapping[str, Any], *, actor: Any, at: datetime) -> None:
    """Change those of FIELDS that are among the values; raise RuleViolation at the field."""
    _tell_changed(client, _keep(client, values, FIELDS), actor=actor, at=at)


def change_address(client: Client, values: Mapping[str, Any], *, actor: Any, at: datetime) -> None:
    """Change postal and web address and phone only, as assistants may."""
    _tell_changed(client, _keep(client, values, ADDRESS_FIELDS), actor=actor, at=at)


def enter_contact(client: Client, values: Mapping[str, Any], *, actor: Any, at: datetime) -> Contact:
    """Enter a person at the client; raise RuleViolation at the field."""
    contact = Contact(client=client, created_at=at, country=client.country)
    _keep_contact(contact, {"last_name": None, "language": "de", "country": client.country, **values})
    db.session.add(contact)
    tell("clients.contact_entered", contact, actor=actor, at=at, also=[client], name=contact.name)
    return contact


def change_contact(contact: Contact, values: Mapping[str, Any], *, actor: Any, at: datetime) -> None:
    """Change those of CONTACT_FIELDS that are among the values; raise RuleViolation at the field."""
    words = list(_keep_contact(contact, values))
    if words:
        tell("clients.contact_changed", contact, actor=actor, at=at, also=[contact.client], name=contact.name, what_words=words)


def contact_left(contact: Contact, left_on: date | None, *, actor: Any, at: datetime, today: date) -> None:
    """Say from which day on a contact is no longer at the client; raise RuleViolation without a day."""
    contact.left_on = rules.check_departure(left_on, today)
    tell("clients.contact_left", contact, actor=actor, at=at, also=[contact.client], name=contact.name, left_on=contact.left_on)


def contact_stayed(contact: Contact, *, actor: Any, at: datetime) -> None:
    """Take back that a contact left."""
    if contact.left_on is None:
        return
    contact.left_on = None
    tell("clients.contact_stayed", contact, actor=actor, at=at, also=[contact.client], name=contact.name)


def hand_over(user: User, to: User, actor: Any, at: datetime) -> int:
    """Give every client of `user` to `to`; return how many."""
    return give_all(Client, Client.owner_id == user.id, to, actor=actor, at=at)


def _tell_changed(client: Client, changed: Iterable[str], *, actor: Any, at: datetime) -> None:
    words = list(changed)
    if words:
        tell("clients.changed", client, actor=actor, at=at, what_words=words)


def _keep(client: Client, values: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, None]:
    given = {name: _plain(values[name]) for name in fields if name in values}
    country = (given.get("region") or client.region or "")[:2] or None
    changed = _set_changed(client, {name: _normal(name, value, country) for name, value in given.items()}, fields)
    if "name" in given:
        client.sort_name = fold_company(client.name)[:200]
    return changed


def _keep_contact(contact: Contact, values: Mapping[str, Any]) -> dict[str, None]:
    given = {name: _plain(values[name]) for name in CONTACT_FIELDS if name in values}
    country = given.get("country") or contact.country
    normal = {name: _normal_of_contact(name, value, country) for name, value in given.items()}
    changed = _set_changed(contact, normal, CONTACT_FIELDS)
    if any(name in given for name in PERSON):
        contact.name_changed()
    return changed


def _set_changed(target: Any, values: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, None]:
    """Set the columns that differ; return the words for them, each once, in the order of the values."""
    changed: dict[str, None] = {}
    for name, value in values.items():
        if value != getattr(target, name):
            setattr(target, name, value)
            changed[fields[name]] = None
    return changed


def _plain(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


def _normal(name: str, value: Any, country: str | None) -> Any:
    if value is None:
        if name in ("name", "region"):
            raise RuleViolation(N_("Please fill this in."), field=name)
        return "EUR" if name == "turnover_currency" else None
    match name:
        case "phone":
            return normal_phone(value, country)
        case "postcode":
            return normal_postcode(value, country)
        case "website":
            return rules.normal_website(value)
        case "region":
            return check_region(value, field="region")
        case "headcount" | "turnover_millions" if value < 0:
            raise RuleViolation(N_("This number cannot be below zero."), field=name)
    return _listed(name, value, {"industry": INDUSTRIES, "turnover_currency": CURRENCIES})


def _normal_of_contact(name: str, value: Any, country: str | None) -> Any:
    if value is None:
        if name == "last_name":
            raise RuleViolation(N_("Please fill this in."), field=name)
        return "de" if name == "language" else None
    match name:
        case "email":
            return checked_email(value)
        case "phone" | "mobile":
            return normal_phone(value, country, field=name)
        case "zone":
            return check_zone(value, field="zone")
    return _listed(name, value, _ALLOWED)


def _listed(name: str, value: Any, lists: Mapping[str, Any]) -> Any:
    if name in lists and value not in lists[name]:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field=name, key=value)
    return value


_ALLOWED: dict[str, Any] = {
    "form_of_address": ("frau", "herr", "neither"),
    "language": ("de", "nl", "en"),
    "country": COUNTRIES,
    "role": rules.CONTACT_ROLES,
    "channel": rules.CHANNELS,
}
