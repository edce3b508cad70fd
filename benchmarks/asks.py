"""`bin/bench --asks N`: the guard over N requests to a tenth as many contacts, on SQLite or PostgreSQL.

Measured are the decision for one contact, whom else to ask, the overview, trying other numbers on twelve months, and what
Lotse proposes each morning for 1,000 running mandates: written references, colleague by colleague, and other ways to hear of one.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.asking import overview_queries, step_queries
from app.clients.models import Client, Contact
from app.core.clock import FrozenClock
from app.db import db
from app.ledger import queries
from app.ledger.guard_rules import Numbers
from app.ledger.models import Ask
from app.mandates.models import Mandate
from app.talks.models import Talk
from benchmarks.letters import _database
from config import Config
from tests import factories
from tests.statements import counted

NOW = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
TODAY = NOW.date()
EACH, AT_ONCE, TRIED = 10, 10_000, 200
RUNNING, OWNERS = 1_000, 20  # mandates, and colleagues who have them
WITHIN = {"other numbers": 2_000, "proposals": 5_000}  # milliseconds of processor time
PURPOSES = ("quality", "extension", "closing", "aftercare", "reference")


def measure(asks: int, database: str) -> dict[str, Any]:
    """Return medians in milliseconds and statements of each thing measured."""
    with _database(database) as url:
        app = create_app(Config(database_url=url, secret_key="x" * 40, testing=True, require_mfa="off"), FrozenClock(NOW))
        with app.app_context():
            db.create_all()
            contacts = asks // EACH
            _fill(contacts, asks)
            chance = random.Random(3)
            numbers = [chance.randint(1, contacts) for _ in range(TRIED)]
            one = iter(numbers * 2)
            found = {
                "guard": _timed(lambda: queries.guard(next(one), TODAY, is_agreed=False), TRIED),
                "people at a client": _timed(lambda: queries.people_at(chance.randint(1, contacts // 2), TODAY), TRIED),
                "overview": _timed(lambda: overview_queries.bothered(TODAY), 5),
            }
            owners = _fill_mandates(min(RUNNING, contacts))
            slow = {
                "other numbers": lambda: overview_queries.effect([Numbers(), Numbers(ask_rest_days=30)], TODAY),
                "proposals": lambda: _proposals(owners),
            }
            processor = {name: _processor(act) for name, act in slow.items()}
            proposed = _proposals(owners)
            statements = {}
            for name, act in {
                "guard": lambda: queries.guard(1, TODAY, is_agreed=False),
                "people at a client": lambda: queries.people_at(1, TODAY),
            }.items():
                with counted(app) as asked:
                    act()
                statements[name] = len(asked)
            db.session.remove()
            db.engine.dispose()
    return {
        "database": database, "asks": asks, "contacts": contacts, "milliseconds": found, "statements": statements,
        "processor": processor, "proposed": proposed, "within": all(processor[name] <= most for name, most in WITHIN.items()),
    }  # fmt: skip


def _proposals(owners: list[int]) -> int:
    """Do what each colleague's morning asks for, and return how much is proposed."""
    from app.references import window_queries  # its selects need all rooms loaded

    windows = sum(len(window_queries.open_cases([owner], TODAY)) for owner in owners)
    return windows + sum(len(step_queries.stuck(owner, TODAY)) for owner in owners)


def _processor(act: Callable[[], Any]) -> int:
    """Return milliseconds of this process's processor time, the least of three; what a server does is not in it."""
    taken = []
    for _ in range(3):
        db.session.rollback()
        begun = time.process_time()
        act()
        taken.append(round(1000 * (time.process_time() - begun)))
    return min(taken)


def _timed(act: Callable[[], Any], times: int) -> float:
    act()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(taken), 2)


def _fill(contacts: int, asks: int) -> None:
    chance = random.Random(1)
    clients = contacts // 2
    _insert(Client, [
        {"id": n, "name": f"Haus {n}", "sort_name": f"haus {n:06}", "turnover_currency": "EUR", "region": "DE-HH", "created_at": NOW,
         "version": 1}
        for n in range(1, clients + 1)
    ])  # fmt: skip
    _insert(Contact, [
        {"id": n, "client_id": (n - 1) % clients + 1, "last_name": f"Person {n}", "language": "de", "sort_name": f"person {n:06}",
         "folded_name": f" person {n} ", "email": f"p{n}@client.example", "created_at": NOW, "version": 1}
        for n in range(1, contacts + 1)
    ])  # fmt: skip
    _insert(Ask, [_ask(n, (n - 1) % contacts + 1, chance) for n in range(1, asks + 1)])
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def _fill_mandates(count: int) -> list[int]:
    """Make running mandates with a good rating each, one in four with a talk that is long overdue; return their owners."""
    owners = [factories.make_user().id for _ in range(OWNERS)]
    manager = factories.make_manager()
    term = {
        "signed_on": TODAY - timedelta(days=90),
        "starts_on": TODAY - timedelta(days=80),
        "ends_on": TODAY + timedelta(days=120),
    }
    _insert(Mandate, [
        {"id": n, "year": 2026, "running": n, "title": f"Aufgabe {n}", "folded_title": f" aufgabe {n} ", "client_id": n,
         "contact_id": n, "manager_id": manager.id, "owner_id": owners[n % OWNERS], "stage": 3, "has_quality_clause": True,
         "client_rate_unit": "day", "manager_rate_unit": "day", "currency": "EUR", "created_at": NOW, "version": 1,
         "first_end_on": term["ends_on"], **term}
        for n in range(1, count + 1)
    ])  # fmt: skip
    _insert(Talk, [
        {"kind": "quality", "side": "client", "state": state, "mandate_id": n, "contact_id": n, "owner_id": owners[n % OWNERS],
         "due_on": day, "sort_on": day, "planned": True, "overall": 5 if state == "held" else None,
         "held_at": NOW - timedelta(days=60) if state == "held" else None, "answers": {}, "invited": {}, "not_reached": 0,
         "calendar_sequence": 0, "was_closing": False, "cancelled_by_change": False, "written": False, "created_at": NOW, "version": 1}
        for n in range(1, count + 1)
        for state, day in (("held", TODAY - timedelta(days=60)), ("due", TODAY - timedelta(days=30)))[: 1 + (n % 4 == 0)]
    ])  # fmt: skip
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    return owners


def _ask(number: int, contact_id: int, chance: random.Random) -> dict[str, Any]:
    day: date = TODAY - timedelta(days=chance.randint(0, 730))
    answer = chance.choices(("yes", "no", None), (70, 15, 15))[0]
    purpose = chance.choice(PURPOSES)
    return {
        "id": number, "contact_id": contact_id, "purpose": purpose, "channel": "phone", "is_agreed": purpose in ("quality", "closing"),
        "asked_on": day, "answer": answer, "answered_on": day if answer else None, "times": [], "bundled": [], "overridden": [],
        "version": 1,
    }  # fmt: skip


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), AT_ONCE):
        db.session.execute(sa.insert(model.__table__), rows[begin : begin + AT_ONCE])
    db.session.commit()
