"""The board of all live mandates, a column for each stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from app.db.rows import Rows
from app.mandates import board_queries, labels, queries, rules
from app.mandates.blueprint import bp, firm_today
from app.web.kept import kept_page
from app.web.quick import by_language
from app.web.rights import allow


@bp.get("/board")
@allow("mandates.read")
def board() -> Any:
    is_mine, today = request.args.get("owner") == "mine", firm_today()
    owner_id = current_user.id if is_mine else None
    found, numbers = board_queries.live(owner_id), board_queries.counts(owner_id)
    return kept_page(
        "mandates/board.html",
        late=lambda: {
            "columns": _columns(found, numbers, today, "&owner=mine" if is_mine else ""),
            "choices": [(_("All"), "/mandates/board", not is_mine), (_("Mine"), "/mandates/board?owner=mine", is_mine)],
        },
        found=found,
        numbers=tuple(numbers.items()),
        today_=today,
    )


def _columns(found: Rows, numbers: Mapping[int, int], today: date, owner: str) -> list[dict[str, Any]]:
    cards: dict[int, list[Card]] = {stage: [] for stage in rules.Stage}
    for row in found.rows:
        cards[row.stage].append(_card(row, today))
    return [
        {
            "words": labels.stage(stage),
            "number": numbers.get(stage, 0),
            "cards": cards[stage],
            "more_url": _list_of(stage, owner) if numbers.get(stage, 0) > len(cards[stage]) else None,
        }
        for stage in rules.Stage
    ]


def _list_of(stage: rules.Stage, owner: str) -> str:
    view = "scoping" if stage is rules.Stage.SCOPING else f"end&stage={int(stage)}"
    return f"/mandates?view={view}{owner}"


class Card(NamedTuple):
    """One mandate as its card shows it."""

    row: Any
    number: str
    manager: str
    remaining: str
    begins_on: date | None
    is_over: bool
    is_consultancy: bool


@by_language
def _card(row: Any, today: date) -> Card:
    is_running = row.starts_on is not None and row.starts_on <= today <= row.ends_on
    is_over = row.ends_on is not None and row.ends_on < today
    return Card(
        row=row,
        number=rules.number(row.year, row.running),
        manager=queries.manager_name(row),
        remaining=labels.remaining(rules.remaining_days(today, row.ends_on)) if is_running or is_over else "",
        begins_on=row.starts_on if row.starts_on is not None and row.starts_on > today else None,
        is_over=is_over,
        is_consultancy=row.place == "beside",
    )
