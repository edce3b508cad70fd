"""All pages of references, by file: loading this module gives them their addresses."""

from __future__ import annotations

from app.references import (
    call_views,
    referee_link_views,
    referee_views,
    thanks_views,
    written_events,
    written_link_views,
    written_views,
)
from app.references.blueprint import bp

__all__ = [
    "bp",
    "call_views",
    "referee_link_views",
    "referee_views",
    "thanks_views",
    "written_events",
    "written_link_views",
    "written_views",
]
