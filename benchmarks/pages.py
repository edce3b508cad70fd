"""The pages that are measured, with what each may take. The limits are the project's promise (docs/operations.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from app.clients.models import Client
from app.db import db
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.talks.models import Talk
from app.web.paging import _pack
from benchmarks.firm import NOW, SINGLE, Firm
from benchmarks.measure import Case
from tests.statements import counted

LIST, SEARCH, DETAIL, CREATE, QUEUE, MANDATE, BOARD = 1.75, 3.0, 2.5, 2.5, 2.0, 2.0, 2.0
_FORM = "application/x-www-form-urlencoded"
AS_BROWSERS_ASK = {"Accept": "text/html", "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "de,en;q=0.5"}


@dataclass(frozen=True)
class List:
    """A list: its address in the application and on the floor, and the columns that it is ordered by."""

    name: str
    path: str
    floor_path: str
    keys: tuple[Any, ...]
    floor_keys: tuple[str, ...]
    descending: bool = False
    among: tuple[Any, ...] = ()  # which rows the list is made of; all where none is said

    @property
    def room(self) -> str:
        return self.floor_path.split("/")[1]


_NOT_OVER = (Mandate.lost_on.is_(None), Mandate.closed_on.is_(None), Mandate.ends_on.is_not(None))
_BY_END = ((Mandate.ends_on, Mandate.id), ("end", "id"))
LISTS = (
    List("managers", "/managers", "/managers", (Manager.sort_name, Manager.id), ("name", "id")),
    List("clients", "/clients", "/clients", (Client.sort_name, Client.id), ("name", "id")),
    List("mandates", "/mandates?view=all", "/mandates", (Mandate.id,), ("last",), True),
    List("mandates by end", "/mandates?view=end", "/mandates/by-end", *_BY_END, among=_NOT_OVER),
    List("mandates that run", "/mandates", "/mandates/running", *_BY_END, among=(*_NOT_OVER, Mandate.ends_on >= NOW.date())),
    List("talks", "/talks?view=all", "/talks", (Talk.sort_on, Talk.id), ("day", "last"), True),
)


def cases_for(firm: Firm, only: str = "") -> list[Case]:
    """Return the cases for this firm whose names have `only` in them, statements counted once."""
    floor = firm.floor.test_client()
    with firm.app.app_context():
        middles = [_row_in_the_middle(one) for one in LISTS]
        texts = _texts()
    cases = []
    for one, middle in zip(LISTS, middles, strict=True):
        given = dict(zip(one.floor_keys, middle, strict=True))
        cases += [
            Case(f"{one.name}, page 1", _get(firm, one.path), _floor(floor, one.floor_path), LIST),
            Case(f"{one.name}, middle", _get(firm, _after(one, middle)), _floor(floor, one.floor_path, **given), LIST),
        ]
    busy, mandate = f"/managers/{firm.busy_id}", f"/mandates/{firm.mandate_id}"
    cases += [
        Case("manager with 20 events", _get(firm, busy), _floor(floor, busy), DETAIL),
        Case("mandates, the board", _get(firm, "/mandates/board"), _floor(floor, "/mandates/board"), BOARD),
        Case("mandate in execution", _get(firm, mandate), _floor(floor, mandate), MANDATE),
        Case("admission queue", _get(firm, "/admission"), _floor(floor, "/admission"), QUEUE),
        Case("today", _get(firm, "/today"), _floor(floor, "/today", owner=firm.user_id), None),
    ]
    for name, text in texts.items():
        ask = _get(firm, f"/search?{urlencode({'q': text})}")
        cases.append(Case(f"search: {name}", ask, _floor(floor, "/search", q=text), SEARCH))
    cases.append(_create(firm, floor))
    cases = [case for case in cases if only in case.name]
    for case in cases:
        case.app()  # settings and names are read at most every few seconds
        with counted(firm.app) as statements:
            case.app()
        case.statements = len(statements)
    return cases


def _get(firm: Firm, path: str) -> Callable[[], int]:
    return lambda: firm.office.client.get(path, headers=AS_BROWSERS_ASK).status_code


def _floor(client: Any, path: str, **given: Any) -> Callable[[], int]:
    address = f"{path}?{urlencode(given)}" if given else path
    return lambda: int(client.get(address, headers=AS_BROWSERS_ASK).status_code)


def _row_in_the_middle(one: List) -> list[Any]:
    """Return the keys of the row in the middle of the list; where the page begins that is asked for."""
    middle = (db.session.scalar(sa.select(sa.func.count()).select_from(one.keys[0].class_).where(*one.among)) or 0) // 2
    order = [key.desc() if one.descending else key.asc() for key in one.keys]
    return list(db.session.execute(sa.select(*one.keys).where(*one.among).order_by(*order).offset(middle).limit(1)).one())


def _after(one: List, keys: list[Any]) -> str:
    """Return the application's address of the page behind these keys: its own cursor."""
    return f"{one.path}{'&' if '?' in one.path else '?'}{urlencode({'after': _pack(keys)})}"


def _texts() -> dict[str, str]:
    """Return words that many, few, one and no names hold, and one of two letters."""
    counts = db.session.execute(sa.select(Manager.last_name, sa.func.count().label("n")).group_by(Manager.last_name)).all()
    by_count = sorted(((row.n, row.last_name) for row in counts), reverse=True)
    few = min(by_count, key=lambda pair: abs(pair[0] - 40))[1]
    return {
        "frequent": by_count[0][1].lower(),
        "rare": few.lower().split("-")[0],
        "single": SINGLE,
        "none": "xyzzyq",
        "two letters": "pe",
    }


def _create(firm: Firm, floor: Any) -> Case:
    with firm.app.app_context():
        page = firm.office.open("/managers/new")
    form = next(one for one in page.forms if "last_name" in one["names"])
    numbers = count(1)
    typed = {"form_key", "first_name", "last_name"}
    beside = urlencode({name: values for name, values in form["fields"].items() if name not in typed}, doseq=True)

    def create() -> int:
        number = next(numbers)
        body = f"{beside}&form_key=bench-{number}&first_name=Anke&last_name=Neuland{number}"
        return int(firm.office.client.post("/managers/new", data=body, content_type=_FORM).status_code)

    def create_floor() -> int:
        body = f"first_name=Anke&last_name=Neuland{next(numbers)}"
        return int(floor.post("/managers", data=body, content_type=_FORM).status_code)

    return Case("create a manager, with commit", create, create_floor, CREATE)
