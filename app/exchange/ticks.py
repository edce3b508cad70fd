"""The notices to people of an import that a lead has started, so many a day."""

from __future__ import annotations

from datetime import datetime, time

from app.admission import art14
from app.admission.models import DataOrigin
from app.core.dates import local_day, local_instant
from app.db import db
from app.exchange import queries
from app.managers.models import Manager
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.queries import firm


def tell_imported(at: datetime) -> Outcome:
    """Queue the notices of Art. 14 that are owed, at most `import_letters_per_day` in a day of the firm, each once."""
    began = local_instant(local_day(at, firm().zone), time(0, 0), firm().zone)
    left = firm().import_letters_per_day - queries.told_since(began)
    numbers = queries.to_tell(left) if left > 0 else []
    db.session.rollback()

    def tell(number: int) -> bool:
        manager, origin = db.session.get(Manager, number), db.session.get(DataOrigin, number)
        if manager is None or origin is None or origin.is_told:
            return False
        art14.notify(manager, source=origin.source, ground=origin.ground, at=at)
        return True

    return rounds.each(numbers, tell, "notice to imported")
