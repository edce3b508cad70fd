"""Records for tests: a factory names only what the test is about; the rest has sensible defaults.

Everything is saved. Invented people throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from app.asking.models import Benefit
from app.clients.models import Client, Contact
from app.core.names import fold_company, sort_name
from app.db import db, unit_of_work
from app.interviews.models import Interview, Recommendation
from app.interviews.rules import Ability
from app.managers.models import SOME, Manager, ManagerTag
from app.mandates.models import Mandate, MandateColleague
from app.references.models import Referee
from app.talks.models import Talk
from app.talks.plan_actions import plan_mandate
from app.users.models import Team, User

_numbers = count(1)
LONG_AGO = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PASSWORD = "Leuchtfeuer-Priel-29"
# Argon2 of PASSWORD takes a while; tests that sign in through the form use make_user(password=…).


def save(record: Any) -> Any:
    """Save one record in a unit of work of its own and return it."""
    with unit_of_work():
        db.session.add(record)
    return record


def save_all(records: Iterable[Any]) -> None:
    """Save many records in one unit of work."""
    with unit_of_work():
        db.session.add_all(records)


def reload(record: Any) -> Any:
    """Return the record as the database has it now."""
    db.session.rollback()  # ends the transaction that still sees the old state
    db.session.refresh(record)
    return record


def make_team(name: str = "Firm") -> Team:
    found = db.session.query(Team).filter_by(name=name).first()
    return found or save(Team(name=name))


def make_user(role: str = "consultant", **given: Any) -> User:
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"user{number}@example.org",
        "fs_uniquifier": f"uniquifier-{number}",
        "role": role,
        "first_name": "Katrin",
        "last_name": f"Ostendorff{number}",
        "team": make_team(),
        "language": "en",
        "is_reviewer": role in ("lead", "consultant"),
        **given,
    }
    values.setdefault("sort_name", sort_name(values["first_name"], values["last_name"]))
    return save(User(**values))


def new_client(**given: Any) -> Client:
    """A company in Bavaria, not saved yet; `owner` may be a user."""
    values: dict[str, Any] = {
        "name": f"Velbrink Antriebstechnik {next(_numbers)} GmbH",
        "region": "DE-BY",
        "created_at": LONG_AGO,
        **_owned(given),
    }
    values.setdefault("sort_name", fold_company(values["name"]))
    return Client(**values)


def make_client(**given: Any) -> Client:
    """A company in Bavaria; the keywords of `new_client`."""
    return save(new_client(**given))


def make_contact(client: Client | None = None, **given: Any) -> Contact:
    """A person at `client`, or at a new one."""
    number = next(_numbers)
    client = client or make_client()
    values: dict[str, Any] = {
        "client_id": client.id,
        "first_name": "Rainer",
        "last_name": f"Osterkamp{number}",
        "email": f"contact{number}@example.org",
        "language": "de",
        "country": client.region[:2],
        "role": "sponsor",
        "created_at": LONG_AGO,
        **given,
    }
    contact = Contact(**values)
    contact.name_changed()
    return save(contact)


def make_benefit(**given: Any) -> Benefit:
    """Something that is in it for whoever is asked, on whatever occasion."""
    number = next(_numbers)
    words = {f"{part}_{language}": f"{part} {number} {language}" for part in ("title", "text") for language in ("de", "nl", "en")}
    return save(
        Benefit(**{"position": number, "roles": [], "purposes": [], "has_brief": False, "is_active": True, **words, **given})
    )


def new_manager(
    functions: tuple[str, ...] = (),
    industries: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    languages_some: tuple[str, ...] = (),
    **given: Any,
) -> Manager:
    """A released manager, not saved yet; `owner` may be a user."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "state": "released",
        "first_name": "Henrike",
        "last_name": f"Aldenhoff{number}",
        "email": f"manager{number}@example.org",
        "language": "de",
        "country": "DE",
        "rate_unit": "day",
        "rate_currency": "EUR",
        "created_at": LONG_AGO,
        **_owned(given),
    }
    manager = Manager(**values)
    manager.name_changed()
    tags = {"function": functions, "industry": industries, "region": regions, "language": languages}
    manager.tags = [ManagerTag(kind=kind, value=value) for kind, keys in tags.items() for value in keys]
    manager.tags += [ManagerTag(kind="language", value=value, level=SOME) for value in languages_some]
    return manager


def make_manager(**given: Any) -> Manager:
    """A released manager; the keywords of `new_manager`."""
    return save(new_manager(**given))


def _owned(given: dict[str, Any]) -> dict[str, Any]:
    owner = given.pop("owner", None)
    return {**given, "owner_id": owner.id} if owner is not None else given


