"""Guards of the reminders' letters are registered when these load."""

from app.reminders import digest, participants

__all__ = ["digest", "participants"]
