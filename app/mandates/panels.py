"""The parts of a mandate's page that rooms within the mandates bring, by name."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.mandates import (
    candidate_panel,
    evaluation_panel,
    exit_panel,
    gate_panel,
    gate_queries,
    handbook_panel,
    report_panel,
    spell_panel,
    status_panel,
)
from app.mandates.models import Mandate


def panels_of(mandate: Mandate, today: date) -> dict[str, Any]:
    """Return the panels by name, as `templates/mandates/panels` show them."""
    reading = gate_queries.read(mandate, today)
    return {
        "gate": gate_panel.panel(mandate, reading),
        "candidates": candidate_panel.panel(mandate),
        "handbook": handbook_panel.panel(mandate, today),
        "evaluation": evaluation_panel.panel(reading),
        "reports": report_panel.panel(mandate),
        "exit": exit_panel.panel(mandate, reading, today),
        "spells": spell_panel.panel(mandate),
        "status": status_panel.panel(mandate, today),
    }
