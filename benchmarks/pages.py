"""The pages that are measured, with what each may take. The limits are the project's promise (docs/operations.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from app.db import db
from app.managers.models import Manager
from benchmarks.firm import Firm
from benchmarks.measure import Case
from tests.statements import counted

LIST, SEARCH, DETAIL, CREATE = 1.75, 3.0, 2.5, 2.5


def cases_for(firm: Firm) -> list[Case]:
    """Return the cases for this firm, statements counted once."""
    floor = firm.floor.test_client()
    middle = _middle(firm)
    floor_middle = f"/managers?{urlencode(_row_in_the_middle())}"
    owner = {"owner": firm.office.user.id if firm.office.user else 1}
    cases = [
        Case("managers, page 1", _get(firm, "/managers"), _floor(floor, "/managers"), LIST),
        Case("managers, middle", _get(firm, middle), _floor(floor, floor_middle), LIST),
        Case("talks, page 1", _get(firm, "/talks?view=all"), _floor(floor, f"/talks?{urlencode(owner)}"), None),
        Case("mandates, page 1", _get(firm, "/mandates?view=all"), None, None),
        Case("clients, page 1", _get(firm, "/clients"), None, None),
        Case("manager with 20 events", _get(firm, f"/managers/{firm.busy_id}"), _floor(floor, f"/managers/{firm.busy_id}"), DETAIL),
        Case("today", _get(firm, "/today"), None, None),
    ]
    for name, text in _texts(firm).items():
        query = urlencode({"q": text})
        cases.append(Case(f"search: {name} ({text})", _get(firm, f"/search?{query}"), _floor(floor, f"/search?{query}"), SEARCH))
    for case in cases:
        with counted(firm.app) as statements:
            case.app()
        case.statements = len(statements)
    cases.append(_create(firm, floor))
    return cases


def _get(firm: Firm, path: str) -> Callable[[], int]:
    return lambda: firm.office.client.get(path).status_code


def _floor(client: Any, path: str) -> Callable[[], int]:
    return lambda: int(client.get(path).status_code)


def _row_in_the_middle() -> dict[str, Any]:
    middle = (db.session.scalar(sa.select(sa.func.count()).select_from(Manager)) or 0) // 2
    row = db.session.execute(sa.select(Manager.sort_name, Manager.id).order_by(Manager.sort_name, Manager.id).offset(middle).limit(1)).one()
    return {"name": row.sort_name, "id": row.id}


def _middle(firm: Firm) -> str:
    """Return the application's address of a page in the middle: its own cursor for the row there."""
    from app.web.paging import _pack

    page = firm.office.open("/managers").text
    found = re.search(r'href="(/managers\?[^"]*after=)', page)
    assert found, "the list has no next page"
    row = _row_in_the_middle()
    return found[1].replace("&amp;", "&") + _pack([row["name"], row["id"]])


def _texts(firm: Firm) -> dict[str, str]:
    """Return words that many, few, one and no names hold, and one of two letters."""
    counts = db.session.execute(sa.select(Manager.last_name, sa.func.count().label("n")).group_by(Manager.last_name)).all()
    by_count = sorted(((row.n, row.last_name) for row in counts), reverse=True)
    few = min(by_count, key=lambda pair: abs(pair[0] - 40))[1]
    return {"frequent": by_count[0][1].lower(), "rare": few.lower().split("-")[0], "single": "einzigartig", "none": "xyzzyq", "two letters": "pe"}


def _create(firm: Firm, floor: Any) -> Case:
    page = firm.office.open("/managers/new")
    form = next(one for one in page.forms if "last_name" in one["names"])
    numbers = count(1)

    def create() -> int:
        number = next(numbers)
        fields = {name: values for name, values in form["fields"].items()}
        fields |= {"form_key": [f"bench-{number}"], "first_name": ["Anke"], "last_name": [f"Neuland{number}"]}
        return firm.office.client.post("/managers/new", data=fields).status_code

    def create_floor() -> int:
        return int(floor.post("/managers", data={"first_name": "Anke", "last_name": f"Neuland{next(numbers)}"}).status_code)

    return Case("create a manager, with commit", create, create_floor, CREATE)
