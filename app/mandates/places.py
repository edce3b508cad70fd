"""The parts of a mandate as a line of links, the same on each of its pages."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.mandates import status_rules
from app.mandates.blueprint import bp, may_write
from app.mandates.models import Mandate

PLACES = {
    "": _l("Overview"),
    "/scoping": _l("Scoping"),
    "/candidates": _l("Shortlist"),
    "/plan": _l("Plan"),
    "/handbook": _l("Mandate handbook"),
    "/reports": _l("Short reports"),
    "/exit": _l("Exit"),
    "/handover": _l("Handover"),
    "/evaluation": _l("Goal attainment"),
    "/status-checks": _l("Status checks"),
}


@bp.app_template_global("mandate_places")
def places_of(mandate: Mandate) -> list[tuple[Any, str, bool]]:
    """Return words, address and whether it is the page at hand, of each part that the reader may open; no statement."""
    here, base = request.path, f"/mandates/{mandate.id}"
    places = [(words, f"{base}{part}", here == f"{base}{part}") for part, words in PLACES.items()]
    if not may_write(mandate):  # what was agreed can still be read, as the sheet
        places[1] = (_("Scoping (PDF)"), f"{base}/scoping.pdf", False)
    return places if status_rules.regime_of(mandate.region) is not None else places[:-1]
