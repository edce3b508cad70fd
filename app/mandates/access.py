"""Who may change the term of a mandate.

Source: docs/domain.md, "Roles": leads of every mandate; consultants of those they own or are on the team of; a deputy of
those of the colleague who is away, for what falls due meanwhile goes to the deputy. Rates stay out of a deputy's sight.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.users.queries import stands_in_for


def may_change_term(user: Any, mandate: Any, today: date) -> bool:
    """Whether `user` may extend or shorten the mandate on `today`, and sign or drop an open change."""
    if not user.may("mandates.extend"):
        return False
    return user.may_change(mandate) or mandate.owner_id in stands_in_for(user.id, today)
