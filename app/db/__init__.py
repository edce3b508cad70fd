"""The database: base class, column types, the unit of work, version check and audit trail."""

from app.db.audit import acting_as, audit_bulk, current_actor
from app.db.base import Base, UTCDateTime, db
from app.db.unit_of_work import AlreadyDone, OnlyShown, Work, check_version, hold, unit_of_work

__all__ = [
    "AlreadyDone",
    "Base",
    "OnlyShown",
    "UTCDateTime",
    "Work",
    "acting_as",
    "audit_bulk",
    "check_version",
    "current_actor",
    "db",
    "hold",
    "unit_of_work",
]
