"""Opening, changing and closing accounts; passwords and the second factor."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core.addresses import checked_email
from app.core.clock import check_zone
from app.core.dates import check_region
from app.core.errors import N_, RuleViolation
from app.core.names import sort_name
from app.db import audit_bulk, db
from app.links import actions as links
from app.users import belongings, letters, passwords, queries, second_factor, sessions
from app.users.models import Absence, Team, User
from app.users.rules import REVIEWS_BY_DEFAULT, Role

NAME_PARTS = ("form_of_address", "title", "first_name", "particle", "last_name")
OWN = (*NAME_PARTS, "phone", "language", "theme", "single_keys", "digest", "notices_in_digest", "talk_mails", "zone", "region")
BY_ADMINISTRATOR = (*NAME_PARTS, "phone", "language", "email", "role", "team_id", "is_reviewer")
FIRST_TEAM = "Firm"


def add(
    *,
    email: str,
    role: str,
    last_name: str,
    first_name: str | None = None,
    at: datetime,
    password: str | None = None,
    team: Team | None = None,
    language: str = "de",
    **name_parts: Any,
) -> User:
    """Open an account; without a password nobody can sign in to it until the invitation's link was used.

    Raises RuleViolation at the field for an address that is none or taken, an unknown role, an easy password.
    """
    address = checked_email(email)
    _refuse_taken(address)
    if role not in list(Role):
        raise RuleViolation(N_("There is no role “%(role)s”."), field="role", role=role)
    user = User(
        email=address,
        role=role,
        team=team or first_team(),
        language=language,
        is_reviewer=role in REVIEWS_BY_DEFAULT,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        confirmed_at=at if password else None,
        first_name=first_name or None,
        last_name=last_name,
        **name_parts,
    )
    _keep_sort_name(user)
    if password is not None:
        user.password = passwords.hashed(passwords.check(password, email=address, name=user.name))
    db.session.add(user)
    db.session.flush()
    queries.forget_names()
    return user


def first_team() -> Team:
    """Return the oldest team; make the first one where there is none."""
    oldest = sa.select(Team).order_by(Team.id).limit(1)
    found = db.session.scalar(oldest)
    if found is not None:
        return found
    made = Team(name=FIRST_TEAM)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # another process made it a moment ago
        return db.session.scalars(oldest).one()
    return made


def invite(user: User, *, actor: User | None, at: datetime) -> None:
    """Send the link that sets the first password; an earlier one no longer works."""
    if user.password is not None:
        raise RuleViolation(N_("%(name)s has a password already."), name=user.name)
    if not user.active:
        raise RuleViolation(N_("This account is disabled."))
    letters.invitation(user, inviter=actor.name if actor else "", at=at)


def change_own(user: User, values: dict[str, Any]) -> None:
    """Change what everyone may change of their own account: the keys of OWN, others are refused as a bug."""
    _change(user, values, OWN)


def change(user: User, values: dict[str, Any], *, actor: User, at: datetime) -> None:
    """Change an account as its administrator: the keys of BY_ADMINISTRATOR.

    Raises RuleViolation where nobody would be left to administer. A change of role is in force with the next request.
    """
    if "email" in values:
        values = {**values, "email": checked_email(values["email"])}
        if values["email"] != user.email:
            _refuse_taken(values["email"])
            revoke_links(user, at=at)
    if values.get("role", user.role) != Role.ADMINISTRATOR:
        _refuse_losing_last_administrator(user, field="role")
    _change(user, values, BY_ADMINISTRATOR)


def _change(user: User, values: dict[str, Any], allowed: tuple[str, ...]) -> None:
    for name, value in values.items():
        if name not in allowed:
            raise KeyError(name)
        if name == "zone" and value:
            check_zone(value, field="zone")
        if name == "region" and value:
            check_region(value, field="region")
        setattr(user, name, value if value != "" else None)
    _keep_sort_name(user)
    queries.forget_names()


def _keep_sort_name(user: User) -> None:
    user.sort_name = sort_name(user.first_name, user.last_name)[:200]


def set_password(user: User, password_hash: str, *, at: datetime, keep_session: int | None = None) -> None:
    """Set a new password, end all sessions but `keep_session`, take back the links to set one, tell its owner.

    `password_hash` comes from `passwords.new_hash`, made before the transaction: it takes a tenth of a second.
    """
    had_one = user.password is not None
    user.password = password_hash
    user.confirmed_at = user.confirmed_at or at
    sessions.end_all(user, at=at, but=keep_session)
    revoke_links(user, at=at)
    if had_one:
        letters.password_changed(user, at=at)


def revoke_links(user: User, *, at: datetime) -> None:
    """Take back the links with which a password could be set."""
    for purpose in (letters.INVITATION, letters.RESET):
        links.revoke_all(user, at=at, purpose=purpose)


def switch_second_factor_on(user: User, code: str, *, at: datetime) -> list[str]:
    """Switch it on if `code` comes from the proposed secret; return the recovery codes, shown this once."""
    if not second_factor.confirm(user, code, at):
        raise RuleViolation(N_("This code is not right. Please type the one that the app shows now."), field="code")
    letters.second_factor_changed(user, is_on=True, at=at)
    return second_factor.new_recovery_codes(user)


def switch_second_factor_off(user: User, *, at: datetime) -> None:
    """Switch it off: by its owner, or by an administrator where the telephone is lost."""
    if user.has_second_factor:
        letters.second_factor_changed(user, is_on=False, at=at)
    second_factor.switch_off(user)


def disable(user: User, *, actor: User, at: datetime) -> None:
    """Close an account: nobody signs in to it any more, its sessions end.

    Raises RuleViolation as long as something open has not been handed over. Source: docs/domain.md, "Roles".
    """
    if user.id == actor.id:
        raise RuleViolation(N_("Nobody can disable their own account; another administrator can."))
    _refuse_losing_last_administrator(user)
    left = sum(one.count for one in belongings.open_of(user.id))
    if left:
        raise RuleViolation(
            N_("%(name)s still has %(num)s open things. Somebody must take them over first."), name=user.name, num=left
        )
    user.active = False
    stood_in = db.session.execute(
        sa.update(Absence).where(Absence.deputy_id == user.id, Absence.ends_on >= at.date()).values(deputy_id=None)
    )
    if stood_in.rowcount:  # type: ignore[attr-defined]
        audit_bulk("absence", {"deputy_id": None, "was": user.id})
    sessions.end_all(user, at=at)
    revoke_links(user, at=at)


def enable(user: User, *, at: datetime) -> None:
    """Open a disabled account again; the person signs in as before."""
    user.active = True


def hand_over(user: User, to: User, *, kinds: list[str] | None, actor: User, at: datetime) -> int:
    """Give what `user` has open to `to`: all, or only the named kinds; return how many things went over.

    Raises RuleViolation at "to_id" for a colleague who is disabled, or the same person.
    """
    if to.id == user.id or not to.active:
        raise RuleViolation(N_("Please choose another colleague."), field="to_id")
    given = 0
    for one in belongings.open_of(user.id):
        if kinds is None or one.kind.name in kinds:
            one.kind.hand_over(user, to, actor, at)
            given += one.count
    db.session.flush()
    return given


def _refuse_taken(address: str) -> None:
    if db.session.scalar(sa.select(User.id).where(User.email == address)) is not None:
        raise RuleViolation(N_("There is an account with this address already."), field="email")


def _refuse_losing_last_administrator(user: User, field: str | None = None) -> None:
    if user.role != Role.ADMINISTRATOR or not user.active:
        return
    others = sa.select(User.id).where(User.role == Role.ADMINISTRATOR, User.active, User.id != user.id).limit(1)
    if db.session.scalar(others) is None:
        raise RuleViolation(N_("There must be at least one administrator."), field=field)
