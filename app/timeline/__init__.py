"""What happened, told on every record it concerns."""

from app.timeline.actions import record
from app.timeline.kinds import register
from app.timeline.queries import events_of

__all__ = ["events_of", "record", "register"]
