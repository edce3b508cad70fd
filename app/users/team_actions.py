"""Teams, and days somebody is away."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from app.core.errors import N_, RuleViolation
from app.db import db
from app.users.models import Absence, Team, User
from app.users.rules import Role


def add_team(name: str) -> Team:
    """Make a team; raises RuleViolation at "name" for a name that is taken."""
    _refuse_taken(name, but=None)
    team = Team(name=name)
    db.session.add(team)
    db.session.flush()
    return team


def rename_team(team: Team, name: str) -> None:
    _refuse_taken(name, but=team.id)
    team.name = name


def remove_team(team: Team) -> None:
    """Remove an empty team; the last one stays."""
    if db.session.scalar(sa.select(User.id).where(User.team_id == team.id).limit(1)) is not None:
        raise RuleViolation(N_("Colleagues belong to this team. Move them to another one first."))
    if db.session.scalar(sa.select(Team.id).where(Team.id != team.id).limit(1)) is None:
        raise RuleViolation(N_("There must be at least one team."))
    db.session.delete(team)


def note_absence(user: User, starts_on: date, ends_on: date, deputy: User | None) -> Absence:
    """Note that a colleague is away, both days inclusive.

    Raises RuleViolation for an end before the start, days that overlap another absence, or a deputy who cannot be one.
    """
    if ends_on < starts_on:
        raise RuleViolation(N_("The last day lies before the first one."), field="ends_on")
    if deputy is not None and deputy.id == user.id:
        raise RuleViolation(N_("Nobody can stand in for themselves."), field="deputy_id")
    if deputy is not None and not deputy.active:
        raise RuleViolation(N_("This account is disabled."), field="deputy_id")
    if deputy is not None and deputy.role == Role.AUDITOR:
        raise RuleViolation(N_("%(name)s may change nothing, and so cannot stand in."), field="deputy_id", name=deputy.name)
    overlapping = (
        sa.select(Absence).where(Absence.user_id == user.id, Absence.starts_on <= ends_on, Absence.ends_on >= starts_on).limit(1)
    )
    other = db.session.scalar(overlapping)
    if other is not None:
        raise RuleViolation(
            N_("An absence from %(first)s to %(last)s is noted already."),
            field="starts_on",
            first=other.starts_on,
            last=other.ends_on,
        )
    absence = Absence(user_id=user.id, starts_on=starts_on, ends_on=ends_on, deputy_id=deputy.id if deputy else None)
    db.session.add(absence)
    db.session.flush()
    return absence


def end_absence(absence: Absence, back_on: date) -> None:
    """End an absence early: from `back_on` the colleague is there again; one that has not begun by then is removed."""
    if back_on <= absence.starts_on:
        db.session.delete(absence)
    elif back_on <= absence.ends_on:
        absence.ends_on = back_on - timedelta(days=1)


def _refuse_taken(name: str, but: int | None) -> None:
    if db.session.scalar(sa.select(Team.id).where(Team.name == name, Team.id != (but or 0))) is not None:
        raise RuleViolation(N_("There is a team of this name already."), field="name")
