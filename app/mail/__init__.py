"""The outbox: letters, their delivery and their fate."""

from app.mail.actions import Recipient, Sender, calendar_part, cancel_unsent, queue, send_again

__all__ = ["Recipient", "Sender", "calendar_part", "cancel_unsent", "queue", "send_again"]
