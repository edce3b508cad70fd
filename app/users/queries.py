"""Reading accounts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from app.db import db
from app.users.models import Absence, Team, User
from app.users.rules import Role

_NAMES = "lotse.user_names"
FRESH_SECONDS = 5.0
LONGEST_CHAIN = 5


def names() -> dict[int, str]:
    """Return every colleague's short name by number; one statement at most every FRESH_SECONDS."""
    cached = current_app.extensions.get(_NAMES)
    if cached and time.monotonic() - cached[0] < FRESH_SECONDS:
        return cached[1]
    users = db.session.execute(sa.select(User.id, User.first_name, User.particle, User.last_name))
    now = {
        row.id: " ".join(filter(None, (f"{row.first_name[0]}." if row.first_name else "", row.particle, row.last_name)))
        for row in users
    }
    current_app.extensions[_NAMES] = (time.monotonic(), now)
    return now


def forget_names() -> None:
    """Have the names read again."""
    current_app.extensions.pop(_NAMES, None)


def active() -> Sequence[User]:
    """Return the colleagues who can sign in, by name."""
    return db.session.scalars(sa.select(User).where(User.active).order_by(User.sort_name, User.id)).all()


def active_names() -> Sequence[Any]:
    """Return number, role, title, first name, particle and last name of the colleagues who can sign in, by name."""
    return db.session.connection().execute(_active_names()).all()


@cache
def _active_names() -> sa.Select[*tuple[Any, ...]]:
    columns = (User.id, User.role, User.title, User.first_name, User.particle, User.last_name)
    return sa.select(*columns).where(User.active).order_by(User.sort_name, User.id)


def absent_on(day: date) -> set[int]:
    """Return the numbers of the colleagues who are away on `day`; one statement."""
    return set(db.session.connection().execute(_absent(), {"day": day}).scalars())


@cache
def _absent() -> sa.Select[int]:
    day = sa.bindparam("day", type_=sa.Date)
    return sa.select(Absence.user_id).where(Absence.covers(day))


def choices(but: int | None = None) -> list[tuple[str, str]]:
    """Return (number, name) of the active colleagues, for a select field; `but` is left out."""
    return [(str(user.id), user.name) for user in active() if user.id != but]


def by_email(email: str) -> User | None:
    """Return the account with this address, however it is written."""
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def is_administered() -> bool:
    """Say whether there is an administrator who can sign in."""
    return db.session.scalar(sa.select(User.id).where(User.role == Role.ADMINISTRATOR, User.active).limit(1)) is not None


def everyone() -> sa.Select[Any]:
    """Return the select of all accounts with their teams' names, for the list; ordered by the page."""
    select: Any = sa.select(
        User.id, User.sort_name, User.title, User.first_name, User.particle, User.last_name, User.email, User.role,
        User.active, User.is_reviewer, User.password.is_not(None).label("has_password"), User.tf_primary_method, Team.name.label("team"),
    )  # fmt: skip
    found: sa.Select[Any] = select.join(Team)
    return found


def teams() -> list[tuple[Team, int]]:
    """Return the teams by name, each with how many active colleagues it has."""
    members = sa.func.count(User.id).filter(User.active)
    return [
        (team, count)
        for team, count in db.session.execute(
            sa.select(Team, members).outerjoin(User, User.team_id == Team.id).group_by(Team.id).order_by(Team.name, Team.id)
        )
    ]


def team_choices() -> list[tuple[str, str]]:
    """Return (number, name) of the teams, for a select field."""
    return [
        (str(number), name) for number, name in db.session.execute(sa.select(Team.id, Team.name).order_by(Team.name, Team.id))
    ]


def leads_for(user_id: int) -> list[User]:
    """Return who "the lead" of a colleague is: the active leads of the team, else every lead, else the administrators.

    Source: docs/domain.md, "Roles".
    """
    owner = db.session.get(User, user_id)
    team_id = owner.team_id if owner else None
    found = db.session.scalars(
        sa.select(User)
        .where(User.active, User.role.in_([Role.LEAD, Role.ADMINISTRATOR]), User.id != user_id)
        .order_by(User.sort_name, User.id)
    ).all()
    leads = [user for user in found if user.role == Role.LEAD]
    return [user for user in leads if user.team_id == team_id] or leads or list(found)


def reviewers() -> Sequence[User]:
    """Return the active colleagues who review papers, by name."""
    return db.session.scalars(sa.select(User).where(User.active, User.is_reviewer).order_by(User.sort_name, User.id)).all()


def away_until(user_id: int, day: date) -> date | None:
    """Return the last day of the colleague's absence on `day`; None for who is there."""
    return db.session.connection().execute(_away_until(), {"user_id": user_id, "day": day}).scalar()


@cache
def _away_until() -> sa.Select[date]:
    day = sa.bindparam("day", type_=sa.Date)
    return sa.select(Absence.ends_on).where(Absence.user_id == sa.bindparam("user_id"), Absence.covers(day)).limit(1)


def absences_on(day: date) -> dict[int, Absence]:
    """Return every absence on `day` by the absent colleague's number; one statement."""
    found = db.session.scalars(sa.select(Absence).where(Absence.starts_on <= day, day <= Absence.ends_on))
    return {absence.user_id: absence for absence in found}


def deputy_of(user_id: int, day: date, absences: dict[int, Absence] | None = None) -> int | None:
    """Return the number of who stands in for the colleague on `day`; None for somebody who is there, or has nobody.

    Where the deputy is away too, the deputy's deputy. `absences` saves the statement where many are asked for.
    """
    away = absences_on(day) if absences is None else absences
    seen, number = {user_id}, user_id
    for _step in range(LONGEST_CHAIN):
        absence = away.get(number)
        if absence is None:
            return None if number == user_id else number
        if absence.deputy_id is None or absence.deputy_id in seen:
            return None
        number = absence.deputy_id
        seen.add(number)
    return None


def stands_in_for(user_id: int, day: date) -> list[int]:
    """Return the numbers of those whose work falls to this colleague on `day`."""
    away = absences_on(day)
    return [number for number in sorted(away) if deputy_of(number, day, away) == user_id]


def available(user_id: int, day: date) -> bool:
    """Say whether something new can be assigned to the colleague on `day`: the account is open, nobody is away."""
    is_active = db.session.scalar(sa.select(User.active).where(User.id == user_id))
    return bool(is_active) and away_until(user_id, day) is None


def absences_from(day: date, user_id: int | None = None) -> Sequence[Absence]:
    """Return the absences that are not over on `day`, with who and deputy, soonest first."""
    select = (
        sa.select(Absence)
        .where(Absence.ends_on >= day)
        .options(joinedload(Absence.user), joinedload(Absence.deputy))
        .order_by(Absence.starts_on, Absence.id)
    )
    return db.session.scalars(select.where(Absence.user_id == user_id) if user_id else select).all()
