"""A mandate's page takes the reference window as it was read for some seconds, and anew where something was told."""

from __future__ import annotations

import pytest

from tests.factories import make_mandate
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql


def reads(office: Office, path: str) -> int:
    """Return how often opening the page reads the window."""
    with counted(office.app) as statements:
        assert office.open(path).status == 200
    return sum("contact_wish" in statement for statement in statements)


@pytest.fixture
def keeping(lead: Office) -> Office:
    """A lead in an application that keeps the window for a minute."""
    lead.app.config["WINDOW_SECONDS"] = 60.0
    return lead


def test_it_is_read_once_until_something_is_told_or_changed(keeping: Office) -> None:
    page = f"/mandates/{make_mandate(owner=keeping.user).id}"
    assert [reads(keeping, page) for _time in range(3)] == [1, 0, 0]

    keeping.open(page).form("/notes/new").fill(text="Praised.").submit(follow=False)
    assert [reads(keeping, page) for _time in range(2)] == [1, 0]

    keeping.open(f"{page}/edit").fill(title="Another task").submit(follow=False)
    assert [reads(keeping, page) for _time in range(2)] == [1, 0]


def test_each_mandate_has_its_own(keeping: Office) -> None:
    pages = [f"/mandates/{make_mandate(owner=keeping.user).id}" for _number in range(2)]

    assert [reads(keeping, page) for page in pages] == [1, 1]


def test_without_seconds_it_is_read_each_time(lead: Office) -> None:
    page = f"/mandates/{make_mandate(owner=lead.user).id}"

    assert [reads(lead, page) for _time in range(2)] == [1, 1]
