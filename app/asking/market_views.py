"""Market briefs: which there are, and each as PDF."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_babel import get_locale

from app.asking import market_document, market_queries
from app.asking.blueprint import bp
from app.asking.market_queries import MarketKind
from app.core.clock import clock
from app.core.money import CURRENCIES
from app.core.vocabulary import COUNTRIES, LETTER_LANGUAGES
from app.managers.vocabulary import FUNCTIONS
from app.web import pdf
from app.web.pages import page
from app.web.rights import allow


@bp.get("/asking/briefs")
@allow("talks.read")
def briefs() -> Any:
    return page(
        "asking/briefs.html",
        rows=[(one.kind, market_document.heading(one.kind), one.figures, one.closed_on) for one in market_queries.kinds()],
        languages=LETTER_LANGUAGES,
    )


@bp.get("/asking/briefs/<function>/<country>/<currency>.pdf")
@allow("talks.read")
def brief(function: str, country: str, currency: str) -> Any:
    if function not in FUNCTIONS or country not in COUNTRIES or currency not in CURRENCIES:
        abort(404)
    wanted = request.args.get("language", "")
    language = wanted if wanted in LETTER_LANGUAGES else str(get_locale())[:2]
    content = market_document.brief(MarketKind(function, country, currency), language, at=clock().now()) or abort(404)
    return pdf.answer(content, market_document.file_name(language))
