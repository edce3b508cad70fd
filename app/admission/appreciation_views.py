"""/admission/appreciation: what managers say of the interview, by quarter, for the firm and its teams."""

from __future__ import annotations

from typing import Any

from flask import request

from app.admission import appreciation_queries as queries
from app.admission.appreciation_rules import quarter_of
from app.admission.views import bp
from app.core.clock import clock
from app.settings.queries import firm
from app.web.pages import page
from app.web.rights import allow


@bp.get("/appreciation")
@allow("figures.read")
def appreciation() -> Any:
    running = quarter_of(clock().today(firm().zone))  # of which each answer could be told from the last look
    found = queries.quarters(running.back(1))
    shown = [one.quarter for one in found if one.firm]
    wanted = request.args.get("quarter", "")
    quarter = next((one for one in shown if f"{one.year}-{one.number}" == wanted), shown[0] if shown else None)
    tips = queries.tips(quarter) if quarter else None
    return page(
        "admission/appreciation.html",
        found=found,
        shown=shown,
        quarter=quarter,
        tips=tips,
        least=firm().appreciation_least,
        running=running,
        shown_from=running.back(-1).first_day,
    )
