"""The scoping sheet for the client, as a PDF. Money stands nowhere in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.dates import local_day
from app.mail.compose import speaking
from app.mandates.models import Mandate
from app.mandates.plan_models import MandateGoal
from app.mandates.scoping_forms import PLACES
from app.settings.queries import firm
from app.web import pdf
from app.web.formats import full_date

Pair = tuple[str, str | None]  # label, value


def as_pdf(mandate: Mandate, goals: Sequence[MandateGoal], language: str, *, at: datetime) -> bytes:
    """Return the sheet in `language`, dated with `at`; sections about which nothing is written are left out."""
    with speaking(language):
        return pdf.render("mandates/scoping.typ", _content(mandate, goals, language, at), at=at)


def _content(mandate: Mandate, goals: Sequence[MandateGoal], language: str, at: datetime) -> dict[str, Any]:
    kept = firm()
    facts: list[Pair] = [
        (_("Client"), mandate.client.name),
        (_("Contact"), mandate.contact.name if mandate.contact else ""),
        (_("Mandate"), mandate.number),
        (_("Reports to"), mandate.reports_to),
        (_("Place in the hierarchy"), str(PLACES[mandate.place]) if mandate.place else ""),
    ]
    return {
        "language": language,
        "firm": kept.name or "Lotse",
        "title": _("Scoping sheet: %(task)s", task=mandate.title),
        "lead": mandate.client.name,
        "page_words": pdf.page_words(),
        "footer": _("Drawn up on %(moment)s", moment=full_date(local_day(at, kept.zone))),
        "facts": _rows(facts),
        "sections": [
            {
                "heading": heading,
                "text": said if isinstance(said, str) else "",
                "table": said if isinstance(said, dict) else None,
                "facts": _rows(rows),
            }
            for heading, said, rows in _sections(mandate, goals)
            if said or any(value for _label, value in rows)
        ],
    }


def _sections(mandate: Mandate, goals: Sequence[MandateGoal]) -> list[tuple[str, str | dict[str, Any] | None, list[Pair]]]:
    leaving: list[Pair] = [
        (_("What is handed over"), mandate.handed_over),
        (_("Handed over until"), full_date(mandate.exit_on) if mandate.exit_on else ""),
        (_("Successor"), mandate.successor),
    ]
    return [
        (_("Reach"), mandate.reach, []),
        (_("Expectations"), mandate.expectations, []),
        (_("Goal"), mandate.goal, []),
        (_("Measurable goals"), _table(goals), []),
        (_("Means"), mandate.means, []),
        (_("Culture"), mandate.culture, []),
        (_("Exit plan"), mandate.exit_plan, leaving),
    ]


def _table(goals: Sequence[MandateGoal]) -> dict[str, Any] | None:
    """Return the goals with their measures as rows; None where there are none."""
    head = [_("Goal"), _("How you can tell that it is reached")]
    return {"head": head, "rows": [[goal.title, goal.measure or "–"] for goal in goals], "widths": [1, 1]} if goals else None


def _rows(pairs: list[Pair]) -> list[dict[str, str]]:
    return [{"label": label, "value": value, "note": ""} for label, value in pairs if value]
