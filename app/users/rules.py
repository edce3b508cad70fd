"""Who may do what. Deny by default: a permission that no role has is nobody's.

Source: docs/domain.md, "Roles".
"""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    CONSULTANT = "consultant"
    ASSISTANT = "assistant"
    AUDITOR = "auditor"


# Everybody who is signed in.
_READ = {
    "today.read",
    "search.read",
    "managers.read",
    "clients.read",
    "mandates.read",
    "talks.read",
    "interviews.read",
    "feedback.read",
    "admission.read",
    "mail.read",
    "files.read",
    "settings.own",
}
_ASSISTANT = _READ | {
    "talks.arrange",
    "talks.log",
    "managers.papers",
    "managers.contact_data",
    "clients.contact_data",
    "next_steps.write",
    "notes.write",
    "mail.send",
}
_CONSULTANT = _ASSISTANT | {
    "managers.write",
    "clients.write",
    "mandates.write",
    "mandates.extend",
    "mandates.money",
    "talks.plan",
    "interviews.hold",
    "feedback.write",
    "admission.write",
}
_LEAD = _CONSULTANT | {
    "records.override",
    "team.read",
    "figures.read",
    "records.hand_over",
    "managers.release",
    "managers.erase",
    "admission.import",
    "users.absences",
}
_ADMINISTRATOR = _LEAD | {"users.administer", "settings.firm", "audit.read", "scheduler.administer"}
_AUDITOR = _READ | {"audit.read", "team.read", "figures.read"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(_ADMINISTRATOR),
    Role.LEAD: frozenset(_LEAD),
    Role.CONSULTANT: frozenset(_CONSULTANT),
    Role.ASSISTANT: frozenset(_ASSISTANT),
    Role.AUDITOR: frozenset(_AUDITOR),
}
ALL_PERMISSIONS = frozenset().union(*PERMISSIONS.values())

SEES_ALL_MONEY = frozenset({Role.ADMINISTRATOR, Role.LEAD})
CHANGES_ALL_RECORDS = frozenset({Role.ADMINISTRATOR, Role.LEAD})
REVIEWS_BY_DEFAULT = frozenset({Role.LEAD, Role.CONSULTANT})
NEEDS_SECOND_FACTOR = frozenset({Role.ADMINISTRATOR, Role.LEAD})


def may(role: str, permission: str) -> bool:
    """Say whether the role has the permission; an unknown permission is a bug and raises KeyError."""
    if permission not in ALL_PERMISSIONS:
        raise KeyError(f"no such permission: {permission}")
    return permission in PERMISSIONS[Role(role)]


def may_change(role: str, user_id: int, owner_id: int | None, colleague_ids: frozenset[int] = frozenset()) -> bool:
    """Say whether somebody may change a record: leads all, consultants what they own or are on the team of.

    A record without an owner may be changed by every consultant. Assistants change appointments, talks and papers
    of every record; the permission of that action says so, not this rule.
    """
    if Role(role) in CHANGES_ALL_RECORDS:
        return True
    if Role(role) is not Role.CONSULTANT:
        return False
    return owner_id is None or owner_id == user_id or user_id in colleague_ids


def sees_money(role: str, user_id: int, owner_id: int | None, colleague_ids: frozenset[int] = frozenset()) -> bool:
    """Say whether somebody sees the rates and margin of a mandate.

    Owner, colleagues on it, leads and administrators. Source: docs/domain.md, "Mandates".
    """
    if Role(role) in SEES_ALL_MONEY:
        return True
    if Role(role) is not Role.CONSULTANT:
        return False
    return owner_id == user_id or user_id in colleague_ids
