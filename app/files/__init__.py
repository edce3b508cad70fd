"""Stored documents: taken in with care, kept by hash, handed out as attachments only."""

from app.files.actions import keep, remove, remove_all
from app.files.queries import content_of, files_of, latest

__all__ = ["content_of", "files_of", "keep", "latest", "remove", "remove_all"]
