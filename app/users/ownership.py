"""Who looks after a record, and who may change which part of it.

Source: docs/domain.md, "Roles": consultants change what they own, assistants only talks, appointments and papers,
but of every record; nothing new is assigned to somebody who is absent.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.core.names import full_name
from app.db import audit_bulk, db
from app.settings.queries import firm
from app.timeline import record as tell
from app.timeline import register
from app.timeline.models import Event, EventSubject
from app.users import rules
from app.users.models import User
from app.users.queries import absent_on, active_names
from app.users.rows import present
from app.web.icons import icon_name

OWNING_ROLES = frozenset({rules.Role.ADMINISTRATOR, rules.Role.LEAD, rules.Role.CONSULTANT})

register("owners.changed", N_("%(owner)s looks after this from now on"), icon_name("person-check"))
register("owners.none", N_("Nobody looks after this from now on"), icon_name("person-dash"))


def may_change_part(user: Any, subject: Any, permission: str) -> bool:
    """Say whether `user` may change the part of `subject` that `permission` ("managers.papers") is about.

    Who may change the record may change each part; an assistant the part alone, whoever owns the record.
    """
    if user.may_change(subject):
        return True
    return user.role == rules.Role.ASSISTANT and user.may(permission)


def may_own(user: User) -> bool:
    """Say whether records can be given to this colleague."""
    return user.active and user.role in OWNING_ROLES


def assign(subject: Any, owner: User | None, *, actor: Any, at: datetime, today: date) -> None:
    """Make `owner` look after the record, or nobody; raise RuleViolation at `owner_id` for one who cannot.

    Whoever is absent on `today` gets nothing new.
    """
    if subject.owner_id == (owner.id if owner else None):
        return
    check_owner(owner, today)
    subject.owner_id = owner.id if owner else None
    if owner is None:
        tell("owners.none", subject, actor=actor, at=at)
    else:
        tell("owners.changed", subject, actor=actor, at=at, owner=owner.short_name)


def check_owner(owner: User | int | None, today: date) -> User | None:
    """Return the colleague, given as one or by number, who is to look after something; None for nobody.

    Raises RuleViolation at `owner_id` for one who cannot take anything on now, and for a number nobody has.
    """
    if owner is None:
        return None
    found = present(owner if isinstance(owner, int) else owner.id, today)
    if found is None:
        raise RuleViolation(N_("Nobody has this number."), field="owner_id")
    user, away_until = found
    if not may_own(user):
        raise RuleViolation(N_("%(name)s cannot look after records."), field="owner_id", name=user.name)
    if away_until is not None:
        raise RuleViolation(
            N_("%(name)s is away until %(until)s; please choose somebody else."),
            field="owner_id",
            name=user.name,
            until=away_until,
        )
    return user


def owner_choices(today: date, keep: int | None = None) -> list[tuple[str, str]]:
    """Return (number, name) of those who can be given a record on `today`; `keep`, the present owner, is there anyway."""
    away = absent_on(today)
    return [
        (str(number), full_name(*name))
        for number, role, *name in active_names()
        if number == keep or (role in OWNING_ROLES and number not in away)
    ]


def taker_choices(today: date, but: int, *, owners: bool) -> list[tuple[str, str]]:
    """Return (number, name) of those who can take over on `today` what colleague `but` leaves, nobody who is away.

    With `owners` those who can own records; else whoever may hold talks too.
    """
    away = absent_on(today)
    return [
        (str(number), full_name(*name))
        for number, role, *name in active_names()
        if number != but and number not in away and (role in OWNING_ROLES if owners else role != rules.Role.AUDITOR)
    ]


def give_all(model: Any, condition: Any, to: User, *, actor: Any, at: datetime) -> int:
    """Make `to` the owner of every record of `model` that meets the condition, and tell each; return how many.

    A handful of statements, however many records: for taking over what a colleague leaves behind. Raises RuleViolation
    at "owner_id" for a colleague who cannot take anything on now.
    """
    check_owner(to, local_day(at, firm().zone))
    ids = list(db.session.scalars(sa.select(model.id).where(condition)))
    if not ids:
        return 0
    db.session.execute(sa.update(model).where(condition).values(owner_id=to.id, version=model.version + 1))
    audit_bulk(model.__tablename__, {"owner_id": to.id, "ids": ids})
    facts = {"owner": to.short_name}
    events = [
        Event(kind="owners.changed", at=at, actor_kind="user", actor_id=actor.id if actor else None, facts=facts) for _id in ids
    ]
    db.session.add_all(events)
    db.session.flush()
    db.session.add_all(
        EventSubject(about_type=model.__tablename__, about_id=number, at=at, event_id=event.id)
        for number, event in zip(ids, events, strict=True)
    )
    return len(ids)
