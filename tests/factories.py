"""Records for tests: a factory names only what the test is about; the rest has sensible defaults.

Everything is saved. Invented people throughout.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from app.core.names import sort_name
from app.db import db, unit_of_work
from app.users.models import Team, User

_numbers = count(1)
PASSWORD = "Leuchtfeuer-Priel-29"
# Argon2 of PASSWORD takes a while; tests that sign in through the form use make_user(password=…).


def save(record: Any) -> Any:
    """Save one record in a unit of work of its own and return it."""
    with unit_of_work():
        db.session.add(record)
    return record


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
