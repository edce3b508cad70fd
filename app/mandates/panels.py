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
from app.mandates.course_queries import Course
from app.mandates.models import Mandate


def panels_of(mandate: Mandate, course: Course, today: date) -> dict[str, Any]:
    """Return the panels by name, as `templates/mandates/panels` show them; no statement beside what was read."""
    reading = gate_queries.reading_of(mandate, course, today)
    return {
        "gate": gate_panel.panel(mandate, reading, course),
        "candidates": candidate_panel.panel(mandate, course),
        "handbook": handbook_panel.panel(mandate, course, today),
        "evaluation": evaluation_panel.panel(reading),
        "reports": report_panel.panel(mandate, course),
        "exit": exit_panel.panel(mandate, reading, today),
        "spells": spell_panel.panel(mandate, course),
        "status": status_panel.panel(mandate, course.checks, today),
    }
