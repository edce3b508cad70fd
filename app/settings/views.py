"""/settings: everyone's own page, ways in, absences, and below it the firm's settings."""

from __future__ import annotations

from app.settings import access_views, firm_views, own_views  # noqa: F401 - they add their pages to `bp`
from app.settings.blueprint import bp

__all__ = ["bp"]
