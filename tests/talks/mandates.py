"""A mandate in Bavaria for the tests of talks."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.mandates.models import Mandate
from app.users.models import User
from tests.factories import LONG_AGO, make_client, make_contact, make_manager, save


def bavarian_mandate(owner: User, **given: Any) -> Mandate:
    """A mandate from 12 January to 10 July 2026 with a quality clause, at a client in Bavaria."""
    client = make_client(region="DE-BY", name="Velbrink Antriebstechnik GmbH")
    contact = make_contact(client, first_name="Rainer", last_name="Osterkamp", title="Dr.", form_of_address="herr")
    values: dict[str, Any] = {
        "year": 2026,
        "running": contact.id,
        "title": "Interim-Werkleitung",
        "folded_title": "interim werkleitung",
        "client_id": client.id,
        "contact_id": contact.id,
        "manager_id": make_manager(last_name="Aldenhoff").id,
        "owner_id": owner.id,
        "stage": 2,
        "signed_on": date(2025, 12, 20),
        "starts_on": date(2026, 1, 12),
        "first_end_on": date(2026, 7, 10),
        "ends_on": date(2026, 7, 10),
        "has_quality_clause": True,
        "clause": "Nach 14 Tagen und dann alle 6 Wochen sprechen wir mit beiden Seiten.",
        "created_at": LONG_AGO,
        **given,
    }
    return save(Mandate(**values))
