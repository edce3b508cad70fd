from __future__ import annotations

import pytest

from tests.factories import make_contact

pytestmark = pytest.mark.sql


def test_smoke(office):
    contact = make_contact()
    c = contact.client_id
    for path in (
        "",
        "/new",
        f"/{c}",
        f"/{c}/edit",
        f"/{c}/next-step",
        f"/{c}/notes/new",
        f"/{c}/owner",
        f"/{c}/contacts/new",
        f"/{c}/contacts/{contact.id}",
        f"/{c}/contacts/{contact.id}/edit",
        f"/{c}/contacts/{contact.id}/departure",
        f"/{c}/contacts/{contact.id}/notes/new",
    ):
        page = office.open("/clients" + path)
        assert page.status == 200, (path, page.text)