def make_talk(
    kind: str = "quality",
    side: str = "client",
    *,
    contact: Contact | None = None,
    manager: Manager | None = None,
    mandate: Any = None,
    **given: Any,
) -> Talk:
    """A talk that is due on 23 March 2026; with a mandate it is planned, with the mandate's people and owner."""
    if mandate is not None:
        given = {"mandate_id": mandate.id, "owner_id": mandate.owner_id, "planned": True, **_owned(given)}
    contact = contact or (mandate.contact if mandate is not None else None)
    manager = manager or (mandate.manager if mandate is not None else None)
    if side != "manager" and contact is None:
        contact = make_contact()
    if side in ("manager", "both") and manager is None:
        manager = make_manager()
    values: dict[str, Any] = {
        "kind": kind,
        "side": side,
        "state": "due",
        "contact_id": contact.id if contact is not None and side != "manager" else None,
        "manager_id": manager.id if manager is not None and side in ("manager", "both") else None,
        "due_on": date(2026, 3, 23),
        "created_at": LONG_AGO,
        **_owned(given),
    }
    instant = values.get("held_at") or values.get("appointment_at")
    values.setdefault("sort_on", instant.date() if instant else values["due_on"])
    return save(Talk(**values))


def make_mandate(
    *,
    client: Client | None = None,
    contact: Contact | None = None,
    manager: Manager | None = None,
    colleagues: tuple[User, ...] = (),
    signed: bool = True,
    planned: bool = False,
    **given: Any,
) -> Mandate:
    """A mandate in Bavaria from 12 January to 10 July 2026; `owner` is a user, else a new consultant.

    `signed=False`: still in scoping, without a term. `planned`: with the talks of its quality clause.
    """
    contact = contact or make_contact(client)
    if signed:
        term = {"signed_on": date(2025, 12, 19), "starts_on": date(2026, 1, 12), "ends_on": date(2026, 7, 10)}
        given = {"manager_id": (manager or make_manager()).id, "stage": 2, **term, **given}
        given.setdefault("first_end_on", given["ends_on"])
    elif manager is not None:
        given["manager_id"] = manager.id
    values: dict[str, Any] = {
        "year": 2026,
        "running": next(_numbers),
        "title": "Interim-Werkleitung",
        "client_id": contact.client_id,
        "contact_id": contact.id,
        "created_at": LONG_AGO,
        **_owned(given),
    }
    if "owner_id" not in values:
        values["owner_id"] = make_user().id
    mandate = Mandate(**values, colleagues=[MandateColleague(user_id=user.id) for user in colleagues])
    save(mandate)
    if planned:
        with unit_of_work():
            plan_mandate(mandate, actor=None, at=LONG_AGO)
    return mandate


def make_interview(manager: Manager | None = None, **given: Any) -> Talk:
    """A completed interview with three recommendations, held on 16 March 2026; `owner` held it. Returns its talk."""
    owner = given.pop("owner", None) or make_user()
    held_at = given.pop("held_at", datetime(2026, 3, 16, 13, 0, tzinfo=UTC))
    talk = make_talk("interview", "manager", manager=manager, owner=owner, state="held", held_at=held_at, recorded_by_id=owner.id)
    advice = (
        ("Projektliste um Ergebnisse ergänzen", 1),
        ("Kurzprofil auf eine Seite bringen", 8),
        ("Zwei Referenzen erbitten", 22),
    )
    values: dict[str, Any] = {
        "talk_id": talk.id,
        "manager_id": talk.manager_id,
        "abilities": {ability.value: 4 for ability in Ability},
        "recommendations": [
            Recommendation(position=number, text=text, by_on=date(2026, 4, day)) for number, (text, day) in enumerate(advice)
        ],
        "completed_at": held_at,
        "completed_by_id": owner.id,
        "changed_at": held_at,
        **given,
    }
    save(Interview(**values))
    return talk


def make_referee(manager: Manager, **given: Any) -> Referee:
    """A former boss until June 2024; the manager has agreed to a call, and the referee was told."""
    values: dict[str, Any] = {
        "last_name": "Dahlmann",
        "first_name": "Ute",
        "language": "de",
        "relation": "boss",
        "company": "Nordwerk AG",
        "together_until": date(2024, 6, 30),
        "consent_on": date(2026, 3, 1),
        "consent_how": "phone",
        "told_at": datetime(2026, 3, 1, tzinfo=UTC),
        "created_at": datetime(2026, 3, 1, tzinfo=UTC),
        **given,
    }
    referee = Referee(manager_id=manager.id, **values)
    referee.name_changed()
    return save(referee)
