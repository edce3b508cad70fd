"""How SQLite finds what is asked of mandates: by an index, and by one of live mandates where those alone are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.demo import bulk
from app.mandates import report_queries, status_actions
from app.reminders.queries import items_for
from tests.factories import make_user
from tests.office import Office

LARGE = (
    "mandate", "talk", "event", "event_subject", "mandate_goal", "goal_view", "milestone", "evaluation_moment", "handbook_version",
    "stage_change", "manager_spell", "mandate_candidate", "manager_report", "handover_item", "status_check", "manager", "client",
)  # fmt: skip


@pytest.fixture
def firm(lead: Office, clock: Any) -> Office:
    """A lead among ten colleagues who look after a thousand managers and two hundred mandates."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans as SQLite makes them")
    bulk.load(1_000, 1, [lead.user.id, *(make_user().id for _number in range(9))], clock.now())
    return lead


@contextmanager
def plans() -> Iterator[list[str]]:
    """Yield a list that fills with the lines of the plans of what is asked meanwhile."""
    asked: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    lines: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield lines
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", keep)
    connection = db.session.connection()
    for statement, parameters in asked:
        lines += [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


FEW = ("_live", "_open", "_planned", "_missing")  # indexes of a few rows, which may be read from end to end


def through(lines: list[str]) -> list[str]:
    """Return the large tables that are read from one end to the other."""
    scans = [line for line in lines if line.startswith("SCAN") and line.split()[1] in LARGE]
    return [line for line in scans if not any(name in line for name in FEW)]


@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("/mandates/board", "ix_mandate_live "),
        ("/mandates", "ix_mandate_live_end "),
        ("/mandates?view=end", "ix_mandate_live_end "),
        ("/mandates/1", "ix_talk_mandate_id "),
        ("/today", "ix_mandate_live_owner "),
    ],
)
def test_pages_reach_mandates_by_an_index(firm: Office, path: str, index: str) -> None:
    with plans() as lines:
        assert firm.open(path).status == 200

    assert any(f"USING INDEX {index}" in line or f"COVERING INDEX {index}" in line for line in lines), lines


@pytest.mark.parametrize("path", ["/mandates/board", "/mandates/1", "/today"])
def test_pages_read_no_large_table_from_end_to_end(firm: Office, path: str) -> None:
    with plans() as lines:
        firm.open(path)

    assert not through(lines), lines


def test_reminders_reach_what_is_open_by_its_own_indexes(firm: Office, clock: Any) -> None:
    with plans() as lines:
        items_for(firm.user, clock.now())

    text = "\n".join(lines)
    for index in (
        "handbook_version_open",
        "milestone_planned",
        "handover_item_open",
        "manager_report_missing",
        "status_check_open",
    ):
        assert f"USING INDEX ix_{index}" in text, text


@pytest.mark.parametrize(
    "ask", [lambda today: status_actions.without_checks(today, 500), lambda today: report_queries.to_ask(today)]
)
def test_rounds_begin_with_live_mandates(firm: Office, clock: Any, ask: Callable[[Any], object]) -> None:
    with plans() as lines:
        ask(clock.now().date())

    assert any("ix_mandate_live" in line for line in lines) and not through(lines), lines
