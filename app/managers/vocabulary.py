"""What managers can do, where and in which languages they work: keys with their words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.vocabulary import COUNTRIES, INDUSTRIES, LETTER_LANGUAGES, REGIONS, Words, words_of
from app.managers.rules import Source, State

__all__ = [
    "COUNTRIES",
    "DOCUMENT_KINDS",
    "FUNCTIONS",
    "INDUSTRIES",
    "LANGUAGES",
    "LETTER_LANGUAGES",
    "ON_MANDATE",
    "REGIONS",
    "SOURCES",
    "STATES",
    "STATE_TONES",
    "words_of",
]

FUNCTIONS: Words = {
    "general_management": _l("General management"),
    "restructuring": _l("Restructuring and turnaround (CRO)"),
    "finance": _l("Finance (CFO)"),
    "controlling": _l("Controlling"),
    "accounting": _l("Accounting and group accounts"),
    "treasury": _l("Treasury"),
    "tax": _l("Tax"),
    "mergers": _l("Mergers, integration and carve-out"),
    "succession": _l("Succession in family businesses"),
    "human_resources": _l("Human resources (CHRO)"),
    "industrial_relations": _l("Industrial relations and social plans"),
    "operations": _l("Operations (COO)"),
    "plant_management": _l("Plant management"),
    "production": _l("Production"),
    "lean": _l("Lean management"),
    "maintenance": _l("Maintenance"),
    "quality": _l("Quality management"),
    "supply_chain": _l("Supply chain"),
    "purchasing": _l("Purchasing"),
    "logistics": _l("Logistics"),
    "sales": _l("Sales"),
    "marketing": _l("Marketing"),
    "customer_service": _l("Customer service"),
    "development": _l("Research and development"),
    "product_management": _l("Product management"),
    "it": _l("IT management (CIO)"),
    "erp": _l("ERP roll-out"),
    "information_security": _l("Information security"),
    "digitalisation": _l("Digitalisation"),
    "programme_management": _l("Programme and project management"),
    "change_management": _l("Change management"),
    "shared_services": _l("Shared services"),
    "relocation": _l("Relocation and plant closure"),
    "construction_projects": _l("Construction and investment projects"),
    "legal": _l("Legal and compliance"),
    "sustainability": _l("Sustainability and reporting"),
    "health_safety": _l("Health, safety and environment"),
    "communication": _l("Corporate communication"),
}

LANGUAGES: Words = {
    "de": _l("German"),
    "en": _l("English"),
    "nl": _l("Dutch"),
    "fr": _l("French"),
    "it": _l("Italian"),
    "es": _l("Spanish"),
    "pt": _l("Portuguese"),
    "pl": _l("Polish"),
    "cs": _l("Czech"),
    "hu": _l("Hungarian"),
    "ro": _l("Romanian"),
    "da": _l("Danish"),
    "sv": _l("Swedish"),
    "no": _l("Norwegian"),
    "ru": _l("Russian"),
    "tr": _l("Turkish"),
    "ar": _l("Arabic"),
    "zh": _l("Chinese"),
    "ja": _l("Japanese"),
}

STATES: Words = {
    State.REGISTERED: _l("Registered"),
    State.CONFIRMED: _l("Confirmed"),
    State.IN_REVIEW: _l("In review"),
    State.FOLLOW_UP_1: _l("Follow-up 1"),
    State.FOLLOW_UP_2: _l("Follow-up 2"),
    State.FOLLOW_UP_3: _l("Follow-up 3"),
    State.INTERVIEW: _l("Interview owed"),
    State.RELEASED: _l("Released"),
    State.PAUSED: _l("Paused"),
    State.OUT: _l("Out"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.ERASED: _l("Erased"),
}
ON_MANDATE = _l("On mandate")
STATE_TONES: dict[str, str | None] = {
    State.IN_REVIEW: "info",
    State.FOLLOW_UP_1: "warn",
    State.FOLLOW_UP_2: "warn",
    State.FOLLOW_UP_3: "warn",
    State.INTERVIEW: "hold",
    State.RELEASED: "ok",
}

SOURCES: Words = {
    Source.REGISTRATION: _l("Registration page"),
    Source.APPLICATION: _l("Wrote to us"),
    Source.RECOMMENDATION: _l("Recommended by somebody"),
    Source.NETWORK: _l("Professional network"),
    Source.EVENT: _l("Met at an event"),
    Source.CLIENT: _l("Worked for a client"),
    Source.IMPORT: _l("Import"),
    Source.OTHER: _l("Other"),
}

DOCUMENT_KINDS: Words = {
    "cv": _l("CV"),
    "project_list": _l("Project list"),
    "short_profile": _l("Short profile"),
    "certificate": _l("Certificate"),
    "other": _l("Other document"),
}
