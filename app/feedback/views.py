"""The list of client feedback."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.feedback import labels, queries
from app.feedback.queries import CONSENTS, Filters
from app.feedback.rules import HIGHEST, LOWEST
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.talks.rules import Kind
from app.web.pages import page
from app.web.rights import allow
from app.web.values import record_number

bp = Blueprint("feedback", __name__, url_prefix="/feedback")

KINDS = (Kind.QUALITY, Kind.EXTENSION, Kind.CLOSING)


@bp.get("")
@allow("feedback.read")
def index() -> Any:
    filters = _filters()
    return page(
        "feedback/index.html",
        found=queries.listed(filters),
        filters=filters,
        labels=labels,
        talk_labels=talk_labels,
        kinds=[(kind.value, talk_labels.kind(kind)) for kind in KINDS],
        ratings=[(str(number), str(number)) for number in range(HIGHEST, LOWEST - 1, -1)],
        consents=[(key, labels.consent(key)) for key in CONSENTS],
        least=firm().own_ratings_least,
    )


def _filters() -> Filters:
    args = request.args
    rating = args.get("rating", "")
    return Filters(
        q=args.get("q", "").strip()[:100],
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        consent=args.get("consent", "") if args.get("consent") in CONSENTS else "",
        kind=args.get("kind", "") if args.get("kind") in {kind.value for kind in KINDS} else "",
        manager_id=record_number(args.get("manager")),
        client_id=record_number(args.get("client")),
    )
