"""Deny by default: every endpoint names what it asks for, and holds to it for every role."""

from __future__ import annotations

import itertools
import re

import pytest
from flask import Flask

from app.users.rules import ALL_PERMISSIONS, PERMISSIONS, Role
from app.web.rights import FOREIGN, PUBLIC, permission_of
from tests.factories import make_user
from tests.office import Office

pytestmark = pytest.mark.sql
# What answers otherwise than a page to people without a login, with the reason.
CHALLENGES: dict[str, str] = {}
NOBODYS_NUMBER = "987654321"


def endpoints(app: Flask) -> list[tuple[str, str, str]]:
    """Every endpoint with an address of it and one method it answers."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<int:\w+>", NOBODYS_NUMBER, rule.rule)
        path = re.sub(r"<[^>]+>", "x", path)
        method = "GET" if "GET" in (rule.methods or ()) else next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        found.append((rule.endpoint, path, method))
    return sorted(found)


def guarded(app: Flask) -> list[tuple[str, str, str, str]]:
    return [
        (endpoint, path, method, permission)
        for endpoint, path, method in endpoints(app)
        if (permission := permission_of(app, endpoint)) not in (None, PUBLIC)
    ]


def test_every_endpoint_names_a_permission_or_is_public(app):
    nameless = [endpoint for endpoint, _path, _method in endpoints(app) if permission_of(app, endpoint) is None]
    unknown = {permission for *_rest, permission in guarded(app)} - ALL_PERMISSIONS

    assert nameless == []
    assert unknown == set()


def test_what_is_public_stands_here_too(app):
    """A page that should ask for a login and does not is a leak: whoever opens one writes it down here."""
    public = {endpoint for endpoint, _path, _method in endpoints(app) if permission_of(app, endpoint) == PUBLIC}

    assert public <= {
        "favicon",
        "robots",
        "static",
        "health.healthz",
        "reminders.healthz",
        "healthz",
        "links.personal",
        "registration.again",
        "registration.new",
        "registration.sent",
        "registration.text",
        "security.forgotten",
        "security.login",
        "security.recovery_code",
        "security.second_factor_code",
    }


def test_flask_security_s_own_pages_are_off(app):
    ours = {"login", "logout", "forgotten", "recovery_code", "second_factor_code"}

    assert {endpoint for endpoint, *_rest in endpoints(app) if endpoint.startswith("security.")} == {
        f"security.{name}" for name in ours
    }
    assert set(FOREIGN) <= {"static"}


def test_nobody_gets_in_without_a_login(app):
    visitor = Office(app)
    for endpoint, path, method, _permission in guarded(app):
        status = visitor.client.open(path, method=method).status_code
        assert status in ((302, 401) if method == "GET" else (400, 401)), f"{method} {path} ({endpoint}): {status}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_403_for_what_it_may_not(app, role):
    person = Office(app, make_user(role=role))
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', person.open("/logout").text)[1]
    for endpoint, path, method, permission in guarded(app):
        with app.app_context():
            status = person.client.open(path, method=method, data={"csrf_token": token} if method != "GET" else None).status_code
        allowed = permission in PERMISSIONS[role]
        assert (status == 403) <= (not allowed or NOBODYS_NUMBER in path), f"{method} {path} ({endpoint}): {status} for {role}"
        assert allowed or status == 403, f"{method} {path} ({endpoint}): {status} for {role}"
        assert status < 500, f"{method} {path} ({endpoint}): {status} for {role}"


def test_an_auditor_changes_nothing():
    """Reads all and the audit trail: every permission of the role is one to read, or to one's own settings."""
    assert {permission for permission in PERMISSIONS[Role.AUDITOR] if not permission.endswith(".read")} == {"settings.own"}


def test_roles_grow_from_assistant_to_administrator():
    order = [Role.ASSISTANT, Role.CONSULTANT, Role.LEAD, Role.ADMINISTRATOR]
    for lower, higher in itertools.pairwise(order):
        assert PERMISSIONS[lower] < PERMISSIONS[higher]


def test_an_assistant_sees_neither_money_nor_figures():
    assert not {"mandates.money", "figures.read"} & PERMISSIONS[Role.ASSISTANT]


def test_an_unknown_permission_is_a_bug(app, office):
    with pytest.raises(KeyError):
        office.user.may("mandates.extendd")
