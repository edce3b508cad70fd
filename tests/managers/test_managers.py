"""The list of managers and a manager's page."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import make_manager

pytestmark = pytest.mark.sql


def test_smoke(office):
    m = make_manager(
        functions=("finance",),
        regions=("DE-NI", "NL"),
        languages=("de",),
        languages_some=("nl",),
        rate=1450,
        mobile="+491713920021",
        headline="Finance",
        next_step="Call",
        next_step_on=date(2026, 3, 18),
    )
    page = office.open("/managers")
    assert page.status == 200, page.text
    assert "DE-NI, NL" in page.text
    page = office.open(f"/managers/{m.id}")
    assert page.status == 200, page.text
    for path in (
        "new",
        f"{m.id}/edit",
        f"{m.id}/availability",
        f"{m.id}/next-step",
        f"{m.id}/notes/new",
        f"{m.id}/documents",
        f"{m.id}/documents/new",
        f"{m.id}/owner",
    ):
        page = office.open("/managers/" + path)
        assert page.status == 200, (path, page.text)
