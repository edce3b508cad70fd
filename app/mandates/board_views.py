"""The board of all live mandates, a column for each stage."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from app.mandates import board_queries, labels, queries, rules
from app.mandates.blueprint import bp, firm_today
from app.web.pages import page
from app.web.rights import allow


@bp.get("/board")
@allow("mandates.read")
def board() -> Any:
    is_mine, today = request.args.get("owner") == "mine", firm_today()
    owner_id = current_user.id if is_mine else None
    found, numbers = board_queries.by_stage(owner_id), board_queries.counts(owner_id)
    owner = "&owner=mine" if is_mine else ""
    return page(
        "mandates/board.html",
        columns=[
            {
                "words": labels.stage(stage),
                "number": numbers.get(stage, 0),
                "cards": [_card(row, today) for row in rows],
                "more_url": _list_of(stage, owner) if numbers.get(stage, 0) > len(rows) else None,
            }
            for stage, rows in found.items()
        ],
        choices=[(_("All"), "/mandates/board", not is_mine), (_("Mine"), "/mandates/board?owner=mine", is_mine)],
        is_empty=not any(found.values()),
    )


def _list_of(stage: rules.Stage, owner: str) -> str:
    view = "scoping" if stage is rules.Stage.SCOPING else f"end&stage={int(stage)}"
    return f"/mandates?view={view}{owner}"


def _card(row: Any, today: Any) -> dict[str, Any]:
    """Return one mandate as its card shows it."""
    is_running = row.starts_on is not None and row.starts_on <= today <= row.ends_on
    is_over = row.ends_on is not None and row.ends_on < today
    return {
        "row": row,
        "number": rules.number(row.year, row.running),
        "manager": queries.manager_name(row),
        "remaining": labels.remaining(rules.remaining_days(today, row.ends_on)) if is_running or is_over else "",
        "begins_on": row.starts_on if row.starts_on is not None and row.starts_on > today else None,
        "is_over": is_over,
        "is_consultancy": row.place == "beside",
    }
